"""Which models the page offers: those of servers on this machine, and no address that somebody names."""

import http.server
import threading
from collections.abc import Iterator

import pytest
from model_server import serving
from servers import free_port

from qa.llm.models import ModelOptions
from web.errors import InvalidCall
from web.services.model_choice import PORTS, QUOTES, REMOTE, find_local_models, options_of
from web.services.remote_model import RemoteModel


@pytest.fixture
def ports() -> Iterator[dict[int, str]]:
    """Where a server with one model listens, and where nobody does."""
    with serving() as model:
        yield {int(model.url.split(":")[2].partition("/")[0]): "Ollama", free_port(): "vLLM"}


def test_the_models_of_a_server_on_this_machine_are_found(ports: dict[int, str]) -> None:
    (found,) = find_local_models(ports)
    assert (found.server, found.name) == ("Ollama", "scripted")
    assert found.options() == ModelOptions(model="openai:scripted", url=f"http://127.0.0.1:{found.port}/v1")
    assert options_of(found.choice, ports=ports) == found.options()


def test_a_port_where_something_else_answers_offers_nothing() -> None:
    server = http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)
    threading.Thread(target=server.handle_request, daemon=True).start()
    assert find_local_models({server.server_port: "vLLM"}) == []
    server.server_close()


def test_quotes_and_the_model_that_is_set_can_be_chosen() -> None:
    assert options_of("") is None
    assert options_of(QUOTES) == ModelOptions()


def test_the_remote_model_is_chosen_as_long_as_it_is_set_up() -> None:
    remote = RemoteModel("anthropic", "claude", "", "key")
    assert options_of(REMOTE, remote) == ModelOptions("anthropic:claude", key="key")
    with pytest.raises(InvalidCall, match="was removed"):
        options_of(REMOTE)


@pytest.mark.parametrize(
    "choice", ["1/x", "80/scripted", "evil.example:80/x", "11434@evil.example/x", "/", "x", "11434/"]
)
def test_no_other_address_is_asked(ports: dict[int, str], choice: str) -> None:
    with pytest.raises(InvalidCall):
        options_of(choice, ports=ports)


def test_the_usual_ports_are_those_of_the_four_servers() -> None:
    assert set(PORTS.values()) == {"Ollama", "LM Studio", "llama.cpp", "vLLM"}
