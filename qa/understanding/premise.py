"""What a question takes for granted: that somebody resigned, died, was arrested."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

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

    def is_said(self, texts: Iterable[str]) -> bool:
        """Whether a sentence of the texts says so of the name, without "may", "not" or "rumours"."""
        last = re.compile(rf"\b{re.escape(self.name.split()[-1])}\b", re.IGNORECASE)
        return any(
            last.search(piece.text) and self.said.search(piece.text) and not _UNCERTAIN_RE.search(piece.text)
            for text in texts
            for piece in sentences(text)
        )


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
