"""The archive and its chains, opened in the background so that the page is up at once."""

import logging
import threading
import time
from collections.abc import Callable, Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from qa.export.citation_style import CitationStyle
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive
from vectorstore.storage.catalog_view import ArchiveMissing, CatalogView
from web.errors import NotReady, message_for
from web.services.own_file import OWN_FILE, PRIVATE
from web.services.preferences import PreferenceStore
from web.services.remote_model import RemoteModelStore
from web.services.uploads import IndexRunProgress

if TYPE_CHECKING:
    from qa.chain import Chain
    from qa.llm.models import ModelOptions
    from qa.verification.drafts import DraftChecker

log = logging.getLogger(__name__)

MAX_OPENING_SECONDS = 120.0
"""How long a question waits for the archive to open."""
RETRY_SECONDS = 60.0
"""After which an archive that could not be opened is tried again: a server may have come back."""

MAX_CHAINS = 4
"""Chains that are kept beside the one that sees everything: each holds a reader's own word indexes."""

ArchiveOpener = Callable[[], Archive]
ChainBuilder = Callable[..., "Chain"]
"""Called with an archive, a clearance and, where a reader has chosen a model in the page, its ModelOptions."""


def build_extractive(archive: Archive, clearance: Clearance, models: "ModelOptions | None" = None) -> "Chain":
    """The chain without a chat model, unless one is chosen."""
    from qa.factory import build_chain  # LangChain, which the page can do without until it is up

    return build_chain(archive, clearance, models)


class State(Enum):
    """How far the archive is."""

    OPENING = "opening"
    READY = "ready"
    EMPTY = "empty"
    FAILED = "failed"


class ArchiveService:
    """Opens the archive in a thread and keeps one chain and one view for each clearance."""

    def __init__(
        self,
        data: Path,
        opener: ArchiveOpener,
        build: ChainBuilder = build_extractive,
        *,
        model: str = "",
        sends_to: Sequence[str] = (),
        models_locked: bool = False,
        citation_style: CitationStyle = CitationStyle.CHICAGO,
        open_for_indexing: ArchiveOpener | None = None,
    ) -> None:
        """`model`: the one that is set, by name, and `sends_to` the hosts that its texts go to.

        `models_locked`: nobody chooses another one in the page.
        """
        self.data = data
        self.preferences = PreferenceStore(data / OWN_FILE, citation_style)
        self.model = model
        self.sends_to = sends_to
        self.models_locked = models_locked
        self.remote_models = RemoteModelStore(data / PRIVATE)
        self.state = State.OPENING
        self.problem = ""
        self._opener = opener
        self.open_for_indexing = open_for_indexing or opener
        """Opens the archive with the embedder that is set, which the one that answers may still lack."""
        self._build = build
        self._archive: Archive | None = None
        self.running: IndexRunProgress | None = None
        """The indexing run that was started last from the page."""
        self._chains: dict[tuple[Clearance, ModelOptions | None], Chain] = {}
        """Those used latest stand last."""
        self._building: dict[tuple[Clearance, ModelOptions | None], threading.Lock] = {}
        self._lock = threading.Lock()
        self._opening: threading.Thread | None = None
        self._opened = threading.Event()
        self._failed_at = 0.0

    @property
    def archive(self) -> Archive:
        """The open archive; raises NotReady before the embedder is found."""
        if self._archive is None:
            raise NotReady(self.problem or "The archive is still opening.")
        return self._archive

    def open(self) -> None:
        """Start to open the archive, unless that is under way."""
        with self._lock:
            if self._opening and self._opening.is_alive():
                return
            self.state = State.OPENING
            self._opened.clear()
            self._opening = threading.Thread(target=self._open, name="opening the archive", daemon=True)
            self._opening.start()

    def refresh_state(self) -> State:
        """The state; an archive that was missing is opened when it has appeared, a failed one after a while."""
        appeared = self.state is State.EMPTY and (self.data / "catalog.sqlite").exists()
        if appeared or (self.state is State.FAILED and time.monotonic() - self._failed_at > RETRY_SECONDS):
            self.open()
        return self.state

    def chain(self, clearance: Clearance, models: "ModelOptions | None" = None) -> "Chain":
        """The chain of a clearance, with a model that was chosen; waits while the archive opens.

        Raises NotReady where there is nothing to ask.
        """
        self._opened.wait(MAX_OPENING_SECONDS)
        if self.state is not State.READY:
            raise NotReady(self.problem or "The archive is still opening.")
        if self.archive.rebuilt(self._chains[EVERYTHING, None].retriever.view):
            self._archive, self._chains = None, {}
            self.open()
            return self.chain(clearance, models)
        key = (clearance, models)
        with self._lock:
            building = self._building.setdefault(key, threading.Lock())
        with building:  # of this clearance alone: a reader's word index takes seconds for a large archive
            chosen = () if models is None else (models,)
            chain = self._chains.get(key) or self._build(self.archive, clearance, *chosen)
            self._keep(key, chain)
        return chain

    def _keep(self, key: "tuple[Clearance, ModelOptions | None]", chain: "Chain") -> None:
        """Keep a chain as the latest used, and let go of the one that was not used for longest."""
        with self._lock:
            if chain.retriever.archive is not self._archive:
                return  # it was opened again meanwhile
            self._chains.pop(key, None)
            self._chains[key] = chain
            for oldest in [k for k in self._chains if k != (EVERYTHING, None)][:-MAX_CHAINS]:
                del self._chains[oldest]

    def view(self, clearance: Clearance) -> CatalogView:
        """The archive as someone of this clearance sees it. Raises NotReady like `chain`."""
        return self.chain(clearance).retriever.view

    def draft_checker(self, clearance: Clearance, models: "ModelOptions | None" = None) -> "DraftChecker":
        """Checks articles over what someone of this clearance may see. Raises NotReady like `chain`."""
        from qa.factory import build_draft_checker

        return build_draft_checker(self.chain(clearance, models))

    def reopen(self) -> None:
        """Open an archive that could not be asked before it was indexed."""
        if self.state is not State.READY:
            self.open()

    def _open(self) -> None:
        try:
            if self._archive is None:
                self._archive = self._opener()
            chain = self._build(self._archive, EVERYTHING)
            self._archive.embedder.encode_query("The first question should not wait for the model.")
            self._chains[EVERYTHING, None] = chain
            self.state, self.problem = State.READY, ""
        except ArchiveMissing as missing:
            self.state, self.problem = State.EMPTY, str(missing)
        except BaseException as error:  # noqa: BLE001 - the end of a thread; all who wait are told
            self._failed_at = time.monotonic()
            self.state, self.problem = State.FAILED, message_for(error)
            log.error("the archive cannot be opened: %s", error)
        finally:
            self._opened.set()
