"""The remote chat model that was set up in the page, with its key: in a file that only its owner reads, in no backup."""

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from qa.llm.models import PACKAGES, ModelOptions, host_of, is_this_machine
from vectorstore.errors import UserError
from web.errors import InvalidCall

FILE = "remote_model.json"
COMPATIBLE = "compatible"
PROVIDERS = {
    "openai": "OpenAI",
    "anthropic": "Anthropic",
    "google_genai": "Google",
    "mistralai": "Mistral",
    "openrouter": "OpenRouter",
    COMPATIBLE: "Another, by its address",
}
"""What the page offers; any server that speaks OpenAI's protocol goes by its address."""
MAX_FIELD_CHARS = 500


@dataclass(frozen=True, slots=True)
class RemoteModel:
    """A model of a provider, or of an OpenAI-compatible server at `url`."""

    provider: str
    name: str
    url: str
    key: str = field(repr=False)

    @property
    def host(self) -> str:
        """To which questions and paragraphs are sent."""
        return host_of(self.provider, self.url)

    def options(self) -> ModelOptions:
        """What a chain is built with."""
        provider = "openai" if self.provider == COMPATIBLE else self.provider
        return ModelOptions(model=f"{provider}:{self.name}", url=self.url, key=self.key)


class RemoteModelStore:
    """Keeps one remote model for an archive."""

    def __init__(self, folder: Path) -> None:
        """`folder`: the private one of the data directory."""
        self.path = folder / FILE

    def load(self) -> RemoteModel | None:
        """The model that was set up; None where there is none. Raises UserError where others can read its key."""
        if not self.path.exists():
            return None
        if self.path.stat().st_mode & 0o077:
            raise UserError(f"{self.path} can be read by others: run `chmod 600 {self.path}`")
        return RemoteModel(**json.loads(self.path.read_text(encoding="utf-8")))

    def save(self, model: RemoteModel) -> None:
        """Keep a model in place of the one there was."""
        self.path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        part = self.path.with_suffix(".part")
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
            json.dump(asdict(model), file)
        part.replace(self.path)

    def forget(self) -> None:
        """Delete the model and its key."""
        self.path.unlink(missing_ok=True)


def read_remote_model(form: dict[str, object]) -> RemoteModel:
    """The model that the page's form names. Raises InvalidCall where something is missing or unsafe."""
    provider, name, url, key = (
        str(form.get(field, "")).strip()[:MAX_FIELD_CHARS] for field in ("provider", "name", "url", "key")
    )
    if provider not in PROVIDERS or not name or not key:
        raise InvalidCall("A remote model needs its provider, its name and a key.")
    if provider != COMPATIBLE:
        return RemoteModel(provider, name, "", key)
    address = urlsplit(url)
    if not address.hostname or address.scheme not in ("http", "https"):
        raise InvalidCall("Give the address of the server, as in https://models.example.org/v1.")
    if address.scheme == "http" and not is_this_machine(address.hostname):
        raise InvalidCall(
            "An address of another machine begins with https://, or the key would be sent in the open."
        )
    return RemoteModel(provider, name, url, key)


def package_of(provider: str) -> str:
    """The package that a provider's models need."""
    return PACKAGES["openai" if provider == COMPATIBLE else provider]
