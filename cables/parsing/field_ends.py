"""Where each labelled field of a telegram's head ends, and where its text would begin."""

import re

from cables.marking import MARK_PATTERN
from cables.prose import LOWER_RUN_RE, is_text_line

DECLASSIFY_RE = re.compile(
    r"\b(?:DECL?L?|DECLAS\w*(?:[ \t]+ON)?|DNG|DECL[ \t]+ON)\b[ \t]*+[:;.]?[ \t]*+(?:CO[ \t]+)?", re.IGNORECASE
)
REASON_RE = re.compile(
    r"\b1[ \t]?\.[ \t]?[3-7](?=[^\d]|$)[ \t]*|(?<=[Rr]easons|REASONS)[ \t]+(?=\([a-hA-H]\)"
    r"|[a-hA-H](?:,| AND| and))"
)
_BROKEN_DATE_RE = re.compile(r"[/-][ \t]*$|:[ \t]*$")
_LEVEL_PATTERN = r"(?:(?:TOP )?SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE)[ \t]*"
_SUBJECT_END_RE = re.compile(
    rf"\n[ \t]*+\n|(?:\n[ \t]*{_LEVEL_PATTERN})?\n[ \t]*+PAGE[ \t]\d\d\b|\n[ \t]*+¶"
    rf"|\n[ \t]*{MARK_PATTERN}[ \t]+\S|[-=]{{4}}|\n[ \t]*+(?:SUMMARY\b|SENSITIVE BUT"
    rf"|¶?\d{{1,2}}\.[ \t]*+\(|SIPDIS)|\bC O R R E C T E D\b"
    r"|\n[ \t]*+(?:\(C-[A-Z]{2}\d)|(?<![ \t])[ \t]+\(C-[A-Z]{2}\d",
    re.IGNORECASE,
)
_PROSE_RE = re.compile(r"\b[a-z]{2,} [a-z]+ [a-z]{2,}\b|(?:\b[a-z]+\b.*){4}")
"""Words of a sentence behind a subject in capitals."""
_MAX_SUBJECT_LINES, _MAX_SUBJECT_CHARS = 5, 300
_REASON_TAIL_RE = re.compile(
    r"(?:[ \t(),;:/&+.\[\]\"-]|(?<![A-Za-z])[a-hA-H](?=[ \t]*(?:[^\w\s]|$|\n|(?i:and|or|a[ \t]?nd"
    r"|an[ \t]d)\b))|\b(?i:and|or|a[ \t]nd|an[ \t]d|nd|a[ \t]*+\n[ \t]*+nd|an[ \t]*+\n[ \t]*+d)\b)*",
    re.MULTILINE,
)
_CLASSIFIED_END_RE = re.compile(
    r"\n[ \t]*+\n|\n[ \t]*+(?:[-=]{4}|¶?\d{1,2}\.(?!\d)|SUMMARY\b)", re.IGNORECASE
)
_REF_END_RE = re.compile(
    r"\n[ \t]*+\n(?![ \t]*+(?:-[ \t]+)?(?:¶?[ \t]*+\(?[A-Z][.)]|\(?\d{2,4}[ \t]+[A-Z]{3}|[A-Z ]{3,20}[ \t]+\d{2,6}\b))"
    rf"|\n[ \t]*+(?:[-=]{{4}}|SUMMARY\b|INTRODUCTION\b|SENSITIVE BUT"
    rf"|{MARK_PATTERN}[ \t]+(?![A-Za-z .]{{2,25}}\d{{2,6}}\b)[A-Z][a-z])",
    re.IGNORECASE,
)
_CITED_RE = re.compile(r"(?<![A-Z])[A-Z]{3,}+[ \t]++\d{2,6}(?!\d)")
_SENTENCE_MIDDLE_RE = re.compile(r"[a-z]{2,} [a-z]")
_ENUMERATED_RE = re.compile(r"[ \t]*+(?:¶|[(\[]?[A-Za-z][).:\]])")
_MIN_PROSE_WORDS, _MIN_CAPITAL_WORDS = 6, 9
_TAG_LINE_RE = re.compile(
    r"[ \t]*+(?:[A-Z][A-Z0-9]{1,4}(?:[-/][A-Z0-9]{1,3})?|\([^)\n]{1,40}\)|MTCRE)(?:[ \t]*+[,;/][ \t]*+|[ \t]++|$)"
)
_LISTED_RE = re.compile(r"[ \t]*+[A-Za-z][\w/()., \t-]{0,90}$")
_MAX_REASON_GAP_CHARS = 60


