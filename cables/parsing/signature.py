"""The tail of a cable: the signature, and the noise of websites, stamps and copies around it."""

import re
from itertools import islice

from cables.layout import RULE_RE, ends_sentence
from cables.parsing.headings import Line
from cables.prose import LOWER_RUN_RE
from cables.text import STOPWORDS

_HANDLING_PATTERN = (
    r"(?:(?:TOP )?SECRET|CONFIDENTIAL|UNCLASSIFIED|LIMITED OFFICIAL USE|(?:C O N F I D E N T I A L|S E C R E T|"
    r"U N C L A S S I F I E D)|SIPDIS|NOFORN|EXDIS|NODIS|LIMDIS|STADIS|SENSITIVE)"
)
_NOISE_RE = re.compile(
    rf"[\W_]*$|{_HANDLING_PATTERN}(?:[ \t/,]+{_HANDLING_PATTERN})*$"
    r"|(?:\d\. )?(?:GP-?\d,? ?)?(?:EXEMPT|X?GDS(?:-\d)?|DECONTROL\b.{0,40}|DECLAS\w*\b.{0,40})$"
    r"|N{3,4}$|BT$|#\d{4}$|GP-?\d\b.{0,4}$|\d{4}-\d\d-\d\d$"
    r"|SELECT \* FROM|\W*(?:END (?:OF DOCUMENT|CABLE TEXT|OF CABLE)|CABLE ENDS)\b"
    r"|\d{4}[A-Z]{3,}\d+ - (?:CLASSIFICATION: )?[A-Z]+$"
    r"|MINIMIZE CONSIDERED\W*$|NOTE(?: BY OC/?T\b|: NOT PASSED\b)"
    r"|\w{2,6} @ |.{0,60}DECLASSIFIED/RELEASED\b|(?:SYSTEMATIC )?REVIEW \d\d? [A-Z]{3} \d{4}$|SYSTEMATIC REVIEW\b"
    r"|.{0,90}\bEL PA[IÍ]S$|ID:\s*+\d+$"
    r"|.{0,80}FROM DB/INBOX|PAGE \d\d\b.{0,60}\d{6}Z|\*{3}",
    re.IGNORECASE,
)
_CUT_SUBJECT_RE = re.compile(r"[A-Z][^a-z]{5,75}\.{3}$")
"""The website printed the subject, cut to fit, behind some cables."""
_WEBSITE_RE = re.compile(
    r".{0,60}\bclassified web ?[- ]?(?:site|page)|\S*https?://|\S{0,30}(?:gov\.gov|sgov|\.gov)/\S*|.{0,60}\bhttps?://\S+",
    re.IGNORECASE,
)
_ADVERTISEMENT_RE = re.compile(
    r"(?<=\S)(?<!Please)[ \t]+\"?(?:Please )?Visit (?:\S+ ){1,4}Classified Web", re.IGNORECASE
)
_NAME_PATTERN = r"[A-Za-z][A-Za-z'’-]*[A-Za-z]\.?(?:,? [A-Za-z][A-Za-z'’.-]*){0,2}"
_OWN_LINE_RE = re.compile(rf"{_NAME_PATTERN}$")
_INLINE_RE = re.compile(
    r"(?:(?:(?<=[.!?\")”’:*])(?:(?<![ .][A-Z]\.)|(?<= U\.S\.))|(?<=END COMMENT)|(?<=END TEXT)|(?<=END SUMMARY))"
    r"[ \t]+\.?(?:[Xx]{3,}[ \t])?|(?<=[a-z][.!?]))"
    r"((?:[A-Z]{2} )?(?![Xx]{3})[A-Z][A-Za-z'’-]{2,}(?: [A-Z]{3,})?)$"
)
_BEHIND_WEBSITE_RE = re.compile(r"[ \t]([A-Z][A-Za-z'’-]{2,})$")
_TRAILER_RE = re.compile(r"(?:(?:[ \t]+(?:\d{4}-\d\d-\d\d|[^\w\s]))+|[ \t]*+[#=*/_]+)$")
_LEADER_RE = re.compile(r"^(?:MINIMIZE CONSIDERED\W*)[ \t]+", re.IGNORECASE)
_NO_NAME_RE = re.compile(
    r"(?:END|COMMENT|SUMMARY|TEXT|NOTE|REGARDS|BEGIN|UNQUOTE|QUOTE|CONFIDENTIAL|SECRET|UNCLASSIFIED|SIPDIS|NOFORN|CC)\b",
    re.IGNORECASE,
)
_END_MARKER_RE = re.compile(r"\bEND (?:OF )?(?:COMMENT|SUMMARY|TEXT|NOTE)\W*$", re.IGNORECASE)
_NOISE_ABOVE_RE = re.compile(
    rf"(?:{RULE_RE.pattern})|(?:{_NOISE_RE.pattern})|(?:{_WEBSITE_RE.pattern})|x{{3,}}\W*$", re.IGNORECASE
)
_PRINTED_LINE_CHARS = 56
"""A printed line is about 70 characters wide; shorter than this with the next word, it was broken on purpose."""
_MAX_NAME_CHARS = 26
_MAX_INLINE_CHARS = 120
"""A signature behind the last sentence is looked for in this many characters."""


