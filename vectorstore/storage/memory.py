"""Memory that was freed, given back to the system.

Chroma's graphs are large and freed by several threads, in whose heaps glibc keeps what is free.
"""

import ctypes
import gc
from contextlib import suppress


def return_freed_memory() -> None:
    """Free what holds itself in circles, as Chroma's parts do, and give back to the system what is free."""
    gc.collect()
    with suppress(AttributeError, OSError):  # another C library, which needs it less
        ctypes.CDLL(None).malloc_trim(0)
