"""Settings come from the environment, .env and reftel.toml, in that order, and wrong ones are refused."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from settings import Settings, offline


@pytest.fixture(autouse=True)
def _bare(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An empty working directory and no REFTEL_ variables."""
    import os

    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("REFTEL_")]:
        monkeypatch.delenv(name)


def test_defaults_need_nothing() -> None:
    settings = Settings()
    assert (settings.data, settings.port, settings.model) == (Path("data"), 7860, "")


def test_a_variable_sets_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFTEL_DATA", "/elsewhere")
    assert Settings().data == Path("/elsewhere")


def test_the_environment_goes_before_dotenv_and_dotenv_before_toml(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("reftel.toml").write_text('port = 1111\nhost = "toml"\nmodel = "toml"\n')
    Path(".env").write_text("REFTEL_PORT=2222\nREFTEL_HOST=dotenv\n")
    monkeypatch.setenv("REFTEL_PORT", "3333")
    settings = Settings()
    assert (settings.port, settings.host, settings.model) == (3333, "dotenv", "toml")


def test_an_argument_goes_before_everything(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFTEL_PORT", "3333")
    assert Settings(port=4444).port == 4444


@pytest.mark.parametrize("port", ["0", "65536", "seven"])
def test_a_port_that_is_none_is_refused(monkeypatch: pytest.MonkeyPatch, port: str) -> None:
    monkeypatch.setenv("REFTEL_PORT", port)
    with pytest.raises(ValidationError, match="port"):
        Settings()


def test_a_key_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFTEL_MODEL_KEY", "hush")
    assert "hush" not in repr(Settings())


def test_other_programs_variables_in_dotenv_are_passed_over() -> None:
    Path(".env").write_text("SOMETHING_ELSE=1\n")
    assert Settings().port == 7860


@pytest.mark.parametrize("name", ["REFTEL_AUDIT_LOG", "REFTEL_JOURNAL"])
def test_the_audit_log_is_switched_off_by_its_name_and_its_former_one(
    monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    assert Settings().audit_log
    monkeypatch.setenv(name, "false")
    assert not Settings().audit_log


def test_names_of_hosts_are_a_list(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REFTEL_HOSTS", '["chat.example.org"]')
    assert Settings().hosts == ("chat.example.org",)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


def test_libraries_are_told_to_stay_at_home_unless_the_user_said_otherwise(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    import os

    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    monkeypatch.setenv("GRADIO_ANALYTICS_ENABLED", "True")
    offline.cache_clear()
    offline()
    assert (os.environ["HF_HUB_OFFLINE"], os.environ["GRADIO_ANALYTICS_ENABLED"]) == ("1", "True")


def test_a_file_with_a_secret_that_others_can_read_is_refused() -> None:
    Path(".env").write_text("REFTEL_MODEL_KEY=hush\n")
    Path(".env").chmod(0o644)
    with pytest.raises(ValidationError, match=r"chmod 600 \.env"):
        Settings()
    Path(".env").chmod(0o600)
    assert Settings().model_key.get_secret_value() == "hush"
