"""Figures of an evaluation: what counts as found, as covered, as a fact."""

import json
from pathlib import Path
from typing import Any

import pytest

from qa.chain import Chain
from qa.evaluation import calibrate, changed, evaluate, read_tasks, report

QUESTION = {
    "id": "a",
    "type": "multi",
    "question": "Why did China refuse Japan's bid?",
    "gold": [{"cable": "08BEIJING90014", "paragraphs": [3, 4]}],
    "facts": [["public opinion"], ["no such words"]],
}
UNANSWERABLE = {"id": "b", "question": "Who won the cycling race in Atlantis?", "answerable": False}


def question_file(folder: Path, *rows: dict[str, Any]) -> Path:
    file = folder / "questions.jsonl"
    file.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    return file


def test_a_question_of_the_samples_is_found_and_its_facts_are_judged_whole(
    chain: Chain, tmp_path: Path
) -> None:
    tasks = read_tasks(question_file(tmp_path, QUESTION, UNANSWERABLE))
    found, none = evaluate(chain, tasks)
    assert found.rank in (1, 2)
    assert not found.facts  # one of the two groups is nowhere
    assert 0 < found.finding <= found.seconds
    assert none.outcome == "refused"


def test_full_coverage_needs_every_gold_paragraph_or_a_stand_in(tmp_path: Path) -> None:
    part = {**QUESTION, "also_part": [{"cable": "08TOKYO90031", "paragraphs": [1]}]}
    whole, with_part = (read_tasks(question_file(tmp_path, row))[0] for row in (QUESTION, part))
    assert whole.covered_by({("08BEIJING90014", 3), ("08BEIJING90014", 4)})
    assert not whole.covered_by({("08BEIJING90014", 3)})
    assert with_part.covered_by({("08TOKYO90031", 1)})


def test_a_line_without_gold_paragraphs_is_told_with_its_number(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="line 2"):
        read_tasks(question_file(tmp_path, QUESTION, {"question": "Why?"}))


def test_a_report_holds_figures_by_type_and_every_result(chain: Chain, tmp_path: Path) -> None:
    results = list(evaluate(chain, read_tasks(question_file(tmp_path, QUESTION, UNANSWERABLE))))
    figures = json.loads(json.dumps(report(results)))
    assert figures["all"]["hit@3"] == figures["types"]["multi"]["hit@5"] == 1.0
    assert figures["all"]["a right paragraph cited"] == 1.0
    assert figures["interval"]["facts of several"] == [0.0, 0.0]
    assert figures["unanswerable"] == {"questions": 1, "refused": 1.0, "refused or labelled": 1.0}
    assert [row["id"] for row in figures["results"]] == ["a", "b"]


def test_two_reports_tell_which_questions_moved() -> None:
    def of(**ranks: int | None) -> dict[str, Any]:
        return {"results": [{"id": name, "rank": rank} for name, rank in ranks.items()]}

    assert changed(of(a=1, b=2, c=None), of(a=1, b=3, c=1)) == [("c", None, 1), ("b", 2, 3)]


def test_calibration_lets_answerable_questions_pass_and_tells_others_apart(
    chain: Chain, tmp_path: Path
) -> None:
    found, none = evaluate(chain, read_tasks(question_file(tmp_path, QUESTION, UNANSWERABLE)))
    thresholds = calibrate([found] * 50 + [none])
    assert none.support < thresholds.closest <= thresholds.answer <= found.support
