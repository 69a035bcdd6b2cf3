"""The labelled fields of a cable, E.O., TAGS, SUBJECT, REF and Classified By, found anywhere in its head."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from operator import itemgetter

from cables.dates import find_day
from cables.marking import MARK_PATTERN
from cables.parsing.field_ends import DECLASSIFY_RE, LENGTH_BY_LABEL, REASON_RE, reason_end
from cables.parsing.field_gaps import Gap, gap_kind, gap_lines, leading_head_end

_LABEL_RE = re.compile(
    r"^[ \t]*+(?:¶?[ \t]*+\d[.)][ \t]*+)?(?:"
    r"(?P<eo>E\.?[ \t]?[O0]\.?[ \t]*+[,:]?[ \t]*+(?:#|No\.?)?[ \t]*+1\d{3,4}\b|DECL[ \t]*+:)"
    r"|(?P<tags>(?:TAG(?:E?S)?|TAS|TABS|TGS|AGS)\b[ \t]*+[:;,.]?)"
    r"|(?P<subject>(?:S?UBJ(?:E?CT)?|SUBJEC)\b(?:[ \t]*+[:;.]|[ \t]+-(?=[ \t]))?)"
    r"|(?P<ref>(?:PROGRAM[ \t]+|A\.[ \t]+(?=REF[ \t]+[A-Z]))?"
    r"REF(?:\(S\)|\(A\)(?=:)|(?:S|[ \t]?TEL(?:S|\(S\))?|ERENCES?)?\b)[ \t]*+[:.;]?)"
    rf"|(?P<classified>(?:{MARK_PATTERN}[ \t]*)?(?:Class?i?fied|Derived)[ \t]+(?:by|from)\b[ \t]*+[:;]?)"
    r"|(?P<reasons>Reasons?\b[ \t]*+:)"
    r")",
    re.MULTILINE | re.IGNORECASE,
)
_INLINE_LABEL_RE = re.compile(
    r"[^a-z](?:E(?<=[ \t]E)\.?[ \t]?O\.?[ \t]*+1\d{3,4}[:,]?[ \t]+(?=DECL|N/A|GDS)"
    r"|T(?<=[ \t]T)AGS\b[ \t]*+:?|[Tt](?<=[ \t].)(?i:AGS:)|[Aa](?<=[ \t].)(?i:GS:)|[Ss](?<=[ \t].)(?i:UBJECT:)"
    r"|REF(?:S|TELS?|\(S\))?:|R(?<=[ \t]R)ef(?:s|tels?|\(s\))?:"
    r"|C(?<=\WC)(?:lassified[ \t]+[Bb]y\b[ \t]*+:?|LASSIFIED[ \t]+BY:|(?<=[.; \t][ \t]C)LASSIFIED[ \t]+BY\b)"
    r"|D(?<=\WD)(?:erived[ \t]+[Ff]rom\b[ \t]*+:?|ERIVED[ \t]+FROM:))"
)
"""The character before a label inside a line, and the label: its first letter stands in front, to be found fast."""
_LABEL_BY_LETTER = {
    "E": "eo",
    "T": "tags",
    "A": "tags",
    "S": "subject",
    "R": "ref",
    "C": "classified",
    "D": "classified",
}
_NOTHING_RE = re.compile(r"\W*(?:N ?/? ?A|NONE)?\W*", re.IGNORECASE)
_REASON_LETTER_RE = re.compile(r"(?<![a-z])[a-h]\b(?!d?[ ]nd\b)")
_TYPED_MARK_RE = re.compile(rf"^[ \t]*{MARK_PATTERN}[ \t]*")
_FULL_STOP_RE = re.compile(r"(?<=[A-Za-z]{3})\.$")
_MAX_SUBJECT_LINE = 120
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
    between: str = ""
    """Lines between the fields that belong to none: captions, passing instructions."""
    text: tuple[tuple[int, int], ...] = ()
    """Where between the fields text of the telegram stands (start, end)."""


@dataclass(slots=True)
class _Found:
    """Blocks by label, what stands between them, and how far the fields reach."""

    end: int
    blocks: dict[str, list[str]] = field(default_factory=dict)
    between: list[str] = field(default_factory=list)
    text: list[tuple[int, int]] = field(default_factory=list)

    def first(self, label: str) -> str:
        return next((block for block in self.blocks.get(label, ()) if block.strip()), "")


def parse_fields(text: str, start: int, end: int) -> Fields:
    """Find the fields between `start` (behind the classification line) and `end` (the first paragraph).

    They end where text begins: a label behind it is of the text, such as the subject of a quoted message.
    """
    marks = _labels(text, start, end)
    if not marks:
        behind = leading_head_end(text, start, end)
        return Fields(behind, behind)
    found = _read_blocks(text, marks, start, end)
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
        between="\n".join(found.between),
        text=tuple(found.text),
    )


def _read_blocks(text: str, marks: list[tuple[int, int, str]], start: int, end: int) -> _Found:
    found = _Found(end=start)
    for (_, block_start, label), (block_end, _, following) in pairwise([*marks, (end, end, "")]):
        block = text[block_start:block_end]
        length = LENGTH_BY_LABEL[label](block)
        gap = block[length:] if following else ""
        kind = gap_kind(label, gap, following) if gap.strip() else None
        if kind is Gap.FIELD:
            length = len(block)
        elif kind is Gap.REFERENCES:
            found.blocks.setdefault("ref", []).append(gap)
        elif kind is Gap.HEAD:
            found.between += gap_lines(gap)
        elif kind is Gap.TEXT:
            found.text.append((block_start + length, block_end))
        found.blocks.setdefault(label, []).append(block[:length])
        if block[:length].strip() or label == "reasons":
            found.end = max(found.end, block_start + length)
        if kind is Gap.END:
            break
    return found


def _labels(text: str, start: int, end: int) -> list[tuple[int, int, str]]:
    """Every label as (start, end of the label, which); of overlapping ones the one at the line start."""
    opening = [(*match.span(), str(match.lastgroup)) for match in _LABEL_RE.finditer(text, start, end)]
    found = list(opening)
    for match in _INLINE_LABEL_RE.finditer(text, start, end):
        before = bisect_right(opening, match.end(), key=itemgetter(0))
        if not before or opening[before - 1][1] <= match.start() + 1:
            found.append((match.start() + 1, match.end(), _LABEL_BY_LETTER[match[0][1].upper()]))
    found.sort()
    return _plausible(text, found)


def _same_subject(one: str, other: str) -> bool:
    """Whether two subject lines are of one telegram: the second repeats the first, or is the whole of it."""
    words, others = set(one.lower().split()), set(other.lower().split())
    return not words or not others or 2 * len(words & others) >= min(len(words), len(others))


def _plausible(text: str, found: list[tuple[int, int, str]]) -> list[tuple[int, int, str]]:
    """Drop a word that only looks like a label: "Ref A says" in a sentence, Subject within the REF list."""
    kept: list[tuple[int, int, str]] = []
    seen: set[str] = set()
    subject = ""
    for start, end, label in found:
        named = text[start:end].rstrip().endswith((":", ";", "."))
        if label in ("ref", "subject", "tags") and label in seen and not named:
            continue
        if label in ("ref", "subject") and not named and not text[start:end].strip().isupper():
            continue
        if label == "reasons" and "classified" not in seen:
            continue
        if label == "subject":
            line = text[end : end + _MAX_SUBJECT_LINE].lstrip().split("\n", 1)[0]
            if subject and not _same_subject(subject, line):
                break
            subject = subject or line
        seen.add(label)
        kept.append((start, end, label))
    return kept


def _reasons(text: str) -> tuple[str, ...]:
    flat = " ".join(text.split())
    found = []
    for match in REASON_RE.finditer(flat):
        section = match[0].strip().replace(" ", "") or "1.4"
        letters = (
            flat[match.end() : reason_end(flat, match.end())].lower().replace("a nd", "").replace("an d", "")
        )
        found += [f"{section}({letter})" for letter in _REASON_LETTER_RE.findall(letters)] or [section]
    return tuple(dict.fromkeys(found))


def _declassify(block: str) -> str | None:
    """The declassification date in ISO form, or the words in its place."""
    label = DECLASSIFY_RE.search(block)
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
