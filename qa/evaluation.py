"""How good retrieval and answers are on questions whose right paragraphs are known.

A line of a question file: {"id", "question", "history", "type", "answerable", "gold", "also", "also_part",
"facts"}; `gold` holds {"cable", "paragraphs"} that a good answer cites, `also` paragraphs that do on their own,
`also_part` some that may stand for one of the gold ones, `facts` groups of strings of which a right answer
holds at least one each. Only "question" and "gold" are needed; "type" names the row of the table.
"""

import json
import random
import re
import statistics
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from qa.answer import Answer, Question, read_turns
from qa.chain import Chain
from qa.verification.answerability import Thresholds, support

Place = tuple[str, int | None]
"""A paragraph as people cite it: the cable's id and the printed number."""

BOOTSTRAP_RESAMPLES = 1000
"""Resamplings of a bootstrap interval."""
MULTI_GOLD_TYPES = ("multi", "cross")
"""Types of questions that need all of their gold paragraphs."""


@dataclass(frozen=True, slots=True)
class Task:
    """A question with what is known to be right."""

    id: str
    type: str
    question: Question
    answerable: bool
    gold: frozenset[Place]
    also: frozenset[Place]
    also_part: frozenset[Place]
    facts: tuple[tuple[str, ...], ...]

    @property
    def wanted(self) -> frozenset[Place]:
        """Paragraphs of which each is a hit."""
        return self.gold | self.also | self.also_part

    def covered_by(self, seen: set[Place]) -> bool:
        """Whether all that a full answer needs has been seen."""
        if self.gold <= seen or (self.type not in MULTI_GOLD_TYPES and self.also & seen):
            return True
        cables = {cable for cable, _ in self.gold}
        return bool(self.also_part) and all(
            {place for place in self.gold if place[0] == cable} <= seen or bool(self.also_part & seen)
            for cable in cables
        )


@dataclass(frozen=True, slots=True)
class Result:
    """What came of a task. `rank` counts from 1 within the first ten; `seconds` are of finding, and of all."""

    id: str
    type: str
    answerable: bool
    rank: int | None
    full: bool
    outcome: str
    facts: bool
    precision: float | None
    words: int
    support: float
    finding: float
    seconds: float


def read_tasks(file: Path) -> list[Task]:
    """The tasks of a question file. Raises ValueError with the line that is none."""
    tasks = []
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        if line.strip():
            try:
                tasks.append(_task(json.loads(line), number))
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise ValueError(
                    f"{file}, line {number}: no question with its gold paragraphs ({error!r})"
                ) from error
    return tasks


def _task(row: Mapping[str, Any], number: int) -> Task:
    history = read_turns(row.get("history"))
    gold, also, part = (_places(row.get(field) or []) for field in ("gold", "also", "also_part"))
    answerable = bool(row.get("answerable", True))
    if answerable and not gold | also | part:
        raise ValueError("no gold paragraphs")
    facts = tuple(tuple(group) for group in row.get("facts") or [])
    name, kind = str(row.get("id", number)), str(row.get("type", "question"))
    return Task(name, kind, Question(row["question"], history), answerable, gold, also, part, facts)


def _places(entries: Iterable[Mapping[str, Any]]) -> frozenset[Place]:
    return frozenset((entry["cable"], n) for entry in entries for n in entry["paragraphs"])


def evaluate(chain: Chain, tasks: Sequence[Task]) -> Iterator[Result]:
    """Ask every question; a result each, in order."""
    for task in tasks:
        clock = time.perf_counter()
        request = chain.read(task.question)
        draft = chain.gather(request)
        finding = time.perf_counter() - clock
        answer = chain.complete(request, draft)
        yield result(task, answer, finding=finding, seconds=time.perf_counter() - clock)


def result(task: Task, answer: Answer, *, finding: float, seconds: float) -> Result:
    """What an answer is worth."""
    seen = [(e.cable_id, e.number) for e in answer.evidence[:10]]
    cited = [(c.evidence.cable_id, c.evidence.number) for c in answer.citations]
    rank = next((n for n, place in enumerate(seen, 1) if place in task.wanted), None)
    text = _folded(answer.text)
    said = not answer.refused and all(any(_folded(way) in text for way in group) for group in task.facts)
    return Result(
        task.id,
        task.type,
        task.answerable,
        rank,
        task.covered_by(set(seen)),
        answer.outcome.value,
        said,
        sum(place in task.wanted for place in cited) / len(cited) if cited else None,
        len(answer.text.split()),
        round(support(answer.evidence), 4),
        round(finding, 4),
        round(seconds, 4),
    )


def _folded(text: str) -> str:
    return re.sub(r"\s+", " ", text.replace("’", "'").replace("“", '"').replace("”", '"')).lower()


def report(results: Sequence[Result]) -> dict[str, Any]:
    """Figures over all results: `all`, `types` (each with the same measures), `latency`, and every result."""
    answerable = [r for r in results if r.answerable]
    types = sorted({r.type for r in answerable})
    return {
        "all": _measures(answerable),
        "interval": {name: _interval(answerable, measure) for name, measure in _INTERVALS.items()},
        "types": {kind: _measures([r for r in answerable if r.type == kind]) for kind in types},
        "unanswerable": _unanswerable([r for r in results if not r.answerable]),
        "latency": {
            "finding": _latency([r.finding for r in results]),
            "answer": _latency([r.seconds for r in results]),
        },
        "results": [asdict(r) for r in results],
    }


