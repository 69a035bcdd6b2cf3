"""Which numbers at line starts are paragraph numbers: the best chain through all candidates.

Years, days and list items stand at line starts too. Every candidate has a weight (a portion marking
behind it is strong evidence) and every step from one to the next a cost; one pass finds the chain with
the highest sum (Viterbi), so a number counts when the numbers around it need it.
"""

import re
from collections.abc import Iterator
from statistics import median
from typing import NamedTuple

from cables.marking import MARK_PATTERN

_OPENING_RE = re.compile(r"\n[ \t]*+(?:[¶(\d]|[A-Z]{1,3}\))")
"""What a line can begin with that begins with a number; looked for first, because it is fast."""
_CANDIDATE_RE = re.compile(
    rf"[ \t]*+(?:¶[ \t]*)?(?:(?P<before>{MARK_PATTERN})[ \t]*)?"
    rf"(?:(?P<outer>\d{{1,3}})\.[ \t]+(?=\d{{1,3}}\.[ \t]))?"
    rf"\(?(?P<number>\d{{1,3}})(?:(?P<dot>\.{{1,2}})(?!\d)|(?P<bracket>\.?\)\.?)|,(?=[ \t]*+\()"
    rf"|(?=[ \t]{{0,3}}{MARK_PATTERN}))"
    rf"[ \t]*+(?P<mark>{MARK_PATTERN})?"
)
_INLINE_DOT_RE = re.compile(
    rf"\.(?:(?<=[ \t]\d\.)|(?<=[ \t]\d\d\.)|(?<=[ \t]\d{{3}}\.))[ \t]?(?P<mark>{MARK_PATTERN})(?=\s)"
)
"""The dot of a number inside a line and the marking behind it; it begins with the dot to be found fast."""
_NOT_BEFORE_INLINE_RE = re.compile(
    r"[a-z,(/&]$|\b(?i:para|paras|paragraph|paragraphs|and|or|to|ref|article)\.?$"
)


_MARKED_WEIGHT = 6.0
_UNDOTTED_WEIGHT = 3.0
_BARE_WEIGHT = 0.6
_EMPTY_WEIGHT = 0.3
_ITEM_WEIGHT = -1.5
_RESUME_SCORE = -1.0
"""A marked number behind a bare list: the outer count goes on."""
_STEP_SCORE = 2.5
_SKIP_SCORE = -1.2
_REPEAT_SCORE = -2.5
_BACK_SCORE = -3.5
_RESTART_SCORE = -3.0
_JUMP_SCORE = -4.0
_START_SCORE = 2.0
_LATER_START_SCORE = -1.0
_SCORE_BY_STEP = (
    (1, _STEP_SCORE),
    (0, _REPEAT_SCORE),
    (2, _SKIP_SCORE),
    (3, 2 * _SKIP_SCORE),
    (4, 3 * _SKIP_SCORE),
    (-1, _BACK_SCORE),
    (-2, _BACK_SCORE),
)
"""Steps from one number to the next and what each gains."""
_MAX_ITEM_CHARS = 120
"""Items of a list are mostly shorter than this, in characters; paragraphs of a letter are longer."""


class Numbered(NamedTuple):
    """A paragraph number in a text: the number, where it begins, where its text begins, its marking."""

    number: int
    start: int
    end: int
    mark: str | None
    weight: float = _BARE_WEIGHT


def paragraph_numbers(text: str, start: int = 0) -> list[Numbered]:
    """The numbers in `text` from `start` on that number paragraphs, in order."""
    candidates = sorted(_candidates(text, start), key=lambda found: found.start)
    if sum(found.weight > 0 for found in candidates) > 1:  # "1) ... 2) ..." is then a list inside a paragraph
        candidates = [found for found in candidates if found.weight > 0]
    return _without_embedded(_best_chain(candidates), len(text))


