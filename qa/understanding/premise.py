"""What a question takes for granted: that somebody resigned, died, was arrested."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from cables.glossary.spellings import spellings
from cables.text import sentences
from qa.text.analysis import analyse
from qa.text.wordlists import rows_of

_TABLE = Path(__file__).with_name("premises.tsv")
_ASKING_RE = re.compile(
    r"^\W*(?:why|when|how|where|for what reason|in which year)\b.{0,12}?"
    r"\b(?:did|was|were|has|had|does|do|is|are)\b(?P<rest>.*)",
    re.IGNORECASE,
)
_UNCERTAIN_RE = re.compile(
    r"(?<=\w)n['’]t\b|\b(?:not|never|cannot|may|might|could|would|should|if|whether|possib\w+|rumou?r\w*"
    r"|call(?:s|ed|ing)? (?:for|on)|demand\w*|urg\w+|refus\w+|threat\w*|plan\w*|want\w*|expect\w*"
    r"|speculat\w+|attempt\w*|talk of|in case|den(?:y|ied|ies))\b",
    re.IGNORECASE,
)

_HE_RE = re.compile(r"\W*(?:he|she)\b", re.IGNORECASE)
_BREAK_RE = re.compile(
    r"[;:\d“\"]|\b(?:that|said|says|told|whose|and|but|while|who\W+\w+ed)\b", re.IGNORECASE
)
"""Between a name and an event: the event may be somebody else's."""
MAX_WORDS_TO_NAME = 3
"""Between an event and the name behind it: "the death of President Solberg"."""


@dataclass(frozen=True, slots=True)
class Premise:
    """That `name` did or met with `event`; `said` matches the words that say so."""

    name: str
    event: str
    said: re.Pattern[str]

    @property
    def text(self) -> str:
        """In words: `Solberg resigned`."""
        return f"{self.name} {self.event}"

    @property
    def surnames(self) -> tuple[str, ...]:
        """The last word of the name in all of its spellings."""
        last = self.name.split()[-1]
        return tuple(dict.fromkeys((last, *spellings(last))))

    def doubt(self, texts: Iterable[str]) -> str:
        """Why the premise may be false, as a sentence; empty where a sentence of the texts says so of the name.

        What is said with "may", "not" or "rumours" does not count.
        """
        named = re.compile(rf"\b(?:{'|'.join(map(re.escape, self.surnames))})\b", re.IGNORECASE)
        said = [piece for text in texts for piece in self._said_near(text, named)]
        if not said:
            return f"The archive does not say that {self.text}."
        if not any(_is_of(match, named) for piece in said for match in self.said.finditer(piece)):
            return f"No sentence says plainly that {self.text}."
        return ""

    def _said_near(self, text: str, named: re.Pattern[str]) -> Iterator[str]:
        """Sentences of a text that tell of such an event and name the name; "he" in the next one is a name too."""
        about = ""
        for piece in sentences(text):
            own = named.search(piece.text)
            about = own[0] if own else about if _HE_RE.match(piece.text) else ""
            if about and self.said.search(piece.text) and not _UNCERTAIN_RE.search(piece.text):
                yield piece.text if own else _HE_RE.sub(about, piece.text, count=1)


def _is_of(said: re.Match[str], named: re.Pattern[str]) -> bool:
    """Whether what is said is said of the name: it stands nearest, and nobody's number or belongings in between."""
    before, after = said.string[: said.start()], said.string[said.end() :]
    others = [name for name in analyse(before).names if name.parts]
    if others and named.search(others[-1].printed):
        gap = before[others[-1].end :]
        owns = gap.startswith(("'s", "’s"))
        return len(gap.split()) <= MAX_WORDS_TO_NAME if owns else not _BREAK_RE.search(gap)
    behind = analyse(f"so{after}").names
    between = after[: max(behind[0].start - len("so"), 0)] if behind else ""
    near = len(between.split()) <= MAX_WORDS_TO_NAME and not re.search(r"\bby\b", between)
    return bool(behind and near and named.search(behind[0].printed))


def premise_of(question: str) -> Premise | None:
    """The premise of a why, when or how question; None where it has none of those that are told."""
    asking = _ASKING_RE.match(question)
    if not asking:
        return None
    for asked, event, said in _premises():
        found = asked.search(asking["rest"])
        names = (
            [name for name in analyse(f"so {asking['rest'][: found.start()]}").names if not name.is_country]
            if found
            else []
        )
        if names:
            return Premise(names[-1].printed, event, said)
    return None


@cache
def _premises() -> list[tuple[re.Pattern[str], str, re.Pattern[str]]]:
    """What asks for an event, the event in words, what says it."""
    rows = []
    for event, words in rows_of(_TABLE):
        asked, said = words.split("\t")
        rows.append((_words(asked), event, _words(said)))
    return rows


def _words(alternatives: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{alternatives})\b", re.IGNORECASE)
