"""How many questions of one user are answered at once, so that nobody takes the whole machine."""

import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from web.errors import NotReady
from web.metrics import ANSWERED, RUNNING
from web.security.access import Principal

MAX_CONCURRENT_QUESTIONS = 4
"""Questions of one account under way at the same time."""

_running: Counter[str] = Counter()
_lock = threading.Lock()


@contextmanager
def question_slot(user: Principal) -> Iterator[None]:
    """Hold one of the user's places while a question is answered; raises NotReady where none is free."""
    with _lock:
        if user.name and _running[user.user_id] >= MAX_CONCURRENT_QUESTIONS:
            raise NotReady(
                f"You have {MAX_CONCURRENT_QUESTIONS} questions under way; "
                "wait for one of them, then ask again."
            )
        _running[user.user_id] += 1
    RUNNING.inc()
    clock = time.monotonic()
    try:
        yield
    finally:
        ANSWERED.observe(time.monotonic() - clock)
        RUNNING.dec()
        with _lock:
            _running[user.user_id] -= 1
            if not _running[user.user_id]:
                del _running[user.user_id]
