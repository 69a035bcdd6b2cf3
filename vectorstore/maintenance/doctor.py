"""The archive's checker: proves that catalog, vectors and words agree, and makes them agree again.

The catalog is the judge. Every paragraph in it must have its vectors, made of its present text and described
as it is, and stand once in the word index; nothing else may be there. What does not agree is written again
from the catalog, so a lost or damaged folder of vectors or words costs time and no cable.
"""

from vectorstore.archive import Archive
from vectorstore.archive.index_state import IndexState
from vectorstore.indexing.rebuild import rebuild
from vectorstore.indexing.reconcile import CatalogEmpty, ConsistencyCheck, Finding, mend
from vectorstore.indexing.writer import writing
from vectorstore.maintenance.salvage import salvage
from vectorstore.storage.catalog import CatalogDamaged

__all__ = ["Finding", "check", "heal"]


def check(archive: Archive) -> list[Finding]:
    """Everything that does not agree; empty where all is well. Raises CatalogDamaged."""
    archive.catalog.check_pages()
    otherwise = _built_otherwise(archive)
    if otherwise:
        return otherwise
    damaged = archive.stores.damaged()
    if damaged:
        return [Finding(str(error)) for error in damaged.values()]
    findings = []
    unfinished = archive.catalog.unfinished()
    if unfinished:
        findings.append(Finding("noted by a run that was cut off", tuple(unfinished)))
    consistency = ConsistencyCheck(archive)
    for _ in consistency.faulty():
        pass
    altered = archive.catalog.altered()
    if altered:
        findings.append(
            Finding("cables whose stored original was altered (index their files again)", tuple(altered))
        )
    return findings + consistency.findings()


def heal(archive: Archive) -> list[Finding]:
    """Write what does not agree again from the catalog; what was found.

    Raises ArchiveLocked, CatalogDamaged, CatalogEmpty, OSError.
    """
    with writing(archive):
        found = _whole_catalog(archive)
        _refuse_an_empty_catalog(archive)
        found += _built_otherwise(archive)
        state = IndexState.read(archive.catalog.meta)
        if state and state.spec != archive.spec:
            rebuild(archive)
        return found + mend(archive)


def _whole_catalog(archive: Archive) -> list[Finding]:
    try:
        archive.catalog.check_pages()
    except CatalogDamaged:
        return salvage(archive)
    return []


def _refuse_an_empty_catalog(archive: Archive) -> None:
    """A catalog that lost everything is no reason to delete what the stores hold."""
    if archive.catalog.counts()[0]:
        return
    vectors = archive.vectors.count()
    if vectors:
        raise CatalogEmpty(
            f"the catalog in {archive.data} knows no cable, but {vectors} vectors are there: nothing was changed. "
            "`reftel restore FILE` brings a backup back, `reftel index PATH` makes the archive again"
        )


def _built_otherwise(archive: Archive) -> list[Finding]:
    state = IndexState.read(archive.catalog.meta)
    if state is None or state.spec == archive.spec:
        return []
    changes = "; ".join(archive.spec.changes(state.spec))
    return [Finding(f"{changes} (`reftel index` does it; until then the old index answers)")]
