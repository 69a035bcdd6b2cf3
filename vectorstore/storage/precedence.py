"""Questions go before indexing: each leaves a mark in the data directory, and who indexes pauses after it.

An indexer takes every core. It gives way to questions of its own archive, in whichever process they are asked, and to
nothing else: beside other programs it goes on as they do.
"""

import contextlib
import time
from pathlib import Path

PAUSE_SECONDS = 0.5
"""After a question: it has its answer by then, or the mark of the next one."""
MAX_PAUSED_SHARE = 0.5
"""Of an indexer's time, so that questions without end do not stop it."""


def note_question(data: Path) -> None:
    """Say that the archive is asked now; nothing where its directory cannot be written to."""
    with contextlib.suppress(OSError):
        _mark(data).touch()


class GivingWay:
    """The pauses of one indexing run."""

    def __init__(self, data: Path) -> None:
        self._mark = _mark(data)
        self._began = time.monotonic()
        self._paused = 0.0

    def pause(self) -> None:
        """Wait where a question was asked just now; called between batches, at least every few hundred milliseconds."""
        try:
            since = time.time() - self._mark.stat().st_mtime
        except OSError:
            return  # nobody has asked yet
        allowed = MAX_PAUSED_SHARE * (time.monotonic() - self._began) - self._paused
        seconds = min(PAUSE_SECONDS - max(since, 0.0), allowed)
        if seconds > 0:
            self._paused += seconds
            time.sleep(seconds)


def _mark(data: Path) -> Path:
    return data / "asked"
