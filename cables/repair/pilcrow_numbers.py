"""Paragraph numbers in copies where an old code page turned the pilcrow before each into a 1."""

import itertools
import re
from collections.abc import Iterator

from cables.marking import MARK_PATTERN
from cables.repair.offset_map import Edit, OffsetMap, edit_of

_BARE_PILCROW_RE = re.compile(r"¶[ \t]*+\n")
_PILCROW_LINE_RE = re.compile(r"^([ \t]*+¶)[ \t]*+\n\s{0,20}?(?=\(?\d{1,3}[.) ]|\(?[A-Z][.)])", re.MULTILINE)
_PILCROW_RE = re.compile(r"¶[ \t]*+\d")
_NUMBER_RE = re.compile(
    rf"^[ \t]*+(\d{{1,3}})(?:\.{{1,2}}(?![\d])|(?=[ \t]{{1,3}}\())[ \t]*+({MARK_PATTERN})?", re.MULTILINE
)
_LETTER_RE = re.compile(r"^[ \t]*+(?:REFS?:?[ \t]*)?(1)[A-Z]\.", re.MULTILINE)
_WRAPPED_RE = re.compile(r"^[ \t]*+(1)[1-9]\d{0,3}\.(?=\s)", re.MULTILINE)
"""A day or year that a line begins with: the pilcrow stood before these too."""
_PARTIAL_EXTRACT = "partial extract"
_MIN_LONG_COUNT = 5
_MAX_STEP = 4
"""An unmarked number further from the next one is a year, a sum or a day."""


def join_pilcrow_lines(offset_map: OffsetMap) -> OffsetMap:
    """Put a pilcrow that stands on a line of its own, as in a page printed to PDF, before its number."""
    if not _BARE_PILCROW_RE.search(offset_map.text):
        return offset_map
    found = _PILCROW_LINE_RE.finditer(offset_map.text)
    return offset_map.edit(Edit(match.end(1), match.end()) for match in found)


def restore_numbers(offset_map: OffsetMap) -> OffsetMap:
    """Undo a pilcrow that became a 1: `11. (C)`, `12. (C)`, ... `110. (C)` are paragraphs 1, 2, ... 10."""
    text = offset_map.text
    if _PILCROW_RE.search(text):  # pilcrows are left: nothing ate them
        return offset_map
    found = list(_NUMBER_RE.finditer(text))
    marked = [match for match in found if match[2]] or found
    if not marked or (_PARTIAL_EXTRACT in text[:500] and found[0][1] not in ("1", "11")):
        return offset_map
    if not _pilcrow_became_one([match[1] for match in marked]):
        return offset_map
    edits = [Edit(match.start(1), match.start(1) + 1) for match in _damaged(found, set(marked))]
    known = {edit.start for edit in edits} | {match.start(1) for match in marked}
    edits += [edit_of(match, "", 1) for match in _WRAPPED_RE.finditer(text) if match.start(1) not in known]
    edits += [edit_of(match, "", 1) for match in _LETTER_RE.finditer(text)]
    return offset_map.edit(sorted(edits))


def _gained_one(number: str) -> bool:
    return len(number) > 1 and number[0] == "1" and number[1] != "0"


def _pilcrow_became_one(numbers: list[str]) -> bool:
    """The tested rule: nearly all numbers can lose a leading 1, and without it they count from the start.

    Where some numbers never had a pilcrow, the others give themselves away by fitting in between.
    """
    damaged = [number for number in numbers if _gained_one(number)]
    if not damaged or (
        "19" in numbers and "20" in numbers
    ):  # a true run from 11 on passes 20; a damaged one never holds it
        return False
    if len(damaged) >= 0.8 * len(numbers):
        stripped = [int(number[1:]) for number in damaged]
        return stripped[0] <= 3 or _steps(stripped) > _steps([int(number) for number in damaged])
    return _fit_in_between(numbers)


def _fit_in_between(numbers: list[str]) -> bool:
    """Whether each number is the next one, as it stands or without its 1, and enough of them need that."""
    repaired = 0
    for expected, number in enumerate(numbers, start=1):
        if int(number) != expected:
            if not _gained_one(number) or int(number[1:]) != expected:
                return False
            repaired += 1
    return repaired > (len(numbers) < _MIN_LONG_COUNT)


def _damaged(found: list[re.Match[str]], marked: set[re.Match[str]]) -> Iterator[re.Match[str]]:
    """The numbers that come nearer to the next one, or to a new beginning, without their 1."""
    expected = 1
    for match in found:
        number = int(match[1])
        stripped = int(match[1][1:]) if _gained_one(match[1]) else number
        distance, nearest = min(
            (0.5 if value == 1 != expected else abs(value - expected), value) for value in (number, stripped)
        )
        if match in marked or distance <= _MAX_STEP:
            if nearest != number:
                yield match
            expected = nearest + 1


def _steps(numbers: list[int]) -> int:
    return sum(after == before + 1 for before, after in itertools.pairwise(numbers))
