"""Keeps an archive in step with folders while they change: what arrives is answerable within seconds."""

import logging
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from watchfiles import watch as changes_under

from vectorstore.archive import Archive
from vectorstore.indexing.indexer import Indexer
from vectorstore.indexing.lock import ArchiveLocked
from vectorstore.indexing.report import Report

log = logging.getLogger(__name__)

QUIET_MILLISECONDS = 400
"""Time without a change after which a burst of changes is taken to be over."""
MAX_BURST_MILLISECONDS = 2_000
"""Time of unbroken changes after which a run starts all the same."""
POLL_MILLISECONDS = 500
"""Time between looks at whether to stop, or to go on after another indexer."""


def watch(
    archive: Archive, paths: Sequence[Path], *, prune: bool = False, stop: threading.Event | None = None
) -> Iterator[Report]:
    """Index `paths`, then again after every burst of changes under them; the report of each run.

    A file that was caught half written fails or reads short, and is read again when the rest of it has come:
    its size or time has changed by then. While another process indexes, changes wait.
    Raises as `Indexer.run`.
    """
    due, warned = True, False  # the first run starts when the watch does, so that nothing falls in between
    bursts = changes_under(
        *paths,
        watch_filter=lambda _, path: not archive.holds(Path(path)),
        step=QUIET_MILLISECONDS,
        debounce=MAX_BURST_MILLISECONDS,
        rust_timeout=POLL_MILLISECONDS,
        yield_on_timeout=True,
        stop_event=stop,
    )
    for changed in bursts:
        due = due or bool(changed)
        if not due:
            continue
        try:
            report = Indexer(archive).run(paths, prune=prune)
        except ArchiveLocked as error:
            if not warned:
                log.warning("%s; going on after it", error)
            warned = True
            continue
        due = warned = False
        yield report
