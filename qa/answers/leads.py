"""What stands before a quoted row: when, who speaks, about what."""

import re

from cables import Role
from cables.glossary import acronym
from cables.text import STOPWORDS, day_in_words, stem
from qa.generation.quotation import Chosen
from qa.text.speaker_attribution import role_at
from qa.text.wordlists import common_words
from vectorstore.retrieval.evidence import Evidence

_TOKEN_RE = re.compile(r"(?:[A-Za-z]\.){2,}|[\w'’-]+")
_VOICES = {Role.COMMENT: " comments", Role.QUOTED: " quotes", Role.ACTION: " asks for action"}


def dated_lead(pair: Chosen, day: int | None = None) -> str:
    """Of a row, with who speaks: `17 April 2008, Embassy Rome comments:`; `day` in the place of its cable's."""
    evidence = pair[0]
    who = f"{evidence.found.post or evidence.cable_id}{_VOICES.get(voice_of(pair), '')}"
    return ", ".join(filter(None, (day_in_words(day or evidence.found.day), who))) + ":"


def row_lead(pair: Chosen) -> str:
    """Of a row that stands for its cable: `17 April 2008, Embassy Rome, “Talks on reform”:`."""
    found, subject = pair[0].found, subject_in_words(pair[0])
    sender = found.post or pair[0].cable_id
    return ", ".join(filter(None, (day_in_words(found.day), sender, f"“{subject}”" if subject else ""))) + ":"


def voice_of(pair: Chosen) -> Role:
    """Who speaks in a sentence."""
    return role_at(pair[0].text, pair[0].role, pair[1].piece.start)


def subject_in_words(evidence: Evidence) -> str:
    """The subject of its cable on one line; one in capitals is written as the paragraph and the language write it."""
    subject = " ".join((evidence.found.subject or "").split())
    if not subject.isupper():
        return subject
    forms = {word.upper(): word for word in reversed(_TOKEN_RE.findall(evidence.text)) if not word.isupper()}
    words = _TOKEN_RE.sub(lambda match: forms.get(match[0]) or _recased(match[0]), subject)
    return words[:1].upper() + words[1:]


def _recased(word: str) -> str:
    """A word in capitals as it is mostly written: a common one small, an acronym as it is, a name with one capital."""
    lower = word.lower()
    if lower in STOPWORDS or stem(lower) in common_words():
        return lower
    return word if acronym(word) or "." in word else word.capitalize()
