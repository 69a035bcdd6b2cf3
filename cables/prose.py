"""Whether lines are running text, or what stands in a telegram's head: labels, codes, addresses, citations."""

import re
from collections.abc import Callable, Iterator

LOWER_RUN_RE = re.compile(r"[a-z](?<![\w/][a-z])[a-z]+[, ]+[a-z]+[, ]+[a-z]{2,}(?![\w/])")
"""Three words in lower case: a sentence, where names and codes are in capitals. Begins with a letter to be found fast."""
_LOWER_WORD_RE = re.compile(r"(?<![\w/])[a-z]{2,}")
MIN_LOWER_WORDS = 3
"""In a line that may be text."""
_WORD_RE = re.compile(r"[A-Za-z][A-Za-z'’-]*")
_SENTENCE_END_RE = re.compile(r"[a-zA-Z]{2}[.!?][\"'”’)]*(?:\s|$)")
_FUNCTION_WORD_PATTERN = (
    r"(?:THE|A|THAT|WAS|WERE|HAS|HAD|HAVE|WILL|WOULD|IS|ARE|BY|HE|THEY|NOT|IN|ON|AND|OF|TO)\b"
)
_FUNCTION_WORD_RE = re.compile(rf"\b{_FUNCTION_WORD_PATTERN}")
_HEAD_START_RE = re.compile(
    r"\s*+(?:(?:STATE|DEPT|DEPARTMENT|NSC|WHITE HOUSE|TREASURY|PASS|PLEASE PASS|FOR|ALSO FOR)\b(?!.*\. )"
    r"|[A-Z /-]{3,20}:[ \t]*+\S{0,40}$)"
)
_HEAD_LINE_RE = re.compile(
    r"[ \t]*+(?:VZCZC|ZN[YR] |DE R|[ZOPRYM]{1,2}[ \t]|FM |TO |INFO |XMT |R[A-Z]{4,7}/|[A-Z][A-Za-z ]{1,20}:"
    r"|(?:STATE|DEPT|DEPARTMENT|NSC)\b"
    r"|\S*SIPDIS|SENSITIVE|NOFORN|EXDIS|NODIS)"
)
_NOTICE_RE = re.compile(
    r"[ \t]*+(?:This record is a partial|\w+day, \d|.{0,60}DB/Inbox|Note - PII|Original Telegram"
    r"|Classification:|Distribution|Classified By: [A-Z])"
)
"""What an archive or a website printed into the head."""
_FUNCTION_WORDS_RE = re.compile(rf"(?:[ ]{_FUNCTION_WORD_PATTERN}[^\n]*?){{3}}")
"""Most lines of text in capitals; three words behind spaces are found faster than four behind anything."""
_MIN_LINE_WORDS = 4
_MIN_PROSE_WORDS = 7
_MIN_CAPITAL_WORDS = 12
_MIN_CAPTION_WORDS = 10
_MIN_FUNCTION_WORDS = 3


def reads_as_prose(text: str) -> bool:
    """Whether `text` is sentences. In capitals throughout it takes more words to tell."""
    words = _WORD_RE.findall(text)
    if LOWER_RUN_RE.search(text):
        return len(words) >= _MIN_PROSE_WORDS or bool(_SENTENCE_END_RE.search(text))
    if _HEAD_START_RE.match(text):
        return False
    return len(words) >= _MIN_CAPITAL_WORDS and bool(_SENTENCE_END_RE.search(text))


def is_text_line(line: str) -> bool:
    """Whether a line of a telegram's head is none: part of a sentence that got in there."""
    if LOWER_RUN_RE.search(line):
        return len(line.split()) >= _MIN_LINE_WORDS and not _NOTICE_RE.match(line)
    if _HEAD_LINE_RE.match(line):
        return False
    words = _FUNCTION_WORD_RE.findall(line)
    return len(words) > _MIN_FUNCTION_WORDS and len(_WORD_RE.findall(line)) > _MIN_PROSE_WORDS


def may_be_text(line: str) -> bool:
    """Whether a line could be part of a sentence, were nothing known of it: also with codes between its words."""
    if not line or line.isspace():
        return False
    if line.isupper():
        return is_text_line(line)
    return len(_LOWER_WORD_RE.findall(line)) >= MIN_LOWER_WORDS or is_text_line(line)


def text_regions(
    text: str, start: int, end: int, is_text: Callable[[str], bool] = is_text_line
) -> Iterator[tuple[int, int]]:
    """Where (start, end) between two places in a telegram's head running text stands.

    Each region goes from its first line of text to a blank line, or to a line that is of the head again.
    """
    first = None
    place = start
    for line in text[start:end].split("\n"):
        if first is None and is_text(line):
            first = place
        elif first is not None and (
            not line.strip() or (_HEAD_LINE_RE.match(line) and not LOWER_RUN_RE.search(line))
        ):
            yield first, place
            first = None
        place += len(line) + 1
    if first is not None:
        yield first, end


def may_hold_text(text: str, start: int, end: int) -> bool:
    """Quick: False where no line between two places can be a line of text."""
    return bool(LOWER_RUN_RE.search(text, start, end) or _FUNCTION_WORDS_RE.search(text, start, end))


def caption_text_regions(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """As `text_regions` where passing instructions stand, which look like text too: whole sentences only."""
    if not LOWER_RUN_RE.search(text, start, end):
        return
    for first, last in text_regions(text, start, end):
        region = text[first:last]
        if (
            LOWER_RUN_RE.search(region)
            and _SENTENCE_END_RE.search(region)
            and len(_WORD_RE.findall(region)) >= _MIN_CAPTION_WORDS
        ):
            yield first, last
