"""Anybody's sentences held against the cables that they cite: lines of JSON in, levels out.

A line is {"id", "sentence", "context", "quote", "evidence": [{"cable", "paragraph", "text"}]}; only "sentence" and
"evidence" are needed. A text that is given is used as it is, else the paragraph is read from the archive.
"""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from cables import ids
from qa.answer import ProofLevel
from qa.llm.streaming import Meter
from qa.verification.checker import Check, CitedParagraph, check, with_reading
from qa.verification.facts import holds_words
from qa.verification.reading import Claim, Reader
from qa.verification.sources import Source, SourceLookup

MAX_TOGETHER = 24
"""Claims that are read together where nobody waits for the first."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence with what it cites and what is known of it."""

    id: object
    sentence: str
    sources: tuple[Source, ...]
    check: Check
    score: float | None = None

    def as_json(self) -> dict[str, Any]:
        """The line that `reftel check --jsonl` prints; the fields are a contract."""
        return {
            "id": self.id,
            "level": self.check.level.value,
            "reason": self.check.reason,
            "score": self.score,
        }


@dataclass(frozen=True, slots=True)
class DraftClaim:
    """A sentence to check: the claim, its quote, and what it cites but the archive does not hold."""

    id: object
    claim: Claim
    quote: str = ""
    absent: str = ""


def read_claim(line: str | bytes, number: int, lookup: SourceLookup) -> DraftClaim:
    """The claim of a line. Raises ValueError, KeyError or TypeError where it is none."""
    row = json.loads(line)
    found, absent = [], ""
    for entry in row["evidence"]:
        cable = ids.canonical(entry["cable"]) or str(entry["cable"])
        source = lookup.find(cable, entry.get("paragraph"), entry.get("text") or "")
        found += [source] if source else []
        absent = absent or ("" if source else f"{cable} ¶{entry.get('paragraph')}")
    if not isinstance(row["sentence"], str) or not row["sentence"].strip():
        raise ValueError("the sentence is no text")
    claim = Claim(row["sentence"], tuple(found), str(row.get("context") or ""))
    return DraftClaim(row.get("id", number), claim, str(row.get("quote") or ""), absent)


def check_claims(
    drafts: Iterable[DraftClaim],
    reader: Reader | None = None,
    meter: Meter | None = None,
    *,
    together: int = MAX_TOGETHER,
) -> Iterator[CheckedClaim]:
    """The claims with their levels, in order; `reader` gives the second reading, to so many together."""
    waiting: list[DraftClaim] = []
    for draft in drafts:
        waiting.append(draft)
        if len(waiting) == together:
            yield from _checked(waiting, reader, meter)
            waiting = []
    yield from _checked(waiting, reader, meter)


def _checked(
    drafts: Sequence[DraftClaim], reader: Reader | None, meter: Meter | None
) -> Iterator[CheckedClaim]:
    checks = [_check(draft) for draft in drafts]
    open_ones = [n for n, one in enumerate(checks) if not (one.final or one.level.verified)]
    readings = reader.read([drafts[n].claim for n in open_ones], meter) if reader else []
    read = dict(zip(open_ones, readings))
    for n, (draft, known) in enumerate(zip(drafts, checks, strict=True)):
        claim, reading = draft.claim, read.get(n)
        if reading:
            known = with_reading(claim.sentence, known, reading)
        yield CheckedClaim(draft.id, claim.sentence, claim.sources, known, reading.score if reading else None)


def _check(draft: DraftClaim) -> Check:
    if draft.absent and not draft.claim.sources:
        reason = f"the archive does not hold {draft.absent}"
        return Check(ProofLevel.REFUTED, reason, {}, final=True)
    sources = draft.claim.sources
    quoted = next(
        (one for one in sources if holds_words(one.text, draft.quote)), sources[0] if sources else None
    )
    cited = [CitedParagraph(one, draft.quote if one is quoted else "") for one in sources]
    return check(draft.claim.sentence, cited)
