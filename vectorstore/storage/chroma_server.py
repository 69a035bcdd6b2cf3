"""Vectors on a Chroma server, which several processes and machines share.

Calls that fail because the server is away or overloaded are tried again for a while; then the error says what
to do. What an indexer had noted is mended by its next run, as after any run that was cut off.
"""

import logging
from collections.abc import Callable, Container, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import httpx
from tenacity import RetryCallState, Retrying, retry_if_exception, stop_after_delay, wait_exponential_jitter

from vectorstore.errors import UserError
from vectorstore.storage.chroma_collection import GRAPH_CONFIGURATION, CollectionVectors
from vectorstore.storage.chroma_compat import server_api
from vectorstore.storage.token_vectors import SqliteTokenStore

if TYPE_CHECKING:
    from chromadb.api import ServerAPI

log = logging.getLogger(__name__)

CALL_TIMEOUT_SECONDS = 30.0
MAX_RETRY_SECONDS = 30.0
COLLECTION_PREFIX = "reftel-"
"""How the names of Reftel's collections begin."""


class ServerUnavailable(UserError):
    """The Chroma server cannot be used; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Server:
    """A Chroma server by its address, with the token that it, or the proxy before it, asks for."""

    url: str
    token: str = field(default="", repr=False)
    patience: float = MAX_RETRY_SECONDS
    """Seconds for which a call is tried again."""
    timeout: float = CALL_TIMEOUT_SECONDS
    """Seconds that one call may take."""

    def __str__(self) -> str:
        return f"the Chroma server at {self.url}"

    def connect(self) -> "ServerAPI":
        """The server's collections; raises what `call` tries again, and ServerUnavailable for a bad address."""
        parts = urlsplit(self.url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise ServerUnavailable(f"{self.url!r} is no address of a Chroma server: use http(s)://HOST:PORT")
        headers = (
            {"Authorization": f"Bearer {self.token}", "X-Chroma-Token": self.token} if self.token else {}
        )
        return server_api(self.url, headers, self.timeout)

    def call(self, work: Callable[[], Any]) -> Any:
        """Do `work`, again while the server is away; raises ServerUnavailable."""
        retrying = Retrying(
            retry=retry_if_exception(_is_transient),
            stop=stop_after_delay(self.patience),
            wait=wait_exponential_jitter(initial=0.2, max=5.0),
            before_sleep=self._log_first_failure,
            reraise=True,
        )
        try:
            return retrying(work)
        except Exception as error:
            message = self._explanation(error)
            if message is None:
                raise
            raise ServerUnavailable(message) from error

    def _log_first_failure(self, state: RetryCallState) -> None:
        if state.attempt_number == 1:
            log.warning("%s does not answer; trying again for %.0f seconds", self, self.patience)

    def _explanation(self, error: Exception) -> str | None:
        status = _status(_http_error(error))
        if status in (401, 403) or type(error).__name__ in ("ChromaAuthError", "AuthorizationError"):
            return f"{self} refuses the token: set REFTEL_CHROMA_TOKEN to one that it takes"
        if _is_transient(error):
            return (
                f"{self} does not answer ({_reason(error)}): start it (`chroma run`) or set "
                "REFTEL_CHROMA_URL; what was cut off is mended by the next `reftel index`"
            )
        return None

    def drop_others(self, archive: str, kept: Container[str]) -> None:
        """Delete the collections of an archive, by its id, but those that are kept."""
        api = self.call(self.connect)
        for collection in self.call(api.list_collections):
            name = collection.name.removeprefix(COLLECTION_PREFIX)
            if collection.name.startswith(COLLECTION_PREFIX) and name.endswith(archive) and name not in kept:
                self.call(lambda: api.delete_collection(collection.name))  # noqa: B023 - called at once


class ChromaServerVectors(CollectionVectors):
    """One collection on a server: a `VectorStore`. Raises ServerUnavailable."""

    live = True

    def __init__(self, server: Server, name: str, tokens: SqliteTokenStore | None = None) -> None:
        super().__init__(tokens)
        self._server, self._name = server, COLLECTION_PREFIX + name
        self._api = server.call(server.connect)
        self.collection = _RetryingCollection(server, server.call(self._open))
        self.batch = server.call(self._api.get_max_batch_size)

    def _open(self) -> Any:
        from chromadb.api.models.Collection import Collection

        model = self._api.get_or_create_collection(self._name, configuration=GRAPH_CONFIGURATION)
        return Collection(self._api, model, embedding_function=None)

    def readable_collections(self) -> Sequence[Any]:
        """The one."""
        return [self.collection]

    def by_collection(self, ids: Sequence[str]) -> Iterator[tuple[Any, list[int]]]:
        """The one, with all of the ids."""
        yield self.collection, list(range(len(ids)))

    def probe(self) -> None:
        """Ask the server for a count."""
        self.count()

    def count(self) -> int:
        """Vectors in the collection."""
        return int(self.collection.count())

    def discard(self) -> None:
        """Delete the collection, and all token vectors."""
        if self.tokens:
            self.tokens.clear()
        self._server.call(lambda: self._api.delete_collection(self._name))


class _RetryingCollection:
    """A collection whose calls are tried again while its server is away."""

    def __init__(self, server: Server, collection: Any) -> None:
        self._server, self._collection = server, collection

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._collection, name)
        return lambda *args, **named: self._server.call(lambda: method(*args, **named))


def _is_transient(error: BaseException) -> bool:
    """Whether a failure may pass: no connection, no answer in time, or a proxy that says so."""
    http = _http_error(error)
    return isinstance(http, httpx.TransportError) or _status(http) in (429, 500, 502, 503, 504)


def _http_error(error: BaseException) -> httpx.HTTPError | None:
    """What went wrong on the way: the client wraps it, once or twice, in errors that say nothing of it."""
    under: BaseException | None = error
    while under is not None and not isinstance(under, httpx.HTTPError):
        under = under.__cause__ or under.__context__
    return under


def _status(error: httpx.HTTPError | None) -> int | None:
    return error.response.status_code if isinstance(error, httpx.HTTPStatusError) else None


def _reason(error: BaseException) -> str:
    http = _http_error(error)
    return f"HTTP {_status(http)}" if _status(http) else str(http) or type(http).__name__
