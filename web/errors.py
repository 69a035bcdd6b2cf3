"""What goes wrong in the web chat, and what a reader is told about it."""

import errno
import logging
import re
import sqlite3

from vectorstore.errors import UserError

log = logging.getLogger(__name__)

_PATH_RE = re.compile(r"(?<![\w/:.~-])/(?:[^\s/:]++/)*+([^\s/:]+)")
"""An absolute path of the server; its last name is all that a reader is shown of it."""
CATALOG_DAMAGED = "The archive's catalog is damaged: `reftel doctor --heal` saves what can be read of it."
DISK_REFUSES = "The server's disk refuses it: it is full, or nothing may be written. Nothing was changed."
UNEXPECTED = "Something went wrong here. Try again; the server's log says more."


class NotReady(UserError):
    """Nothing can be asked yet, or too much is being asked already."""


class NotAllowedError(UserError):
    """The sender of a request is unknown, or may not do what it asks for."""


class InvalidCall(UserError):
    """A program's call that cannot be understood, or that nobody waits for any more."""


class TooManyFiles(UserError):
    """More files at once than one upload may hold."""


class UploadFailed(UserError):
    """Uploaded files could not be kept, for want of room or rights."""


class HistoryUnavailable(UserError):
    """Past conversations can be neither read nor written: a full or read-only disk, a damaged file."""


def message_for(error: BaseException) -> str:
    """What a reader is told about an error: a UserError's own words; all others are logged instead.

    Raises what ends a thread or a generator and is no error. A panic of a Rust library, which is no `Exception`
    in Python, is one.
    """
    if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
        raise error
    if isinstance(error, UserError):
        return _PATH_RE.sub(r"\1", str(error))
    log.error("a request failed", exc_info=error)
    if disk_refuses(error):
        return DISK_REFUSES
    damaged = isinstance(error, sqlite3.DatabaseError) and not isinstance(error, sqlite3.OperationalError)
    return CATALOG_DAMAGED if damaged else UNEXPECTED


def disk_refuses(error: BaseException) -> bool:
    """Whether something could not be written because the disk is full or read-only."""
    if isinstance(error, sqlite3.OperationalError):
        return bool(re.search("disk is full|readonly|unable to open", str(error)))
    refused = (errno.ENOSPC, errno.EROFS, errno.EACCES, errno.EDQUOT)
    if isinstance(error, OSError) and error.errno in refused:
        return True
    return error.__cause__ is not None and disk_refuses(error.__cause__)
