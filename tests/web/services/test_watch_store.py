"""Watches as they are kept: each reader's own."""

from pathlib import Path

import pytest

from web.errors import InvalidCall
from web.services.watch_store import MAX_WATCHES, WatchStore


@pytest.fixture
def store(tmp_path: Path) -> WatchStore:
    return WatchStore(tmp_path / "conversations.sqlite")


def test_a_watch_begins_behind_what_is_there(store: WatchStore) -> None:
    watch = store.add("reader", " gas  war ", 7)
    assert (watch.text, watch.since, watch.seen, watch.is_question) == ("gas war", 7, 7, False)
    assert store.of("reader") == [watch]
    assert store.add("reader", "Who won?", 7).is_question


def test_the_same_text_is_watched_once(store: WatchStore) -> None:
    assert store.add("reader", "gas", 7) == store.add("reader", "gas", 9)


def test_what_was_seen_is_remembered_and_the_beginning_stays(store: WatchStore) -> None:
    watch = store.add("reader", "gas", 7)
    store.mark_seen("reader", watch.id, 9)
    assert [(one.since, one.seen) for one in store.of("reader")] == [(7, 9)]


def test_nobody_sees_or_changes_anothers_watch(store: WatchStore) -> None:
    watch = store.add("reader", "gas", 7)
    store.mark_seen("other", watch.id, 9)
    store.forget("other", watch.id)
    assert (store.of("other"), store.of("reader")) == ([], [watch])
    assert [owned.reader for owned in store.all()] == ["reader"]


def test_nothing_and_too_much_are_refused(store: WatchStore) -> None:
    with pytest.raises(InvalidCall, match="Say what to watch for"):
        store.add("reader", "  ", 0)
    for n in range(MAX_WATCHES):
        store.add("reader", f"word{n}", 0)
    with pytest.raises(InvalidCall, match="delete one first"):
        store.add("reader", "one more", 0)


def test_a_deleted_watch_is_gone(store: WatchStore) -> None:
    store.forget("reader", store.add("reader", "gas", 7).id)
    assert store.of("reader") == []
