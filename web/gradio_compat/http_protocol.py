"""Connections that send the head of a request piece by piece, or nothing at all, are closed.

uvicorn 0.54 bounds only the time between two requests; its connections count against `limit_concurrency`, so idle
ones would shut everybody out. Seen in uvicorn 0.54: `H11Protocol` with its h11 connection as `conn`.
"""

import asyncio
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

HEAD_SECONDS = 15.0
"""How long the head of a request may take; a connection goes after twice that time at the latest."""


class HeadDeadlineProtocol(H11Protocol):
    """uvicorn's protocol, which looks in steps of HEAD_SECONDS whether a head is still not there."""

    _timer: asyncio.TimerHandle | None = None
    _was_waiting = False

    def connection_made(self, transport: Any) -> None:
        """Start to look."""
        super().connection_made(transport)
        self._was_waiting = True
        self._look_later()

    def _look_later(self) -> None:
        self._timer = asyncio.get_running_loop().call_later(HEAD_SECONDS, self._look)

    def _look(self) -> None:
        waiting = self.conn.their_state is h11.IDLE
        if waiting and self._was_waiting:
            self.transport.close()
            return
        self._was_waiting = waiting
        self._look_later()

    def connection_lost(self, exc: Exception | None) -> None:
        """Look no more."""
        if self._timer is not None:
            self._timer.cancel()
        super().connection_lost(exc)
