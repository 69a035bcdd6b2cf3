"""Reading untrusted files: `forms.read` in a process of its own, bounded in time, memory and size.

A file that was made to do harm can only harm that process, which is ended. It gets paths line by line and
answers with a line of JSON for each cable or failure; it knows no secret, and keeps nothing.
"""

import json
import os
import resource
import select
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from cables import Cable, forms
from cables.forms import Failure, Reading, Source
from cables.forms.base import Allowance

_CABLE_ADAPTER = TypeAdapter(Cable)
END_OF_ANSWER = b"null"
"""The line that ends the answer about a file."""


@dataclass(frozen=True, slots=True)
class SandboxLimits:
    """What reading one file may cost."""

    cpu_seconds: int = 60
    """Of processor time."""
    wall_seconds: float = 300.0
    """Seconds by the clock, for a machine that is busy."""
    memory_bytes: int = 1_500_000_000
    temporary_bytes: int = 300_000_000
    """Bytes of a file that the process itself writes."""
    unpacked_bytes: int = 1_000_000_000
    """Bytes that come out of an archive and those inside it."""
    members: int = 20_000
    cable_chars: int = 2_000_000
    """Of a cable; the longest real ones have a tenth of that."""
    answer_bytes: int = 2_000_000_000
    """Bytes of all that is read out of one file."""


class SandboxedReader:
    """Reads files as `forms.read` does; `found` counts what each gave. Close it when done."""

    def __init__(self, limits: SandboxLimits = SandboxLimits()) -> None:
        self.limits = limits
        self.found: dict[Path, int] = {}
        self._child: subprocess.Popen[bytes] | None = None
        self._held = b""
        self._folder = tempfile.TemporaryDirectory(prefix="reftel-", ignore_cleanup_errors=True)

    def __enter__(self) -> "SandboxedReader":
        return self

    def __exit__(self, *exc: object) -> None:
        self._end()
        self._folder.cleanup()

    def __call__(self, path: Path) -> Iterator[Reading | Failure]:
        """The cables of a file, or why there are none. Raises nothing."""
        self.found[path] = 0
        whole = False
        try:
            for line in self._ask(path):
                item = _item(path, line)
                self.found[path] += isinstance(item, Reading)
                yield item
            whole = True
        except (_OverError, OSError, ValidationError, ValueError, KeyError):
            yield Failure(
                path,
                f"reading it took more than it may (about {self.limits.cpu_seconds} s and "
                f"{self.limits.memory_bytes // 10**6} MB): split it, or use `reftel index` if you trust it",
            )
        finally:
            # Too much, or nobody wants the rest: it must not be taken for the next file's.
            if not whole:
                self._end()

    def _ask(self, path: Path) -> Iterator[bytes]:
        child = self._running()
        assert child.stdin is not None
        child.stdin.write(json.dumps(str(path)).encode() + b"\n")
        child.stdin.flush()
        end, size = time.monotonic() + self.limits.wall_seconds, 0
        while (line := self._line(child, end)) != END_OF_ANSWER:
            size += len(line)
            if size > self.limits.answer_bytes:
                raise _OverError
            yield line

    def _line(self, child: "subprocess.Popen[bytes]", end: float) -> bytes:
        assert child.stdout is not None
        pipe, pieces = child.stdout.fileno(), [self._held]
        waiting = select.poll()  # select() knows the first 1,024 files of a process only
        waiting.register(pipe, select.POLLIN)
        while b"\n" not in pieces[-1]:
            ready = waiting.poll(1000 * max(end - time.monotonic(), 0))
            piece = os.read(pipe, 1 << 20) if ready else b""
            if not piece or sum(map(len, pieces)) > 20 * self.limits.cable_chars:
                raise _OverError
            pieces.append(piece)
        line, _, self._held = b"".join(pieces).partition(b"\n")
        return line

    def _running(self) -> "subprocess.Popen[bytes]":
        if self._child is None or self._child.poll() is not None:
            self._held = b""
            root = str(Path(__file__).parents[1])
            search_path = os.pathsep.join([root, *(path for path in sys.path if path)])
            self._child = subprocess.Popen(
                [sys.executable, "-m", "cables.sandbox", json.dumps(asdict(self.limits))],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                cwd=self._folder.name,
                env={
                    "PYTHONPATH": search_path,
                    "TMPDIR": self._folder.name,
                    "PATH": "",
                    "LC_ALL": "C.UTF-8",
                },
                start_new_session=True,
            )
        return self._child

    def _end(self) -> None:
        if self._child is not None:
            self._child.kill()
            self._child.wait()
            for pipe in (self._child.stdin, self._child.stdout):
                if pipe is not None:
                    try:
                        pipe.close()
                    except BrokenPipeError:
                        continue
        self._child = None


class _OverError(Exception):
    """The child has ended, is too slow or says too much."""


def _item(path: Path, line: bytes) -> Reading | Failure:
    answer: dict[str, Any] = json.loads(line)
    if "reason" in answer:
        return Failure(path, str(answer["reason"]), answer["line"], str(answer["where"]))
    cable = _CABLE_ADAPTER.validate_json(json.dumps(answer["cable"]))
    return Reading(cable, str(answer["where"]), answer["line"], str(answer["form"]))


# Inside the child


def _serve(limits: SandboxLimits) -> None:
    """Answer about each path that comes in, until there are no more."""
    resource.setrlimit(resource.RLIMIT_AS, (limits.memory_bytes, limits.memory_bytes))
    resource.setrlimit(resource.RLIMIT_FSIZE, (limits.temporary_bytes, limits.temporary_bytes))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NPROC, (0, 0))
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)  # writing then fails as on a full disk
    for line in sys.stdin.buffer:
        spent = resource.getrusage(resource.RUSAGE_SELF)
        limit = int(spent.ru_utime + spent.ru_stime) + limits.cpu_seconds + 1
        resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
        for answer in _answers(Path(json.loads(line)), limits):
            sys.stdout.buffer.write(answer + b"\n")
        sys.stdout.buffer.write(END_OF_ANSWER + b"\n")
        sys.stdout.buffer.flush()


def _answers(path: Path, limits: SandboxLimits) -> Iterator[bytes]:
    allowance = Allowance(limits.unpacked_bytes, limits.members)
    source = Source(path, path.name, lambda: path.open("rb"), allowance=allowance)
    for item in forms.read_source(source):
        if isinstance(item, Reading) and len(item.cable.original) > limits.cable_chars:
            item = source.failure("longer than any cable: split it, one cable each", where=item.where)
        if isinstance(item, Reading):
            try:
                cable = _CABLE_ADAPTER.dump_json(item.cable)
                place = json.dumps({"where": item.where, "line": item.line, "form": item.form}).encode()
                yield place[:-1] + b',"cable":' + cable + b"}"
                continue
            except ValueError:  # half a character, which no file and no database takes
                item = source.failure("characters in it that are none: save it as UTF-8", where=item.where)
        yield json.dumps({"reason": item.reason, "line": item.line, "where": item.where}).encode()


if __name__ == "__main__":
    _serve(SandboxLimits(**json.loads(sys.argv[1])))
