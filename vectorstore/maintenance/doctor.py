"""The archive's checker: proves that catalog, vectors and words agree, and makes them agree again.

The catalog is the judge. Every paragraph in it must have its vectors, made of its present text and described
as it is, and stand once in the word index; nothing else may be there. What does not agree is written again
from the catalog, so a lost or damaged folder of vectors or words costs time and no cable.
"""

from collections.abc import Callable, Iterable

from vectorstore.archive import Archive
from vectorstore.index_spec import IndexSpec
from vectorstore.indexing import writer
from vectorstore.indexing.rebuild import rebuild
from vectorstore.indexing.reconcile import ConsistencyCheck, Finding
from vectorstore.maintenance.salvage import salvage
from vectorstore.storage.catalog import CatalogDamaged

__all__ = ["Finding", "check", "heal", "mend", "needs_mending"]


def check(archive: Archive) -> list[Finding]:
    """Everything that does not agree; empty where all is well. Raises CatalogDamaged."""
    archive.catalog.check_pages()
    otherwise = _built_otherwise(archive)
    if otherwise:
        return otherwise
    damaged = writer.damaged(archive)
    if damaged:
        return [Finding(str(error)) for error in damaged.values()]
    findings = []
    unfinished = archive.catalog.unfinished()
    if unfinished:
        findings.append(Finding("noted by a run that was cut off", tuple(unfinished)))
    survey = ConsistencyCheck(archive)
    for _ in survey.faulty():
        pass
    altered = archive.catalog.altered()
    if altered:
        findings.append(
            Finding("cables whose stored original was altered (index their files again)", tuple(altered))
        )
    return findings + survey.findings()


def heal(archive: Archive) -> list[Finding]:
    """Write what does not agree again from the catalog; what was found.

    Raises ArchiveLocked, CatalogDamaged, OSError.
    """
    with writer.writing(archive):
        found = _whole_catalog(archive) + _built_otherwise(archive)
        if archive.catalog.meta("built with") not in (None, str(archive.recipe)):
            rebuild(archive)
        return found + mend(archive)


def _whole_catalog(archive: Archive) -> list[Finding]:
    try:
        archive.catalog.check_pages()
    except CatalogDamaged:
        return salvage(archive)
    return []


def needs_mending(archive: Archive) -> bool:
    """Whether the stores plainly do not hold what the catalog counts; costs the same for any archive."""
    if writer.damaged(archive, deeply=False):
        return True
    archive.reload_words()
    held = archive.cable_words.count(), archive.paragraph_words.count(), archive.vectors.count()
    return held != archive.catalog.counts() or not archive.vectors.complete()


def mend(
    archive: Archive, keys: Iterable[str] | None = None, embedded: Callable[[int], None] = lambda n: None
) -> list[Finding]:
    """Make the stores agree with the catalog, for the cables of `keys` alone or for all; what was found.

    For the one who holds the lock. It can be cut off and go on later: only what is missing is written.
    """
    damaged = writer.damaged(archive)
    writer.discard(archive, damaged)
    survey = ConsistencyCheck(archive, None if damaged else keys)
    for batch in writer.batches(survey.faulty()):
        writer.write(archive, batch)
        embedded(sum(len(change.embed) for change in batch))
        with archive.catalog.transaction():
            writer.take(archive.catalog, batch)
    survey.drop_strays()
    with archive.catalog.transaction():
        archive.catalog.written()
        writer.next_generation(archive.catalog)
    return [Finding(str(error)) for error in damaged.values()] + survey.findings()


def _built_otherwise(archive: Archive) -> list[Finding]:
    built = archive.catalog.meta("built with")
    if built in (None, str(archive.recipe)):
        return []
    changes = "; ".join(archive.recipe.changes(IndexSpec.read(built)))
    return [Finding(f"{changes} (`reftel index` does it; until then the old build answers)")]
