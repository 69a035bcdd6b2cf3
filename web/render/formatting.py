"""How the pages write things: dates, paragraphs, roles, footnotes, sizes. The templates' filters."""

import re
from datetime import date, datetime
from urllib.parse import urlencode

from cables import Marking, Paragraph, Role

_NOT_XML_RE = re.compile("[^\\t\\n\\r\\x20-\\ud7ff\\ue000-\\ufffd\\U00010000-\\U0010ffff]")
ROLES = {
    Role.SUMMARY: "Summary",
    Role.COMMENT: "Comment by the post",
    Role.ACTION: "Action requested",
    Role.BODY: "Report",
    Role.QUOTED: "Quoted text",
}
SIGNALS = {
    "words": "words in common",
    "meaning": "near in meaning",
    "cable": "the cable as a whole",
    "named": "named in the question",
    "date": "in the period asked about",
    "post": "from the post asked about",
    "reference": "referred to by a cable found",
    "same cable": "in the cable cited before",
    "repeated": "cited before",
    "tag": "carries TAGS that the question names",
    "level": "of the classification asked for",
    "answer": "compared with the best, word by word",
}
"""What each signal of the retriever means to a reader."""


def day_words(day: int | None) -> str:
    """20080417 -> 17 April 2008."""
    if not day:
        return "no date"
    then = date(day // 10000, day // 100 % 100, day % 100)
    return f"{then.day} {then:%B %Y}"


def month_words(month: int) -> str:
    """200804 -> April 2008."""
    return f"{date(month // 100, month % 100, 1):%B %Y}"


def moment_words(moment: datetime | None) -> str:
    """A cable's date-time group as 17 April 2008, 11:46 UTC."""
    return f"{moment.day} {moment:%B %Y}, {moment:%H:%M} UTC" if moment else "no date"


def dashed(month: int) -> str:
    """200804 -> 2008-04, as month fields want it."""
    return f"{month // 100:04}-{month % 100:02}"


def role_words(role: Role) -> str:
    """Who speaks in a paragraph of this role."""
    return ROLES[role]


def para_of(key: str) -> str:
    """The paragraph's part of its key, as links carry it: 08BEIJING1488.2-2 -> 2-2."""
    return key.partition(".")[2]


def spoken(paragraph: Paragraph) -> str:
    """The paragraph for a screen reader."""
    number = paragraph.number
    return (
        f"paragraph {number}" if number is not None else f"unnumbered paragraph {para_of(paragraph.key)[1:]}"
    )


def address(cable_id: str, key: str | None = None) -> str:
    """The link that opens a cable, at a paragraph."""
    return "?" + urlencode({"cable": cable_id} | ({"para": para_of(key)} if key else {}))


def level_class(marking: Marking | None) -> str:
    """The CSS class that colours a marking."""
    return f"level-{marking.level.name.lower().replace('_', '-')}" if marking else "level-none"


def counted(number: int, one: str) -> str:
    """1 cable, 1,096 cables."""
    return f"{number:,} {one if number == 1 else one + 's'}"


def thousands(number: int) -> str:
    """1,096."""
    return f"{number:,}"


def size(octets: int) -> str:
    """Bytes in the reader's form: 3.2 MB."""
    value = float(octets)
    for unit in ("bytes", "kB", "MB", "GB"):
        if value < 1000 or unit == "GB":
            break
        value /= 1000
    return f"{value:.0f} {unit}" if unit == "bytes" or value >= 100 else f"{value:.1f} {unit}"


def duration(seconds: float) -> str:
    """0.4 s, 12 s, 3 min 20 s."""
    if seconds < 10:
        return f"{seconds:.1f} s"
    if seconds < 60:
        return f"{seconds:.0f} s"
    return f"{seconds // 60:.0f} min {seconds % 60:.0f} s"


def xml(text: str) -> str:
    """A text without what XML cannot hold, even escaped: most control characters."""
    return _NOT_XML_RE.sub("", text)
