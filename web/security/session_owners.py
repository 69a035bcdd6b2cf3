"""Whose session of the page, and whose call, each is: nobody reads on what another has begun."""

import threading
from collections import OrderedDict

MOST = 100_000
"""Names that are remembered; the longest unused are forgotten first."""


class SessionOwners:
    """Names of sessions and calls with the reader who first used them."""

    def __init__(self) -> None:
        self._owners: OrderedDict[str, str] = OrderedDict()
        self._lock = threading.Lock()

    def claim(self, name: str, reader: str) -> bool:
        """Whether the name is the reader's own; a name that nobody had is theirs from now on."""
        with self._lock:
            owner = self._owners.setdefault(name, reader)
            self._owners.move_to_end(name)
            if len(self._owners) > MOST:
                self._owners.popitem(last=False)
            return owner == reader

    def owns(self, name: str, reader: str) -> bool:
        """Whether the reader has the name already."""
        with self._lock:
            return self._owners.get(name) == reader
