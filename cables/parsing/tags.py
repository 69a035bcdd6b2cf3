"""The TAGS line: its codes, phrases and people, each once."""

import re
from functools import lru_cache

from cables.glossary.posts import find_post
from cables.glossary.tags import codes, given_names, last_words, phrases
from cables.model import Tag, TagKind
from cables.text import STOPWORDS

_LABEL_RE = re.compile(r"^\W*(?:TAGE?S?|TAS|TABS|TGS|AGS)\b\s*+[:;,.]*", re.I)
_LINK_RE = re.compile(r"\[([^\]\n]{1,60})\]\([^)\n]{0,200}\)")
_DEBRIS_RE = re.compile(
    r"\bPAGE\s+\d\d\b[^\n]{0,60}|\b[A-Z][A-Z .']{1,20}\s+\d{5,8}(?:\s+\d{3}(?:\.\d)?\s+OF\s+\d{3})?\b"
    r"|\b\d{3}(?:\.\d)?\s+OF\s+\d{3}\b"
    r"|\bE\.?O\.?\s*+1\d{4}[^\n]*|\b(?:SUBJECT|SUBJ|REF)\s*+:.*",
    re.S,
)
_NOISE_WORD_LIST = """
SIPDIS NOFORN SENSITIVE UNCLASSIFIED UNCLAS CONFIDENTIAL SECRET EXDIS NODIS LIMDIS TAGS TAG CAPTIONS
NONE N/A
"""
_NOISE_WORDS = frozenset(_NOISE_WORD_LIST.split())
_TOKEN_RE = re.compile(r"[(\[]([^()\[\]]{2,80})[)\]]|([^\s,;()\[\]]+)|[,;]")
_SENTENCE_RE = re.compile(r"\S*+(?<=[a-z])[ ][a-z]+[ ][a-z]{2,}")
_COMMA = ","
_PEOPLE_CODES = frozenset(["OVIP", "OREP", "PINR", "PBIO"])
_NAME_RE = re.compile(r"[A-Z][A-Z'.-]*")
_PROGRAM_RE = re.compile(r"K[A-Z]{3}")
_LINKING_WORDS = frozenset(["AND", "OF", "WITH", "THE", "FOR", "IN", "ON"])
_MIN_LONG_WORD_CHARS = 6
_MIN_SLIP_CHARS = 5
_MAX_WORD_CHARS = 40
_MAX_PHRASE_WORDS = 6


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
    """The block's words and commas; a bracketed group is one word that begins with its bracket."""
    text = (
        _LINK_RE.sub(r"\1", _without_sentence(block[:4_000]))
        .upper()
        .replace("\u00a0", " ")
        .replace("\\", " ")
    )
    text = _DEBRIS_RE.sub(" ", _LABEL_RE.sub("", text, count=1))
    words = []
    for match in _TOKEN_RE.finditer(text):
        if not match[1] and not match[2]:
            words.append(_COMMA)
            continue
        word = "(" + " ".join(match[1].split()) if match[1] else match[2].strip(".:*_\"'“”-")
        if word and word not in _NOISE_WORDS and not re.fullmatch(r"[\W\d]+", word):
            words.append(word)
    return [part for word in words for part in _off_phrase(word)]


def _without_sentence(block: str) -> str:
    """The block up to where text has run into it: three words in lower case, one of them a common one that is no code."""
    for match in _SENTENCE_RE.finditer(block):
        words = match[0].split()
        if any(word in STOPWORDS and word.upper() not in codes() for word in words):
            return block[: match.start()]
    return block


def _off_phrase(word: str) -> list[str]:
    """A word with codes glued behind it, if it ends a legacy phrase: `RIGHTSPOLMIL`."""
    if word in codes() or not _MIN_LONG_WORD_CHARS + 4 <= len(word) <= _MAX_WORD_CHARS:
        return [word]
    for last in last_words():
        rest = word[len(last) :]
        if word.startswith(last) and (rest in codes() or _pieces(rest)):
            return [last, rest]
    return [word]


def _next(words: list[str], at: int, before: list[Tag]) -> tuple[int, list[Tag]]:
    """How many words the entry at `at` takes, and its tags."""
    word = words[at]
    if word == _COMMA:
        return 1, []
    if word.startswith("("):
        return 1, _bracketed(word[1:], before)
    for phrase in phrases().get(word, ()):
        if tuple(words[at : at + len(phrase)]) == phrase:
            return len(phrase), [_tag(" ".join(phrase))]
    if name := _person(words, at, before):
        given = [part for part in name[1:] if part != _COMMA]
        return len(name), [Tag(f"{name[0]}, {' '.join(given)}", TagKind.PERSON)]
    run = _phrase(words, at)
    if len(run) > 1:
        return len(run), [Tag(" ".join(run), TagKind.OTHER, " ".join(run).capitalize())]
    return 1, _taken_apart(word)


def _bracketed(inside: str, before: list[Tag]) -> list[Tag]:
    """A group in brackets: codes where all are known, else one person."""
    parts = re.split(r"[\s,;]+", inside)
    if all(part in codes() for part in parts):
        return [_tag(part) for part in parts]
    if (before and before[-1].kind is not TagKind.PERSON) or "," in inside:
        return [Tag(inside.strip(" ,"), TagKind.PERSON)]
    return [Tag(inside, TagKind.OTHER)]


