"""Evidence as it is shown to a chat model: fenced, keyed, cleaned, screened for words meant for the model.

A cable is anybody's text. The fence is a random line that no paragraph can hold, keys are random so that no
paragraph can name one, invisible characters are gone, and paragraphs that address an assistant stay out of
the prompt. An embassy's own "ACTION REQUEST: post should ..." addresses a post and stays in.
"""

import random
import re
import secrets
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import prompts
from cables import Role
from cables.glossary.posts import DEPARTMENT_OF_STATE
from cables.ids import year_of
from cables.text import day_in_words
from vectorstore.embedding.chunking import sentence_case
from vectorstore.retrieval.evidence import Evidence

MAX_PARAGRAPHS = 24
"""Given to a model, however large its context."""

SPEAKERS = {
    Role.SUMMARY: "{sender}, summing up the cable",
    Role.COMMENT: "{sender}, in a comment of its own",
    Role.ACTION: "{sender}, asking its readers to act",
    Role.QUOTED: "a text that {sender} quotes",
    Role.BODY: "{sender}, reporting",
}
_COMMENT_RE = re.compile(r"[(\[]\s*+(?:Comment|Note|Embassy comment)\b", re.IGNORECASE)

_LETTERS, _DIGITS = "bcdfghjkmnpqrstvwxz", "23456789"


@cache
def _addressed() -> re.Pattern[str]:
    """Any of the expressions of addressing.txt, in which `{model}` and `{rules}` stand for its own words."""
    lines = (Path(__file__).parent / "addressing.txt").read_text(encoding="utf-8").splitlines()
    parts = [line for line in lines if line and not line.startswith("# ")]
    words = dict(part.split(" = ", 1) for part in parts if " = " in part[:10])
    patterns = [part for part in parts if " = " not in part[:10]]
    for name, expression in words.items():
        patterns = [pattern.replace("{" + name + "}", expression) for pattern in patterns]
    return re.compile("|".join(patterns), re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class GuardedEvidence:
    """Evidence under keys, and the prompt's blocks that show it."""

    delimiter: str
    by_key: dict[str, Evidence]
    blocks: str


def cleaned(text: str) -> str:
    """Text without control, bidirectional, zero-width and private-use characters; lines and tabs stay."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    return "".join(kept)


def addresses_assistant(text: str) -> bool:
    """Whether a text speaks to an assistant, or carries markup that no cable has."""
    # Compatibility forms fold full-width and styled letters into plain ones; marks hide nothing either.
    plain = unicodedata.normalize("NFKD", cleaned(text))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    plain = re.sub(
        r"\s+", lambda run: "\n" if "\n" in run[0] else " ", plain
    )  # the expressions go over it once
    return _addressed().search(plain) is not None


def screened(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Evidence without paragraphs that address an assistant."""
    return [e for e in evidence if not addresses_assistant(e.text)]


def fence(
    evidence: Sequence[Evidence], *, max_words: int, chance: random.Random | None = None
) -> GuardedEvidence:
    """The first paragraphs under fresh keys, as many as fit; `chance` is for tests alone."""
    chance = chance or secrets.SystemRandom()
    delimiter = random_delimiter(chance)
    by_key: dict[str, Evidence] = {}
    words = 0
    for one in evidence[:MAX_PARAGRAPHS]:
        words += len(one.text.split())
        if by_key and words > max_words:
            break
        by_key[fresh_key(by_key, chance)] = one
    blocks = "\n\n".join(_block(delimiter, key, one) for key, one in by_key.items())
    return GuardedEvidence(delimiter, by_key, blocks)


def random_delimiter(chance: random.Random | None = None) -> str:
    """A line that no text can hold by accident or by guessing."""
    return f"=={(chance or secrets.SystemRandom()).getrandbits(64):016x}=="


def fresh_key(taken: Collection[str], chance: random.Random | None = None) -> str:
    """Four letters and digits in turn: no word, no number, nothing that a cable holds."""
    chance = chance or secrets.SystemRandom()
    while (key := "".join(chance.choice(kind) for kind in (_LETTERS, _DIGITS, _LETTERS, _LETTERS))) in taken:
        pass
    return key


def _block(delimiter: str, key: str, evidence: Evidence) -> str:
    found = evidence.found
    subject = "" if addresses_assistant(found.subject or "") else sentence_case(found.subject or "")
    year = year_of(found.cable_id)
    day = day_in_words(found.day) or (f"undated, of {year}" if year else "")
    about = (found.post or "", day, f'"{subject}"' if subject else "", found.cable_id)
    blanks = {
        "cable": ", ".join(filter(None, about)),
        "speaker": _speaker(evidence),
        "text": evidence.text,
    }
    return prompts.load("evidence").substitute(
        {name: one_line(value, delimiter) for name, value in blanks.items()}, fence=delimiter, key=key
    )


def _speaker(evidence: Evidence) -> str:
    """Who speaks in a paragraph; a comment in brackets inside a report is pointed out."""
    post = evidence.found.post
    sender = "the State Department" if post == DEPARTMENT_OF_STATE else post or "the sender"
    speaker = SPEAKERS[evidence.role].format(sender=sender)
    if evidence.role is Role.BODY and _COMMENT_RE.search(evidence.text):
        speaker += "; what stands in brackets as a comment is its own view"
    return speaker


def one_line(text: str, delimiter: str) -> str:
    """Text on one line, so that it can start no block of its own, and without the delimiter."""
    return " ".join(cleaned(text).replace(delimiter, "").split())
