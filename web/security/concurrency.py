"""Turns: how many questions of one reader are answered at once, so that nobody takes all of the machine; and
whether whoever asked is still there."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from anyio import from_thread
from gradio.context import LocalContext

from web.metrics import ANSWERED, RUNNING
from web.security.access import Visitor
from web.services.archive_service import NotReady

AT_ONCE = 4
"""Questions of one account under way at the same time."""

_under_way: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def turn(visitor: Visitor) -> Iterator[None]:
    """Hold a turn while a question is answered; raises NotReady where the reader has too many."""
    with _lock:
        if visitor.name and _under_way[visitor.reader] >= AT_ONCE:
            raise NotReady(f"You have {AT_ONCE} questions under way; wait for one of them, then ask again.")
        _under_way[visitor.reader] += 1
    RUNNING.inc()
    clock = time.monotonic()
    try:
        yield
    finally:
        ANSWERED.observe(time.monotonic() - clock)
        RUNNING.dec()
        with _lock:
            _under_way[visitor.reader] -= 1
            if not _under_way[visitor.reader]:
                del _under_way[visitor.reader]


def left(request: Any) -> bool:
    """Whether a program has hung up on the call that this thread works for.

    The page needs no such look: Gradio asks its generators for no more when a reader stops or leaves.
    """
    blocks, event = LocalContext.blocks.get(None), LocalContext.event_id.get(None)
    if blocks is not None and event is not None:  # the request has ended, its answer is fetched by another
        call = blocks._queue.event_ids_to_events.get(event)
        return call is None or not call.alive
    own = getattr(request, "request", None) or request  # MCP hands on its own kind
    return bool(from_thread.run(own.is_disconnected))
