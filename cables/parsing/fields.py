"""The labelled fields of a cable, E.O., TAGS, SUBJECT, REF and Classified By, found anywhere in its head."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from cables.dates import find_day
from cables.marking import MARK_PATTERN

_LABEL_RE = re.compile(
    r"^[ \t]*+(?:¶?[ \t]*+\d[.)][ \t]*+)?(?:"
    r"(?P<eo>E\.?[ \t]?[O0]\.?[ \t]*[,:]?[ \t]*(?:#|No\.?)?[ \t]*1\d{3,4}\b|DECL[ \t]*:)"
    r"|(?P<tags>(?:TAG(?:E?S)?|TAS|TABS|TGS|AGS)\b[ \t]*[:;,.]?)"
    r"|(?P<subject>(?:S?UBJ(?:E?CT)?|SUBJEC)\b(?:[ \t]*[:;.]|[ \t]+-(?=[ \t]))?)"
    r"|(?P<ref>(?:PROGRAM[ \t]+|A\.[ \t]+(?=REF[ \t]+[A-Z]))?"
    r"REF(?:\(S\)|\(A\)(?=:)|(?:S|[ \t]?TEL(?:S|\(S\))?|ERENCES?)?\b)[ \t]*[:.;]?)"
    rf"|(?P<classified>(?:{MARK_PATTERN}[ \t]*)?(?:Class?i?fied|Derived)[ \t]+(?:by|from)\b[ \t]*[:;]?)"
    r"|(?P<reasons>Reasons?\b[ \t]*:)"
    r")",
    re.MULTILINE | re.IGNORECASE,
)
_INLINE_LABEL_RE = re.compile(
    r"(?<=[ \t])(?:(?P<eo>E\.?[ \t]?O\.?[ \t]*1\d{3,4}[:,]?[ \t]+(?=DECL|N/A|GDS))|(?P<tags>TAGS\b[ \t]*:?|(?i:T?AGS:)))"
    r"|(?<=[ \t])(?i:(?P<subject>SUBJECT:))|(?P<ref>REF(?:S|TELS?|\(S\))?:|(?<=[ \t])Ref(?:s|tels?|\(s\))?:)"
    r"|\b(?P<classified>(?:Classified[ \t]+[Bb]y|Derived[ \t]+[Ff]rom)\b[ \t]*:?"
    r"|(?:CLASSIFIED[ \t]+BY|DERIVED[ \t]+FROM):"
    r"|(?<=[.;][ \t])CLASSIFIED[ \t]+BY\b|(?<=[ \t][ \t])CLASSIFIED[ \t]+BY\b)"
)
_DECLASSIFY_RE = re.compile(
    r"\b(?:DECL?L?|DECLAS\w*(?:[ \t]+ON)?|DNG|DECL[ \t]+ON)\b[ \t]*[:;.]?[ \t]*(?:CO[ \t]+)?", re.IGNORECASE
)
_BROKEN_DATE_RE = re.compile(r"[/-][ \t]*$|:[ \t]*$")
_NOTHING_RE = re.compile(r"\W*(?:N ?/? ?A|NONE)?\W*", re.IGNORECASE)
_LEVEL_PATTERN = r"(?:(?:TOP )?SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)[ \t]*"
_SUBJECT_END_RE = re.compile(
    rf"\n[ \t]*\n|(?:\n[ \t]*{_LEVEL_PATTERN})?\n[ \t]*PAGE[ \t]\d\d\b|\n[ \t]*¶"
    rf"|\n[ \t]*{MARK_PATTERN}[ \t]+\S|[-=]{{4}}|\n[ \t]*(?:SUMMARY\b|SENSITIVE BUT"
    rf"|¶?\d{{1,2}}\.[ \t]*\(|SIPDIS)|\bC O R R E C T E D\b"
    r"|\n[ \t]*(?:\(C-[A-Z]{2}\d)|(?<![ \t])[ \t]+\(C-[A-Z]{2}\d",
    re.IGNORECASE,
)
_PROSE_RE = re.compile(r"\b[a-z]{2,} [a-z]+ [a-z]{2,}\b|(?:\b[a-z]+\b.*){4}")
"""Words of a sentence behind a subject in capitals."""
_MAX_SUBJECT_LINES, _MAX_SUBJECT_CHARS = 5, 300
_REASON_RE = re.compile(
    r"\b1[ \t]?\.[ \t]?[3-7](?=[^\d]|$)[ \t]*|(?<=[Rr]easons|REASONS)[ \t]+(?=\([a-hA-H]\)"
    r"|[a-hA-H](?:,| AND| and))"
)
_REASON_TAIL_RE = re.compile(
    r"(?:[ \t(),;:/&+.\[\]\"-]|(?<![A-Za-z])[a-hA-H](?=[ \t]*(?:[^\w\s]|$|\n|(?i:and|or|a[ \t]?nd"
    r"|an[ \t]d)\b))|\b(?i:and|or|a[ \t]nd|an[ \t]d|nd|a[ \t]*\n[ \t]*nd|an[ \t]*\n[ \t]*d)\b)*",
    re.MULTILINE,
)
_REASON_LETTER_RE = re.compile(r"(?<![a-z])[a-h]\b(?!d?[ ]nd\b)")
_CLASSIFIED_END_RE = re.compile(r"\n[ \t]*\n|\n[ \t]*(?:[-=]{4}|¶?\d{1,2}\.(?!\d)|SUMMARY\b)", re.IGNORECASE)
_REF_END_RE = re.compile(
    r"\n[ \t]*\n(?![ \t]*+(?:-[ \t]+)?(?:¶?[ \t]*+\(?[A-Z][.)]|\(?\d{2,4}[ \t]+[A-Z]{3}|[A-Z ]{3,20}[ \t]+\d{2,6}\b))"
    rf"|\n[ \t]*(?:[-=]{{4}}|SUMMARY\b|INTRODUCTION\b|SENSITIVE BUT"
    rf"|{MARK_PATTERN}[ \t]+(?![A-Za-z .]{{2,25}}\d{{2,6}}\b)[A-Z][a-z])",
    re.IGNORECASE,
)
_TAG_LINE_RE = re.compile(
    r"[ \t]*(?:[A-Z][A-Z0-9]{1,4}(?:[-/][A-Z0-9]{1,3})?|\([^)\n]{1,40}\)|MTCRE)(?:[ \t]*[,;/ \t][ \t]*|$)"
)
_LISTED_RE = re.compile(r"[ \t]*[A-Za-z][\w/()., \t-]{0,90}$")
_MAX_REASON_GAP_CHARS = 60
_TYPED_MARK_RE = re.compile(rf"^[ \t]*{MARK_PATTERN}[ \t]*")
_FULL_STOP_RE = re.compile(r"(?<=[A-Za-z]{3})\.$")
_BY_RE = re.compile(
    r"^(?:\(?[A-Z]{1,3}\)|\d\.)?[ ]*(?:Class?i?fied|Derived)[ \t]+(?:by|from)\b[ \t:;]*", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Fields:
    """The labelled fields as they stand, and where in the text the first begins and the last ends."""

    start: int
    end: int
    declassify: str | None = None
    tags: str = ""
    subject: str | None = None
    references: str = ""
    classified_by: str | None = None
    reasons: tuple[str, ...] = ()


@dataclass(slots=True)
class _Found:
    """Blocks by label, and how far the fields reach."""

    blocks: dict[str, list[str]] = field(default_factory=dict)
    end: int = 0

    def first(self, label: str) -> str:
        return next((block for block in self.blocks.get(label, ()) if block.strip()), "")


def parse_fields(text: str, start: int, end: int) -> Fields:
    """Find the fields between `start` (behind the classification line) and `end` (the first paragraph)."""
    marks = _labels(text, start, end)
    if not marks:
        return Fields(start, start)
    found = _Found(end=start)
    for (_, block_start, label), (block_end, _, _) in pairwise([*marks, (end, end, "")]):
        block = text[block_start:block_end]
        length = _LENGTH_BY_LABEL[label](block)
        found.blocks.setdefault(label, []).append(block[:length])
        if block[:length].strip() or label == "reasons":
            found.end = max(found.end, block_start + length)
    classified = "\n".join(found.blocks.get("classified", []) + found.blocks.get("reasons", []))
    return Fields(
        start=marks[0][0],
        end=found.end,
        declassify=_declassify(found.first("eo")),
        tags="\n".join(found.blocks.get("tags", ())),
        subject=_subject(found.blocks.get("subject", [])),
        references="\n".join(found.blocks.get("ref", ())),
        classified_by=_classified_by(found.blocks.get("classified", [])),
        reasons=_reasons(classified),
    )


def _labels(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Every label as (start, end of the label, which); of overlapping ones the one at the line start."""
    opening = [(*match.span(), str(match.lastgroup)) for match in _LABEL_RE.finditer(text, start, end)]
    found = list(opening)
    for match in _INLINE_LABEL_RE.finditer(text, start, end):
        before = bisect_right(opening, match.end(), key=itemgetter(0))
        if not before or opening[before - 1][1] <= match.start():
            found.append((*match.span(), str(match.lastgroup)))
    found.sort()
    return _plausible(text, found)


