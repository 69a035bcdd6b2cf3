"""Who speaks in each paragraph: roles told from headings, first words and end markers."""

import re
from collections.abc import Sequence

from cables.model import Role

_WHOSE = r"(?:(?:BEGIN|EXECUTIVE|BRIEF|EMBASSY|POST|MISSION|CONSULATE|CONGEN|AMBASSADOR|CHARGE|DCM|POLOFF|FINAL|OUR|USUN|THE)(?:'?S)?[ ]+)*"
_OPENERS = (
    (Role.SUMMARY, re.compile(rf"\W*{_WHOSE}(?:SUMMARY|INTRODUCTION AND SUMMARY|OVERVIEW AND SUMMARY)\b", re.I)),
    (Role.ACTION, re.compile(rf"\W*{_WHOSE}(?:(?:THIS IS AN )?ACTION (?:REQUEST|MESSAGE|REQUIRED)|GUIDANCE REQUEST)", re.I)),
    (Role.COMMENT, re.compile(rf"\W*{_WHOSE}COMMENTS?(?:[ ]+AND[ ]+[\w ]{{2,40}}|/[A-Z ]+)?[ ]*(?:[:.)(-]|--|$|\n)", re.I)),
)
_TITLES = (
    (Role.SUMMARY, re.compile(r"\bSUMMARY\b", re.I)),
    (Role.ACTION, re.compile(r"\bACTION (?:REQUEST|REQUIRED)|\bREQUEST FOR (?:GUIDANCE|ACTION)", re.I)),
    (Role.COMMENT, re.compile(r"^(?:\w+'?S? ){0,2}COMMENTS?\b(?!ATOR)(?: AND\b.*| *[:-].*|/.*)?$|\bCOMMENT$", re.I)),
)
_END = {
    Role.SUMMARY: re.compile(r"\bEND\s+(?:OF\s+)?(?:EXECUTIVE\s+)?(?:INTRODUCTION\s+AND\s+)?SUMMARY\b", re.I),
    Role.COMMENT: re.compile(r"\bEND\s+(?:OF\s+)?(?:\w+\s+)?COMMENTS?\b", re.I),
    Role.ACTION: re.compile(r"\bEND\s+(?:OF\s+)?ACTION\s+REQUEST\b", re.I),
    Role.QUOTED: re.compile(r"\bEND\s+(?:OF\s+)?(?:\w+\s+){0,3}(?:TEXT|TRANSLATION|POINTS|QUOTE|NON-?PAPER|LETTER|STATEMENT)\b", re.I),
}
_BEGIN_QUOTED = re.compile(
    r"\bBEGIN\s+(?:\w+\s+){0,3}?(?:TEXT|TRANSLATION|POINTS|QUOTE|NON-?PAPER|LETTER|STATEMENT)\b[^\n]{0,60}?[:.)\n]?", re.I
)
_AHEAD = 8


def role_of_title(title: str | None) -> Role | None:
    """The role that a heading gives to the paragraphs below it."""
    if title:
        for role, pattern in _TITLES:
            if pattern.search(title):
                return role
    return None


def opening_role(text: str) -> Role | None:
    """The role that a paragraph's first words announce."""
    for role, pattern in _OPENERS:
        if pattern.match(text):
            return role
    return None


def ends_section(title: str | None, text: str) -> bool:
    """Whether `text` closes the section of that title: "End Summary" under the heading Summary."""
    role = role_of_title(title)
    return role is not None and bool(_END[role].search(text))


def assign_roles(texts: Sequence[str], sections: Sequence[str | None]) -> list[Role]:
    """The role of each paragraph, given the paragraphs in order with the headings above them."""
    roles: list[Role] = []
    running: Role | None = None
    quoted = False
    for index, text in enumerate(texts):
        titled = role_of_title(sections[index])
        new_title = titled and (index == 0 or sections[index] != sections[index - 1])
        announced = opening_role(text) or (titled if new_title else None)
        if announced:
            running = announced if _goes_on(texts, sections, index, announced, bool(titled)) else None
        elif index and sections[index] != sections[index - 1]:
            running = None
        role = announced or running or Role.BODY
        quoted, mostly = _quotation(text, quoted)
        roles.append(Role.QUOTED if mostly and role is not Role.SUMMARY else role)
        if running and _END[running].search(text):
            running = None
    return roles


def _goes_on(
    texts: Sequence[str], sections: Sequence[str | None], index: int, role: Role, titled: bool
) -> bool:
    """Whether what opens at `index` runs on: to its end marker, or under its own heading to the next one."""
    for ahead in range(index, min(index + _AHEAD, len(texts))):
        if ahead > index and opening_role(texts[ahead]) not in (None, role):
            return False
        if _END[role].search(texts[ahead]):
            return True
    return titled and role is not Role.SUMMARY


def _quotation(text: str, inside: bool) -> tuple[bool, bool]:
    """Whether a quoted text is still open behind `text`, and whether most of `text` is quoted."""
    begin = _BEGIN_QUOTED.search(text)
    end = _END[Role.QUOTED].search(text, begin.end() if begin and not inside else 0)
    first = 0 if inside else begin.end() if begin else len(text)
    last = end.start() if end else len(text)
    return (inside or bool(begin)) and not end, last - first > len(text) / 2
