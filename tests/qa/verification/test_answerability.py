"""When the archive answers, has only closest passages, or does not answer."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from qa.answer import Outcome
from qa.verification.answerability import AnswerabilityJudge, Thresholds
from vectorstore.retrieval.evidence import Evidence

Make = Callable[..., Evidence]


@pytest.fixture
def judge() -> AnswerabilityJudge:
    return AnswerabilityJudge(Thresholds(answer=12.0, closest=8.0), known=lambda word: word != "Zanzibar")


def near(paragraph: Make, cosine: float) -> list[Evidence]:
    return [replace(paragraph("Text."), cosine=cosine)]


@pytest.mark.parametrize(
    ("cosine", "outcome"), [(0.7, Outcome.ANSWERED), (0.5, Outcome.CLOSEST), (0.3, Outcome.REFUSED)]
)
def test_the_outcome_follows_the_support(
    judge: AnswerabilityJudge, paragraph: Make, cosine: float, outcome: Outcome
) -> None:
    assert judge.verdict("Why did China refuse?", near(paragraph, cosine)).outcome is outcome


def test_without_evidence_the_archive_does_not_answer(judge: AnswerabilityJudge) -> None:
    assert judge.verdict("Why did China refuse?", []).outcome is Outcome.REFUSED


def test_a_name_that_stands_nowhere_is_told_and_is_no_full_answer(
    judge: AnswerabilityJudge, paragraph: Make
) -> None:
    verdict = judge.verdict("Why did Zanzibar refuse?", near(paragraph, 0.9))
    assert (verdict.absent, verdict.outcome is Outcome.ANSWERED) == (("Zanzibar",), False)


def test_a_known_name_is_not_called_absent(judge: AnswerabilityJudge, paragraph: Make) -> None:
    assert judge.verdict("Why did China refuse?", near(paragraph, 0.9)).absent == ()
