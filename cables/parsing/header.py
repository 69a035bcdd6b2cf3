"""The transmission header of a cable and its classification line: who sent what to whom, and when."""

import re
from dataclasses import dataclass
from datetime import datetime
from difflib import SequenceMatcher
from functools import lru_cache

from cables.dates import GROUP_PATTERN, MONTH_PATTERN, group_moment
from cables.glossary.posts import find_post
from cables.marking import parse_marking
from cables.model import Address, Level, Marking
from cables.prose import is_text_line, may_hold_text

PRECEDENCE_BY_LETTER = {
    "Z": "FLASH",
    "O": "IMMEDIATE",
    "P": "PRIORITY",
    "R": "ROUTINE",
    "Y": "EMERGENCY",
    "M": "DEFERRED",
}
_TRANSMISSION_RE = re.compile(r"\bVZCZC[A-Z]{3}\d{4}")
_DATE_TIME_RE = re.compile(
    rf"^[ \t]*+(?:(?P<action>[ZOPRYM])(?:[ \t]+[ZOPRYM])?[ \t]+|(?=\d{{6}}Z)){GROUP_PATTERN}",
    re.MULTILINE | re.IGNORECASE,
)
_SPACED_PATTERNS = {
    word: "[ .-]{0,2}".join(word.replace(" ", ""))
    for word in ("SECRET", "CONFIDENTIAL", "UNCLASSIFIED", "UNCLAS", "RESTRICTED")
}
_LEVEL_PATTERN = (
    rf"(?:(?:NATO|COSMIC)[ \t]+)?(?:T ?O ?P[ .-]{{0,4}})?{_SPACED_PATTERNS['SECRET']}"
    rf"|(?:NATO[ \t]+)?{_SPACED_PATTERNS['CONFIDENTIAL']}|{_SPACED_PATTERNS['UNCLASSIFIED']}"
    rf"|{_SPACED_PATTERNS['UNCLAS']}|(?:NATO[ \t]+)?{_SPACED_PATTERNS['RESTRICTED']}|LIMITED ?OFFICIAL ?USE"
)
_CLASSIFICATION_LINE_RE = re.compile(
    rf"^[ \t]*+(?:[A-Z]{{1,2}}(?=S ?E C|C ?O N))?(?P<level>{_LEVEL_PATTERN}|E C R E T"
    rf"|O N F I D E N T I A L)\.?(?![A-Za-z])"
    r"(?P<rest>[^\n]*)$",
    re.MULTILINE | re.IGNORECASE,
)
_SECTION_RE = re.compile(
    r"[ \t]*+\b(?:S ?E ?C ?T ?I ?O ?N|SEC)\b\.?[ \t]*+\d{1,2}[ \t]+OF[ \t]+\d{1,2}[ \t]*", re.IGNORECASE
)
_CAVEAT_RE = re.compile(
    r"[ \t]*+(?://?|-|,)?[ \t]*+(?P<caveat>N ?O ?F ?O ?R ?N|E ?F ?T ?O|FOR OFFICIAL USE ONLY"
    r"|S ?E ?N ?S ?I ?T ?I ?V ?E|FOUO|"
    r"NODIS|EXDIS|LIMDIS|STADIS|ROGER CHANNEL|ORCON|NOCONTRACT|EYES ONLY|FGI(?: [A-Z]{3}(?![A-Z]))*"
    r"|REL TO [A-Z, ]{2,40}(?=//)|REL(?: TO)?(?:,? (?:AND )?[A-Z]{3,4}(?![A-Z])(?![ \t]*+\d))+|SBU)\b(?!\w)[ \t]*"
    r"|[ \t]*+//[ \t]*+(?P<other>[A-Z][A-Z0-9 -]{1,30}?)[ \t]*+(?=//)",
    re.IGNORECASE,
)
_GARBLED_RE = re.compile(
    r"^[ \t]*+(?P<words>[A-Z][A-Z.-]*(?:[ ][A-Z.-]+){1,16}?)(?:[ \t]+SECTION[ \t]+\d+[ \t]+OF[ \t]+\d+"
    r"(?P<behind>(?:[ ][A-Z]+){1,4}))?[ \t]+(?P<serial>\d{3,7})[ \t]*$",
    re.MULTILINE,
)
_LEVEL_WORDS = {
    "TOPSECRET": Level.TOP_SECRET,
    "SECRET": Level.SECRET,
    "CONFIDENTIAL": Level.CONFIDENTIAL,
    "LIMITEDOFFICIALUSE": Level.SBU,
    "UNCLASSIFIED": Level.UNCLASSIFIED,
    "UNCLAS": Level.UNCLASSIFIED,
    "CLASSIFIED": Level.SECRET,
}
_MIN_LEVEL_RATIO = 0.72
_MRN_RE = re.compile(r"[ \t]*+(?P<post>[A-Za-z][A-Za-z .'-]{1,30}?)[ \t]+(?P<serial>\d{3,7})(?!\d)")
_SECURITY_LINE_RE = re.compile(
    r"^[ \t]*+ZN[YR][ \t]+([TSCU])\1{4}\b|^[ \t]*+CLASSIFICATION:[ \t]*+([A-Z]+)", re.MULTILINE
)
_PRECEDENCE_PATTERN = "FLASH|NIACT IMMEDIATE|IMMEDIATE|PRIORITY|PIORITY|ROUTINE"
_ADDRESS_RE = re.compile(
    r"(?:(?:(?P<routing>R[A-Z]{4,7})|ZEN)[ \t]*+/[ \t]*)?(?P<name>.*?)"
    rf"(?:[ \t]+(?P<precedence>{_PRECEDENCE_PATTERN}))?"
    rf"(?:[ \t]+(?:{MONTH_PATTERN}))?\Z"
)
_MESSAGE_COUNT_RE = re.compile(rf"(?<=\S)[ ]\d{{1,5}}(?:-\d{{1,5}})?(?=$|[ ](?:{_PRECEDENCE_PATTERN})$)")
"""The number behind an addressee: how many messages it was sent."""
_PAGE_RE = re.compile(r"\b(?:CONFIDENTIAL|SECRET|UNCLAS\w*)?[ \t]*+PAGE \d\d\b.*")
_NEXT_ADDRESS_RE = re.compile(r" (?=R[A-Z]{4,7}/[A-Z])")
_SENDER_RE = re.compile(r"^[ \t]*+FM[ \t]+(?P<name>[^\n]+)", re.MULTILINE)
_LIST_LABEL_RE = re.compile(
    r"^[ \t]*+(?P<list>TO|INFO(?:[ \t]+XMT)?|XMT)(?::|(?=[ \t]))[ \t]*(?=\S)", re.MULTILINE
)


