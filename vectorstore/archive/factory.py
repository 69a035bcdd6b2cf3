"""Puts an archive together: `open_archive` to index with, `open_to_ask` to ask, both from an `ArchiveConfig`."""

import logging
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from vectorstore.archive.archive import CATALOG, Archive, remembered_state
from vectorstore.archive.index_spec import LOCAL_VECTORS, LOCAL_WORDS
from vectorstore.embedding.cache import MAX_CACHE_BYTES, VectorCache, cache_home
from vectorstore.embedding.embedder import DEFAULT_EMBEDDER, SentenceEmbedder
from vectorstore.interfaces import Embedder

if TYPE_CHECKING:
    from vectorstore.storage.chroma_server import Server

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class ArchiveConfig:
    """What an archive is put together from; the settings fill it."""

    data: Path
    embedder: str = DEFAULT_EMBEDDER
    """A model's name or path."""
    server: "Server | None" = None
    """The Chroma server that keeps the vectors, where they are not in the data directory."""
    words_url: str = ""
    """The PostgreSQL that keeps the words, where they are not in the data directory."""
    vector_cache: Path | None = None
    """Keeps vectors by their text while indexing; None: a file in the user's cache folder."""
    vector_cache_gb: float = MAX_CACHE_BYTES / 2**30
    """Gigabytes that it may take; 0: no vectors are kept."""


def open_archive(config: ArchiveConfig) -> Archive:
    """The archive to index with, with the embedder of the config; raises EmbedderNotFound."""
    path = config.vector_cache or cache_home() / "vectors.sqlite"
    cache = VectorCache(path, round(config.vector_cache_gb * 2**30)) if config.vector_cache_gb else None
    return _composed(config, SentenceEmbedder(config.embedder, cache=cache))


def open_to_ask(config: ArchiveConfig) -> Archive:
    """The archive to ask, with the embedder and the stores that it was built with; raises EmbedderNotFound.

    While it is built again with another embedder, or on a server, the old index answers.
    """
    state = remembered_state(config.data / CATALOG)
    if state is not None:
        built = replace(
            config,
            embedder=state.embedder or config.embedder,
            server=None if state.spec.store == LOCAL_VECTORS else config.server,
            words_url="" if state.spec.words == LOCAL_WORDS else config.words_url,
        )
        if built.embedder != config.embedder:
            log.warning(
                "asking with %s, which the archive was built with; `reftel index` changes to %s",
                built.embedder,
                config.embedder,
            )
        config = built
    return _composed(config, SentenceEmbedder(config.embedder))  # no cache: questions are not kept


def _composed(config: ArchiveConfig, embedder: Embedder) -> Archive:
    return Archive(config.data, embedder, server=config.server, words_url=config.words_url)
