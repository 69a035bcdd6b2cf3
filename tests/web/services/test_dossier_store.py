"""Dossiers as they are kept: each reader's own, changed by several tabs."""

import stat
from pathlib import Path

import pytest

from qa.dossier.dossier import Dossier, Pin, dossier_about
from web.errors import InvalidCall
from web.services.dossier_store import MAX_PINS, DossierStore

OWN = Dossier("", "Seats", "Japan", pins=(Pin("08BEIJING90014.2", "Ask him."),))


@pytest.fixture
def store(tmp_path: Path) -> DossierStore:
    return DossierStore(tmp_path / "conversations.sqlite")


def test_a_dossier_comes_back_as_it_was(store: DossierStore) -> None:
    kept = store.save("reader", OWN)
    assert kept.id
    assert store.load("reader", kept.id) == kept


def test_nobody_reads_or_changes_anothers_dossier(store: DossierStore) -> None:
    kept = store.save("reader", OWN)
    assert store.load("other", kept.id) is None
    assert store.pin("other", kept.id, Pin(note="Mine!")) is None
    store.rename("other", kept.id, "Mine")
    store.forget("other", kept.id)
    assert store.load("reader", kept.id) == kept
    assert store.latest("other") == []


def test_the_dossier_that_was_changed_last_is_listed_first(store: DossierStore) -> None:
    first, second = store.save("reader", OWN), store.save("reader", OWN)
    store.rename("reader", first.id, " Chairs ")
    assert [(one.id, one.title) for one in store.latest("reader")] == [
        (first.id, "Chairs"),
        (second.id, "Seats"),
    ]


def test_pins_of_two_tabs_are_both_kept(store: DossierStore) -> None:
    kept = store.save("reader", OWN)
    store.pin("reader", kept.id, Pin(note="One tab."))
    store.pin("reader", kept.id, Pin(note="Another tab."))
    found = store.load("reader", kept.id)
    assert found is not None
    assert [pin.note for pin in found.pins] == ["Ask him.", "One tab.", "Another tab."]
    store.unpin("reader", kept.id, 0)
    found = store.load("reader", kept.id)
    assert found is not None
    assert [pin.note for pin in found.pins] == ["One tab.", "Another tab."]


def test_a_dossier_does_not_grow_without_end(store: DossierStore) -> None:
    full = store.save("reader", Dossier("", "Full", pins=tuple(Pin(note=str(n)) for n in range(MAX_PINS))))
    assert store.pin("reader", full.id, Pin(note="One more.")) == full


def test_a_reader_has_so_many_dossiers_and_no_more(
    store: DossierStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.services.dossier_store.MAX_DOSSIERS", 2)
    first = store.save("one", dossier_about("whaling"))
    store.save("one", dossier_about("tuna"))
    store.save("one", first)
    store.save("other", dossier_about("herring"))
    with pytest.raises(InvalidCall, match="delete one first"):
        store.save("one", dossier_about("cod"))


def test_a_deleted_dossier_is_gone(store: DossierStore) -> None:
    kept = store.save("reader", OWN)
    store.forget("reader", kept.id)
    assert store.latest("reader") == []


def test_dossiers_are_their_owners_alone(store: DossierStore) -> None:
    store.save("reader", OWN)
    assert stat.S_IMODE(store.path.stat().st_mode) == 0o600
