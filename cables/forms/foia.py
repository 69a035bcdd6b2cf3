"""Releases of the FOIA reading room, as text: stamps on every page, telegrams, e-mails and memos."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import decode
from cables.forms.metadata import Record, cable_of, parse_created
from cables.forms.plain_text import MAX_TEXT_BYTES, MIN_EVIDENCE, evidence, id_in_name
from cables.ids import canonical
from cables.model import Address, Cable
from cables.parsing.document import parse_document
from cables.parsing.header import parse_address
from cables.parsing.telegram import parse_telegram

_STAMP_RE = re.compile(
    r"(?:UNCLASSIFIED\s+)?U\.?\s?S\.?\s+Department\s+of\s+State\s+Case\s+No\.?\s*+(?P<case>[A-Z]{1,3}-\d{4}-\d{3,6})\s+"
    r"Doc\s+No\.?\s*+(?P<doc>[A-Z]?[0-9O]{6,9})\s+Date:?\s*+\d{1,2}/\d{1,2}/\d{2,4}",
    re.I,
)
_RELEASE_RE = re.compile(r"^[ \t]*+(?:RELEASE(?:D)? IN (?:FULL|PART)|DENIED IN FULL)\b[^\n]*$", re.M)
_EXEMPTION_RE = re.compile(r"^[ \t]*+(?:(?:B\d|1\.4\([A-H]\)|\(b\)\(\d\)|B[56])[,; \t]*)+$", re.M | re.I)
_REVIEW_RE = re.compile(r"^[ \t]*+(?:REVIEW AUTHORITY|Reviewed by|Review Authority)\s*+:[^\n]*$", re.M)
_BANNER_RE = re.compile(r"^[ \t]*+UNCLASSIFIED[ \t]*$", re.M)
_FIELD_RE = re.compile(
    r"^[ \t]*+(MRN|Date/DTG|From|Action|Info|Captions|Subject|Classification|Signature)[ \t]*+:[ \t]*"
    r"([^\n]*(?:\n[ \t]{4,}\S[^\n]*)*)",
    re.M,
)
_TAIL_RE = re.compile(
    r"^[ \t]*+(?:Signature|Drafted By|Cleared By|Released By|Dissemination Rule)[ \t]*+:", re.M
)
_LEVEL_RE = re.compile(
    r"^[ \t]*+(TOP SECRET|SECRET|CONFIDENTIAL|SENSITIVE BUT UNCLASSIFIED|SBU)(?://[A-Z/ ]+)?[ \t]*$", re.M
)


class ReadingRoom(Form):
    """Text whose pages bear the stamp "U.S. Department of State Case No. ... Doc No. ..."."""

    name = "FOIA release"

    def likeness(self, head: bytes) -> int:
        """Sure where the stamp stands in it."""
        if b"doc" not in head.lower():  # quick, for the many files that are none
            return 0
        return 90 if _STAMP_RE.search(head.decode("utf-8", "replace")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """Each document: telegrams under their ids, e-mails and memos under their document numbers."""
        text, _ = decode(source.whole(MAX_TEXT_BYTES))
        documents = _documents(text)
        for number, document in documents:
            named = id_in_name(source.name) if len(documents) == 1 else None
            where = number if len(documents) > 1 else ""
            clean = without_stamps(document)
            if clean.strip():
                yield source.reading(_cable(clean, number, named), where)
            else:
                reason = "nothing but stamps; it was denied in full or scanned: run OCR on it"
                yield source.failure(f"{number}: {reason}", where=where)


def without_stamps(text: str) -> str:
    """The text without the marks of its release: case stamps, exemptions, review authority, page banners."""
    for debris in (_STAMP_RE, _RELEASE_RE, _EXEMPTION_RE, _REVIEW_RE, _BANNER_RE):
        text = debris.sub("", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _documents(text: str) -> list[tuple[str, str]]:
    """(document number, text) of each release in a file; pages are stamped at their heads or feet."""
    pages = text.split("\f")
    found: list[tuple[str, str]] = []
    for page in pages:
        stamp = _STAMP_RE.search(page)
        number = stamp["doc"].replace("O", "0") if stamp else (found[-1][0] if found else "")
        if found and (number == found[-1][0] or not found[-1][0]):
            found[-1] = (number, f"{found[-1][1]}\n{page}")
        else:
            found.append((number, page))
    return found


def _cable(text: str, number: str, named: str | None) -> Cable:
    """The document as a cable; without a telegram's marks it keeps its document number as id."""
    fields = {match[1]: " ".join(match[2].split()) for match in reversed(list(_FIELD_RE.finditer(text)))}
    tail = _TAIL_RE.search(text) if "MRN" in fields else None
    text = text[: tail.start()].rstrip() if tail else text
    id = canonical(fields.get("MRN", "")) or named
    if id is None and "MRN" not in fields and evidence(text) < MIN_EVIDENCE:
        return parse_document(text, id=number)
    if id is None and evidence(text) >= MIN_EVIDENCE:
        id = parse_telegram(text).id or None
    level = _LEVEL_RE.search(text[:2_000])
    cable = cable_of(
        text,
        Record(
            id=id or number,
            created=parse_created(fields.get("Date/DTG", "")),
            classification=fields.get("Classification") or (level[1] if level else None),
            subject=fields.get("Subject"),
            sender=next(iter(_addresses(fields.get("From", ""))), None),
            action=_addresses(fields.get("Action", "")),
            info=_addresses(fields.get("Info", "")),
            captions=tuple(re.findall(r"[A-Z]{4,}", fields.get("Captions", ""))),
        ),
    )
    other = (number,) if cable.id != number else ()
    return replace(
        cable,
        aliases=tuple(dict.fromkeys([*cable.aliases, *other])),
        signature=cable.signature or fields.get("Signature"),
    )


def _addresses(line: str) -> tuple[Address, ...]:
    """`SECSTATE WASHDC IMMEDIATE; AMEMBASSY LIMA PRIORITY` as addresses."""
    return tuple(parse_address(part.strip()) for part in line.split(";") if part.strip())