@dataclass(frozen=True, slots=True)
class Header:
    """What stands before the captions, and where the text behind the classification line begins."""

    body_start: int
    transmission_id: str | None = None
    precedence: str | None = None
    date: datetime | None = None
    sender: Address | None = None
    action: tuple[Address, ...] = ()
    info: tuple[Address, ...] = ()
    classification: Marking | None = None
    garbled: bool = False
    """Whether the classification is but the word that a damaged line comes nearest to."""
    origin: str | None = None
    """Post and serial as the classification line gives them: `BEIJING 001488`."""


def parse_header(text: str) -> Header:
    """Read the transmission header and the classification line of a repaired cable."""
    line = _find_classification_line(text)
    head = text[: line.start()] if line else text[: _fallback_end(text)]
    sent = _DATE_TIME_RE.search(head)
    classification, origin, body_start = _classification(line) if line else (None, None, len(head))
    garbled = _garbled_line(text, sent.end() if sent else 0, _first_limit(text)) if origin is None else None
    if garbled:
        level, origin, body_start = garbled
        classification = classification or Marking(level)
    sender = _SENDER_RE.search(head)
    lists = _address_lists(head[sender.end() :] if sender else head)
    transmission = _TRANSMISSION_RE.search(head)
    security = _from_security_line(head)
    return Header(
        body_start=body_start,
        transmission_id=transmission[0] if transmission else None,
        precedence=PRECEDENCE_BY_LETTER[sent["action"].upper()] if sent and sent["action"] else None,
        date=group_moment(sent) if sent else None,
        sender=parse_address(" ".join(sender["name"].split())) if sender else None,
        action=tuple(lists["TO"]),
        info=tuple(lists["INFO"]),
        classification=classification or security,
        garbled=garbled is not None and security is None,
        origin=origin,
    )