def pop_tail(lines: list[Line]) -> str | None:
    """Take the tail off `lines`, those of the last block, from the signature on. The signature, if any."""
    signature = None
    _divide_before_website(lines)
    while lines:
        last = lines[-1].text.strip()
        if _NOISE_RE.match(last) or RULE_RE.match(last) or _is_cut_subject(lines):
            lines.pop()
        elif (site := _WEBSITE_RE.match(last)) and not LOWER_RUN_RE.search(site[0]):
            if behind := _BEHIND_WEBSITE_RE.search(last):
                signature = signature or behind[1]
            lines.pop()
        elif (name := _signature(lines, signature)) is not None:
            signature = name
            lines.pop()
        else:
            break
    return signature or _pop_inline(lines)


def _is_cut_subject(lines: list[Line]) -> bool:
    return (
        len(lines) > 2
        and not lines[-2].text.strip()
        and bool(_CUT_SUBJECT_RE.match(lines[-1].text.strip()))
        and any(c.islower() for line in lines[-12:-2] for c in line.text)
    )


def _divide_before_website(lines: list[Line]) -> None:
    """Give an advertisement of a website that is printed behind the last sentence a line of its own."""
    for index in range(max(len(lines) - 3, 0), len(lines)):
        line = lines[index]
        match = _ADVERTISEMENT_RE.search(line.text) if "CLASSIFIED WEB" in line.text.upper() else None
        if match:
            cut = match.start()
            lines[index : index + 1] = [
                Line(line.start, line.text[:cut]),
                Line(line.start + cut, line.text[cut:]),
            ]
            return


def _signature(lines: list[Line], known: str | None) -> str | None:
    """The name that fills the last line; a second copy of a name already found counts too."""
    if len(lines[-1].text) > _MAX_INLINE_CHARS:
        return None
    name = _clean(lines[-1].text)
    above = next((line.text.rstrip() for line in islice(reversed(lines), 1, None) if line.text.strip()), "")
    if not above or len(name) > _MAX_NAME_CHARS or not _OWN_LINE_RE.match(name) or _NO_NAME_RE.match(name):
        return None
    ended = not lines[-2].text.strip() or _ends(above)
    if known:
        if name.upper() == known.upper():
            return known
        both = ended and name.isalpha() and name.isupper() and known.isupper() and set(name) != {"X"}
        return f"{name}, {known}" if both else None
    if name.upper() == above.strip().upper():
        return above.strip()
    if name.isupper():
        goes_on = name.endswith(".") and not ended and above.isupper()
        return None if goes_on else name.rstrip(".")
    if name.endswith(".") or (" " in name and not name[0].isupper()):
        return None
    return name if ended or _breaks_off(above, name) else None


def _ends(above: str) -> bool:
    """Whether the text above a name has come to an end."""
    line = above.strip()
    return ends_sentence(above) or bool(_NOISE_ABOVE_RE.match(line) or _END_MARKER_RE.search(line))


def _breaks_off(above: str, name: str) -> bool:
    """Whether one capitalised name would have fitted on the printed line above: it is no part of that sentence."""
    return name[0].isupper() and " " not in name and len(above) + len(name) < _PRINTED_LINE_CHARS


def _clean(text: str) -> str:
    """A signature line without what was printed around the name; a name printed twice counts once."""
    name = _LEADER_RE.sub("", "".join(_without_trailer(text.strip()))).lstrip("/*=#_ ")
    words = [word for word in name.split() if word != "UNQUOTE"]
    return words[0] if len({word.upper() for word in words}) == 1 else " ".join(words)


def _without_trailer(line: str) -> tuple[str, str]:
    """A line's head, and its last _MAX_INLINE_CHARS without what was printed behind a name."""
    return line[:-_MAX_INLINE_CHARS], _TRAILER_RE.sub("", line[-_MAX_INLINE_CHARS:])


def _pop_inline(lines: list[Line]) -> str | None:
    """Cut off the signature that stands behind the last sentence on its line."""
    if not lines:
        return None
    head, text = _without_trailer(lines[-1].text.rstrip())
    match = _INLINE_RE.search(text)
    shouted = not any(c.islower() for c in text)
    if (
        not match
        or _NO_NAME_RE.match(match[1])
        or match[1].lower() in STOPWORDS
        or (shouted and match[0][0] not in " \t")
    ):
        return None
    lines[-1] = Line(lines[-1].start, head + text[: match.start()])
    return match[1]
