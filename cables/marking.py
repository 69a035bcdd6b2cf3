"""Portion markings, `(S/NF)`, and classifications, `S E C R E T//NOFORN`."""

import re
from functools import lru_cache

from cables.model import Level, Marking

_LEVELS = {
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
_WORDS = "Top Secret|Secret|Confidential|Sensitive But Unclassified|Limited Official Use|Unclassified|Unclas"
_CAVEATS = r"(?:NF|SF|NOFORN|REL\b|FGI|FOUO|SBU|FORN|NO?DIS|EXDIS|ORCON|EYES|ENTIRE|SENSITIVE|FOR OFFICIAL)"
INSIDE_MARK = (
    rf"(?:[ \t]*(?:(?i:TS|SBU|FOUO|LOU|[SCU])(?:[ \t]?[-/,]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}}"
    rf"|[ \t]{_CAVEATS}"
    rf"[A-Za-z ,/-]{{0,40}})?|(?i:{_WORDS})(?:[ \t]?[-/]{{1,2}}[ \t]?[A-Za-z][A-Za-z ,/-]{{0,40}})?)[ \t]*\)"
    r"|[NS]/S?[NF]\))"
)
"""A portion marking behind its first bracket, as a pattern without groups."""
MARK = rf"(?:\({INSIDE_MARK}|(?:TS|SBU|[SC])\)(?=[ \t]))"
"""A portion marking in brackets, or one that lost its first bracket, as a pattern without groups."""

_OPENING = re.compile(rf"[ \t]*{MARK}")
_CAVEAT_NAMES = {"NF": "NOFORN", "SF": "NOFORN", "FN": "NOFORN", "FORN": "NOFORN", "NOFORN": "NOFORN"}
_PARTS = re.compile(r"[/\-]+|,(?=[ \t]*(?:NF|NOFORN)\b)", re.IGNORECASE)
_SPLIT_OFF = re.compile(r"(?<=[A-Z])[ \t]+(?=(?:NF|NOFORN|REL|FGI|FOUO)\b)")


def opening_mark(text: str) -> int:
    """How many characters at the start of `text` are a portion marking; 0 if none."""
    match = _OPENING.match(text) if ")" in text else None
    return match.end() if match else 0


@lru_cache(maxsize=1024)
def parse_marking(text: str) -> Marking | None:
    """Read `(S/NF)`, `SECRET//NOFORN` or `(C/REL UK)`; None where there is no level in it."""
    inside = _SPLIT_OFF.sub("/", text.strip(" \t()").upper())
    parts = [" ".join(part.split()) for part in _PARTS.split(inside) if part.strip()]
    level: Level | None = None
    caveats: list[str] = []
    for part in parts:
        rank = _LEVELS.get(part.replace(" ", ""))
        if rank is not None and (level is None or rank > level):
            level = rank
        elif rank is None and part not in ("ENTIRE TEXT", "E", "SENSITIVE"):
            caveats.append(_CAVEAT_NAMES.get(part, part))
        if part in ("SENSITIVE", "FOR OFFICIAL USE ONLY", "FOUO") and level is Level.UNCLASSIFIED:
            level = Level.SBU
    if level is None and parts in (["N", "SF"], ["S", "N"]):  # a slip of the typist in (S/NF)
        level, caveats = Level.SECRET, ["NOFORN"]
    if level is None:
        return None
    return Marking(level, tuple(dict.fromkeys(caveats)))
