"""The tail of a cable: the signature, and the noise of websites, stamps and copies around it."""

import re
from itertools import islice

from cables.headings import Line
from cables.layout import RULE, ends_sentence

_NOISE = re.compile(
    r"[\W_]*$|N{3,4}$|BT$|#\d{4}$|\d{4}-\d\d-\d\d$|SELECT \* FROM|(?:TOP )?SECRET$|CONFIDENTIAL$"
    r"|UNCLASSIFIED$|SIPDIS$|"
    r"NOFORN$|(?:<< )?END (?:OF DOCUMENT|CABLE TEXT|OF CABLE)|\d{4}[A-Z]{3,}\d+ - [A-Z]+$"
    r"|MINIMIZE CONSIDERED\W*$|"
    r"\w{2,6} @ |(?:DECLASSIFIED/RELEASED|SYSTEMATIC REVIEW)\b|FROM DB/INBOX|\*{3}",
    re.IGNORECASE,
)
_WEBSITE = re.compile(
    r".{0,60}\bclassified web ?[- ]?(?:site|page)|\S*https?://|\S{0,30}(?:gov\.gov|sgov|\.gov)/\S*|.{0,60}\bhttps?://\S+",
    re.IGNORECASE,
)
_ADVERTISEMENT = re.compile(r"(?<=\S)(?<!Please)[ \t]+\"?(?:Please )?Visit (?:\S+ ){1,4}Classified Web", re.IGNORECASE)
_NAME = r"[A-Za-z][A-Za-z'’-]*[A-Za-z]\.?(?:,? [A-Za-z][A-Za-z'’.-]*){0,2}"
_OWN_LINE = re.compile(rf"{_NAME}$")
_INLINE = re.compile(
    r"(?:(?:(?<=[.!?\")”’:*])(?<![ .][A-Z]\.)|(?<=END COMMENT)|(?<=END TEXT)|(?<=END SUMMARY))[ \t]+"
    r"|(?<=[a-z][.!?]))"
    r"((?:[A-Z]{2} )?[A-Z][A-Za-z'’-]{2,}(?: [A-Z]{3,})?)$"
)
_BEHIND_WEBSITE = re.compile(r"[ \t]([A-Z][A-Za-z'’-]{2,})$")
_TRAILER = re.compile(r"(?:[ \t]+(?:\d{4}-\d\d-\d\d|[^\w\s]))+$")
_LEADER = re.compile(r"^(?:MINIMIZE CONSIDERED\W*)[ \t]+", re.IGNORECASE)
_NO_NAME = re.compile(
    r"(?:END|COMMENT|SUMMARY|TEXT|NOTE|REGARDS|BEGIN|UNQUOTE|QUOTE|CONFIDENTIAL|SECRET|UNCLASSIFIED|SIPDIS|NOFORN|CC)\b",
    re.IGNORECASE,
)
_LONGEST = 26
_LAST_WORDS = 120
"""A signature behind the last sentence is looked for in this many characters."""


def pop_tail(lines: list[Line]) -> str | None:
    """Take the tail off `lines`, those of the last block, from the signature on. The signature, if any."""
    signature = None
    _divide_before_website(lines)
    while lines:
        last = lines[-1].text.strip()
        if RULE.match(last) or _NOISE.match(last):
            lines.pop()
        elif _WEBSITE.match(last):
            if behind := _BEHIND_WEBSITE.search(last):
                signature = signature or behind[1]
            lines.pop()
        elif (name := _signature(lines, signature)) is not None:
            signature = name
            lines.pop()
        else:
            break
    return signature or _pop_inline(lines)


def _divide_before_website(lines: list[Line]) -> None:
    """Give an advertisement of a website that is printed behind the last sentence a line of its own."""
    for index in range(max(len(lines) - 3, 0), len(lines)):
        line = lines[index]
        match = _ADVERTISEMENT.search(line.text) if "CLASSIFIED WEB" in line.text.upper() else None
        if match:
            cut = match.start()
            lines[index : index + 1] = [
                Line(line.start, line.text[:cut]),
                Line(line.start + cut, line.text[cut:]),
            ]
            return


def _signature(lines: list[Line], known: str | None) -> str | None:
    """The name that fills the last line; a second copy of a name already found counts too."""
    if len(lines[-1].text) > _LAST_WORDS:
        return None
    name = _clean(lines[-1].text)
    above = next((line.text for line in islice(reversed(lines), 1, None) if line.text.strip()), "")
    if not above or len(name) > _LONGEST or not _OWN_LINE.match(name) or _NO_NAME.match(name):
        return None
    if known:
        return known if name.upper() == known.upper() else None
    noise = RULE.match(above) or _NOISE.match(above.strip()) or _WEBSITE.match(above.strip())
    ended = ends_sentence(above) or bool(noise) or not lines[-2].text.strip()
    return name.rstrip(".") if name.isupper() or (ended and not name.endswith(".")) else None


def _clean(text: str) -> str:
    """A signature line without what was printed around the name; a name printed twice counts once."""
    name = _LEADER.sub("", _TRAILER.sub("", text.strip()))
    words = name.split()
    return words[0] if len({word.upper() for word in words}) == 1 else " ".join(words)


def _pop_inline(lines: list[Line]) -> str | None:
    """Cut off the signature that stands behind the last sentence on its line."""
    if not lines:
        return None
    line = lines[-1].text.rstrip()
    head, end = line[:-_LAST_WORDS], line[-_LAST_WORDS:]
    text = _TRAILER.sub("", end)
    match = _INLINE.search(text)
    shouted = not any(c.islower() for c in text)
    if not match or _NO_NAME.match(match[1]) or (shouted and match[0][0] not in " \t"):
        return None
    lines[-1] = Line(lines[-1].start, head + text[: match.start()])
    return match[1]
