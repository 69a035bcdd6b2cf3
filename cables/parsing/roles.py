"""Who speaks in each paragraph: roles from headings, first words and end markers."""

import re
from collections.abc import Sequence
from functools import lru_cache

from cables.model import Role

_OWNER_PATTERN = (
    r"(?:(?:BEGIN|EXECUTIVE|BRIEF|EMBASSY|POST|MISSION|CONSULATE|CONGEN|AMBASSADOR|CHARGE|DCM|POLOFF|FINAL|OUR|USUN|THE|"
    r"INTRODUCTION AND|OVERVIEW AND)(?:['’]?S)?[ ]+)*"
)
_OPENING_RES = (
    (Role.SUMMARY, re.compile(rf"\A\W*+{_OWNER_PATTERN}SUMMARY(?=[ ]*(?:[^\w ]|AND\b|CONT|OF\b|\d|$))")),
    (
        Role.ACTION,
        re.compile(
            rf"\A\W*+{_OWNER_PATTERN}(?:(?:THIS IS AN )?ACTION (?:REQUEST|MESSAGE|REQUIRED|CABLE)|GUIDANCE REQUEST)"
        ),
    ),
    (
        Role.COMMENT,
        re.compile(rf"\A\W*+{_OWNER_PATTERN}COMMENTS?(?=[ ]*(?:[^\w ,']|AND\b[\w ]{{2,40}}\W|CONTINUED|$))"),
    ),
)
_TITLE_RES = (
    (Role.SUMMARY, re.compile(r"\bSUMMARY\b")),
    (Role.ACTION, re.compile(r"\bACTION (?:REQUEST|REQUIRED)|\bREQUEST FOR (?:GUIDANCE|ACTION)")),
    (Role.COMMENT, re.compile(r"^(?:[\w'’]+ ){0,2}COMMENTS?\b(?: AND\b.*| *[^\w ,'].*)?$|\bCOMMENT$")),
)
_QUOTED_PATTERN = r"(?:TEXT|TRANSLATION|POINTS|QUOTE|NON-?PAPER|LETTER|STATEMENT)\b"
_END_PATTERN = r"END(?<!\wEND)\s+(?:OF\s+)?"
"""Begins with its letters and then looks back, to be found fast."""
_END_RE_BY_ROLE = {
    Role.SUMMARY: re.compile(rf"{_END_PATTERN}(?:EXECUTIVE\s+)?(?:INTRODUCTION\s+AND\s+)?SUMMARY\b"),
    Role.COMMENT: re.compile(rf"{_END_PATTERN}(?:\w+\s+)?COMMENTS?\b"),
    Role.ACTION: re.compile(rf"{_END_PATTERN}ACTION\s+REQUEST\b"),
    Role.QUOTED: re.compile(rf"{_END_PATTERN}(?:\w+\s+){{0,3}}?{_QUOTED_PATTERN}"),
}
_BEGIN_QUOTED_RE = re.compile(rf"\bBEGIN\s+(?:\w+\s+){{0,3}}?{_QUOTED_PATTERN}[^\n:.)]{{0,60}}[:.)\n]?")
_ANOTHER_COMMENT_RE = re.compile(r"\bCOMMENT:")
_MAX_PARAGRAPHS_AHEAD = 8
_MAX_OPENING_CHARS = 120
_OPENING_WORDS = ("SUMMARY", "COMMENT", "ACTION", "GUIDANCE")


@lru_cache(maxsize=256)
def role_of_title(title: str | None) -> Role | None:
    """The role that a heading gives to the paragraphs below it."""
    upper = title.upper() if title else ""
    return next((role for role, pattern in _TITLE_RES if pattern.search(upper)), None)


def opening_role(text: str) -> Role | None:
    """The role that a paragraph's first words announce."""
    upper = text[:_MAX_OPENING_CHARS].upper()
    if not any(word in upper for word in _OPENING_WORDS):
        return None
    return next((role for role, pattern in _OPENING_RES if pattern.match(upper)), None)


def ends_section(title: str | None, text: str) -> bool:
    """Whether `text` closes the section of that title: "End Summary" under the heading Summary."""
    role = role_of_title(title)
    return role is not None and bool(_END_RE_BY_ROLE[role].search(text.upper()))


def assign_roles(
    texts: Sequence[str], sections: Sequence[str | None], runs_on: Sequence[bool] = ()
) -> list[Role]:
    """The role of each paragraph, given the paragraphs in order with the headings above them.

    `runs_on` says which ones go on with the unnumbered text before them: a comment there has no end but a
    heading or its end marker.
    """
    uppers = [text.upper() for text in texts]
    openings = [opening_role(text) for text in texts]
    if openings and not openings[0] and _END_RE_BY_ROLE[Role.SUMMARY].search(uppers[0]):
        openings[0] = Role.SUMMARY  # its first words are lost
    roles: list[Role] = []
    running: Role | None = None
    quoted = False
    for index, text in enumerate(uppers):
        new_section = index == 0 or sections[index] != sections[index - 1]
        titled = role_of_title(sections[index]) if new_section else None
        if announced := openings[index] or titled:
            goes_on = _ends_ahead(uppers, openings, index, announced)
            running = announced if goes_on or (titled and titled is not Role.SUMMARY) else None
        elif new_section:
            running = None
        if not announced and not new_section and runs_on and runs_on[index] and _open_comment(uppers, roles):
            running = Role.COMMENT
        role = announced or running or Role.BODY
        quoted, mostly = _quotation(text, quoted)
        roles.append(Role.QUOTED if mostly and role is not Role.SUMMARY else role)
        if running and _END_RE_BY_ROLE[running].search(text):
            running = None
    return roles


def _open_comment(uppers: Sequence[str], roles: Sequence[Role]) -> bool:
    """Whether the paragraph before is a comment that has not been closed."""
    return roles[-1] is Role.COMMENT and not _END_RE_BY_ROLE[Role.COMMENT].search(uppers[len(roles) - 1])


def _ends_ahead(uppers: Sequence[str], openings: Sequence[Role | None], index: int, role: Role) -> bool:
    """Whether what opens at `index` is closed by its end marker there or in one of the next paragraphs."""
    for ahead in range(index, min(index + _MAX_PARAGRAPHS_AHEAD, len(uppers))):
        if ahead > index and openings[ahead] not in (None, role):
            return False
        end = _END_RE_BY_ROLE[role].search(uppers[ahead])
        if ahead > index and role is Role.COMMENT and openings[ahead] is None:
            another = _ANOTHER_COMMENT_RE.search(uppers[ahead], 0, end.start() if end else len(uppers[ahead]))
            if another:
                return False
        if end:
            return True
    return False


def _quotation(text: str, inside: bool) -> tuple[bool, bool]:
    """Whether a quoted text is still open behind `text`, and whether most of `text` is quoted."""
    begin = _BEGIN_QUOTED_RE.search(text) if "BEGIN" in text else None
    if not inside and not begin:
        return False, False
    end = _END_RE_BY_ROLE[Role.QUOTED].search(text, begin.end() if begin and not inside else 0)
    first = 0 if inside or begin is None else begin.end()
    last = end.start() if end else len(text)
    return end is None, last - first > len(text) / 2
