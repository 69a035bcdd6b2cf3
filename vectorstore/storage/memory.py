"""Memory that was freed, given back to the system.

Chroma's graphs are large blocks that several threads allocate and free. glibc, left alone, soon takes such blocks
from the heaps of those threads, and of what is freed there little goes back: a process that opens graphs again
and again grew to three times what it held.
"""

import ctypes
import gc
from contextlib import suppress

LARGE = 4 << 20
"""Bytes from which a block is asked of the system itself, and given back to it when it is freed."""

_THRESHOLD = -3
"""M_MMAP_THRESHOLD of glibc's malloc.h; set, it no longer rises with what is freed."""


def keep_large_apart() -> None:
    """Have large blocks allocated apart from the small ones."""
    with suppress(AttributeError, OSError):  # another C library, which needs it less
        ctypes.CDLL(None).mallopt(_THRESHOLD, LARGE)


def give_back() -> None:
    """Free what holds itself in circles, as Chroma's parts do, and let go of what was freed."""
    gc.collect()
    with suppress(AttributeError, OSError):
        ctypes.CDLL(None).malloc_trim(0)
