"""What a follow-up means: the question as it would be asked alone, without a model.

A conversation is a state, not text: it is folded over its turns, and each follow-up fills or replaces a part of it.
Measured on real follow-ups (docs/retrieval.md): the question together with the one before it and some names of the
last answer finds most, with the question's own words counted again on their own. These names help the search and
nothing else: what is counted, listed and shown comes from what the reader said.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from cables import ids
from cables.text import names
from qa.answer import Question, Turn
from qa.text.analysis import analyse
from qa.understanding.followups import changed, is_hollow, leans
from qa.understanding.patterns import pattern
from qa.understanding.references import (
    PERSON_RE,
    is_ellipsis,
    people_in,
    replaced,
    with_cable,
    with_person,
)
from qa.understanding.topic import MAX_READ_CHARS

_RELATED_RE = re.compile(r"\b(?:his|her) (?:[a-z]+[ -]){1,2}(?=[A-Z])")
_SENDER_RE = re.compile(r"^(?:The )?(?:Embassy|Consulate|US Mission|Mission|Report|Summary|Comment)\b")
MAX_ANSWER_CHARS = 2_000
"""Of an answer, looked at for names."""
MAX_TURNS = 40
"""Messages of a conversation that are looked at, the last ones."""
MAX_CARRIED_NAMES = 6
"""Of the last answer, searched with a follow-up."""


@dataclass(frozen=True, slots=True)
class Interpretation:
    """A question as it is understood: `text` stands alone, `own_words` holds a follow-up's own words."""

    text: str
    own_words: str = ""
    resolved: str = ""
    """The own words with a name for each "he"."""
    searched: str = ""
    """What is searched, where that is more than `text`: names of the last answer beside it."""
    cited: tuple[str, ...] = ()
    """Keys of paragraphs that the conversation has cited, the last one last."""
    routed: str = ""
    """What tells the kind of question, where that is not the follow-up: an earlier one that is asked again."""
    shown: str = ""
    """How the question was interpreted, for the reader; empty where it stands alone."""
    within: str = ""
    """The cable that the conversation is about; only there is searched."""
    sides: tuple[str, ...] = ()
    """Two earlier questions that are to be compared."""
    brief: bool = False
    """The same is asked for in fewer words."""

    @property
    def route(self) -> str:
        """What tells the kind of the question."""
        return self.routed or self.text


@dataclass(frozen=True, slots=True)
class _Focus:
    """What a conversation is about after a turn."""

    topic: str = ""
    """The last question that stood alone, where `last` leans on it."""
    last: str = ""
    """The last question, with what it pointed to in its place."""
    person: str = ""
    """Whom "he" or "she" means."""
    answer: Turn | None = None
    """What it was answered."""
    cited: tuple[str, ...] = ()
    """Keys that were cited, those of the last answer last."""
    cable: tuple[str, ...] = ()
    """Keys of the last answer that cited any, in its order; or the cable that its question named."""
    within: str = ""
    """The cable that the last questions were about."""
    route: str = ""
    """What told the kind of the last question."""
    earlier: str = ""
    """The question before the last one."""

    @property
    def asked(self) -> str:
        """The last question as it stands alone."""
        return f"{self.topic} {self.last}".strip()


def interpret(question: Question) -> Interpretation:
    """The meaning of a question in its conversation."""
    focus = _Focus()
    if not question.standalone:
        for text, answer in _exchanges(question.history[-MAX_TURNS:]):
            focus = _after(focus, _interpret(text, focus), text, answer)
    return _interpret(question.text, focus)


def _exchanges(history: tuple[Turn, ...]) -> Iterator[tuple[str, Turn | None]]:
    """Questions with their answers; what was no question, such as thanks, is left out."""
    for place, turn in enumerate(history):
        if turn.role == "user" and not pattern("greeting").search(turn.content):
            following = history[place + 1 : place + 2]
            answer = next((reply for reply in following if reply.role != "user"), None)
            cut = answer and replace(answer, content=answer.content[:MAX_ANSWER_CHARS])
            yield turn.content[:MAX_READ_CHARS], cut


def _interpret(text: str, focus: _Focus) -> Interpretation:
    said = f"{focus.asked} {focus.answer.content if focus.answer else ''}"
    points_at_cable = with_cable(text, focus.cable) != text
    if not focus.last or pattern("greeting").search(text) or not (points_at_cable or leans(text, said)):
        return Interpretation(text)
    own, meant = pattern("meant").subn("", pattern("denied").sub("", text))
    if again := _asked_again(f"and {own}" if meant and names(f"so {own}") else own, focus):
        return again
    if points_at_cable:
        own = with_cable(own, focus.cable)
        return Interpretation(own, own, cited=focus.cited, shown=own)
    return _leaning(own, with_person(own, focus.person), text, focus)


