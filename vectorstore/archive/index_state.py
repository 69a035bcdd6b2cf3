"""The state of an archive's index: the one value by which everybody sees whether it has changed.

The catalog remembers it. A reader keeps the state that it has opened and compares; so does whatever is cached of the
archive.
"""

from collections.abc import Callable
from dataclasses import dataclass

from vectorstore.archive.index_spec import IndexPaths, IndexSpec
from vectorstore.errors import StateDamaged
from vectorstore.interfaces import Catalog

Facts = Callable[[str], str | None]
"""Reads a remembered fact of a catalog by its name, as `Catalog.meta` and `CatalogView.meta` do."""


@dataclass(frozen=True, slots=True)
class IndexState:
    """What the index is made with, where it is, the embedder to load, and how often it has changed."""

    generation: int
    spec: IndexSpec
    paths: IndexPaths
    embedder: str

    @classmethod
    def read(cls, fact: Facts) -> "IndexState | None":
        """The state that a catalog remembers; None where nothing has been indexed. Raises StateDamaged."""
        try:
            generation = int(fact("generation") or 0)  # first: what is read behind it can only be newer
            built, paths = fact("built with"), fact("folders")
            if built is None or paths is None:
                return None
            return cls(generation, IndexSpec.read(built), IndexPaths.read(paths), fact("embedder") or "")
        except ValueError as error:
            raise StateDamaged(
                f"what the catalog remembers of its index is damaged ({error}): `reftel restore FILE` brings a "
                "backup back; or move the data directory away and index again"
            ) from error

    def facts(self) -> dict[str, str]:
        """What a catalog remembers of it, but the generation, which only grows."""
        return {"built with": str(self.spec), "folders": str(self.paths), "embedder": self.embedder}


def next_generation(catalog: Catalog) -> None:
    """Note that the archive has changed; inside the transaction that changes it."""
    catalog.remember("generation", str(int(catalog.meta("generation") or 0) + 1))
