import pytest

from qa.llm.models import ModelOptions, ModelUnavailable, open_model


def test_a_name_without_a_provider_says_how_to_write_one() -> None:
    with pytest.raises(ModelUnavailable, match="provider:name"):
        open_model("llama3")


def test_a_missing_package_is_named() -> None:
    with pytest.raises(ModelUnavailable, match="pip install langchain-nowhere"):
        open_model("nowhere:model")


def test_a_missing_key_says_where_it_goes(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OPENAI_API_KEY", "OPENAI_ADMIN_KEY"):
        monkeypatch.delenv(name, raising=False)
    with pytest.raises(ModelUnavailable, match="REFTEL_MODEL_KEY"):
        open_model("openai:gpt-test")


def test_an_openai_compatible_server_needs_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    chat = open_model("openai:local:8b", url="http://127.0.0.1:9/v1", timeout=2)
    assert (chat.model_name, chat.openai_api_base) == ("local:8b", "http://127.0.0.1:9/v1")  # type: ignore[attr-defined]


def test_what_is_sent_to_another_machine_is_known_before_it_is_sent() -> None:
    assert ModelOptions().remote_hosts == ()
    assert ModelOptions("ollama:llama3.2", check_model="none").remote_hosts == ()
    assert ModelOptions("openai:m", "http://127.0.0.1:8080/v1").remote_hosts == ()
    assert ModelOptions("openai:m", "http://localhost:8080/v1").remote_hosts == ()
    assert ModelOptions("openai:m", "http://127.0.0.1.evil.example/v1").remote_hosts == (
        "127.0.0.1.evil.example",
    )
    assert ModelOptions("openai:m").remote_hosts == ("api.openai.com",)
    both = ModelOptions("ollama:m", check_model="anthropic:m")
    assert both.remote_hosts == ("api.anthropic.com",)
    assert ModelOptions("newcomer:m").remote_hosts == ("newcomer",)
