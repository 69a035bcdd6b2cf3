"""The audit log: who asked what and opened which cable, a JSON object a line. Answers are never in it."""

import json
import logging
import os
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from web.errors import NotAllowedError
from web.security.access import principal_of

FILE = "audit.jsonl"
MAX_FILE_BYTES = 10_000_000
MAX_OLD_FILES = 5
MAX_TEXT_CHARS = 2_000
"""Of a question, or of another text in a line."""

_lines = logging.getLogger("reftel.audit_log")
_lines.propagate = False


class _PrivateFileHandler(RotatingFileHandler):
    """Writes files that only their owner reads, from the first line on."""

    def _open(self) -> Any:
        path = Path(self.baseFilename)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.close(os.open(path, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        return super()._open()


def configure(folder: Path | None) -> None:
    """Write the log into a folder from now on; None switches it off."""
    for handler in list(_lines.handlers):
        _lines.removeHandler(handler)
        handler.close()
    if folder is not None:
        _lines.addHandler(
            _PrivateFileHandler(
                folder / FILE,
                maxBytes=MAX_FILE_BYTES,
                backupCount=MAX_OLD_FILES,
                encoding="utf-8",
                delay=True,
            )
        )
        _lines.setLevel(logging.INFO)


def note(request: Any, what: str, **details: object) -> None:
    """Write down what the sender of a request did; without accounts nobody has a name to write down."""
    try:
        name = principal_of(request).name
    except NotAllowedError:
        name = ""
    if name:
        write(what, name, **details)


def write(what: str, who: str, **details: object) -> None:
    """Write a line; long texts are cut."""
    if not _lines.handlers:
        return
    kept = {name: _cut(value) for name, value in details.items()}
    at = datetime.now(UTC).isoformat(timespec="milliseconds")
    _lines.info(json.dumps({"at": at, "who": who, "what": what, **kept}, ensure_ascii=False))


def _cut(value: object) -> object:
    if isinstance(value, str):
        return value[:MAX_TEXT_CHARS]
    return [_cut(item) for item in value[:100]] if isinstance(value, list) else value
