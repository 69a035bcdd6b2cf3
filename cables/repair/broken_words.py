"""Words that a line end broke: joined where the same text has them whole."""

import re

from cables.repair.offset_map import Edit, OffsetMap, edit_of

_HYPHEN_WRAP_RE = re.compile(r"-[ \t]*+\n[ \t]*+(?=[A-Za-z])")
_WORD_BEFORE_RE = re.compile(r"[A-Za-z]+$")
_WORD_RE = re.compile(r"[A-Za-z]+")
_MAX_WORD_CHARS = 24


def join_hyphen_wraps(offset_map: OffsetMap) -> OffsetMap:
    """Join a word that a hyphen parts at the end of a line, if the text has it whole elsewhere."""
    text = offset_map.text
    wraps = list(_HYPHEN_WRAP_RE.finditer(text))
    if not wraps:
        return offset_map
    lower = text.lower()
    found = [(match, word) for match in wraps if (word := _parted_word(text, match)) and word in lower]
    known = frozenset(_WORD_RE.findall(lower)) if found else frozenset()
    return offset_map.edit(edit_of(match) for match, word in found if word in known)


def _parted_word(text: str, match: re.Match[str]) -> str:
    """The word, in lower case; empty where the hyphen does not stand between letters."""
    before = _WORD_BEFORE_RE.search(text, max(match.start() - _MAX_WORD_CHARS, 0), match.start())
    behind = _WORD_RE.match(text, match.end())
    return (before[0] + behind[0]).lower() if before and behind else ""


_SHORT_WORD_LIST = """
a i an as at am be by do go he if in is it me my no of on or ox so to up us we all and any are ask bad
big but buy can cut day did due end far few for get got had has he her him his how its key law led let
low man may men met new nor not now off oil old one our out own pay per put ran raw run say see set she
six ten the tie too top try two use via war was way who why win won yes yet you etc eu un uk eta
"""
_SHORT_WORDS = frozenset(_SHORT_WORD_LIST.split())
_LINE_OPENING_RE = re.compile(r"\n([a-z]{1,3})(?![\w'-])")
_WHOLE_WORD_RE = re.compile(r"\b[A-Za-z]+\b")
_LINE_ENDING_RE = re.compile(r"(?<![\w'-])([A-Za-z]{1,14})[ \t]*$")


def join_broken_words(offset_map: OffsetMap) -> OffsetMap:
    """Join a word broken at a fixed column, `reaso` and `ns`, if the text has it whole."""
    text = offset_map.text
    found = [
        (head, match)
        for match in _LINE_OPENING_RE.finditer(text)
        if match[1] not in _SHORT_WORDS
        and (head := _LINE_ENDING_RE.search(text, max(match.start() - _MAX_WORD_CHARS, 0), match.start()))
        and head[1] + match[1] in text
    ]
    known = frozenset(_WHOLE_WORD_RE.findall(text)) if found else frozenset()
    return offset_map.edit(
        Edit(head.end(1), match.start(1)) for head, match in found if head[1] + match[1] in known
    )
