"""Volumes of Foreign Relations of the United States as TEI XML: each document a cable-like record."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.metadata import parse_created
from cables.glossary import country_code, posts
from cables.marking import parse_marking
from cables.model import Address, Cable, MarkingState, Paragraph, Role, Span
from cables.parsing.body import ParagraphKeys
from cables.parsing.roles import opening_role

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TEI_NAMESPACE = "{http://www.tei-c.org/ns/1.0}"
_FRUS_NAMESPACE = "{http://history.state.gov/frus/ns/1.0}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LEVEL_RE = re.compile(
    r"\b(Top Secret|Secret|Confidential|Limited Official Use|Unclassified|Official Use Only)\b"
)
_NUMBER_RE = re.compile(r"(\d{1,3})\.\s+")
_FROM_RE = re.compile(r"\b[Ff]rom (?:the )?(?P<sender>.+?) to (?:the )?(?P<action>.+)$")
_BETWEEN_RE = re.compile(r"^(?:The )?(?P<sender>[^,]+?) to (?:all )?(?:the )?(?P<action>.+)$")
"""In the heads of old volumes, which mark the persons' names."""
_PLACE_RE = re.compile(
    r"(?P<office>Embassy|Legation|Consulate(?: General)?|Mission|Ambassador|Minister|Charg[eé][^(]*?|Consul(?: General)?)"
    r" (?:in|at) (?P<place>[A-Z][^(]*[^( ])"
)
_EMBASSY_OFFICES = ("Embassy", "Ambassador", "Charg")
_SERIAL_RE = re.compile(r"(?P<serial>\d{2,6})\.\s+(?=Subject|Ref|\S)")
_MAX_TITLE_CHARS = 90
_SKIPPED_TAGS = frozenset(
    [f"{_TEI_NAMESPACE}{name}" for name in ("note", "pb", "head", "opener", "closer", "teiHeader")]
)
_TEXT_TAGS = (f"{_TEI_NAMESPACE}p", f"{_TEI_NAMESPACE}table", f"{_TEI_NAMESPACE}list")
_FRAME_TAGS = (f"{_TEI_NAMESPACE}head", f"{_TEI_NAMESPACE}opener", f"{_TEI_NAMESPACE}closer")
"""Of an enclosure these are text too; of the document itself they are fields."""
_ATTACHMENT_TAG = f"{_FRUS_NAMESPACE}attachment"


@dataclass(slots=True)
class _Unit:
    """A paragraph to be: its text, the heading above it, and whether somebody else is quoted."""

    text: str
    section: str | None = None
    quoted: bool = False


class ForeignRelations(Form):
    """A FRUS volume in TEI; footnotes are no text, front matter and index no documents."""

    name = "FRUS volume"

    def likeness(self, head: bytes) -> int:
        """Certain for XML in the TEI namespace."""
        return 100 if b"http://www.tei-c.org/ns/1.0" in head and b"<TEI" in head else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The volume's documents one by one, each dropped from memory before the next."""
        from xml.etree.ElementTree import ParseError

        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import iterparse

        volume = source.name.rsplit(".", 1)[0]
        with source.open() as stream:
            try:
                for event, element in iterparse(stream, events=("start", "end")):
                    if event == "start" and element.tag == f"{_TEI_NAMESPACE}TEI":
                        volume = element.get(_XML_ID) or volume
                    elif event == "end" and _is_document(element):
                        cable = _cable(element, volume)
                        yield source.reading(cable, cable.id)
                        element.clear()
            except LookupError as error:
                raise UnreadableError(
                    f"no valid XML ({error}): its first line names an encoding that there is not"
                ) from error
            except ParseError as error:
                raise UnreadableError(
                    f"no valid XML ({error}): download the volume again", error.position[0]
                ) from error
            except DefusedXmlException as error:
                raise UnreadableError(
                    "XML that defines entities of its own, which can do harm: not read"
                ) from error


def _is_document(element: "Element") -> bool:
    return element.tag == f"{_TEI_NAMESPACE}div" and element.get("type") == "document"


