"""The remote model that is set up in the page: what is taken, and where its key is kept."""

import stat
from pathlib import Path

import pytest

from qa.llm.models import ModelOptions
from vectorstore.errors import UserError
from web.errors import InvalidCall
from web.services.remote_model import RemoteModelStore, read_remote_model

FORM = {"provider": "openai", "name": "gpt-4o-mini", "url": "", "key": "sk-secret"}


def test_a_model_is_kept_in_a_file_that_only_its_owner_reads(tmp_path: Path) -> None:
    store = RemoteModelStore(tmp_path / "private")
    assert store.load() is None
    store.save(read_remote_model(FORM))
    store.save(read_remote_model(FORM | {"name": "another"}))
    assert store.load() == read_remote_model(FORM | {"name": "another"})
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(store.path.parent.stat().st_mode) == 0o700
    store.forget()
    assert list(store.path.parent.iterdir()) == []


def test_a_key_that_others_can_read_is_not_used(tmp_path: Path) -> None:
    store = RemoteModelStore(tmp_path)
    store.save(read_remote_model(FORM))
    store.path.chmod(0o644)
    with pytest.raises(UserError, match="chmod 600"):
        store.load()


def test_the_key_is_never_printed() -> None:
    model = read_remote_model(FORM)
    assert "sk-secret" not in f"{model!r} {model.options()!r}"


def test_a_provider_answers_at_its_own_address_and_another_server_at_the_one_given() -> None:
    assert read_remote_model(FORM | {"url": "https://evil.example"}).options() == ModelOptions(
        "openai:gpt-4o-mini", key="sk-secret"
    )
    other = read_remote_model(FORM | {"provider": "compatible", "url": "https://models.example.org/v1"})
    assert other.host == "models.example.org"
    assert other.options().url == "https://models.example.org/v1"
    assert other.options().remote_hosts == ("models.example.org",)


@pytest.mark.parametrize(
    "wrong",
    [
        {"key": " "},
        {"name": ""},
        {"provider": "nobody"},
        {"provider": "compatible"},
        {"provider": "compatible", "url": "file:///etc/passwd"},
        {"provider": "compatible", "url": "http://models.example.org/v1"},
    ],
)
def test_what_is_missing_or_would_send_the_key_in_the_open_is_refused(wrong: dict[str, str]) -> None:
    with pytest.raises(InvalidCall):
        read_remote_model(FORM | wrong)