def _first_limit(text: str) -> int:
    field = _first_field(text)
    return field.start() if field else _first_number(text)


_FIELD_RE = re.compile(
    r"^[ \t]*+(?:E\.? ?O\.?[ ,]*1|TAGS?\b|(?-i:SUBJ)|SUBJ(?:ECT)?[ \t]*+[:;.]|REFS?:|SIPDIS)",
    re.MULTILINE | re.IGNORECASE,
)
_HEADER_SIGN_RE = re.compile(r"^[ \t]*+(?:VZCZC|(?:FM|TO|INFO|XMT)[ \t:]|DE R|ZN[YR] )[^\n]*", re.MULTILINE)
_NUMBER_RE = re.compile(r"^[ \t]*+¶?[ \t]*+\d{1,2}\.(?!\d)", re.MULTILINE)
_MAX_HEADER_CHARS = 6000
_MAX_BARE_LINES = 5
"""Without header and fields a bare classification heads the text only in one of these lines."""


def _fallback_end(text: str) -> int:
    """Where the header ends without a classification line: at the first field, else behind its last block."""
    field = _first_field(text)
    limit = field.start() if field else _first_number(text)
    signs = [*_HEADER_SIGN_RE.finditer(text, 0, limit), *_DATE_TIME_RE.finditer(text, 0, limit)]
    if not signs or field:
        return limit if signs else 0
    blank = text.find("\n\n", max(sign.end() for sign in signs))
    return min(blank, limit) if blank >= 0 else limit


def _first_field(text: str) -> re.Match[str] | None:
    """The first label or SIPDIS; behind a numbered paragraph SIPDIS is what a page break left."""
    field = _FIELD_RE.search(text)
    if field and field[0].strip().upper() == "SIPDIS" and _NUMBER_RE.search(text, 0, field.start()):
        return None
    return field


def _first_number(text: str) -> int:
    """Where the first numbered paragraph begins, at most so far in as a header is long."""
    number = _NUMBER_RE.search(text, 0, _MAX_HEADER_CHARS)
    return number.start() if number else min(len(text), _MAX_HEADER_CHARS)


def _find_classification_line(text: str) -> re.Match[str] | None:
    """The line with classification and number; a bare classification in the head will do."""
    field = _first_field(text)
    limit = _first_limit(text)
    sent = _DATE_TIME_RE.search(text, 0, limit)
    bare = None
    end = text.find("\n", limit)
    lines = _CLASSIFICATION_LINE_RE.finditer(text, sent.end() if sent else 0, end if end >= 0 else len(text))
    for match in lines:
        if _origin(match["rest"])[0]:
            return match
        in_head = field or sent or text.count("\n", 0, match.start()) < _MAX_BARE_LINES
        bare = bare or (match if in_head else None)
    return bare


def _origin(rest: str) -> tuple[re.Match[str] | None, list[str]]:
    """Post and serial in what stands behind the level, and the caveats passed on the way."""
    caveats = []
    position = 0
    while match := _SECTION_RE.match(rest, position) or _CAVEAT_RE.match(rest, position):
        if match.re is _CAVEAT_RE:
            caveats.append(_spelled(match["caveat"] or match["other"]))
        position = match.end()
    return _MRN_RE.match(rest, position), caveats