def _person(words: list[str], at: int, before: list[Tag]) -> list[str]:
    """Surname and given name at `at` without brackets, as in `OVIP CLINTON HILLARY`: at most four words.

    Away from OVIP and the like two words are a name only where the second is a common given name.
    """
    run: list[str] = []
    official = bool(before) and before[-1].code in _PEOPLE_CODES
    for word in words[at : at + 4]:
        if official and word == _COMMA and len(run) == 1:
            run.append(word)
            continue
        if word in codes() or not _NAME_RE.fullmatch(word) or find_post(word, fuzzy=False):
            break
        run.append(word)
    if official and len(run) > 1:
        return run if run[-1] != _COMMA else []
    return run[:2] if len(run) > 1 and run[1] in given_names() else []


def _phrase(words: list[str], at: int) -> list[str]:
    """The run of plain words from `at`, one of them long, that is no list of codes: `GLOBAL DEFENSE`."""
    run: list[str] = []
    for ahead in range(at, min(at + _MAX_PHRASE_WORDS, len(words))):
        word = words[ahead]
        listed = any(tuple(words[ahead : ahead + len(known)]) == known for known in phrases().get(word, ()))
        linking = bool(run) and (
            word in _LINKING_WORDS or (word in codes() and codes()[word].kind is TagKind.OTHER)
        )
        if listed or _person(words, ahead, []) or (not linking and (not word.isalpha() or _known(word))):
            break
        run.append(word)
    while run and run[-1] in _LINKING_WORDS:
        run.pop()
    return run if any(len(word) >= _MIN_LONG_WORD_CHARS for word in run) else []


def _known(word: str) -> bool:
    """Whether a word is a code, or looks like one."""
    return (
        word in codes()
        or len(word) < 4
        or bool(_PROGRAM_RE.fullmatch(word) or _glued(word) or _misspelled(word))
    )


@lru_cache(maxsize=4096)
def _misspelled(word: str) -> str | None:
    """The one known code of four or more letters that is one letter away from a longer word: `MOPPS`."""
    if not _MIN_SLIP_CHARS <= len(word) <= _MAX_WORD_CHARS or not word.isalpha():
        return None
    near = {word[:cut] + word[cut + 1 :] for cut in range(len(word))}
    if len(word) > _MIN_SLIP_CHARS:
        near |= {
            word[:cut] + letter + word[cut + skip :]
            for cut in range(len(word))
            for skip in (0, 1)
            for letter in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
        }
    found = {codes()[code].code for code in near if len(code) > 3 and code in codes()}
    return found.pop() if len(found) == 1 else None


def _taken_apart(word: str) -> list[Tag]:
    """One word: a code, several codes glued or joined by a slash, or something unknown kept as it is."""
    if word in codes():
        return [_tag(word)]
    for pieces in (word.split("/"), word.split("-"), _glued(word), _of_three(word)):
        if len(pieces) > 1 and all(piece in codes() or _PROGRAM_RE.fullmatch(piece) for piece in pieces):
            return [_tag(piece) for piece in pieces]
    if slip := _misspelled(word):
        return [_tag(slip)]
    if len(word) < 2 or word in _LINKING_WORDS or re.search(r"\d{3}", word):
        return []
    return [Tag(word, _kind_by_shape(word))]


def _of_three(word: str) -> list[str]:
    """The two known codes of three letters that make up `word`: `POLMIL`."""
    pieces = [word[:3], word[3:]]
    return pieces if len(word) == 6 and all(piece in codes() for piece in pieces) else []


def _kind_by_shape(word: str) -> TagKind:
    """The kind of a code without a known name: `KSPR` is a program, `XM` a region."""
    if _PROGRAM_RE.fullmatch(word):
        return TagKind.PROGRAM
    return TagKind.COUNTRY if re.fullmatch(r"[XZ][A-Z]", word) else TagKind.OTHER


def _glued(word: str) -> list[str]:
    """The codes that make up `word` exactly, one of them known and long; empty if there are none."""
    pieces = _pieces(word)
    return pieces if any(len(piece) > 3 and piece in codes() for piece in pieces) else []


def _pieces(word: str) -> list[str]:
    """The fewest codes of two or more letters that make up `word` exactly; empty if there are none."""
    best: list[list[str] | None] = [[]] + [None] * len(word)
    if not _MIN_SLIP_CHARS <= len(word) < 40:
        return []
    for end in range(2, len(word) + 1):
        for start in range(end - 1):
            head = best[start]
            if head is not None and (word[start:end] in codes() or _PROGRAM_RE.fullmatch(word, start, end)):
                made = [*head, word[start:end]]
                if best[end] is None or len(made) < len(best[end] or []):
                    best[end] = made
    return best[len(word)] or []


def _tag(code: str) -> Tag:
    known = codes().get(code)
    if known is None:
        return Tag(code, _kind_by_shape(code))
    return Tag(known.code, known.kind, known.name)
