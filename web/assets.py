"""The page's scripts and style sheets: where they are served, and how long browsers keep them."""

import hashlib
import json
import re
from collections.abc import Sequence
from pathlib import Path

from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

STATIC = Path(__file__).parent / "static"
ADDRESS = "/static/reftel"
VERSION = re.compile(r"[0-9a-f]{12}/")
STYLES = (
    "base",
    "chat",
    "reader",
    "conversations",
    "filters",
    "archive",
    "dossiers",
    "check",
    "account",
    "settings",
)
"""In this order, for later rules win."""
KEEP = "private, max-age=31536000, immutable"


class Assets(StaticFiles):
    """Serves the folder of static files.

    Addresses that name the version of all files may be kept by browsers for good; under a plain name, as for the
    sign-in page, they ask each time whether it has changed.
    """

    def __init__(self) -> None:
        super().__init__(directory=STATIC)
        self.version = _version()

    async def get_response(self, path: str, scope: Scope) -> Response:
        """One file; an older version's address gives today's file, for pages that were loaded before a start."""
        response = await super().get_response(VERSION.sub("", path, count=1), scope)
        is_current = path.startswith(f"{self.version}/")
        response.headers["Cache-Control"] = KEEP if is_current else "no-cache"
        return response

    def address(self, name: str) -> str:
        """Where a file is served, such as js/main.js."""
        return f"{ADDRESS}/{self.version}/{name}"

    def head(self) -> str:
        """Links for the page's head: all style sheets, and all scripts, so that they come at once."""
        styles = (f'<link rel="stylesheet" href="{self.address(f"css/{name}.css")}">' for name in STYLES)
        scripts = sorted((STATIC / "js").glob("*.js"))
        modules = (f'<link rel="modulepreload" href="{self.address(f"js/{file.name}")}">' for file in scripts)
        return "".join((*styles, *modules))

    def bootstrap(self, events: Sequence[str]) -> str:
        """The script with which the bridge starts the page's modules; `trigger` comes from gr.HTML.

        Gradio makes a custom event of each name that it finds in quotes here. The address is whole, for Chromium takes
        what a bare path belongs to from an equal script of another server on this machine, visited before.
        """
        address = self.address("js/main.js")
        start = f"start(trigger, {json.dumps(events)})"
        return f'import(location.origin + "{address}").then(({{ start }}) => {start});'


def _version() -> str:
    """The first 12 hexadecimal digits of a hash over all files."""
    digest = hashlib.sha256()
    for file in sorted(STATIC.rglob("*.*")):
        digest.update(file.name.encode() + file.read_bytes())
    return digest.hexdigest()[:12]