def _hit(k: int) -> Callable[[Result], float]:
    return lambda r: float(r.rank is not None and r.rank <= k)


def _reciprocal(r: Result) -> float:
    return 1 / r.rank if r.rank else 0.0


def _facts(r: Result) -> float:
    return float(r.facts)


def _facts_of_several(r: Result) -> float | None:
    return float(r.facts) if r.type in MULTI_GOLD_TYPES else None


def _cited(r: Result) -> float:
    """Whether a right paragraph is among those that the answer cites."""
    return float(bool(r.precision))


def _precision(r: Result) -> float | None:
    return r.precision


_INTERVALS: dict[str, Callable[[Result], float | None]] = {
    "hit@1": _hit(1),
    "hit@5": _hit(5),
    "mrr@10": _reciprocal,
    "facts": _facts,
    "facts of several": _facts_of_several,
    "a right paragraph cited": _cited,
    "precision of citations": _precision,
}
"""Measures with an interval; None where a question has none."""


def _measures(results: Sequence[Result]) -> dict[str, float | int]:
    if not results:
        return {"questions": 0}
    precise = [r.precision for r in results if r.precision is not None]
    answered = [r for r in results if r.outcome != "refused"]
    several = [r for r in results if r.type in MULTI_GOLD_TYPES]
    return {
        "questions": len(results),
        **{f"hit@{k}": _mean(map(_hit(k), results)) for k in (1, 3, 5, 10)},
        "mrr@10": _mean(map(_reciprocal, results)),
        "full@10": _mean(r.full for r in results),
        "full@10 of several": _mean(r.full for r in several),
        "answered": len(answered) / len(results),
        "facts": _mean(r.facts for r in results),
        "facts where found": _mean(r.facts for r in results if r.rank),
        "facts of several": _mean(r.facts for r in several),
        "a right paragraph cited": _mean(map(_cited, results)),
        "precision of citations": _mean(precise),
        "words": _mean(r.words for r in answered),
    }


def _unanswerable(results: Sequence[Result]) -> dict[str, float | int]:
    return {
        "questions": len(results),
        "refused": _mean(r.outcome == "refused" for r in results),
        "refused or labelled": _mean(r.outcome != "answered" for r in results),
    }


def _mean(values: Iterable[float]) -> float:
    kept = list(values)
    return statistics.fmean(kept) if kept else 0.0


def _latency(seconds: Sequence[float]) -> dict[str, float]:
    """Median and 95th percentile, in milliseconds."""
    ordered = sorted(seconds) or [0.0]
    return {"p50": 1000 * statistics.median(ordered), "p95": 1000 * ordered[int(0.95 * (len(ordered) - 1))]}


def _interval(results: Sequence[Result], measure: Callable[[Result], float | None]) -> tuple[float, float]:
    """The middle 95% of the measure's mean over resampled questions."""
    measured, draw = [measure(r) for r in results], random.Random(0)
    values = [value for value in measured if value is not None]
    if not values:
        return 0.0, 0.0
    means = sorted(statistics.fmean(draw.choices(values, k=len(values))) for _ in range(BOOTSTRAP_RESAMPLES))
    return means[int(0.025 * BOOTSTRAP_RESAMPLES)], means[int(0.975 * BOOTSTRAP_RESAMPLES)]


def read_report(file: Path) -> dict[str, Any]:
    """A report that was written as JSON. Raises OSError, or ValueError where the file is none."""
    try:
        found: dict[str, Any] = json.loads(file.read_bytes())
        for row in found["results"]:
            row["id"], row["rank"]  # what `changed` compares
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"{file} is no report of `reftel eval --report`") from error
    return found


def changed(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[tuple[str, int | None, int | None]]:
    """(id, rank before, rank after) of questions that two reports rank differently, most moved first."""
    ranks = {row["id"]: row["rank"] for row in before["results"]}
    moved = [
        (row["id"], ranks[row["id"]], row["rank"])
        for row in after["results"]
        if row["id"] in ranks and ranks[row["id"]] != row["rank"]
    ]
    return sorted(moved, key=lambda m: -abs((1 / m[1] if m[1] else 0) - (1 / m[2] if m[2] else 0)))


MIN_ANSWERABLE_KEPT = 0.98
"""Share of answerable questions that calibration lets pass without a refusal."""
MAX_ANSWERABLE_LABELLED = 0.15
"""Share of answerable questions that may at most be labelled as doubtful."""


def calibrate(results: Sequence[Result]) -> Thresholds:
    """Thresholds fitted to these questions: refuse where 98% of the answerable have more support; answer without
    a label from where the label best tells answerable questions from others. Raises ValueError without questions."""
    yes = sorted(r.support for r in results if r.answerable)
    no = [r.support for r in results if not r.answerable]
    if not yes:
        raise ValueError("calibration needs answerable questions with their gold paragraphs")
    closest = yes[int((1 - MIN_ANSWERABLE_KEPT) * len(yes))]
    candidates = yes[: max(1, int(MAX_ANSWERABLE_LABELLED * len(yes)))]

    def gain(at: float) -> float:
        """Unanswerable questions labelled less answerable ones, as shares."""
        below = sum(s < at for s in no) / len(no) if no else 0.0
        return below - sum(s < at for s in yes) / len(yes)

    answer = max(candidates, key=gain) if no else candidates[-1]
    return Thresholds(answer=max(answer, closest), closest=closest)
