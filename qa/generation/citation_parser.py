"""Reads a model's stream: text, and the markers `[k7qx: "quoted words"]` in it, however the stream is cut.

A `[` holds the stream back until it is clear whether a marker begins there. Odd brackets and quotation marks
are read as plain ones, and what is no marker stays text.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

MAX_MARKER_CHARS = 800
"""Characters that a marker may have; longer ones are text that happened to begin with a bracket."""

_BRACKETS = str.maketrans("【〔［⟦〚】〕］⟧〛", "[[[[[]]]]]")
_OPEN, _CLOSE = '"“”„«‟', '"”“»‟'
_KEY = r"[A-Za-z0-9][\w.¶#/ -]{0,30}?"
_QUOTE = rf"[{_OPEN}](?P<quote>.*?)[{_CLOSE}][.,]?(?=\s*+(?:\]|[;,]\s*{_KEY}\s*+(?:[:=|]|\]|[{_OPEN}])))"
_BARE = rf"(?P<bare>[^\s\]{_OPEN}][^\]]*)"
_ITEM_RE = re.compile(rf"\s*+(?P<key>{_KEY})\s*+(?:[:=|,]?\s*{_QUOTE}|:\s*{_BARE}|(?=[\];,]))", re.DOTALL)
_BEGUN_RE = re.compile(rf"\s*+(?:{_KEY}\s*+(?:[:=|]\s*|[,;]\s*|(?=[{_OPEN}])|$)|$)", re.DOTALL)
_MARKED_RE = re.compile(
    r"(?=.*\d)(?=.*[a-z])[a-z0-9]{4}|\d{1,3}|(?:key|source|evidence|paragraph|para)\W?\w*|\d\d[A-Z]+\d+.*|¶.*",
    re.I,
)
_NEXT_RE = re.compile(r"\s*+([\];,])")


@dataclass(frozen=True, slots=True)
class Proof:
    """What a marker claims: the key of a paragraph, lower case, and the words that it quotes from there."""

    key: str
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Marker:
    """A marker of the stream with its proofs."""

    proofs: tuple[Proof, ...]


class CitationParser:
    """The stream's parser: `feed` it chunks, `close` it, and take text and markers in their order."""

    def __init__(self) -> None:
        self._held = ""

    def feed(self, chunk: str) -> Iterator[str | Marker]:
        """What is certain after this chunk."""
        self._held += chunk.translate(_BRACKETS)
        yield from self._read(ended=False)

    def close(self) -> Iterator[str | Marker]:
        """What was held back: a marker that the stream cut off still claims its key."""
        yield from self._read(ended=True)

    def _read(self, *, ended: bool) -> Iterator[str | Marker]:
        while self._held:
            plain, bracket, rest = self._held.partition("[")
            if plain:
                yield plain
            self._held = bracket + rest
            if not bracket:
                return
            length, found = _marker(self._held, ended=ended)
            if not length:
                return
            yield found or self._held[:length]
            self._held = self._held[length:]


def _marker(text: str, *, ended: bool) -> tuple[int, Marker | None]:
    """The marker at the start of `text` with its length; (1, None) where there is none, (0, None) to wait."""
    proofs: list[Proof] = []
    place = 1
    while item := _ITEM_RE.match(text, place):
        proofs.append(
            Proof(item["key"].strip().lower(), " ".join((item["quote"] or item["bare"] or "").split()))
        )
        place = item.end()
        after = _NEXT_RE.match(text, place)
        if after is None:
            break
        place = after.end()
        if after[1] == "]":
            return (place, Marker(tuple(proofs))) if _is_marker(proofs) else (1, None)
    if len(text) < MAX_MARKER_CHARS and not ended and _BEGUN_RE.match(text, 1) and "\n\n" not in text:
        return 0, None
    cut = _cut_marker(text) if ended else None
    return (len(text), cut) if cut else (1, None)


def _is_marker(proofs: list[Proof]) -> bool:
    """Whether brackets hold a marker; `[sic]` and `[the official]` do not, a key with a quote always does."""
    return any((proof.quote and " " not in proof.key) or _MARKED_RE.fullmatch(proof.key) for proof in proofs)


def _cut_marker(text: str) -> Marker | None:
    """A marker without its end; the quote's last word may be half a word and goes."""
    cut = re.match(rf"\[\s*+(\w{{4}})\s*+(?:[:=|,]?\s*+[{_OPEN}]?([^\]]*))$", text, re.DOTALL)
    if cut is None or not _MARKED_RE.fullmatch(cut[1]):
        return None
    return Marker((Proof(cut[1].lower(), " ".join(cut[2].split()[:-1])),))
