"""Evidence as it is shown to a chat model: fenced, keyed, cleaned, and screened for words meant for the model.

A cable is anybody's text. The fence is a random line that no paragraph can hold, keys are random so that no
paragraph can name one, invisible characters are gone, and paragraphs that address an assistant stay out of
the prompt. An embassy's own "ACTION REQUEST: post should ..." addresses a post and stays in.
"""

import random
import re
import secrets
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

import prompts
from cables import Role
from cables.text import day_in_words
from vectorstore.passages import sentence_case
from vectorstore.retriever import Evidence

PARAGRAPHS = 8
"""Given to a model, at most."""
WORDS = 1_500
"""Given to a model, at most: with the rules about 2,600 tokens, inside the 4,096 of small local models."""

SPEAKERS = {
    Role.SUMMARY: "the embassy, summing up the cable",
    Role.COMMENT: "the embassy's own comment",
    Role.ACTION: "the cable, asking its readers to act",
    Role.QUOTED: "a text that the cable quotes",
    Role.BODY: "the embassy, reporting",
}

_LETTERS, _DIGITS = "bcdfghjkmnpqrstvwxz", "23456789"

# Who is addressed decides: an assistant, its prompt or its user, which no diplomat wrote to before 2011.
_MODEL = r"(?:a\.?i\.?(?: model| assistant| system)?|assistants?|(?:large )?language models?|llms?|chat ?bots?|chat ?gpt|gpt-?\d*)"
_RULES = r"(?:instructions?|prompts?|rules|directions|guidelines|guidance|messages?|context|constraints|evidence|text)"
_ADDRESSED = re.compile(
    "|".join(
        (
            rf"\b(?:ignore|disregard|forget|override|bypass|discard)\b[^.\n]{{0,30}}\b(?:previous|prior|above|earlier|preceding|foregoing|your|system|other|all)\b[^.\n]{{0,20}}\b{_RULES}\b",
            rf"\byou are (?:now |really |actually )?(?:an? |the )?(?:\w+ )?{_MODEL}\b",
            rf"\b(?:as|dear|hey|hello|attention|note to|notice to|message (?:to|for)|instructions? (?:to|for)|for) (?:an? |the |any |all |every )?{_MODEL}\b(?! (?:secretary|chief|director|minister|attorney|foreign))",
            rf"(?:^|[.\n\"“:>-]\s*)(?:{_MODEL})\s*[:,]",
            r"\b(?:system|developer) (?:prompt|message|instruction)s?\b|\bjail ?break(?!er)|\bdo anything now\b|\bprompt injection\b",
            r"<\|[a-z_]+\|>|\[/?INST\]|<</?SYS>>|</?(?:system|assistant|user|human|instructions?|evidence|context|document)>|^#{2,} ?(?:system|assistant|user|human|instruction|response|evidence|answer)|^(?:system|assistant|user|human) ?:",
            r"\b(?:tell|inform|warn|show|reveal to|remind) the (?:user|reader of this answer)\b|\bthe user(?:'s)? (?:must|should|will|question|query|asks?)\b",
            r"\b(?:respond|reply|answer|output|print|write|say|begin your answer|end your answer) (?:only |exactly |instead |simply )*(?:with )?(?:only )?(?:the (?:word|words|phrase|string|following|text)|the single)\b[^.\n]{0,20}[:\"'“A-Z]",
            r"\byour (?:only |final |entire |next |whole )?(?:answer|response|reply|output)s? (?:must|should|shall|has to|is|to (?:this|every|any|all))\b",
            r"\bin your (?:answer|response|reply|output|summary)\b|\bwhen(?:ever)? (?:you )?(?:answer|summari[sz]|respond|quot|cit)\w* (?:this|these|any|a question|questions|the question)\b",
            r"\b(?:cite|quote|use) (?:only |always )?(?:the )?(?:key|marker|citation|source)\b|\bkey ?: ?\w{3,6}\b",
            r"!\[[^\]]*\]\s*\(|\]\(\s*(?:https?|javascript|data):|<\s*(?:img|script|iframe|svg|object|embed|form|style|link|meta|a|video|audio|details|math|base|body|input|button|marquee)\b|\bjavascript:|\bon(?:error|load|click|mouseover)\s*=",
            r"\b(?=[A-Za-z0-9+/]*[a-z])(?=[A-Za-z0-9+/]*[A-Z])(?=[A-Za-z0-9+/]*\d)[A-Za-z0-9+/]{48,}={0,2}",
        )
    ),
    re.IGNORECASE | re.MULTILINE,
)


@dataclass(frozen=True, slots=True)
class Fenced:
    """Evidence under keys, and the prompt's blocks that show it."""

    delimiter: str
    by_key: dict[str, Evidence]
    blocks: str


def cleaned(text: str) -> str:
    """Text without control, bidirectional, zero-width, tag and private-use characters; lines and tabs stay."""
    kept = (c for c in text if c in "\n\t" or unicodedata.category(c) not in ("Cc", "Cf", "Co", "Cs", "Cn"))
    return "".join(kept)


def addresses_assistant(text: str) -> bool:
    """Whether a text speaks to an assistant, or carries markup that no cable has."""
    # Compatibility forms fold full-width and styled letters into plain ones; marks hide nothing either.
    plain = unicodedata.normalize("NFKD", cleaned(text))
    plain = "".join(c for c in plain if not unicodedata.combining(c))
    return _ADDRESSED.search(plain) is not None


def screened(evidence: Sequence[Evidence]) -> list[Evidence]:
    """Evidence without paragraphs that address an assistant."""
    return [e for e in evidence if not addresses_assistant(e.text)]


def fence(evidence: Sequence[Evidence], chance: random.Random | None = None) -> Fenced:
    """The first paragraphs under fresh keys, as many as a model is given; `chance` is for tests alone."""
    chance = chance or secrets.SystemRandom()
    delimiter = f"=={chance.getrandbits(64):016x}=="
    by_key: dict[str, Evidence] = {}
    words = 0
    for one in evidence[:PARAGRAPHS]:
        words += len(one.text.split())
        if by_key and words > WORDS:
            break
        by_key[_fresh_key(chance, by_key)] = one
    blocks = "\n\n".join(_block(delimiter, key, one) for key, one in by_key.items())
    return Fenced(delimiter, by_key, blocks)


def _fresh_key(chance: random.Random, taken: dict[str, Evidence]) -> str:
    """Four letters and digits in turn: no word, no number, nothing that a cable holds."""
    while (key := "".join(chance.choice(kind) for kind in (_LETTERS, _DIGITS, _LETTERS, _LETTERS))) in taken:
        pass
    return key


def _block(delimiter: str, key: str, evidence: Evidence) -> str:
    found = evidence.found
    subject = "" if addresses_assistant(found.subject or "") else sentence_case(found.subject or "")
    about = (found.post or "", day_in_words(found.day), f'"{subject}"' if subject else "", found.cable_id)
    blanks = {"cable": ", ".join(filter(None, about)), "speaker": SPEAKERS[evidence.role], "text": evidence.text}
    return prompts.load("evidence").substitute(
        {name: one_line(value, delimiter) for name, value in blanks.items()}, fence=delimiter, key=key
    )


def one_line(text: str, delimiter: str) -> str:
    """Text on one line, so that it can start no block of its own, and without the delimiter."""
    return " ".join(cleaned(text).replace(delimiter, "").split())
