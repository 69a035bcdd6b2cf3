"""What is suggested from the evidence of an answer."""

from dataclasses import replace

from render_examples import answer, evidence

from web.render.evidence import further_questions


def test_follow_ups_ask_posts_that_the_answer_does_not_cite() -> None:
    other = replace(
        evidence("Other.", "08PARIS90002.1"), found=replace(evidence().found, post="Embassy Paris")
    )
    assert further_questions(answer(evidence=(evidence(), other))) == [
        "What does Embassy Paris say about that?"
    ]
