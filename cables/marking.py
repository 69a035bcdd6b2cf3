"""Portion markings, `(S/NF)`, and classifications, `S E C R E T//NOFORN`."""

import re
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
}
_LEVEL_WORDS_PATTERN = (
    "Top Secret|Secret|Confidential|Sensitive But Unclassified|Limited Official Use|Unclassified|Unclas"
)
_CAVEAT_PATTERN = (
    r"(?:NF|SF|NOFORN|REL\b|FGI|FOUO|SBU|FORN|NO?DIS|EXDIS|ORCON|EYES|ENTIRE|SENSITIVE|FOR OFFICIAL)"
)
INSIDE_MARK_PATTERN = (
    rf"(?:[ \t]*(?:(?i:TS|SBU|FOUO|LOU|[SCU])(?:[ \t]?[-/,]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}}"
    rf"|[ \t]{_CAVEAT_PATTERN}"
    rf"[A-Za-z ,/-]{{0,40}})?"
    rf"|(?i:{_LEVEL_WORDS_PATTERN})(?:[ \t]?[-/]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}})?)[ \t]*\)"
    r"|[NS]/S?[NF]\))"
)
"""A portion marking behind its first bracket, as a pattern without groups."""
MARK_PATTERN = rf"(?:\({INSIDE_MARK_PATTERN}|(?:TS|SBU|[SC])\)(?=[ \t]))"
"""A portion marking in brackets, or one that lost its first bracket, as a pattern without groups."""

_OPENING_MARK_RE = re.compile(rf"[ \t]*{MARK_PATTERN}")
_CAVEAT_BY_ABBREVIATION = {
    "NF": "NOFORN",
    "SF": "NOFORN",
    "FN": "NOFORN",
    "FORN": "NOFORN",
    "NOFORN": "NOFORN",
}
_PART_SEPARATOR_RE = re.compile(r"[/\-]+|,(?=[ \t]*(?:NF|NOFORN)\b)", re.IGNORECASE)
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
    caveats: list[str] = []
    for part in parts:
        rank = _LEVEL_BY_WORD.get(part.replace(" ", ""))
        if rank is not None and (level is None or rank > level):
            level = rank
        elif rank is None and part not in ("ENTIRE TEXT", "E", "SENSITIVE"):
            caveats.append(_CAVEAT_BY_ABBREVIATION.get(part, part))
        if part in ("SENSITIVE", "FOR OFFICIAL USE ONLY", "FOUO") and level is Level.UNCLASSIFIED:
            level = Level.SBU
    if level is None and parts in (["N", "SF"], ["S", "N"]):  # a slip of the typist in (S/NF)
        level, caveats = Level.SECRET, ["NOFORN"]
    if level is None:
        return None
    return Marking(level, tuple(dict.fromkeys(caveats)))
