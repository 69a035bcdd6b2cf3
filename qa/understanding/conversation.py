"""What a follow-up is about: the question as it would be asked alone, without a model.

Measured on real follow-ups (docs/retrieval.md): the question together with the turn before it and the names
in the last answer finds most, with the question's own words counted again on their own.
"""

import re
from dataclasses import dataclass

from cables.text import content_words, names
from qa.answer import Question, Turn
from qa.text.analysis import analyse
from qa.understanding.periods import find_periods, without_periods

_OPENING_RE = re.compile(
    r"^(?:and|but|so|or|then|what about|how about|why\?|how so|who else|what else|also)\b", re.IGNORECASE
)
_CORRECTING_RE = re.compile(
    r"^(?:no|sorry|not|only|just|i (?:meant|mean|asked|wanted|was asking)|rather|instead)\b", re.IGNORECASE
)
_REFUSED_RE = re.compile(
    r"^(?:(?:no|sorry|not)\b[^.?!]*[.?!]\s+|(?:(?:no|sorry),? )?not [^,.?!]{1,40},\s+(?:but )?)(?=\S+ \S+)",
    re.IGNORECASE,
)
"""The part of a correction that says what was not meant."""
_DENYING_RE = re.compile(r"^(?:no|sorry|not)\b", re.IGNORECASE)
_NARROWING_RE = re.compile(
    r"^(?:only|just)\b.*\b(?:embassy|consulate|mission|ambassador|department)\b", re.IGNORECASE
)
"""Asks for the same again, from one sender alone."""
_MORE_RE = re.compile(
    r"\b(?:tell me more|more (?:about|on|of)|what else|anything else|who else|go on|continue|further details?)\b",
    re.IGNORECASE,
)
_PRONOUN_RE = re.compile(
    r"\b(?:he|she|it|they|him|her|them|his|its|their|this|that|these|those|there|then|such|same|both|former|latter)\b",
    re.IGNORECASE,
)
_INSTITUTION_RE = re.compile(
    r"(?:Council|Committee|Commission|Ministry|Department|Union|Nations|Party|Court|Bank|Parliament|Senate|Congress|"
    r"Government|Embassy|Assembly|Agency|Office)$"
)
"""Names that "he" or "she" cannot mean."""
MAX_WORDS_FOR_MORE = 8
MAX_DEPENDENT_WORDS = 4


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question as it is searched: `text` stands alone, `own_words` holds a follow-up's own words."""

    text: str
    own_words: str = ""
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited, the last one last."""
    routed: str = ""
    """What tells the kind of question, where that is not the follow-up: an earlier one that is asked again."""
    pieces: tuple[str, ...] = ()
    """What `text` is made of: a name does not run on from one into the next."""
    shown: str = ""
    """How the question was interpreted, for the reader; empty where it stands alone."""


def interpret(question: Question) -> Interpretation:
    """The meaning of a question in its conversation."""
    asked = [turn for turn in question.history if turn.role == "user"]
    if question.standalone or not asked or not _follows(question):
        return Interpretation(question.text)
    answers = [turn for turn in question.history if turn.role != "user"]
    own = _REFUSED_RE.sub("", question.text)
    before = asked[-1].content
    if find_periods(own) and len(content_words(without_periods(own))) <= 1:  # "and in 2007?"
        text = f"{without_periods(before).rstrip(' ?.')} {own[0].lower()}{own[1:]}"
        return Interpretation(text, routed=text, cited=_cited(answers), shown=text)
    if _NARROWING_RE.match(own):
        return Interpretation(
            before, own_words=own, routed=before, cited=_cited(answers), shown=f"{before} {own}"
        )
    # Whom the last answer was about was not meant where it is corrected.
    is_other = _DENYING_RE.match(question.text) is not None
    carried = "" if is_other or not answers else " ".join(names(answers[-1].content))
    pieces = tuple(filter(None, (_topic(asked), before, carried, own)))
    return Interpretation(
        " ".join(pieces), own_words=own, cited=_cited(answers), pieces=pieces, shown=f"{before} {own}"
    )


def asks_for_more(text: str) -> bool:
    """Whether a follow-up goes on in what was cited."""
    return len(text.split()) <= MAX_WORDS_FOR_MORE and _MORE_RE.search(text) is not None


def _topic(asked: list[Turn]) -> str:
    """Names of the last question that stood alone, where the one before this points back itself."""
    if len(asked) < 2 or not _PRONOUN_RE.search(asked[-1].content):
        return ""
    alone = [turn.content for turn in asked[:-1] if not _PRONOUN_RE.search(turn.content)]
    return " ".join(names(alone[-1])) if alone else ""


def _follows(question: Question) -> bool:
    """Whether the question needs the turns before it: it points back, opens like one, or names nothing."""
    own = set(names(question.text))
    before = " ".join(turn.content for turn in question.history)
    countries = {name.printed for name in analyse(question.text).names if name.is_country}
    new = {name for name in own if name not in before}
    if (
        _OPENING_RE.match(question.text)
        or _CORRECTING_RE.match(question.text)
        or asks_for_more(question.text)
    ):
        return True
    if _PRONOUN_RE.search(question.text):
        return (
            not new - countries
            or len(content_words(question.text)) <= MAX_DEPENDENT_WORDS
            or _points_first(question.text, new - countries)
        )
    return not new and (not own or len(content_words(question.text)) <= MAX_DEPENDENT_WORDS)


def _points_first(text: str, new: set[str]) -> bool:
    """Whether no new name stands before the pronoun that it could mean."""
    pointing = _PRONOUN_RE.search(text)
    return pointing is not None and all(
        pointing.start() < text.find(name) or _INSTITUTION_RE.search(name) for name in new
    )


def _cited(answers: list[Turn]) -> tuple[str, ...]:
    """What the answers cited: paragraphs where any did, else the cables that the last one named."""
    keys = [key for turn in answers for key in turn.cited if "." in key]
    if not keys and answers:
        keys = [f"{cable}." for cable in answers[-1].cited]
    return tuple(dict.fromkeys(keys))