def _candidates(text: str, start: int) -> Iterator[Numbered]:
    for line in (start, *(opening.start() + 1 for opening in _OPENING_RE.finditer(text, start))):
        if match := _CANDIDATE_RE.match(text, line):
            mark = match["mark"] or match["before"]
            yield Numbered(int(match["number"]), line, match.end(), mark, _weight(text, match, mark))
    for dot in _INLINE_DOT_RE.finditer(text, start):
        number = text[max(dot.start() - 3, 0) : dot.start()].split()[-1]
        begin = dot.start() - len(number)
        before = text[max(begin - 12, 0) : begin].rstrip(" \t")
        if number == "1" or not _NOT_BEFORE_INLINE_RE.search(before):
            yield Numbered(int(number), begin, dot.end(), dot["mark"])


def _weight(text: str, match: re.Match[str], mark: str | None) -> float:
    """How much a candidate looks like a paragraph: `3. (C)` most, `3.` little, `3)` is a list item."""
    if match["bracket"] == ")" and not (match["mark"] and text[match.start("number") - 1] == "("):
        return _ITEM_WEIGHT
    if mark:
        return _MARKED_WEIGHT if match["dot"] or match["bracket"] else _UNDOTTED_WEIGHT
    return _EMPTY_WEIGHT if text[match.end() : match.end() + 1] in ("", "\n") else _BARE_WEIGHT


def _best_chain(candidates: list[Numbered]) -> list[Numbered]:
    """Viterbi over the candidates. Only the best chain for each last number is kept: linear time."""
    best: dict[int, tuple[float, int]] = {}
    before: list[int] = []
    top = (0.0, -1)
    for index, candidate in enumerate(candidates):
        resumes = candidate.mark is not None and top[1] >= 0 and candidates[top[1]].mark is None
        score, previous = _best_entry(candidate.number, best, top, _RESUME_SCORE if resumes else _JUMP_SCORE)
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


def _best_entry(
    number: int, best: dict[int, tuple[float, int]], top: tuple[float, int], jump: float
) -> tuple[float, int]:
    """The best chain to put `number` behind: its score after that step, and its last candidate (-1: none).

    `jump` is the cost of a step to anywhere.
    """
    entry = (_START_SCORE if number == 1 else _LATER_START_SCORE, -1)
    if top[1] >= 0:
        entry = max(entry, (top[0] + (_RESTART_SCORE if number == 1 else jump), top[1]))
    for step, gain in _SCORE_BY_STEP:
        if known := best.get(number - step):
            entry = max(entry, (known[0] + gain, known[1]))
    return entry


def _without_embedded(chain: list[Numbered], end: int) -> list[Numbered]:
    """Drop bare lists inside a paragraph: behind them the outer count goes on, or their items are short."""
    kept: list[Numbered] = []
    run_end = _run_ends(chain)
    index = 0
    while index < len(chain):
        found = chain[index]
        opens_list = kept and found.number == 1 and not found.mark
        if opens_list and _is_embedded(chain, index, run_end[index], kept[-1], end):
            index = run_end[index]
        else:
            kept.append(found)
            index += 1
    return kept


def _run_ends(chain: list[Numbered]) -> list[int]:
    """For each number where the bare run goes on to: up to a marked one, or one that neither follows nor is 1."""
    ends = list(range(1, len(chain) + 1))
    for index in range(len(chain) - 2, -1, -1):
        following = chain[index + 1]
        if not following.mark and following.number in (1, chain[index].number + 1):
            ends[index] = ends[index + 1]
    return ends


def _is_embedded(chain: list[Numbered], start: int, behind: int, outer: Numbered, end: int) -> bool:
    """Whether the bare run from `start` to `behind` is a list inside the paragraph `outer`."""
    if behind < len(chain) and chain[behind].number == outer.number + 1:
        return True
    if not outer.mark:
        return False
    ends = [found.start for found in chain[start + 1 : behind + 1]] + [end] * (behind == len(chain))
    lengths = [after - found.end for found, after in zip(chain[start:behind], ends, strict=True)]
    return median(lengths) < _MAX_ITEM_CHARS
