"""Which numbers at line starts are paragraph numbers: the best chain through all candidates.

Years, days and list items stand at line starts too. Every candidate has a weight (a portion marking
behind it is strong evidence) and every step from one to the next a cost; one pass finds the chain with
the highest sum (Viterbi), so a number counts when the numbers around it need it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cables.marking import MARK

_CANDIDATE = re.compile(
    rf"[ \t]*(?:¶[ \t]*)?(?:(?P<before>{MARK})[ \t]*)?"
    rf"(?:(?P<outer>\d{{1,3}})\.{{1,2}}[ \t]+(?=\d{{1,3}}\.{{1,2}}[ \t]+{MARK}))?"
    rf"\(?(?P<number>\d{{1,3}})(?:(?P<dot>\.{{1,2}})(?!\d)|(?P<bracket>\.?\)\.?)|,(?=[ \t]*\()|(?=[ \t]{{0,3}}{MARK}))"
    rf"[ \t]*(?P<mark>{MARK})?"
)
_INLINE = re.compile(rf"[ \t](?P<number>\d{{1,3}})\.[ \t]?(?P<mark>{MARK})(?=\s)")
_BEFORE_INLINE = ".!?:)\"'-"


_MARKED, _BARE, _ITEM = 3.0, 0.6, -1.5
_STEP, _SKIP, _REPEAT, _BACK, _RESTART, _JUMP, _START, _START_LATER = (
    (2.5, -1.2, -2.5, -3.5, -3.0, -4.0, 2.0, -1.0)
)
_WIDEST_SKIP = 3


@dataclass(frozen=True, slots=True)
class Numbered:
    """A paragraph number in a text: the number, where it begins, where its text begins, its marking."""

    number: int
    start: int
    end: int
    mark: str | None
    weight: float = _BARE


def paragraph_numbers(text: str, start: int = 0) -> list[Numbered]:
    """The numbers in `text` from `start` on that number paragraphs, in order."""
    candidates = sorted(_candidates(text, start), key=lambda found: found.start)
    if sum(found.weight > 0 for found in candidates) > 1:  # "1) ... 2) ..." is then a list inside a paragraph
        candidates = [found for found in candidates if found.weight > 0]
    return _without_embedded(_best_chain(candidates))


def _candidates(text: str, start: int) -> Iterator[Numbered]:
    line = start
    while line >= 0:
        if match := _CANDIDATE.match(text, line):
            mark = match["mark"] or match["before"]
            weight = _MARKED if mark else _ITEM if match["bracket"] else _BARE
            yield Numbered(int(match["number"]), line, match.end(), mark, weight)
        line = text.find("\n", line) + 1 or -1
    for match in _INLINE.finditer(text, start):
        if match["number"] == "1" or text[max(match.start() - 4, 0) : match.start()].rstrip(" \t")[-1:] in _BEFORE_INLINE:
            yield Numbered(int(match["number"]), match.start("number"), match.end(), match["mark"], _BARE)


def _best_chain(candidates: list[Numbered]) -> list[Numbered]:
    """Viterbi over the candidates. Only the best chain for each last number is kept, so the time is linear."""
    best: dict[int, tuple[float, int]] = {}
    before: list[int] = []
    top = (0.0, -1)
    for index, candidate in enumerate(candidates):
        score, previous = _best_entry(candidate.number, best, top)
        score += candidate.weight
        before.append(previous)
        if score > best.get(candidate.number, (0.0, -1))[0]:
            best[candidate.number] = (score, index)
        if score > top[0]:
            top = (score, index)
    chain = []
    index = top[1]
    while index >= 0:
        chain.append(candidates[index])
        index = before[index]
    return chain[::-1]


def _best_entry(number: int, best: dict[int, tuple[float, int]], top: tuple[float, int]) -> tuple[float, int]:
    """The best chain to put `number` behind: its score after that step, and its last candidate (-1: none)."""
    entries = [(_START if number == 1 else _START_LATER, -1)]
    steps = [(1, _STEP), (0, _REPEAT)] + [(1 + wide, _SKIP * wide) for wide in range(1, _WIDEST_SKIP + 1)]
    for step, gain in steps:
        if number - step in best:
            score, index = best[number - step]
            entries.append((score + gain, index))
    if top[1] >= 0:
        entries.append((top[0] + (_RESTART if number == 1 else _JUMP), top[1]))
    for back in (1, 2):
        if number + back in best:
            score, index = best[number + back]
            entries.append((score + _BACK, index))
    return max(entries)


def _without_embedded(chain: list[Numbered]) -> list[Numbered]:
    """Drop a bare list from 1 on inside a paragraph, behind which the outer count goes on (a quoted letter)."""
    kept: list[Numbered] = []
    index = 0
    while index < len(chain):
        end = _embedded_end(chain, index, kept)
        if end > index:
            index = end
        else:
            kept.append(chain[index])
            index += 1
    return kept


def _embedded_end(chain: list[Numbered], start: int, kept: list[Numbered]) -> int:
    """Where the bare run that begins at `start` gives way to the outer count; `start` if it does not."""
    if not kept or chain[start].number != 1 or chain[start].mark:
        return start
    outer = kept[-1].number + 1
    for index in range(start + 1, len(chain)):
        follower = chain[index]
        if follower.number == outer and (follower.mark or chain[index - 1].number + 1 != outer):
            return index
        if follower.mark or follower.number != chain[index - 1].number + 1:
            return start
    return start