def _length_of_tags(block: str) -> int:
    """TAGS go on over lines that hold only codes, and behind a comma; pasted pages print a code a line."""
    if all(_only_tags(line) or not line.strip() for line in block.split("\n")):
        return len(block)
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
    ended = "".join(lines).rstrip().endswith(".")
    prose = (
        at
        for at in range(1, len(lines))
        if "".join(lines[:at]).isupper()
        and (_PROSE_RE.search(lines[at]) or (ended and is_text_line(lines[at])))
    )
    return body + len("\n".join(lines[: next(prose, None)]))


def _length_of_references(block: str) -> int:
    end = _REF_END_RE.search(block, len(block) - len(block.lstrip()))
    limit = end.start() if end else len(block)
    return _prose_start(block[:limit])


def _prose_start(block: str) -> int:
    """Where sentences begin directly below the citations, or behind a garbled one; the length if nowhere."""
    start = depth = 0
    lines = block.split("\n")
    for index, line in enumerate(lines):
        below = lines[index + 1] if index + 1 < len(lines) else ""
        if depth <= 0 and index and _opens_prose(line, lines[index - 1]):
            return start
        run = LOWER_RUN_RE.search(line) if depth <= 0 and _SENTENCE_MIDDLE_RE.match(below) else None
        if run and "(" not in line[: run.start()]:
            cited = list(_CITED_RE.finditer(line, 0, run.start()))
            if cited:
                return start + cited[-1].end()
        depth += line.count("(") - line.count(")")
        start += len(line) + 1
    return len(block)


def _opens_prose(line: str, above: str) -> bool:
    """Whether a line below citations begins a paragraph: a sentence at the margin, no title and no letter."""
    if (
        line[:1] in ("", " ", "\t", "(")
        or _ENUMERATED_RE.match(line)
        or above.rstrip().endswith((",", "-", ";"))
    ):
        return False
    words = line.split()
    if LOWER_RUN_RE.search(line):
        return line[0].isupper() and len(words) >= _MIN_PROSE_WORDS
    return len(words) >= _MIN_CAPITAL_WORDS and not re.search(r"\d{3}|\bNOTAL\b|[():;]", line)


def _length_of_classified(block: str) -> int:
    """The block ends behind its last reason, or at a blank line where it names none."""
    body = len(block) - len(block.lstrip())
    end = _CLASSIFIED_END_RE.search(block, body)
    limit = end.start() if end else len(block)
    reason = REASON_RE.search(block, body, min(len(block), limit + _MAX_REASON_GAP_CHARS))
    if reason and (reason.start() < limit or _announced(block, body, limit, reason.start())):
        return reason_end(block, reason.end())
    return limit


def _announced(block: str, body: int, limit: int, reason: int) -> bool:
    """Whether a reason behind a blank line belongs to the block: the word stands around that line."""
    return "reason" in block[max(limit - 12, body) : reason].lower()


def _length_of_order(block: str) -> int:
    """One line; a second one where the date or the word before it fell on it."""
    line, newline, rest = block.partition("\n")
    following = rest.split("\n", 1)[0]
    if newline and (
        DECLASSIFY_RE.match(following.lstrip()) or (_BROKEN_DATE_RE.search(line) and following[:1].isdigit())
    ):
        return len(line) + 1 + len(following)
    return len(line)


LENGTH_BY_LABEL = {
    "eo": _length_of_order,
    "tags": _length_of_tags,
    "subject": _length_of_subject,
    "ref": _length_of_references,
    "classified": _length_of_classified,
    "reasons": _length_of_classified,
}


def reason_end(text: str, position: int) -> int:
    """Where the letters of a reason end ("1.4 (b) and (d)."), which may run over lines and reasons."""
    end = _tail(text, position)
    while end < len(text):
        if following := REASON_RE.match(text, end):
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