def _plausible(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop a word that only looks like a label: "Ref A says" in a sentence, Subject within the REF list."""
    kept: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    for start, end, label in found:
        named = text[start:end].rstrip().endswith((":", ";", "."))
        if label in ("ref", "subject", "tags") and label in seen and not named:
            continue
        if label == "ref" and not named and not text[start:end].strip().isupper():
            continue
        if label == "reasons" and "classified" not in seen:
            continue
        seen.add(label)
        kept.append((start, end, label))
    return kept


def _length_of_tags(block: str) -> int:
    """TAGS go on over lines that hold only codes, and behind a comma."""
    length = 0
    listing = False
    for number, line in enumerate(block.split("\n")):
        if number and not (_only_tags(line) or (listing and _LISTED_RE.match(line))):
            break
        length += len(line) + 1
        listing = line.rstrip().endswith(",")
    return min(length, len(block))


def _only_tags(line: str) -> bool:
    position = 0
    line = line.rstrip()
    while position < len(line):
        match = _TAG_LINE_RE.match(line, position)
        if not match or match.end() == position:
            return False
        position = match.end()
    return bool(line.strip())


def _length_of_subject(block: str) -> int:
    body = len(block) - len(block.lstrip())
    end = _SUBJECT_END_RE.search(block, body)
    length = min(end.start() if end else len(block), body + _MAX_SUBJECT_CHARS)
    lines = block[body:length].split("\n")[:_MAX_SUBJECT_LINES]
    prose = (
        at for at in range(1, len(lines)) if _PROSE_RE.search(lines[at]) and "".join(lines[:at]).isupper()
    )
    return body + len("\n".join(lines[: next(prose, None)]))


def _length_of_references(block: str) -> int:
    end = _REF_END_RE.search(block, len(block) - len(block.lstrip()))
    return end.start() if end else len(block)


def _length_of_classified(block: str) -> int:
    """The block ends behind its last reason, or at a blank line where it names none."""
    body = len(block) - len(block.lstrip())
    end = _CLASSIFIED_END_RE.search(block, body)
    limit = end.start() if end else len(block)
    reason = _REASON_RE.search(block, body, min(len(block), limit + _MAX_REASON_GAP_CHARS))
    if reason and (reason.start() < limit or _announced(block, body, limit, reason.start())):
        return _reason_end(block, reason.end())
    return limit


def _announced(block: str, body: int, limit: int, reason: int) -> bool:
    """Whether a reason behind a blank line belongs to the block: the word stands around that line."""
    return "reason" in block[max(limit - 12, body) : reason].lower()


def _length_of_order(block: str) -> int:
    """One line; a second one where the date or the word before it fell on it."""
    line, newline, rest = block.partition("\n")
    following = rest.split("\n", 1)[0]
    if newline and (
        _DECLASSIFY_RE.match(following.lstrip()) or (_BROKEN_DATE_RE.search(line) and following[:1].isdigit())
    ):
        return len(line) + 1 + len(following)
    return len(line)


_LENGTH_BY_LABEL = {
    "eo": _length_of_order,
    "tags": _length_of_tags,
    "subject": _length_of_subject,
    "ref": _length_of_references,
    "classified": _length_of_classified,
    "reasons": _length_of_classified,
}


def _reason_end(text: str, position: int) -> int:
    """Where the letters of a reason end ("1.4 (b) and (d)."), which may run over lines and reasons."""
    end = _tail(text, position)
    while end < len(text):
        if following := _REASON_RE.match(text, end):
            end = _tail(text, following.end())
            continue
        line = _tail(text, end + 1) if text[end] == "\n" else 0
        if not line or not text[end + 1 : line].strip() or text[line : line + 1] not in ("", "\n"):
            break
        end = line
    return end


def _tail(text: str, position: int) -> int:
    match = _REASON_TAIL_RE.match(text, position)
    return match.end() if match else position


def _reasons(text: str) -> tuple[str, ...]:
    flat = " ".join(text.split())
    found = []
    for match in _REASON_RE.finditer(flat):
        section = match[0].strip().replace(" ", "") or "1.4"
        letters = (
            flat[match.end() : _reason_end(flat, match.end())].lower().replace("a nd", "").replace("an d", "")
        )
        found += [f"{section}({letter})" for letter in _REASON_LETTER_RE.findall(letters)] or [section]
    return tuple(dict.fromkeys(found))


def _declassify(block: str) -> str | None:
    """The declassification date in ISO form, or the words in its place."""
    label = _DECLASSIFY_RE.search(block)
    value = block[label.end() :] if label else block.lstrip(" :;,-")
    if day := find_day(value):
        return f"{day.year:04}-{day.month:02}-{day.day:02}"
    words = " ".join(value.split()).strip(" :;,.")
    return None if _NOTHING_RE.fullmatch(words) else words


def _subject(blocks: list[str]) -> str | None:
    """The subject on one line; the second where the first is a cut copy."""
    subjects = [text for block in blocks if (text := _clean_subject(block))]
    if len(subjects) > 1 and subjects[0].endswith("..."):
        return subjects[1]
    return subjects[0] if subjects else None


def _clean_subject(block: str) -> str:
    lines = [line.strip() for line in block.strip().split("\n")]
    joined = ""
    for line in lines:
        joined += line if joined.endswith("-") and not joined.endswith((" -", "--")) else f" {line}"
    return _TYPED_MARK_RE.sub("", " ".join(joined.split())).strip()


def _classified_by(blocks: list[str]) -> str | None:
    """Who classified the cable, without the reasons."""
    for block in blocks:
        text = " ".join(block.split())
        while match := _BY_RE.match(text):
            text = text[match.end() :]
        who = re.split(
            r"[,;.:]?[ ]*\(?\b(?:for[ ]+)?(?:the[ ]+)?(?:re ?as ?ons?\b|E\.?O\.?[ ]*1\d{4}|1\.[ ]?[3-7]\b)",
            text,
            maxsplit=1,
            flags=re.I,
        )[0]
        if who.strip(" .,;:-("):
            return _FULL_STOP_RE.sub("", who.strip(" ,;:-("))
    return None
