"""The answerer that needs no model: the sentences that answer, word for word.

Attribution is true by construction.
"""

from dataclasses import replace

from qa.answer import Answer, Outcome
from qa.generation.quotation import AnswerBuilder
from qa.generation.selection import select_sentences
from qa.verification.answerability import AnswerabilityJudge


class ExtractiveAnswerer:
    """Answers in verbatim sentences; the judge decides whether the evidence answers at all."""

    def __init__(self, judge: AnswerabilityJudge) -> None:
        self.judge = judge

    def answer(self, question: str, draft: Answer) -> Answer:
        """The finished answer, or a refusal."""
        verdict = self.judge.verdict(question, draft.evidence)
        draft = replace(draft, absent=verdict.absent)
        if verdict.outcome is Outcome.REFUSED:
            return replace(draft, outcome=verdict.outcome, done=True)
        return self.quoted(draft, verdict.outcome)

    def quoted(self, draft: Answer, outcome: Outcome) -> Answer:
        """The sentences that most likely answer."""
        builder = AnswerBuilder()
        builder.quote(select_sentences(draft.evidence))
        return builder.answer(draft, outcome)
