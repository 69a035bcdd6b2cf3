"""The journal: who asked what and opened which cable, a JSON object a line. Answers are never in it."""

import json
import logging
import os
from datetime import UTC, datetime
from logging.handlers import RotatingFileHandler
from pathlib import Path
from typing import Any

from web.errors import NotAllowedError
from web.security.access import principal_of

SIZE, FILES = 10_000_000, 5
"""Bytes of a file, and how many old ones are kept."""
LONGEST = 2_000
"""Letters of a question that are kept."""

_lines = logging.getLogger("reftel.journal")
_lines.propagate = False


class _Private(RotatingFileHandler):
    """Writes files that only their owner reads."""

    def _open(self) -> Any:
        os.close(os.open(self.baseFilename, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600))
        return super()._open()


def keep(path: Path | None) -> None:
    """Write the journal to a file from now on; None switches it off."""
    for handler in list(_lines.handlers):
        _lines.removeHandler(handler)
        handler.close()
    if path is not None:
        path.parent.mkdir(parents=True, exist_ok=True)
        _lines.addHandler(_Private(path, maxBytes=SIZE, backupCount=FILES, encoding="utf-8"))
        _lines.setLevel(logging.INFO)


def note(request: Any, what: str, **details: object) -> None:
    """Write down that the sender of a request did something."""
    if not _lines.handlers:
        return
    try:
        who = principal_of(request).name
    except NotAllowedError:
        who = ""
    write(what, who, **details)


def write(what: str, who: str, **details: object) -> None:
    """Write a line; long texts are cut."""
    if _lines.handlers:
        kept = {name: value[:LONGEST] if isinstance(value, str) else value for name, value in details.items()}
        at = datetime.now(UTC).isoformat(timespec="milliseconds")
        _lines.info(json.dumps({"at": at, "who": who, "what": what, **kept}, ensure_ascii=False))
