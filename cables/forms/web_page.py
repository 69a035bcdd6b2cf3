"""The web pages on which cables were published: metadata in a table, header and body in `pre` blocks."""

import re
from collections.abc import Iterator
from html.parser import HTMLParser

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.decoding import decode
from cables.forms.metadata import Record, cables_of, parse_created
from cables.forms.plain_text import MAX_TEXT_BYTES, MIN_EVIDENCE, evidence, id_in_name, read_text

_HTML_RE = re.compile(rb"<(?:!doctype html|html|head|body|table|pre)\b", re.I)
_NO_ENTITY_RE = re.compile(r"&(?!#\d{2,7}|#[xX][0-9A-Fa-f]{2,6}|[A-Za-z][A-Za-z0-9]{1,31};)")
_PGP_RE = re.compile(r"-----BEGIN PGP[^\n]*\n.*?-----END PGP[^\n]*\n?", re.S)
_VIEWING_RE = re.compile(r"Viewing cable\s+([0-9A-Z'-]+)")
_METADATA_LABELS = ("Reference ID", "Created", "Classification", "Origin")
_BLOCK_TAGS = frozenset(
    ["p", "div", "br", "tr", "table", "h1", "h2", "h3", "h4", "li", "ul", "ol", "hr", "section", "article"]
)
_INVISIBLE_TAGS = frozenset(["script", "style", "title"])


class PublishedPage(Form):
    """A page with one cable: "Viewing cable ID", a metadata table, header and body in `pre`."""

    name = "published page"

    def likeness(self, head: bytes) -> int:
        """HTML, and surely so where it begins as a page does."""
        match = _HTML_RE.search(head.replace(b"\0", b"")[:4096])
        return 80 if match else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The page's one cable; pages without `pre` blocks are read as the text that they show."""
        html, note = decode(source.whole(MAX_TEXT_BYTES))
        page = _parsed(html)
        text = "\n\n".join(page.telegram_blocks()) if page.blocks else _PGP_RE.sub("", page.shown())
        record = page.record(id_in_name(source.name))
        if page.blocks and (record.id or evidence(text) >= MIN_EVIDENCE):
            cables = cables_of(text, record)
            yield from (source.reading(cable, cable.id if len(cables) > 1 else "") for cable in cables)
        elif evidence(text) >= MIN_EVIDENCE:
            yield from read_text(source, text, note)
        else:
            raise UnreadableError(
                "no sign of a cable: a web page without a telegram in it; save the cable's own page"
            )


def shown_text(html: str) -> str:
    """What a page shows, a line for each block."""
    return _parsed(html).shown()


def _parsed(html: str) -> "_Page":
    page = _Page()
    # The parser fails on marked sections that it does not know, and decodes the "&not" of "&not a toy,8".
    page.feed(_NO_ENTITY_RE.sub("&amp;", html.replace("<![", "&lt;![")))
    page.close()
    return page


class _Page(HTMLParser):
    """What matters of a page: the texts of its `pre` blocks, of its table cells, and all that it shows."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[str] = []
        self._pre: list[str] | None = None
        self._cell: list[str] | None = None
        self._cells: list[tuple[str, str]] = []
        self._all: list[str] = []
        self._unseen = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "pre":
            self._pre = []
        elif tag in ("td", "th"):
            self._cell = []
        elif tag in _INVISIBLE_TAGS:
            self._unseen += 1
        if tag in _BLOCK_TAGS:
            self._all.append("\n")
            if self._pre is not None and tag == "br":
                self._pre.append("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "pre" and self._pre is not None:
            self.blocks.append("".join(self._pre))
            self._pre = None
        elif tag in ("td", "th") and self._cell is not None:
            self._cells.append((tag, " ".join("".join(self._cell).split())))
            self._cell = None
        elif tag in _INVISIBLE_TAGS:
            self._unseen = max(0, self._unseen - 1)
        if tag in _BLOCK_TAGS:
            self._all.append("\n")

    def handle_data(self, data: str) -> None:
        if self._unseen:
            return
        self._all.append(data)
        for open_text in (self._pre, self._cell):
            if open_text is not None:
                open_text.append(data)

    def telegram_blocks(self) -> list[str]:
        """The last two blocks, header and body, and those before them that bear the marks of a telegram."""
        last = len(self.blocks) - 2
        return [
            block
            for index, block in enumerate(self.blocks)
            if index >= last or evidence(block) >= MIN_EVIDENCE
        ]

    def shown(self) -> str:
        """The page's text, a line for each block."""
        return "".join(self._all)

    def record(self, named: str | None) -> Record:
        """The metadata table; the id from the heading or the file's name (`named`) where it has none."""
        headings = [text for tag, text in self._cells if tag == "th"]
        values = [text for tag, text in self._cells if tag == "td"]
        found = dict(zip(headings, values, strict=False)) if set(_METADATA_LABELS) <= set(headings) else {}
        viewing = _VIEWING_RE.search(self.shown())
        return Record(
            id=found.get("Reference ID") or (viewing[1] if viewing else named),
            created=parse_created(found.get("Created", "")),
            classification=found.get("Classification"),
            origin=found.get("Origin"),
        )
