"""Markings that stand in a cable and are not in what was parsed: the check behind the clearance rules.

It reads the original's words by simple means of its own, so that it does not repeat the parser's mistakes.
"""

import re
from collections.abc import Iterator

from cables.marking import parse_marking
from cables.model import Cable, Level, Paragraph

_CAVEAT_RE = re.compile(
    r"\b(?:N ?O ?F ?O ?R ?N|NODIS|EXDIS|LIMDIS|STADIS|ORCON|NOCONTRACT|ROGER CHANNEL|EYES ONLY)\b",
    re.IGNORECASE,
)
_LEVEL_LINE_RE = re.compile(
    r"^[ \t]*+(T ?O ?P *S ?E ?C ?R ?E ?T|S ?E ?C ?R ?E ?T|C ?O ?N ?F ?I ?D ?E ?N ?T ?I ?A ?L|UNCLAS(?:SIFIED)?)\b",
    re.MULTILINE,
)
_FIELD_RE = re.compile(r"^[ \t]*+(?:TAGS?|SUBJ|REF|CLASSIFIED BY|E\.?O\.?)", re.MULTILINE | re.IGNORECASE)
_NOTE_RE = re.compile(r"^(?=[^\n]*\b(?:REMOV|DELET|CITE|REF))[^\n]*", re.IGNORECASE | re.MULTILINE)
_PORTION_RE = re.compile(
    r"^[ \t]*+(?:¶?[ \t]*+\d{1,3}[.)][ \t]*)?(\((?:TS|SBU|S|C)(?:[ ]?[-/]+[ ]?[A-Z][A-Z /,]{0,60})?\))",
    re.MULTILINE,
)
_LETTERED_RE = re.compile(r"\((?:C|S)\)")
"""Also items of a list: (A), (B), (C)."""


def unread_markings(cable: Cable) -> list[str]:
    """What looks like a marking of the cable or a paragraph and asks for more than was parsed, in words."""
    return [*_head_problems(cable), *_portion_problems(cable)]


def _head_problems(cable: Cable) -> Iterator[str]:
    field = _FIELD_RE.search(cable.original)
    head = _NOTE_RE.sub("", cable.original[: field.start() if field else 0])
    level = cable.classification.level if cable.classification else Level.UNCLASSIFIED
    held = {*cable.captions, *(cable.classification.caveats if cable.classification else ())}
    for line in _LEVEL_LINE_RE.finditer(head):
        marking = parse_marking(line[1].replace(" ", ""))
        if marking and marking.level > level:
            yield f"{marking.level.label} stands in the head, the cable is held at {level.label}"
    for match in _CAVEAT_RE.finditer(head):
        caveat = " ".join(match[0].upper().split())
        caveat = "NOFORN" if caveat.replace(" ", "") == "NOFORN" else caveat
        if caveat not in held:
            yield f"{caveat} stands in the head and is no caveat of the cable"
    if cable.classification is None and (cable.classified_by or cable.reasons):
        yield "somebody classified it, and it has no marking"


def _portion_problems(cable: Cable) -> Iterator[str]:
    level = cable.classification.level if cable.classification else Level.UNCLASSIFIED
    whole = set(cable.classification.caveats if cable.classification else ())
    for match in _PORTION_RE.finditer(cable.original):
        marking = parse_marking(match[1])
        paragraph = _paragraph_at(cable, match.start(1))
        if marking is None or paragraph is None or _LETTERED_RE.fullmatch(match[1]):
            continue
        own = paragraph.marking
        caveats = whole | set(own.caveats if own else ())
        missing = [caveat for caveat in marking.caveats if caveat == "NOFORN" and caveat not in caveats]
        if missing or marking.level > max(level, own.level if own else level):
            yield f"{match[1]} stands in {paragraph.key}, which is held as {own or cable.classification}"


def _paragraph_at(cable: Cable, place: int) -> Paragraph | None:
    return next((p for p in cable.paragraphs if p.span.start <= place < p.span.end), None)
