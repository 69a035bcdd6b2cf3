"""Releases of the FOIA reading room, as text: stamps on every page, telegrams, e-mails and memos."""

import re
from collections.abc import Iterator
from dataclasses import replace

from cables.forms.base import Failure, Form, Reading, Source
from cables.forms.decoding import decode
from cables.forms.metadata import Record, cable_of, parse_created
from cables.forms.plain_text import LIMIT, evidence, id_in_name
from cables.ids import canonical
from cables.model import Address, Cable
from cables.parsing.telegram import parse_telegram

_STAMP = re.compile(
    r"(?:UNCLASSIFIED\s+)?U\.?\s?S\.?\s+Department\s+of\s+State\s+Case\s+No\.?\s*(?P<case>[A-Z]{1,3}-\d{4}-\d{3,6})\s+"
    r"Doc\s+No\.?\s*(?P<doc>[A-Z]?[0-9O]{6,9})\s+Date:?\s*\d{1,2}/\d{1,2}/\d{2,4}",
    re.I,
)
_RELEASE = re.compile(r"^[ \t]*(?:RELEASE(?:D)? IN (?:FULL|PART)|DENIED IN FULL)\b[^\n]*$", re.M)
_EXEMPTION = re.compile(r"^[ \t]*(?:(?:B\d|1\.4\([A-H]\)|\(b\)\(\d\)|B[56])[,; \t]*)+$", re.M | re.I)
_REVIEW = re.compile(r"^[ \t]*(?:REVIEW AUTHORITY|Reviewed by|Review Authority)\s*:[^\n]*$", re.M)
_BANNER = re.compile(r"^[ \t]*UNCLASSIFIED[ \t]*$", re.M)
_FIELD = re.compile(
    r"^[ \t]*(MRN|Date/DTG|From|Action|Info|Captions|Subject|Classification|Signature)[ \t]*:[ \t]*"
    r"([^\n]*(?:\n[ \t]{4,}\S[^\n]*)*)",
    re.M,
)
_TAIL = re.compile(r"^[ \t]*(?:Signature|Drafted By|Cleared By|Released By|Dissemination Rule)[ \t]*:", re.M)
_LEVEL = re.compile(
    r"^[ \t]*(TOP SECRET|SECRET|CONFIDENTIAL|SENSITIVE BUT UNCLASSIFIED|SBU)(?://[A-Z/ ]+)?[ \t]*$", re.M
)
_DAY = re.compile(r"([A-Z][a-z]{2})[a-z]*\.? (\d{1,2}), (\d{4})")
_GROUP = re.compile(r"\b(\d{2})(\d{2})(\d{2})Z ([A-Z]{3}) (\d{2,4})\b")
_MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
_ENOUGH = 3


class ReadingRoom(Form):
    """Text whose pages bear the stamp "U.S. Department of State Case No. ... Doc No. ..."."""

    name = "FOIA release"

    def likeness(self, head: bytes) -> int:
        """Sure where the stamp stands in it."""
        if b"doc" not in head.lower():  # quick, for the many files that are none
            return 0
        return 90 if _STAMP.search(head.decode("utf-8", "replace")) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """Each document: telegrams under their ids, e-mails and memos under their document numbers."""
        data = source.whole(LIMIT)
        if data is None:
            yield source.failure(f"over {LIMIT // 2**20} MB of text: split the file, one document each")
            return
        text, _ = decode(data)
        documents = _documents(text)
        for number, document in documents:
            named = id_in_name(source.name) if len(documents) == 1 else None
            where = number if len(documents) > 1 else ""
            clean = without_stamps(document)
            if not clean.strip():
                yield source.failure(
                    f"{number}: nothing but stamps; it was denied in full or scanned: run OCR on it",
                    where=where,
                )
            else:
                yield source.reading(_cable(clean, number, named), where)


def without_stamps(text: str) -> str:
    """The text without the marks of its release: case stamps, exemptions, review authority, page banners."""
    for debris in (_STAMP, _RELEASE, _EXEMPTION, _REVIEW, _BANNER):
        text = debris.sub("", text)
    return re.sub(r"\n{3,}", "\n\n", text).strip("\n")


def _documents(text: str) -> list[tuple[str, str]]:
    """(document number, text) of each release in a file; pages are stamped at their heads or feet."""
    pages = text.split("\f")
    found: list[tuple[str, str]] = []
    for page in pages:
        stamp = _STAMP.search(page)
        number = stamp["doc"].replace("O", "0") if stamp else (found[-1][0] if found else "")
        if found and (number == found[-1][0] or not found[-1][0]):
            found[-1] = (number, f"{found[-1][1]}\n{page}")
        else:
            found.append((number, page))
    return found


def _cable(text: str, number: str, named: str | None) -> Cable:
    """The document as a cable; without a telegram's marks it keeps its document number as id."""
    fields = {match[1]: " ".join(match[2].split()) for match in reversed(list(_FIELD.finditer(text)))}
    tail = _TAIL.search(text) if "MRN" in fields else None
    text = text[: tail.start()].rstrip() if tail else text
    id = canonical(fields.get("MRN", "")) or named
    if id is None and evidence(text) >= _ENOUGH:
        id = parse_telegram(text).id or None
    level = _LEVEL.search(text[:2_000])
    cable = cable_of(
        text,
        Record(
            id=id or number,
            created=parse_created(_iso(fields.get("Date/DTG", ""))),
            classification=fields.get("Classification") or (level[1] if level else None),
            subject=fields.get("Subject"),
        ),
    )
    cable = replace(
        cable, aliases=tuple(dict.fromkeys([*cable.aliases, *([number] if cable.id != number else [])]))
    )
    if "MRN" not in fields:
        return cable
    return replace(
        cable,
        sender=cable.sender or _addresses(fields.get("From", ""))[0],
        action=cable.action or tuple(filter(None, _addresses(fields.get("Action", "")))),
        info=cable.info or tuple(filter(None, _addresses(fields.get("Info", "")))),
        captions=cable.captions or tuple(re.findall(r"[A-Z]{4,}", fields.get("Captions", ""))),
        signature=cable.signature or fields.get("Signature"),
    )


def _addresses(line: str) -> list[Address | None]:
    """`SECSTATE WASHDC IMMEDIATE; AMEMBASSY LIMA PRIORITY` as addresses; [None] for an empty line."""
    found: list[Address | None] = []
    for part in re.split(r"\s*;\s*", line):
        match = re.fullmatch(r"(.+?)(?:\s+(FLASH|NIACT IMMEDIATE|IMMEDIATE|PRIORITY|ROUTINE))?", part.strip())
        if match:
            found.append(Address(match[1], precedence=match[2]))
    return found or [None]


def _iso(line: str) -> str:
    """The date-time group of a Date/DTG line as ISO, or its day."""
    group, day = _GROUP.search(line), _DAY.search(line)
    if group and group[4] in _MONTHS:
        year = int(group[5]) + (
            2000 if len(group[5]) == 2 and int(group[5]) < 60 else 1900 if len(group[5]) == 2 else 0
        )
        return f"{year}-{_MONTHS.index(group[4]) + 1:02d}-{group[1]} {group[2]}:{group[3]}"
    if day and day[1].upper() in _MONTHS:
        return f"{day[3]}-{_MONTHS.index(day[1].upper()) + 1:02d}-{int(day[2]):02d}"
    return ""