def _cable(div: "Element", volume: str) -> Cable:
    id = f"{volume}-{div.get(_XML_ID) or 'd' + (div.get('n') or '0')}"
    head = div.find(f"{_TEI_NAMESPACE}head")
    title = re.sub(r"^\d+\.\s*", "", _text(head)) if head is not None else None
    source_note = " ".join(
        _text(note) for note in div.iter(f"{_TEI_NAMESPACE}note") if note.get("type") == "source"
    )
    level = _LEVEL_RE.search(source_note)
    signed = next((child for child in _own(div) if child.tag == f"{_TEI_NAMESPACE}signed"), None)
    original, paragraphs = _paragraphs(div, id)
    sender, action = _route(head, title)
    return Cable(
        id=id,
        original=original,
        paragraphs=paragraphs,
        date=_date(div),
        sender=Address(sender) if sender else None,
        action=(Address(action),) if action else (),
        post=_post(sender) if sender else None,
        classification=parse_marking(level[1].replace("Official Use Only", "LOU")) if level else None,
        marking_state=MarkingState.MARKED if level else MarkingState.NOT_MARKED,
        subject=title,
        signature=_text(signed) if signed is not None else None,
    )


def _own(element: "Element") -> Iterator["Element"]:
    """All that is inside a document, its enclosures left out."""
    for child in element:
        if child.tag != _ATTACHMENT_TAG:
            yield child
            yield from _own(child)


def _route(head: "Element | None", title: str | None) -> tuple[str | None, str | None]:
    """Sender and addressee as the head names them; in old volumes it marks the persons' names."""
    if head is None or not title:
        return None, None
    marked = {child.get("type"): _text(child) for child in head.iter() if child.get("type") in ("from", "to")}
    match = _FROM_RE.search(title) or (_BETWEEN_RE.match(title) if marked else None)
    if not match:
        return marked.get("from"), marked.get("to")
    return match["sender"].strip(" ."), match["action"].strip(" .")


def _paragraphs(div: "Element", id: str) -> tuple[str, tuple[Paragraph, ...]]:
    """The document's text and its paragraphs, numbered where they print a number."""
    units = [unit for unit in _units(div) if unit.text]
    paragraphs: list[Paragraph] = []
    keys = ParagraphKeys(id)
    at = 0
    expected = 1
    for index, unit in enumerate(units):
        match = _NUMBER_RE.match(unit.text) if not unit.quoted else None
        serial = _SERIAL_RE.match(unit.text) if index == 0 else None
        number = int(match[1]) if match and expected <= int(match[1]) <= expected + 2 else None
        start = match if number else serial
        words = unit.text[start.end() :] if start else unit.text
        span = Span(at, at + len(unit.text))
        role = Role.QUOTED if unit.quoted else opening_role(words) or Role.BODY
        paragraphs.append(Paragraph(keys.key(number), number, words, span, section=unit.section, role=role))
        expected = number + 1 if number else expected
        at += len(unit.text) + 2
    return "\n\n".join(unit.text for unit in units), tuple(paragraphs)


def _units(div: "Element") -> list[_Unit]:
    """Paragraphs, lists, tables and enclosures in order; a list goes with the paragraph that announces it."""
    units: list[_Unit] = []
    section: str | None = None
    for block, quoted in _blocks(div, quoted=False):
        text = _block_text(block)
        if _is_title(block, text):
            section = text.rstrip(":")
        elif block.tag == f"{_TEI_NAMESPACE}list" and units and units[-1].text.endswith(":"):
            units[-1].text += f"\n{text}"
        else:
            units.append(_Unit(text, section, quoted))
    if section and (not units or units[-1].section != section):
        units.append(_Unit(section))  # a title over nothing is text
    return units


def _blocks(element: "Element", quoted: bool) -> Iterator[tuple["Element", bool]]:
    """Blocks of text in order, those of footnotes left out, and whether each is of a quoted text."""
    for child in element:
        inside = quoted or child.tag in (f"{_TEI_NAMESPACE}quote", _ATTACHMENT_TAG)
        if child.tag in _TEXT_TAGS or (quoted and child.tag in _FRAME_TAGS):
            yield child, inside
        elif child.tag not in _SKIPPED_TAGS:
            yield from _blocks(child, inside)


