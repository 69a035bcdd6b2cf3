from qa.answer import Question
from qa.answers.entity_matching import about, subjects_of
from qa.chain import Chain


def test_what_is_quoted_is_about_whom_a_short_question_names(chain: Chain) -> None:
    request = chain.read(Question("What did Qadhafi say?"))
    draft = chain.gather(request)
    held = about(subjects_of(request), draft.evidence, chain.retriever.view)
    assert held
    assert {e.cable_id for e in draft.evidence if e.scored} <= {e.cable_id for e in held}


def test_names_in_passing_bind_nothing(chain: Chain) -> None:
    request = chain.read(
        Question(
            "Why was the visiting delegation from Lisbon unhappy with the harbor fees that nobody had announced?"
        )
    )
    assert subjects_of(request) == []
