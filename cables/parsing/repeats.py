"""Telegrams that repeat another post's: who spoke first."""

import re

from cables.glossary.posts import find_post
from cables.ids import make

_REPEAT_RE = re.compile(
    r"\b(?:FOLLOWING|FOL|BELOW)\b[^\n.]{0,40}?\b(?:REPEAT(?:ED|S)?|TEL(?:EGRAM)?|MESSAGE|CABLE)\b"
    r"(?:[ ](?:OF|FROM|IS|SENT))*"
    r"[ ](?P<post>[A-Z][A-Z]+(?:[ ][A-Z]+){0,2}?)[ ](?P<serial>\d{2,6})\b"
    r"|\bREPEAT(?:ING|S| OF)[ ](?P<post2>[A-Z][A-Z]+(?:[ ][A-Z]+){0,2}?)[ ](?P<serial2>\d{2,6})\b"
)
_QUOTED_LINE_RE = re.compile(
    r"\bQUOTE:?\s{0,4}(?:LIMITED OFFICIAL USE|UNCLAS(?:SIFIED)?|[A-Z ]{6,30}?)[ ](?:SECTION \d+ OF \d+ )?"
    r"(?P<post>[A-Z]{3,}(?: [A-Z]{2,}){0,2}) (?P<serial>\d{3,7})\b"
)
_REPEAT_WORDS = ("FOL", "BELOW", "REPEAT")
"""What `_REPEAT_RE` begins with; looked for first, because that is fast."""
_MAX_ZONE_CHARS = 1_500


def first_sender(text: str, start: int, year: int | None) -> tuple[str, tuple[str, ...]] | None:
    """Of a telegram that repeats another: the label of the post that sent it first, and its ids there."""
    zone = text[start : start + _MAX_ZONE_CHARS]
    if year is None or not any(word in zone for word in _REPEAT_WORDS):
        return None
    match = _REPEAT_RE.search(zone)
    if not match:
        return None
    post = find_post(match["post"] or match["post2"], fuzzy=False)
    if post is None:
        return None
    ids = [make(year, post.id, int(match["serial"] or match["serial2"]))]
    quoted = _QUOTED_LINE_RE.search(zone)
    if quoted and find_post(quoted["post"], fuzzy=False) == post:
        ids.append(make(year, post.id, int(quoted["serial"])))
    return post.label, tuple(dict.fromkeys(ids))
