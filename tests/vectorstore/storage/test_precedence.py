from pathlib import Path

import pytest

from vectorstore.storage import precedence
from vectorstore.storage.precedence import MAX_PAUSED_SHARE, PAUSE_SECONDS, GivingWay, note_question


class Clock:
    """Time that passes only where somebody sleeps or works."""

    def __init__(self) -> None:
        self.now = 0.0
        self.slept = 0.0

    def monotonic(self) -> float:
        return self.now

    def time(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        self.now += seconds
        self.slept += seconds


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr(precedence, "time", clock)
    return clock


def ask(data: Path, clock: Clock) -> None:
    import os

    note_question(data)
    os.utime(data / "asked", (clock.now, clock.now))


def test_an_indexer_pauses_after_a_question_and_then_goes_on(tmp_path: Path, clock: Clock) -> None:
    run = GivingWay(tmp_path)
    clock.now += 60
    ask(tmp_path, clock)
    run.pause()
    assert clock.slept == PAUSE_SECONDS
    run.pause()
    assert clock.slept == PAUSE_SECONDS


def test_questions_without_end_leave_an_indexer_its_share(tmp_path: Path, clock: Clock) -> None:
    run = GivingWay(tmp_path)
    for _ in range(1000):
        clock.now += 0.1  # a batch
        ask(tmp_path, clock)
        run.pause()
    assert 0.9 * MAX_PAUSED_SHARE * clock.now < clock.slept <= MAX_PAUSED_SHARE * clock.now


def test_nothing_is_waited_for_where_nobody_asks(tmp_path: Path, clock: Clock) -> None:
    run = GivingWay(tmp_path)
    clock.now += 60
    run.pause()
    assert clock.slept == 0


def test_an_archive_that_cannot_be_written_to_is_asked_all_the_same() -> None:
    note_question(Path("/nowhere/at/all"))
