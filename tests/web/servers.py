"""Servers of the chat for the tests, ports for them, and waiting for what must happen."""

import socket
import threading
import time
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import uvicorn

from qa.factory import build_chain
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from web.application import build_app
from web.security.config import SecurityConfig
from web.services.archive_service import ArchiveService, ChainBuilder


class Servers:
    """Serves the chat over a data directory and returns its address; all servers end with the tests.

    `build` may put another chain in place of the real one, `config` other rules in place of one person's.
    """

    def __init__(self, embedder: SentenceEmbedder) -> None:
        self.embedder = embedder
        self.running: dict[str, uvicorn.Server] = {}

    def __call__(
        self,
        data: Path,
        build: ChainBuilder = build_chain,
        config: SecurityConfig | None = None,
        port: int = 0,
        service_options: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> str:
        archive = partial(Archive, data, self.embedder)
        service = ArchiveService(data, archive, build, **(service_options or {}))
        port = port or free_port()
        options = {"log_level": "critical", "timeout_graceful_shutdown": 0} | options
        server = uvicorn.Server(uvicorn.Config(build_app(service, config), port=port, **options))
        threading.Thread(target=server.run, daemon=True).start()
        address = f"http://127.0.0.1:{port}"
        self.running[address] = server
        wait_until(partial(getattr, server, "started"))
        return address

    def stop(self, address: str) -> None:
        """End a server with all that is under way in it."""
        self.running.pop(address).should_exit = True
        port = int(address.rpartition(":")[2])
        wait_until(lambda: not _listening(port))


def free_port() -> int:
    """A port on which nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listening(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def wait_until(holds: Callable[[], bool], seconds: float = 60.0) -> None:
    """Return when the condition holds; fail after a while."""
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)
