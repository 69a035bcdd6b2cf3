"""Vectors on a Chroma server, which several processes and machines share.

Calls that fail because the server is away or overloaded are tried again for a while; then the error says what
to do. What an indexer had noted is mended by its next run, as after any run that was cut off.
"""

import logging
import math
from collections.abc import Callable, Container
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from vectorstore.errors import UserError
from vectorstore.storage.chroma import CONFIGURATION, ChromaVectors, quiet_settings
from vectorstore.storage.token_vectors import SqliteTokenStore

if TYPE_CHECKING:
    from chromadb.api import ClientAPI

log = logging.getLogger(__name__)

TIMEOUT = 30.0
"""Seconds that one call may take."""
PATIENCE = 30.0
"""Seconds for which a call is tried again."""
PREFIX = "reftel-"
"""How the names of Reftel's collections begin."""


class ServerUnavailable(UserError):
    """The Chroma server cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server by its address, with the token that it, or the proxy before it, asks for."""

    url: str
    token: str = field(default="", repr=False)
    patience: float = PATIENCE

    def __str__(self) -> str:
        return f"the Chroma server at {self.url}"

    def connect(self) -> "ClientAPI":
        """A client whose calls end after TIMEOUT; raises what `call` tries again."""
        import chromadb

        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerUnavailable(f"{self.url!r} is no address of a Chroma server: use http(s)://HOST:PORT")
        tls = parts.scheme == "https"
        headers = (
            {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token} if self.token else {}
        )
        address = (
            f"{parts.scheme}://{parts.hostname}{parts.path}" if parts.path.strip("/") else parts.hostname
        )
        port = parts.port or (443 if tls else 8000)
        client = chromadb.HttpClient(address, port, ssl=tls, headers=headers, settings=quiet_settings())
        client._server._session.timeout = httpx.Timeout(TIMEOUT)  # it has none
        return client

    def call(self, work: Callable[[], Any]) -> Any:
        """Do `work`, again while the server is away; raises ServerUnavailable."""
        retrying = Retrying(
            retry=retry_if_exception(_passing),
            stop=stop_after_delay(self.patience),
            wait=wait_exponential_jitter(initial=0.2, max=5.0),
            before_sleep=self._told,
            reraise=True,
        )
        try:
            return retrying(work)
        except Exception as error:
            told = self._explained(error)
            if told is None:
                raise
            raise ServerUnavailable(told) from error

    def _told(self, state: RetryCallState) -> None:
        if state.attempt_number == 1:
            log.warning("%s does not answer; trying again for %.0f seconds", self, self.patience)

    def _explained(self, error: Exception) -> str | None:
        status = _status(_under(error))
        if status in (401, 403) or type(error).__name__ in ("ChromaAuthError", "AuthorizationError"):
            return f"{self} refuses the token: set REFTEL_CHROMA_TOKEN to one that it takes"
        if _passing(error):
            return (
                f"{self} does not answer ({_reason(error)}): start it (`chroma run`) or set "
                "REFTEL_CHROMA_URL; what was cut off is mended by the next `reftel index`"
            )
        return None

    def drop_others(self, archive: str, kept: Container[str]) -> None:
        """Delete the collections of an archive, by its id, but those that are kept."""
        client = self.call(self.connect)
        for collection in self.call(client.list_collections):
            name = collection.name.removeprefix(PREFIX)
            if collection.name.startswith(PREFIX) and name.endswith(archive) and name not in kept:
                self.call(lambda: client.delete_collection(collection.name))  # noqa: B023 - called at once


class ChromaServerVectors(ChromaVectors):
    """One collection on a server. Raises ServerUnavailable."""

    live = True

    def __init__(self, server: Server, name: str, folder: Path | None = None) -> None:
        """`folder` is where this machine keeps the passages' tokens; None keeps none."""
        self._server = server
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        self.tokens = SqliteTokenStore(folder / "tokens.sqlite") if folder else None
        client = server.call(server.connect)

        def opened() -> Any:
            return client.get_or_create_collection(
                PREFIX + name, embedding_function=None, configuration=CONFIGURATION
            )

        self._shelves, self._room = [_Patient(server, server.call(opened))], math.inf
        self._batch = server.call(client.get_max_batch_size)
        self._client, self._name = client, PREFIX + name

    def _telling(self, size: int) -> AbstractContextManager[None]:
        return nullcontext()

    def probe(self) -> None:
        """Ask the server, and the tokens, for a count."""
        self.count()
        if self.tokens is not None:
            self.tokens.count()

    def discard(self) -> None:
        """Delete the collection."""
        self._server.call(lambda: self._client.delete_collection(self._name))
        if self.tokens is not None:
            self.tokens.drop(list(self.tokens.ids()))


class _Patient:
    """A collection whose calls are tried again while its server is away."""

    def __init__(self, server: Server, collection: Any) -> None:
        self._server, self._collection = server, collection

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)
        return lambda *args, **named: self._server.call(lambda: method(*args, **named))


def _passing(error: BaseException) -> bool:
    """Whether a failure may pass: no connection, no answer in time, or a proxy that says so."""
    http = _under(error)
    return isinstance(http, httpx.TransportError) or _status(http) in (429, 500, 502, 503, 504)


def _under(error: BaseException) -> httpx.HTTPError | None:
    """What went wrong on the way: the client wraps it, once or twice, in errors that say nothing of it."""
    under: BaseException | None = error
    while under is not None and not isinstance(under, httpx.HTTPError):
        under = under.__cause__ or under.__context__
    return under


def _status(error: httpx.HTTPError | None) -> int | None:
    return error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None


def _reason(error: BaseException) -> str:
    http = _under(error)
    return f"HTTP {_status(http)}" if _status(http) else str(http) or type(http).__name__
