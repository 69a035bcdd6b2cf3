"""The TAGS line: its codes, phrases and people, each once."""

import re

from cables.glossary.posts import find_post
from cables.glossary.tags import codes, phrases
from cables.model import Tag, TagKind

_LABEL = re.compile(r"^\W*(?:TAGE?S?|TAS|TABS|TGS|AGS)\b\s*[:;,.]*", re.I)
_LINK = re.compile(r"\[([^\]\n]{1,60})\]\([^)\n]{0,200}\)")
_DEBRIS = re.compile(
    r"\bPAGE\s+\d\d\b[^\n]{0,60}|\b[A-Z][A-Z .']{1,20}\s+\d{5,8}(?:\s+\d{3}(?:\.\d)?\s+OF\s+\d{3})?\b"
    r"|\b\d{3}(?:\.\d)?\s+OF\s+\d{3}\b"
    r"|\bE\.?O\.?\s*1\d{4}[^\n]*|\b(?:SUBJECT|SUBJ|REF)\s*:.*",
    re.S,
)
_NOISE = frozenset(
    [
        "SIPDIS",
        "NOFORN",
        "SENSITIVE",
        "UNCLASSIFIED",
        "UNCLAS",
        "CONFIDENTIAL",
        "SECRET",
        "EXDIS",
        "NODIS",
        "LIMDIS",
        "TAGS",
        "TAG",
        "AND",
        "CAPTIONS",
        "NONE",
        "N/A",
    ]
)
_TOKEN = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]|([^\s,;()\[\]]+)")
_PEOPLE = frozenset(["OVIP", "OREP", "PINR", "PBIO"])
_NAME = re.compile(r"[A-Z][A-Z'.-]*")


def parse_tags(block: str) -> tuple[Tag, ...]:
    """The entries of a TAGS block in order, each once: codes, legacy phrases whole, people as one entry.

    Codes written together (`PRELBR`) are taken apart, page breaks and captions dropped.
    """
    words = _words(block)
    found: list[Tag] = []
    at = 0
    while at < len(words):
        taken, tags = _next(words, at, found)
        found += tags
        at += taken
    return tuple(dict.fromkeys(found))


def _words(block: str) -> list[str]:
    """The block's words; a bracketed group is one word that begins with its bracket."""
    text = _LINK.sub(r"\1", block[:4_000]).upper().replace("\u00a0", " ").replace("\\", " ")
    text = _DEBRIS.sub(" ", _LABEL.sub("", text, count=1))
    words = []
    for match in _TOKEN.finditer(text):
        word = "(" + " ".join(match[1].split()) if match[1] else match[2].strip(".:*_\"'“”-")
        if word and word not in _NOISE and not re.fullmatch(r"[\W\d]+", word):
            words.append(word)
    return words


def _next(words: list[str], at: int, before: list[Tag]) -> tuple[int, list[Tag]]:
    """How many words the entry at `at` takes, and its tags."""
    word = words[at]
    if word.startswith("("):
        return 1, _bracketed(word[1:], before)
    for phrase in phrases().get(word, ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return len(phrase), [_tag(" ".join(phrase))]
    if word not in codes() and before and before[-1].code in _PEOPLE:
        name = _person(words, at)
        if len(name) > 1:
            return len(name), [Tag(" ".join(name), TagKind.PERSON)]
    return 1, _taken_apart(word)


def _bracketed(inside: str, before: list[Tag]) -> list[Tag]:
    """A group in brackets: codes where all are known, else one person."""
    parts = re.split(r"[\s,;]+", inside)
    if all(part in codes() for part in parts):
        return [_tag(part) for part in parts]
    if (before and before[-1].kind is not TagKind.PERSON) or "," in inside:
        return [Tag(inside.strip(" ,"), TagKind.PERSON)]
    return [Tag(inside, TagKind.OTHER)]


def _person(words: list[str], at: int) -> list[str]:
    """The run of words from `at` that are no codes, as in `OVIP CLINTON HILLARY`: at most four."""
    run: list[str] = []
    for word in words[at : at + 4]:
        if word in codes() or not _NAME.fullmatch(word) or find_post(word, fuzzy=False):
            break
        run.append(word)
    return run


def _taken_apart(word: str) -> list[Tag]:
    """One word: a code, several codes glued or joined by a slash, or something unknown kept as it is."""
    if word in codes():
        return [_tag(word)]
    for pieces in (word.split("/"), word.split("-"), _glued(word)):
        if len(pieces) > 1 and all(piece in codes() for piece in pieces):
            return [_tag(piece) for piece in pieces]
    if len(word) < 2 or re.search(r"\d{3}", word):
        return []
    return [Tag(word, _kind_by_shape(word))]


def _kind_by_shape(word: str) -> TagKind:
    """The kind of a code without a known name: `KSPR` is a program, `XM` a region."""
    if re.fullmatch(r"K[A-Z]{3}", word):
        return TagKind.PROGRAM
    return TagKind.COUNTRY if re.fullmatch(r"[XZ][A-Z]", word) else TagKind.OTHER


def _glued(word: str) -> list[str]:
    """The fewest known codes of two or more letters that make up `word` exactly; empty if there are none."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    if not 5 < len(word) < 40:
        return []
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            head = best[start]
            if head is not None and word[start:end] in codes():
                made = [*head, word[start:end]]
                if best[end] is None or len(made) < len(best[end] or []):
                    best[end] = made
    pieces = best[len(word)] or []
    return pieces if any(len(piece) > 3 for piece in pieces) else []


def _tag(code: str) -> Tag:
    known = codes()[code]
    return Tag(known.code, known.kind, known.name)
