"""Volumes of Foreign Relations of the United States as TEI XML: each document a cable-like record."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from itertools import count
from typing import TYPE_CHECKING

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.metadata import parse_created
from cables.glossary import country_code, posts
from cables.marking import parse_marking
from cables.model import Address, Cable, Paragraph, Role, Span

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_TEI = "{http://www.tei-c.org/ns/1.0}"
_FRUS = "{http://history.state.gov/frus/ns/1.0}"
_XML_ID = "{http://www.w3.org/XML/1998/namespace}id"
_LEVEL_RE = re.compile(
    r"\b(Top Secret|Secret|Confidential|Limited Official Use|Unclassified|Official Use Only)\b"
)
_NUMBER_RE = re.compile(r"(\d{1,3})\.\s+")
_ROUTE_RE = re.compile(r"From (?:the )?(?P<sender>.+?) to (?:the )?(?P<action>.+)$")
_PLACE_RE = re.compile(r"(?:Embassy|Legation|Consulate(?: General)?|Mission) (?:in|at) (?P<place>[A-Z].+)")
_SERIAL_RE = re.compile(r"(?P<serial>\d{2,6})\.\s+(?=Subject|Ref|\S)")


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
                    if event == "start" and element.tag == f"{_TEI}TEI":
                        volume = element.get(_XML_ID) or volume
                    elif event == "end" and _is_document(element):
                        cable = _cable(element, volume)
                        yield source.reading(cable, cable.id)
                        element.clear()
            except LookupError as error:
                yield source.failure(
                    f"no valid XML ({error}): its first line names an encoding that there is not"
                )
            except ParseError as error:
                yield source.failure(
                    f"no valid XML ({error}): download the volume again", line=error.position[0]
                )
            except DefusedXmlException:
                yield source.failure("XML that defines entities of its own, which can do harm: not read")


def _is_document(element: "Element") -> bool:
    return element.tag == f"{_TEI}div" and element.get("type") == "document"


def _cable(div: "Element", volume: str) -> Cable:
    id = f"{volume}-{div.get(_XML_ID) or 'd' + (div.get('n') or '0')}"
    head = div.find(f"{_TEI}head")
    title = re.sub(r"^\d+\.\s*", "", _text(head)) if head is not None else None
    route = _ROUTE_RE.search(title or "")
    source_note = " ".join(_text(note) for note in div.iter(f"{_TEI}note") if note.get("type") == "source")
    level = _LEVEL_RE.search(source_note)
    signed = div.find(f".//{_TEI}signed")
    original, paragraphs = _paragraphs(div, id)
    telegram = bool(title and re.match(r"(?:Air|Tele)gram\b", title))
    cable = Cable(
        id=id,
        original=original,
        paragraphs=paragraphs,
        date=_date(div),
        classification=parse_marking(level[1].replace("Official Use Only", "LOU")) if level else None,
        subject=title,
        signature=_text(signed) if signed is not None else None,
    )
    if not (telegram and route):
        return cable
    sender = route["sender"].strip(" .")
    return replace(
        cable, sender=Address(sender), action=(Address(route["action"].strip(" .")),), post=_post(sender)
    )


def _paragraphs(div: "Element", id: str) -> tuple[str, tuple[Paragraph, ...]]:
    """The document's text and its paragraphs, numbered where they print a number."""
    texts = [text for block in _blocks(div) if (text := _text(block))]
    paragraphs: list[Paragraph] = []
    used: dict[str, int] = {}
    unnumbered = count(1)
    at = 0
    expected = 1
    for index, text in enumerate(texts):
        match = _NUMBER_RE.match(text)
        serial = _SERIAL_RE.match(text) if index == 0 else None
        number = int(match[1]) if match and expected <= int(match[1]) <= expected + 2 else None
        name = str(number) if number else f"u{next(unnumbered)}"
        used[name] = used.get(name, 0) + 1
        start = match if number else serial
        words = text[start.end() :] if start else text
        key = f"{id}.{name}" + (f"-{used[name]}" if used[name] > 1 else "")
        paragraphs.append(Paragraph(key, number, words, Span(at, at + len(text)), role=_role(words)))
        expected = number + 1 if number else expected
        at += len(text) + 2
    return "\n\n".join(texts), tuple(paragraphs)


def _blocks(element: "Element") -> Iterator["Element"]:
    """Paragraphs and list items in order, those of footnotes left out."""
    for child in element:
        if child.tag in (f"{_TEI}p", f"{_TEI}item"):
            yield child
        if child.tag != f"{_TEI}note":
            yield from _blocks(child)


def _role(words: str) -> Role:
    if re.match(r"Summary\b", words, re.I):
        return Role.SUMMARY
    return Role.COMMENT if re.match(r"Comment\b", words, re.I) else Role.BODY


def _text(element: "Element") -> str:
    """An element's words without footnotes and page breaks."""
    return " ".join("".join(_pieces(element)).split())


def _pieces(element: "Element") -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag not in (
            f"{_TEI}note",
            f"{_TEI}pb",
            f"{_TEI}p",
            f"{_TEI}list",
        ):
            yield from _pieces(child)
        if child.tag in (f"{_TEI}lb", f"{_TEI}p", f"{_TEI}pb"):
            yield " "
        yield child.tail or ""


def _date(div: "Element") -> datetime | None:
    stated = div.get(f"{_FRUS}doc-dateTime-min") or next(
        (when for date in div.iter(f"{_TEI}date") if (when := date.get("when") or date.get("from"))),
        "",
    )
    try:
        exact = datetime.fromisoformat(stated)
    except ValueError:
        return parse_created(stated)
    return exact.astimezone(UTC) if exact.tzinfo else exact.replace(tzinfo=UTC)


def _post(sender: str) -> str | None:
    """`Embassy in Chile` -> `Embassy Santiago`, where the country has one; the Department is itself."""
    if sender.startswith("Department of State"):
        return posts()["STATE"].label
    match = _PLACE_RE.match(sender)
    code = country_code(match["place"]) if match else None
    found = (
        [post for post in posts().values() if post.country == code and post.kind == "embassy"] if code else []
    )
    return found[0].label if len(found) == 1 and sender.startswith("Embassy") else sender