def _asked_again(own: str, focus: _Focus) -> Interpretation | None:
    """The question before with another time, place, person, sender or length; None where it is another question."""
    before = focus.asked
    if pattern("shorter").search(own):
        return _again(before, focus, brief=True)
    if pattern("narrowing").search(own):
        return _again(before, focus, own_words=own, shown=f"{before} {own}")
    if pattern("both_compared").search(own) and focus.earlier:
        return _again(own, focus, routed=own, sides=(focus.earlier, before))
    text = changed(before, own) or (_with_replaced(own, focus) if is_ellipsis(own) else "")
    return _again(text, focus, routed=text) if text else None


def _again(text: str, focus: _Focus, **others: Any) -> Interpretation:
    """An earlier question that is asked again, with `others` of its fields."""
    same = Interpretation(text, routed=focus.route, cited=focus.cited, shown=text, within=focus.within)
    return replace(same, **others)


def _with_replaced(own: str, focus: _Focus) -> str:
    """The last question, or else its topic, with what an ellipsis says in its place."""
    new = with_person(own, focus.person)
    if last := replaced(focus.last, new):
        return f"{focus.topic} {last}".strip()
    return replaced(focus.topic, new)


def _leaning(own: str, resolved: str, text: str, focus: _Focus) -> Interpretation:
    """A follow-up that leans on the question before, and on whom the last answer named.

    `resolved` are its own words with a name for each "he".
    """
    alone = _stands_alone(resolved)
    meaning = Interpretation(
        resolved, own, resolved=resolved, routed=text, cited=focus.cited, shown=resolved, within=focus.within
    )
    if focus.within and not alone:
        return meaning
    # Whom the last answer was about was not meant where it is corrected.
    is_other = pattern("denying").search(text) is not None
    told = () if is_other or not focus.answer else _told(focus.answer.content)
    pieces = (" ".join(names(focus.topic)), focus.last, " ".join(told), own)
    whole = resolved if alone else f"{focus.topic or focus.last} {resolved}"
    return replace(meaning, text=whole, shown=whole, within="", searched=" ".join(filter(None, pieces)))


def _stands_alone(own: str) -> bool:
    """Whether a follow-up says all that it is about, once its pronouns have been replaced."""
    points = pattern("pointing").search(own) or pattern("leans_opening").search(own)
    return bool(analyse(own).names) and not points and not is_hollow(own)


def _after(focus: _Focus, meaning: Interpretation, text: str, answer: Turn | None) -> _Focus:
    """The focus after a question and its answer."""
    if meaning.text == focus.asked or meaning.sides:  # the same once more
        topic, last = focus.topic, focus.last
    elif meaning.resolved and meaning.text != meaning.resolved:
        topic, last = focus.topic or focus.last, meaning.resolved
    else:
        topic, last = "", meaning.text
    named = tuple(dict.fromkeys(mention.id for mention in ids.find(meaning.text)))
    cited = answer.cited if answer else ()
    keys = tuple(key for key in cited if "." in key) or tuple(f"{id}." for id in cited)
    return _Focus(
        topic=topic,
        last=last,
        person=_person(focus, text, meaning, answer),
        answer=answer,
        cited=tuple(dict.fromkeys((*focus.cited, *keys))),
        cable=tuple(f"{id}." for id in named) or keys or focus.cable,
        within=named[0] if len(named) == 1 else meaning.within,
        route=meaning.route,
        earlier=focus.asked,
    )


def _person(focus: _Focus, text: str, meaning: Interpretation, answer: Turn | None) -> str:
    """Whom "he" means after a question: whom it meant in it, whom it names first, or with whom it was answered."""
    related = _RELATED_RE.search(text)  # "his son Gamal"
    if related and (relatives := people_in(f"so {text[related.end() :]}")):
        return relatives[0].printed
    if focus.person and PERSON_RE.search(text):
        return focus.person
    told = people_in(answer.content) if answer else []
    told = [name for name in told if not _SENDER_RE.match(name.printed)]
    asked = people_in(meaning.resolved or meaning.text)
    asks_who = pattern("asks_who").search(text) and not pattern("profile").search(text)
    if told and (asks_who or (not asked and all(name.same(told[0]) for name in told))):
        return told[0].printed
    return asked[0].printed if asked else focus.person


def _told(answer: str) -> tuple[str, ...]:
    """Whom and what an answer names first, without its senders."""
    return tuple(name for name in names(answer) if not _SENDER_RE.match(name))[:MAX_CARRIED_NAMES]
