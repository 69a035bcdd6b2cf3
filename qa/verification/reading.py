"""The second reading: a chat model sees a sentence with nothing but what it cites, and says whether that supports it.

Sentences go in batches, each group under its paragraphs. Among the sentences of a group is a control that nothing
supports: where the model accepts it (a paragraph has talked it into a yes, or it agrees to everything), none of the
group counts. What cannot be read in its reply leaves a sentence as it was.
"""

import hashlib
import itertools
import logging
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from langchain_core.language_models import BaseChatModel
from langchain_core.messages import HumanMessage

import prompts
from cables.text import day_in_words
from qa.llm.prompt_guard import addresses_assistant, fresh_key, one_line, random_delimiter
from qa.llm.streaming import Meter, ModelFailed, whole_reply
from qa.text.analysis import analyse
from qa.verification.sources import Source
from vectorstore.embedding.chunking import sentence_case

log = logging.getLogger(__name__)

MAX_SENTENCES = 6
"""Sentences of a batch."""
MAX_WORDS = 1_500
"""Words of a batch's paragraphs, where it has more than one."""

_CONTROLS = (
    "A lighthouse on Tristan da Cunha counted {n} porcelain owls.",
    "The price of a bicycle in Ulan Bator fell to {n} tugrik after the flower show.",
    "A choir of {n} beekeepers opened the planetarium in Reykjavik.",
    "In Tasmania {n} kites were lent to the museum of clocks.",
)
_YES_RE = r"yes|true|(?:fully )?supported"
_NO_RE = r"no|false|not (?:fully )?supported|unsupported|partly|partially(?: supported)?"


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence with the sentences before it and what it cites."""

    sentence: str
    sources: tuple[Source, ...]
    context: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """What a reader says of a claim: supported or not, None where it does not say; the words that are not."""

    supported: bool | None = None
    words: str = ""
    score: float | None = None
    """How sure a local reader is that it is supported, 0 to 1."""


class Reader(Protocol):
    """Reads claims against their sources: a reading each, in order. Never fails."""

    def read(self, claims: Sequence[Claim], meter: Meter | None = None) -> list[Reading]:
        """The readings of some claims."""
        ...


class ChatReader:
    """Reads with a chat model."""

    def __init__(self, chat: BaseChatModel, *, timeout: float) -> None:
        self.chat = chat
        self.timeout = timeout

    def read(self, claims: Sequence[Claim], meter: Meter | None = None) -> list[Reading]:
        """The readings of some claims, a prompt a batch; takes at most `timeout` seconds a batch."""
        found: dict[int, Reading] = {}
        for batch in _batches([(n, claim) for n, claim in enumerate(claims) if _is_safe(claim)]):
            prompt = _Prompt(batch)
            try:
                reply = whole_reply(self.chat, [HumanMessage(prompt.text)], self.timeout, meter)
            except ModelFailed as failure:
                log.warning("a second reading failed: %s", failure)
                continue
            found |= prompt.readings(reply)
        return [found.get(n, Reading()) for n in range(len(claims))]


def _is_safe(claim: Claim) -> bool:
    """Whether nothing of a claim speaks to the model that reads it."""
    texts = [claim.sentence, claim.context, *(source.text for source in claim.sources)]
    return not any(map(addresses_assistant, texts))


Numbered = tuple[int, Claim]


def _batches(claims: Sequence[Numbered]) -> Iterator[list[list[Numbered]]]:
    """Groups of claims that cite the same, as many as fit into a prompt."""
    batch: list[list[Numbered]] = []
    words = 0
    for sources, same in itertools.groupby(claims, key=lambda one: one[1].sources):
        group = list(same)
        length = sum(len(source.text.split()) for source in sources)
        for start in range(0, len(group), MAX_SENTENCES):
            part = group[start : start + MAX_SENTENCES]
            if batch and (sum(map(len, batch)) + len(part) > MAX_SENTENCES or words + length > MAX_WORDS):
                yield batch
                batch, words = [], 0
            batch.append(part)
            words += length
    if batch:
        yield batch


class _Prompt:
    """A batch as a prompt, and its keys for reading the reply."""

    def __init__(self, batch: Sequence[Sequence[Numbered]]) -> None:
        self._fence = random_delimiter()
        self._keys: dict[str, int] = {}
        self._controls: dict[str, list[str]] = {}
        """Key of a group's control -> keys of its claims."""
        items = [self._group(group) for group in batch]
        keys = [*self._keys, *self._controls]
        self.text = prompts.load("reading").substitute(
            fence=self._fence, items="\n\n".join(items), keys=", ".join(keys)
        )

    def _group(self, group: Sequence[Numbered]) -> str:
        sources = group[0][1].sources
        lines = [block for source in sources for block in self._source(source)]
        keys = []
        for n, claim in group:
            keys.append(self._new_key())
            self._keys[keys[-1]] = n
            lines.append(self._sentence(keys[-1], claim.sentence, claim.context))
        control = self._new_key()
        self._controls[control] = keys
        text = "".join(source.text for source in sources) + "".join(claim.sentence for _, claim in group)
        lines.insert(len(sources) + len(text) % (len(keys) + 1), self._sentence(control, _control(text), ""))
        return "\n\n".join(lines)

    def _new_key(self) -> str:
        return fresh_key({*self._keys, *self._controls})

    def _source(self, source: Source) -> Iterator[str]:
        shown = source.subject and not addresses_assistant(source.subject)
        subject = f'"{sentence_case(source.subject)}"' if shown else ""
        about = ", ".join(filter(None, (source.label, day_in_words(source.day), subject, source.cable_id)))
        cable, text = (one_line(part, self._fence) for part in (about, source.text))
        yield f"{self._fence}\ncable: {cable}\ntext: {text}\n{self._fence}"

    def _sentence(self, key: str, sentence: str, context: str) -> str:
        before = f"before: {one_line(context, self._fence)}\n" if context else ""
        return f"key: {key}\n{before}sentence: {one_line(sentence, self._fence)}"

    def readings(self, reply: str) -> dict[int, Reading]:
        """What the reply says of each claim; nothing of those whose control it accepts."""
        answers = {key: _answer(key, reply) for key in (*self._keys, *self._controls)}
        fooled = {key for control, own in self._controls.items() if answers[control].supported for key in own}
        return {n: answers[key] for key, n in self._keys.items() if key not in fooled}


def _control(text: str) -> str:
    """A sentence that no paragraph supports; the same for the same text, and nobody can foresee it."""
    number = int.from_bytes(hashlib.sha256(text.encode()).digest()[:4])
    return _CONTROLS[number % len(_CONTROLS)].format(n=20 + number % 900)


def _answer(key: str, reply: str) -> Reading:
    """The answer under a key; nothing where it says both, or neither."""
    pattern = rf"\b{key}\b[^\w\n]{{1,12}}(?:(?P<no>{_NO_RE})|(?P<yes>{_YES_RE}))\b(?P<rest>[^\n]*)"
    found = list(re.finditer(pattern, reply, re.IGNORECASE))
    if not found or len({bool(match["yes"]) for match in found}) > 1:
        return Reading()
    return Reading(supported=bool(found[0]["yes"]), words=found[0]["rest"].strip(" \t:;,.-–—\"'“”()*}"))


def unsupported_words(reading: Reading, sentence: str) -> str:
    """The words that a reading calls unsupported, where at least half of them are the sentence's own."""
    words = analyse(reading.words).lemmas
    return reading.words if words and 2 * len(words & analyse(sentence).lemmas) >= len(words) else ""
