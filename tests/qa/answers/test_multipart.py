from qa.answer import Outcome, Question
from qa.chain import Chain


def test_each_part_is_answered_and_one_without_an_answer_is_named(chain: Chain) -> None:
    answer = chain.invoke(
        Question("Why did China refuse Japan's bid and which restaurants in Reykjavik served purple walrus?")
    )
    assert answer.outcome is Outcome.CLOSEST
    assert [block.title for block in answer.blocks] == ["Why did China refuse Japan's bid?"]
    assert "which restaurants in Reykjavik served purple walrus" in answer.gap
    numbers = {citation.n for citation in answer.citations}
    assert all(set(sentence.citations) <= numbers for sentence in answer.sentences)


def test_parts_that_all_have_a_passage_are_answered_as_one(chain: Chain) -> None:
    answer = chain.invoke(
        Question("Why did China refuse Japan's bid, and how much of the regular budget does Japan pay?")
    )
    assert answer.outcome is not Outcome.REFUSED
    assert answer.blocks == ()
    assert len(answer.text.split()) <= 150