def _is_title(block: "Element", text: str) -> bool:
    """Whether a paragraph is a section's title: marked so, or wholly in bold or italics."""
    if block.tag != f"{_TEI_NAMESPACE}p" or not text or len(text) > _MAX_TITLE_CHARS:
        return False
    if (block.get("rend") or "").startswith("sectiontitle"):
        return True
    children = list(block)
    styled = (
        len(children) == 1 and children[0].tag == f"{_TEI_NAMESPACE}hi" and not (block.text or "").strip()
    )
    return styled and not (children[0].tail or "").strip() and not text.endswith(".")


def _block_text(block: "Element") -> str:
    """A block's words: a table a line a row, a list a line an item."""
    if block.tag == f"{_TEI_NAMESPACE}table":
        rows = (
            [_text(cell) for cell in row.iter(f"{_TEI_NAMESPACE}cell")]
            for row in block.iter(f"{_TEI_NAMESPACE}row")
        )
        return "\n".join(" | ".join(cells) for cells in rows)
    if block.tag == f"{_TEI_NAMESPACE}list":
        return "\n".join(_items(block))
    return "\n".join(line for raw in "".join(_pieces(block)).split("\0") if (line := " ".join(raw.split())))


def _items(block: "Element") -> Iterator[str]:
    """The items of a list, each behind its label."""
    label = ""
    for child in block:
        if child.tag == f"{_TEI_NAMESPACE}label":
            label = _text(child)
        elif child.tag == f"{_TEI_NAMESPACE}item":
            yield f"{label} {_block_text(child)}".strip()
            label = ""


def _text(element: "Element") -> str:
    """An element's words on one line, without footnotes and page breaks."""
    return " ".join("".join(_pieces(element)).replace("\0", " ").split())


def _pieces(element: "Element") -> Iterator[str]:
    """The words; a list or table inside a paragraph has lines of its own, between zero characters."""
    yield element.text or ""
    for child in element:
        if child.tag in (f"{_TEI_NAMESPACE}list", f"{_TEI_NAMESPACE}table"):
            yield "\0" + _block_text(child).replace("\n", "\0") + "\0"
        elif child.tag not in (f"{_TEI_NAMESPACE}note", f"{_TEI_NAMESPACE}pb"):
            yield from _pieces(child)
        if child.tag in (
            f"{_TEI_NAMESPACE}lb",
            f"{_TEI_NAMESPACE}p",
            f"{_TEI_NAMESPACE}pb",
            f"{_TEI_NAMESPACE}seg",
        ):
            yield " "
        yield child.tail or ""


def _date(div: "Element") -> datetime | None:
    """The dateline's own day and hour, in its own zone: the day that the document says, not UTC's."""
    dates = (
        date
        for child in _own(div)
        if child.tag == f"{_TEI_NAMESPACE}dateline"
        for date in child.iter(f"{_TEI_NAMESPACE}date")
    )
    printed = next((when for date in dates if (when := date.get("when") or date.get("from"))), "")
    stated = div.get(f"{_FRUS_NAMESPACE}doc-dateTime-min") or ""
    exact = stated if len(printed) <= len("1966-12-28") and stated.startswith(printed) else printed or stated
    try:
        return datetime.fromisoformat(exact).replace(tzinfo=UTC)
    except ValueError:
        return parse_created(exact)


def _post(sender: str) -> str | None:
    """`Embassy in Chile` -> `Embassy Santiago`, where the country has one; the Department is itself."""
    if "Department of State" in sender or "Secretary of State" in sender:
        return posts()["STATE"].label
    match = _PLACE_RE.search(sender)
    code = country_code(match["place"]) if match else None
    found = (
        [post for post in posts().values() if post.country == code and post.kind == "embassy"] if code else []
    )
    embassy = match is not None and match["office"].startswith(_EMBASSY_OFFICES)
    return found[0].label if len(found) == 1 and embassy else sender
