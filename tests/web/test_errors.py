"""What a reader is told about errors."""

import errno
import logging
import sqlite3

import pytest

from qa.llm.models import ModelUnavailable
from vectorstore.storage.chroma_server import ServerUnavailable
from web.errors import DISK_REFUSES, UNEXPECTED, NotReady, message_for
from web.security.accounts import AccountError


class PanicException(BaseException):
    """What a Rust library's panic is called in Python."""


@pytest.mark.parametrize("kind", [NotReady, AccountError, ModelUnavailable, ServerUnavailable])
def test_what_can_be_mended_is_told_in_its_own_words(kind: type[Exception]) -> None:
    assert message_for(kind("Do this.")) == "Do this."


def test_of_a_path_of_the_server_only_the_last_name_is_shown() -> None:
    said = message_for(NotReady("/srv/team/data is damaged: set http://chroma:8000/api and either/or"))
    assert said == "data is damaged: set http://chroma:8000/api and either/or"


@pytest.mark.parametrize("error", [KeyError("/private/path"), PanicException("index out of bounds")])
def test_all_else_is_logged_and_told_as_unexpected(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert message_for(error) == UNEXPECTED
    assert str(error) in caplog.text


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EROFS, "Read-only file system"),
        sqlite3.OperationalError("database or disk is full"),
        sqlite3.OperationalError("attempt to write a readonly database"),
    ],
)
def test_a_disk_that_is_full_or_read_only_is_told_also_where_it_is_the_cause_of_another_error(
    error: Exception,
) -> None:
    assert message_for(error) == DISK_REFUSES
    other = OSError("the catalog cannot be used")
    other.__cause__ = error
    assert message_for(other) == DISK_REFUSES


@pytest.mark.parametrize("end", [GeneratorExit(), KeyboardInterrupt(), SystemExit()])
def test_what_ends_a_thread_is_no_error(end: BaseException) -> None:
    with pytest.raises(type(end)):
        message_for(end)
