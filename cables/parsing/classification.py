"""A cable's classification: what its lines say, raised by every other word in it that looks like a marking."""

import re

from cables.marking import merge_markings, opening_mark, parse_marking
from cables.model import Level, Marking, MarkingState, Paragraph
from cables.parsing.captions import Captions
from cables.parsing.fields import Fields
from cables.parsing.header import Header

_CAVEAT_RE = re.compile(
    r"(?<!\w)(?:N ?O ?F ?O ?R ?N|ORCON|NODIS|EXDIS|LIMDIS|STADIS|NOCONTRACT|ROGER CHANNEL|EYES ONLY"
    r"|NOT RELEASABLE TO FOREIGN NATIONALS)(?!\w)"
)
_MARKING_LINE_RE = re.compile(
    r"\n[ \t]*+(?P<level>TOP[ ]{0,3}SECRET|SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)"
    r"(?P<caveats>(?:[ \t]*+/{1,2}[ \t]*|[ \t]+)[A-Z][A-Z ,/]{1,60})?[ \t]*+(?=\n|\Z)"
)
_SUBJECT_MARK_RE = re.compile(r"^[ \t]*+SUBJ(?:ECT)?\b[ \t:]*(?=\()", re.MULTILINE | re.IGNORECASE)


def head_markings(text: str, header: Header, fields: Fields, captions: Captions) -> list[Marking]:
    """What the words of a head, other than its classification line, say of how closely the cable is held."""
    level = header.classification.level if header.classification else Level.UNCLASSIFIED
    lines = "\n".join((text[header.body_start : fields.start], fields.between, *captions.passing))
    caveats = [_spelled(match[0]) for match in _CAVEAT_RE.finditer(lines.upper())]
    found = [
        Marking(level, (caveat,))
        for caveat in caveats
        if caveat not in captions.captions or caveat == "NOFORN"
    ]
    found += filter(None, map(_of_line, _MARKING_LINE_RE.finditer(text)))
    subject = _SUBJECT_MARK_RE.search(text, header.body_start, fields.end)
    if subject and (length := opening_mark(text[subject.end() : subject.end() + 60])):
        found += filter(None, [parse_marking(text[subject.end() : subject.end() + length])])
    return found


def classify(
    header: Header,
    fields: Fields,
    captions: Captions,
    found: list[Marking],
    paragraphs: tuple[Paragraph, ...],
) -> tuple[Marking | None, MarkingState]:
    """The cable's marking, and how it came by it; `found` is what `head_markings` gave.

    A cable that must be classified, but whose marking cannot be read, is held at the highest level that it
    shows, at SECRET where nothing shows one.
    """
    printed = _with_captions(header.classification, captions.captions)
    common = _common_caveats(paragraphs)
    if printed and not header.garbled:
        level = printed.level
        whole = merge_markings([printed, *found, *(Marking(level, (caveat,)) for caveat in common)])
        return whole, MarkingState.MARKED
    shown = [paragraph.marking for paragraph in paragraphs if paragraph.marking]
    highest = merge_markings(filter(None, [printed, *found, *shown]))
    if not (printed or found or shown or _must_be_classified(fields)):
        return None, MarkingState.NOT_MARKED
    if highest is None or (highest.level < Level.CONFIDENTIAL and _must_be_classified(fields)):
        highest = Marking(Level.SECRET, highest.caveats if highest else ())
    return highest, MarkingState.NOT_READABLE


def _must_be_classified(fields: Fields) -> bool:
    """Whether somebody classified it, or a day is set on which it shall be open."""
    dated = fields.declassify is not None and any(c.isdigit() for c in fields.declassify)
    return bool(fields.classified_by or fields.reasons or dated)


def _with_captions(printed: Marking | None, captions: tuple[str, ...]) -> Marking | None:
    """SENSITIVE makes UNCLAS sensitive but unclassified, NOFORN is a caveat."""
    if printed is None:
        return None
    level = Level.SBU if printed.level is Level.UNCLASSIFIED and "SENSITIVE" in captions else printed.level
    added = tuple(caption for caption in captions if caption == "NOFORN" and caption not in printed.caveats)
    return Marking(level, printed.caveats + added, printed.printed)


def _common_caveats(paragraphs: tuple[Paragraph, ...]) -> list[str]:
    """The caveats of every paragraph: they are the whole cable's, its id and subject included."""
    markings = [paragraph.marking for paragraph in paragraphs]
    if not markings or not all(markings):
        return []
    first, *others = [marking.caveats for marking in markings if marking]
    return [caveat for caveat in first if all(caveat in caveats for caveats in others)]


def _of_line(line: re.Match[str]) -> Marking | None:
    level = " ".join(line["level"].split())
    caveats = (line["caveats"] or "").strip(" \t/")
    if not caveats:
        return None
    known = [_spelled(match[0]) for match in _CAVEAT_RE.finditer(caveats)]
    if "/" not in line["caveats"] and not known:
        return None
    parts = caveats.split("//") if "//" in caveats else known or caveats.split("/")
    return parse_marking("//".join([level, *(part.strip() for part in parts)]))


def _spelled(caveat: str) -> str:
    return "NOFORN" if caveat.replace(" ", "") == "NOFORN" or caveat.startswith("NOT RELEASABLE") else caveat