def _spelled(caveat: str) -> str:
    """A caveat as it is written elsewhere: `N O F O R N` is NOFORN, `FOUO` FOR OFFICIAL USE ONLY."""
    upper = " ".join(caveat.upper().split())
    glued = upper.replace(" ", "")
    if glued in ("NOFORN", "EFTO", "SENSITIVE"):
        return glued
    return "FOR OFFICIAL USE ONLY" if glued == "FOUO" else upper


def _classification(line: re.Match[str]) -> tuple[Marking | None, str | None, int]:
    origin, caveats = _origin(line["rest"])
    words = line["level"].upper().split()
    if words[0] in ("NATO", "COSMIC"):
        caveats.append(words.pop(0))
    level = re.sub(r"[ .-]", "", "".join(words))
    level = {"ECRET": "SECRET", "ONFIDENTIAL": "CONFIDENTIAL"}.get(level, level)
    marking = parse_marking("//".join([level, *(caveat for caveat in caveats if caveat != "EFTO")]))
    if origin is None:
        return marking, None, line.end()
    return marking, f"{origin['post'].strip()} {origin['serial']}", line.start("rest") + origin.end()


def _garbled_line(text: str, start: int, end: int) -> tuple[Level, str, int] | None:
    """A classification line with letters lost: the level that it comes nearest to, post and serial, its end."""
    for line in _GARBLED_RE.finditer(text, start, end):
        words = line["words"].split()
        for cut in range(1, len(words) + bool(line["behind"])):
            letters = "".join(words[:cut]).upper()
            level = _nearest_level(letters)
            post = " ".join(words[cut:]) or (line["behind"] or "").strip()
            if level is not None and find_post(post, fuzzy=False):
                return level, f"{post} {line['serial']}", line.end()
    return None


def _nearest_level(letters: str) -> Level | None:
    ratios = {word: SequenceMatcher(None, letters, word).ratio() for word in _LEVEL_WORDS}
    word = max(ratios, key=lambda word: ratios[word])
    return _LEVEL_WORDS[word] if ratios[word] >= _MIN_LEVEL_RATIO else None


def _from_security_line(head: str) -> Marking | None:
    """The classification as `ZNY CCCCC ZZH` repeats it, where the classification line is lost."""
    match = _SECURITY_LINE_RE.search(head)
    return parse_marking(match[1] or match[2]) if match else None


def _address_lists(head: str) -> dict[str, list[Address]]:
    lists: dict[str, list[Address]] = {"TO": [], "INFO": [], "XMT": []}  # XMT: exempted, no recipients
    marks = list(_LIST_LABEL_RE.finditer(head))
    ends = [*(mark.start() for mark in marks[1:]), len(head)]
    may_hold = may_hold_text(head, 0, len(head))
    for mark, end in zip(marks, ends, strict=False):
        block = head[mark.end() : end].split("\n\n", 1)[0]
        for raw in (_PAGE_RE.sub("", block) if "PAGE" in block else block).split("\n"):
            if may_hold and is_text_line(raw):
                break
            line = " ".join(raw.split())
            lists[mark["list"].split()[-1]] += [
                parse_address(part) for part in _NEXT_ADDRESS_RE.split(line) if part
            ]
    return lists


def parse_address(text: str) -> Address:
    """An addressee as it is printed, `RUEHC/SECSTATE WASHDC IMMEDIATE 4711`."""
    return _address_without_count(_MESSAGE_COUNT_RE.sub("", text))


@lru_cache(maxsize=4096)
def _address_without_count(text: str) -> Address:
    match = _ADDRESS_RE.match(text)
    assert match  # the pattern matches every text
    precedence = match["precedence"]
    name = match["name"].strip(" .,")
    return Address(name, match["routing"], "PRIORITY" if precedence == "PIORITY" else precedence)
