"""What is suggested from the evidence of an answer."""

from qa.answer import Outcome, Question, Turn
from qa.chain import Chain
from web.render.evidence import further_questions


def test_what_is_suggested_is_answered(chain: Chain) -> None:
    tried = 0
    for text in (
        "Why did China refuse Japan's bid?",
        "What do the cables say about Security Council reform?",
    ):
        answer = chain.invoke(Question(text))
        cited = tuple(citation.evidence.key for citation in answer.citations)
        history = (Turn("user", text), Turn("assistant", answer.text, cited))
        for further in further_questions(answer):
            found = chain.invoke(Question(further, history))
            assert found.outcome is Outcome.ANSWERED, further
            assert found.sentences[0].text[:2] != "0 ", further
            tried += 1
    assert tried >= 3


def test_nothing_is_suggested_where_nothing_is_cited(chain: Chain) -> None:
    assert further_questions(chain.invoke(Question("hello"))) == []
