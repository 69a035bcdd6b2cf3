"""HTTP for impatient servers: a connection that asks for nothing does not stay."""

import asyncio
from typing import Any

from uvicorn.protocols.http.h11_impl import H11Protocol

PATIENCE = 15.0
"""Seconds until the head of a connection's first request must be there."""


class ImpatientHttpProtocol(H11Protocol):
    """uvicorn's protocol, but for connections that dribble their request or never send one."""

    _deadline: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        """Start the clock."""
        super().connection_made(transport)
        self._deadline = asyncio.get_running_loop().call_later(PATIENCE, self._look)

    def _look(self) -> None:
        if self.cycle is None and not self.transport.is_closing():
            self.transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop the clock."""
        if self._deadline is not None:
            self._deadline.cancel()
        super().connection_lost(exc)
