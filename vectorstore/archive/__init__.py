"""The archive as a whole: one data directory with its embedder, its index and the stores that hold it."""

from vectorstore.archive.archive import CATALOG, Archive, IndexSpecMismatch
from vectorstore.archive.factory import ArchiveConfig, open_archive, open_to_ask

__all__ = ["CATALOG", "Archive", "ArchiveConfig", "IndexSpecMismatch", "open_archive", "open_to_ask"]
