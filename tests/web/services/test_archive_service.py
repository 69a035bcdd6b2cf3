"""One chain a clearance: built without blocking the other readers, and let go when it is not used."""

import gc
import threading
import weakref
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from cables import Level
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive
from web.errors import NotReady
from web.services.archive_service import MAX_CHAINS, ArchiveService, State, build_extractive

if TYPE_CHECKING:
    from qa.chain import Chain

LOW = Clearance(Level.UNCLASSIFIED)


@pytest.fixture
def opened(archive: Archive) -> ArchiveService:
    """A service over the samples."""
    service = ArchiveService(archive.data, lambda: archive, build_extractive)
    service.open()
    service.chain(EVERYTHING)
    return service


def test_nobody_waits_while_the_word_indexes_of_a_new_clearance_are_built(archive: Archive) -> None:
    building, go_on = threading.Event(), threading.Event()

    def slow_for_low(archive: Archive, clearance: Clearance) -> "Chain":
        if clearance == LOW:
            building.set()
            assert go_on.wait(60)
        return build_extractive(archive, clearance)

    service = ArchiveService(archive.data, lambda: archive, slow_for_low)
    service.open()
    first = threading.Thread(target=service.chain, args=[LOW])
    first.start()
    assert building.wait(60)
    others = threading.Thread(target=lambda: (service.chain(EVERYTHING), service.chain(Clearance(Level.SBU))))
    others.start()
    others.join(30)
    blocked = others.is_alive()
    go_on.set()
    first.join()
    others.join()
    assert not blocked


def test_two_first_readers_of_a_clearance_share_one_chain(opened: ArchiveService) -> None:
    found: list[Chain] = []
    readers = [threading.Thread(target=lambda: found.append(opened.chain(LOW))) for _ in range(3)]
    for reader in readers:
        reader.start()
    for reader in readers:
        reader.join()
    assert len(set(map(id, found))) == 1


def test_the_chain_that_was_not_used_for_longest_is_freed(opened: ArchiveService) -> None:
    def clearance(n: int) -> Clearance:
        return Clearance(Level.SECRET, frozenset({f"CAVEAT{n}"}))

    words = [weakref.ref(opened.chain(clearance(n)).retriever.words) for n in range(MAX_CHAINS)]
    opened.chain(clearance(0))  # used again: the second is now the oldest
    opened.chain(clearance(MAX_CHAINS))
    gc.collect()
    assert [word() is None for word in words] == [n == 1 for n in range(MAX_CHAINS)]
    assert opened.chain(EVERYTHING) is opened.chain(EVERYTHING)


def test_an_archive_that_cannot_be_opened_is_said_to_those_who_wait(tmp_path: Path) -> None:
    class PanicException(BaseException):
        """What a Rust library's panic is called in Python."""

    def panics() -> Archive:
        raise PanicException("a damaged index")

    service = ArchiveService(tmp_path, panics)
    service.open()
    with pytest.raises(NotReady, match="Something went wrong"):
        service.chain(EVERYTHING)
    assert service.refresh_state() is State.FAILED
