"""Portion markings, `(S/NF)`, and classifications, `S E C R E T//NOFORN`."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from cables.model import Level, Marking

_LEVEL_BY_WORD = {
    "TS": Level.TOP_SECRET,
    "S": Level.SECRET,
    "C": Level.CONFIDENTIAL,
    "SBU": Level.SBU,
    "FOUO": Level.SBU,
    "LOU": Level.SBU,
    "U": Level.UNCLASSIFIED,
    "TOPSECRET": Level.TOP_SECRET,
    "SECRET": Level.SECRET,
    "CONFIDENTIAL": Level.CONFIDENTIAL,
    "SENSITIVEBUTUNCLASSIFIED": Level.SBU,
    "LIMITEDOFFICIALUSE": Level.SBU,
    "UNCLASSIFIED": Level.UNCLASSIFIED,
    "UNCLAS": Level.UNCLASSIFIED,
    "R": Level.CONFIDENTIAL,
    "RESTRICTED": Level.CONFIDENTIAL,
    "NR": Level.CONFIDENTIAL,
    "NC": Level.CONFIDENTIAL,
    "NS": Level.SECRET,
    "CTS": Level.TOP_SECRET,
    "OFFICIALUSEONLY": Level.SBU,
}
_PRINTED_BY_WORD = {"LOU": "LIMITED OFFICIAL USE", "R": "RESTRICTED"} | {
    word.replace(" ", ""): word for word in ("LIMITED OFFICIAL USE", "OFFICIAL USE ONLY", "RESTRICTED")
}
"""Markings of other times and services: shown as they are printed."""
_LEVEL_WORDS_PATTERN = (
    "Top Secret|Secret|Confidential|Sensitive But Unclassified|Limited Official Use|Unclassified|Unclas"
)
_CAVEAT_PATTERN = (
    r"(?:NF|SF|NOFORN|REL\b|FGI|FOUO|SBU|FORN|NO?DIS|EXDIS|ORCON|EYES|ENTIRE|SENSITIVE|FOR OFFICIAL)"
)
INSIDE_MARK_PATTERN = (
    rf"(?:[ \t]*+(?:(?i:TS|SBU|FOUO|LOU|[SCU])(?:[ \t]?[-/,]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}}"
    rf"|[ \t]{_CAVEAT_PATTERN}"
    rf"[A-Za-z ,/-]{{0,40}})?"
    rf"|(?i:{_LEVEL_WORDS_PATTERN})(?:[ \t]?[-/]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}})?)[ \t]*+\)"
    r"|[NS]/S?[NF]\))"
)
"""A portion marking behind its first bracket, as a pattern without groups."""
MARK_PATTERN = rf"(?:\({INSIDE_MARK_PATTERN}|(?:TS|SBU|[SC])\)(?=[ \t]))"
"""A portion marking in brackets, or one that lost its first bracket, as a pattern without groups."""

_GROUP_RE = re.compile(
    r"[ \t]*+(?:[(\[{\uff08][^()\[\]{}\uff09\n]{1,300}[)\]}\uff09]|(?:TS|S|C)[/|\\]{1,2}[A-Z/ ]{2,20}[)\]}]"
    r"|[(\[](?:TS|S|C)/{1,2}[A-Z]{2,8}(?=\s))"
)
_FIRST_CHARS = frozenset("([{\uff08TSCN")
_BARE_CAVEAT_RE = re.compile(r"[ \t]*+(?:NF|NOFORN)\b[ \t.:-]*")
_WORD_RE = re.compile(r"[A-Z0-9]+")
_LATIN_BY_LOOKALIKE = str.maketrans(
    {"\u0405": "S", "\u0421": "C", "\u0422": "T", "\u041d": "H", "\u200b": None}
)
_MARK_BY_GLUED_LETTERS = {
    "SNF": "S/NF",
    "CNF": "C/NF",
    "TSNF": "TS/NF",
    "TS": "TS",
    "5NF": "S/NF",
    "SECRETNOFORN": "S/NF",
    "TOPSECRET": "TS",
    "SBUNF": "SBU/NF",
}
_LEVEL_WORD_PARTS = frozenset(["TOP", "OFFICIAL", "USE", "ONLY", "LIMITED", "BUT", "SENSITIVE"])
_CAVEAT_WORD_LIST = """
NF NOFORN OC ORCON SI TK HCS SCI EXDIS NODIS LIMDIS STADIS NATO PR PROPIN IMCON EYES RSEN N F
"""
_CAVEAT_WORDS = _LEVEL_WORD_PARTS | frozenset(_CAVEAT_WORD_LIST.split())
_SUSPECT_RE = re.compile(r"[ \t]*+[(\[]?[ ]*(?:TS|[SC5])[ ]?[/\\|:;.*]{1,2}[ ]?[A-Z]{0,6}[ ]*[)\]}]")
"""What looks like a marking and is none that is known: `(S/NP)`, `(S*)`."""
_OPENING_MARK_RE = re.compile(rf"[ \t]*{MARK_PATTERN}")
_CAVEAT_BY_ABBREVIATION = dict.fromkeys(("NF", "SF", "FN", "FORN", "N F"), "NOFORN") | {"OC": "ORCON"}
_PART_SEPARATOR_RE = re.compile(r"[/\-]+|,(?=[ \t]*+(?:NF|NOFORN)\b)", re.IGNORECASE)
_CAVEAT_GAP_RE = re.compile(r"(?<=[A-Z])[ \t]+(?=(?:NF|NOFORN|REL|FGI|FOUO)\b)")


def opening_mark(text: str) -> int:
    """How many characters at the start of `text` are a portion marking; 0 if none."""
    match = _OPENING_MARK_RE.match(text) if ")" in text else None
    return match.end() if match else 0


@lru_cache(maxsize=1024)
def parse_marking(text: str) -> Marking | None:
    """Read `(S/NF)`, `SECRET//NOFORN` or `(C/REL UK)`; None where there is no level in it."""
    inside = _CAVEAT_GAP_RE.sub("/", text.strip(" \t()").upper())
    parts = [" ".join(part.split()) for part in _PART_SEPARATOR_RE.split(inside) if part.strip()]
    level: Level | None = None
    printed: str | None = None
    caveats: list[str] = []
    for part in parts:
        word = part.replace(" ", "")
        rank = _LEVEL_BY_WORD.get(word)
        if rank is not None and (level is None or rank > level):
            level, printed = rank, _PRINTED_BY_WORD.get(word)
        elif rank is None and part not in ("ENTIRE TEXT", "E", "SENSITIVE"):
            caveats.append(_CAVEAT_BY_ABBREVIATION.get(part, part))
        if part in ("SENSITIVE", "FOR OFFICIAL USE ONLY", "FOUO") and level is Level.UNCLASSIFIED:
            level = Level.SBU
    if level is None and parts in (["N", "SF"], ["S", "N"]):  # a slip of the typist in (S/NF)
        level, caveats = Level.SECRET, ["NOFORN"]
    if level is None:
        return None
    return Marking(level, tuple(dict.fromkeys(caveats)), printed)


def merge_markings(markings: Iterable[Marking]) -> Marking | None:
    """The highest of several markings with the caveats of all: who may not read one may not read the whole."""
    several = list(markings)
    if len(several) < 2:
        return several[0] if several else None
    highest = max(several, key=lambda marking: marking.level)
    caveats = dict.fromkeys(caveat for marking in several for caveat in marking.caveats)
    return Marking(highest.level, tuple(caveats), highest.printed)


def leading_markings(text: str, level: Level) -> tuple[int, list[Marking]]:
    """What at the start of a paragraph looks like markings in a spelling that is not the usual one.

    The number of characters they take, and their markings. `level` is taken where one names only caveats,
    and where one cannot be understood.
    """
    at = 0
    found: list[Marking] = []
    if text[:1] not in _FIRST_CHARS:
        return at, found
    while match := _GROUP_RE.match(text, at):
        marking = _odd_marking(match[0], level)
        if marking is None:
            break
        found.append(marking)
        at = match.end()
    if bare := _BARE_CAVEAT_RE.match(text, at):
        found.append(Marking(found[-1].level if found else level, ("NOFORN",)))
        at = bare.end()
    return at, found


def _odd_marking(group: str, level: Level) -> Marking | None:
    plain = unicodedata.normalize("NFKC", group).translate(_LATIN_BY_LOOKALIKE).upper()
    words = _WORD_RE.findall(plain)
    glued = "".join(words)
    if glued in _MARK_BY_GLUED_LETTERS:
        return parse_marking(_MARK_BY_GLUED_LETTERS[glued])
    releasable = next((index for index, word in enumerate(words) if word in ("REL", "FGI")), len(words))
    marks = words[:releasable]
    if not marks or not all(word in _LEVEL_BY_WORD or word in _CAVEAT_WORDS for word in marks):
        return Marking(level, ("NOT READ",)) if _SUSPECT_RE.match(plain) else None
    levels = [word for word in marks if word in _LEVEL_BY_WORD]
    if not {"NF", "NOFORN"} & set(marks) and (not levels or "." in plain):  # "(U.S.)"
        return None
    caveats = [word for word in marks if word not in _LEVEL_BY_WORD and word not in _LEVEL_WORD_PARTS]
    rest = [" ".join(words[releasable:])] if releasable < len(words) else []
    read = parse_marking("/".join([levels[0] if levels else level.name.replace("_", ""), *caveats, *rest]))
    return merge_markings([read, *(Marking(_LEVEL_BY_WORD[word]) for word in levels)]) if read else None
