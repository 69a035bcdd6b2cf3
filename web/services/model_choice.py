"""Chat models that can be chosen in the page: none, the one that is set, one of a server here, or the remote one."""

from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import httpx

from qa.llm.models import ModelOptions
from web.errors import InvalidCall
from web.services.remote_model import RemoteModel

PORTS = {11434: "Ollama", 1234: "LM Studio", 8080: "llama.cpp", 8000: "vLLM"}
"""Where servers of models listen unless told otherwise. Only this machine is asked, and only for its list."""
MAX_LIST_SECONDS = 1.0
MAX_LISTED = 30
"""Models of one server that are offered."""
AS_SET = ""
"""The choice of the model that is set; of quotes where none is."""
QUOTES = "quotes"
"""The choice of no model at all."""
REMOTE = "remote"
"""The choice of the remote model that was set up in the page."""
MAX_CHOICE_CHARS = 300


@dataclass(frozen=True, slots=True)
class LocalModel:
    """A model of a server on this machine."""

    port: int
    server: str
    name: str

    @property
    def choice(self) -> str:
        """How the page names it."""
        return f"{self.port}/{self.name}"

    def options(self) -> ModelOptions:
        """What a chain is built with: all these servers speak OpenAI's protocol."""
        return ModelOptions(model=f"openai:{self.name}", url=f"http://127.0.0.1:{self.port}/v1")


def find_local_models(ports: Mapping[int, str] = PORTS) -> list[LocalModel]:
    """The models of all servers that answer on this machine's usual ports."""
    with ThreadPoolExecutor(max(1, len(ports))) as threads:
        found = threads.map(partial(_models_at, ports), ports)
    return [model for models in found for model in models]


def local_model(choice: str, ports: Mapping[int, str] = PORTS) -> LocalModel:
    """The local model that a choice names. Raises InvalidCall for any other address than the usual ports here."""
    port, _, name = choice[:MAX_CHOICE_CHARS].partition("/")
    if not port.isdecimal() or int(port) not in ports or not name:
        raise InvalidCall("That model is not offered. Open the settings again.")
    return LocalModel(int(port), ports[int(port)], name)


def options_of(
    choice: str, remote: RemoteModel | None = None, ports: Mapping[int, str] = PORTS
) -> ModelOptions | None:
    """The options of a choice; None for the model that is set. Raises InvalidCall for what is not offered."""
    if choice == AS_SET:
        return None
    if choice == QUOTES:
        return ModelOptions()
    if choice != REMOTE:
        return local_model(choice, ports).options()
    if remote is None:
        raise InvalidCall("The remote model was removed. Choose another one in the settings.")
    return remote.options()


def _models_at(ports: Mapping[int, str], port: int) -> list[LocalModel]:
    return [LocalModel(port, ports[port], name) for name in _names_at(port)][:MAX_LISTED]


def _names_at(port: int) -> Iterator[str]:
    """What `/v1/models` lists; nothing where nobody answers, or something else does."""
    try:
        # No proxy of the environment may stand between: it would be asked, and it is not this machine.
        with httpx.Client(timeout=MAX_LIST_SECONDS, trust_env=False) as client:
            listed = client.get(f"http://127.0.0.1:{port}/v1/models").json()["data"]
        yield from (str(model["id"]) for model in listed)
    except (httpx.HTTPError, ValueError, KeyError, TypeError):
        return
