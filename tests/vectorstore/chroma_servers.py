"""A real Chroma server on loopback, behind a proxy that asks for a token and can misbehave."""

import socket
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
from tenacity import retry, retry_if_exception_type, stop_after_delay, wait_fixed

TOKEN = "a token of the tests"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


class ChromaServer:
    """`chroma run` over a folder; it can be killed and started again on its port."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.port = free_port()
        self.start()

    def start(self) -> None:
        command = [sys.executable, "-c", "from chromadb.cli.cli import app; app()"]
        self.process = subprocess.Popen(
            [*command, "run", "--path", str(self.folder), "--host", "127.0.0.1", "--port", str(self.port)],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        self._ready()

    @retry(
        retry=retry_if_exception_type(httpx.TransportError), stop=stop_after_delay(240), wait=wait_fixed(0.05)
    )
    def _ready(self) -> None:
        httpx.get(f"http://127.0.0.1:{self.port}/api/v2/heartbeat", verify=False)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait()


class Proxy:
    """Passes requests on that bear the token. `refuse` so many with 503 first; `die` after so many writes."""

    def __init__(self, server: ChromaServer) -> None:
        self.server = server
        self.refuse = 0
        self.writes_until_death: int | None = None
        proxy, client = self, httpx.Client(timeout=60, verify=False)

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def handle_any(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.headers.get("Authorization") != f"Bearer {TOKEN}":
                    return self.answer(401, b"no token")
                if proxy.refuse > 0:
                    proxy.refuse -= 1
                    return self.answer(503, b"overloaded")
                proxy.count_write(self.path)
                try:
                    got = client.request(
                        self.command,
                        f"http://127.0.0.1:{proxy.server.port}{self.path}",
                        content=body,
                        headers={"Content-Type": "application/json"},
                    )
                except httpx.TransportError:
                    return self.answer(502, b"the server is away")
                return self.answer(got.status_code, got.content)

            do_GET = do_POST = do_PUT = do_DELETE = handle_any  # noqa: N815

            def answer(self, status: int, body: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_: object) -> None:
                pass

        self._http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._http.server_address[1]}"
        threading.Thread(target=self._http.serve_forever, daemon=True).start()

    def count_write(self, path: str) -> None:
        """Kill the server while it is about to take one write more than it may."""
        if self.writes_until_death is None or not path.endswith(("/upsert", "/delete", "/update")):
            return
        if self.writes_until_death == 0:
            self.server.kill()
            self.writes_until_death = None
            return
        self.writes_until_death -= 1

    def close(self) -> None:
        self._http.shutdown()
        self._http.server_close()
