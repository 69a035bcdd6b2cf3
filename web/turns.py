"""Turns: how many questions of one reader are answered at once, so that nobody takes all of the machine."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from web.access import Visitor
from web.desk import NotReady
from web.figures import ANSWERED, RUNNING

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
