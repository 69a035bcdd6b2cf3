"""Which questions are follow-ups, and what a follow-up is taken to mean."""

import pytest

from qa.answer import Question, Turn
from qa.understanding.conversation import asks_for_more, interpret

HISTORY = (
    Turn("user", "Why did China refuse Japan's bid?"),
    Turn("assistant", "The Chinese public would not accept it, said Director Wu.", ("08BEIJING90014.3-2",)),
)


def test_a_first_question_stands_alone() -> None:
    meaning = interpret(Question("Why did China refuse Japan's bid?"))
    assert (meaning.text, meaning.shown, meaning.cited) == ("Why did China refuse Japan's bid?", "", ())


@pytest.mark.parametrize(
    "follow_up", ["And what did he say about India?", "Why?", "What else did they object to?"]
)
def test_a_follow_up_carries_what_it_follows(follow_up: str) -> None:
    meaning = interpret(Question(follow_up, HISTORY))
    assert "Japan" in meaning.text
    assert meaning.own_words == follow_up


@pytest.mark.parametrize(
    "fresh",
    [
        "How many tons of wheat did Saudi Arabia import in 2008?",
        "What did Embassy Nairobi report on mobile money?",
    ],
)
def test_a_question_with_new_names_stands_alone(fresh: str) -> None:
    assert interpret(Question(fresh, HISTORY)).text == fresh


def test_names_of_the_last_answer_are_carried() -> None:
    assert "Wu" in interpret(Question("What did he say about India?", HISTORY)).text


def test_cited_paragraphs_of_the_conversation_are_known() -> None:
    assert interpret(Question("Why?", HISTORY)).cited == ("08BEIJING90014.3-2",)


def test_the_reader_can_say_that_it_is_no_follow_up() -> None:
    assert interpret(Question("Why?", HISTORY, standalone=True)).text == "Why?"


def test_the_interpretation_is_shown_to_the_reader() -> None:
    assert "Japan" in interpret(Question("And India?", HISTORY)).shown


def test_another_time_takes_the_place_of_the_one_before() -> None:
    history = (Turn("user", "What did Wu say about India in 2008?"), Turn("assistant", "Nothing."))
    text = interpret(Question("And in 2007?", history)).text
    assert "2007" in text
    assert "2008" not in text


def test_what_was_not_meant_is_not_searched() -> None:
    own = interpret(Question("No, not Japan. I wanted to know about India.", HISTORY)).own_words
    assert own == "I wanted to know about India."


def test_the_topic_survives_questions_that_point_back() -> None:
    history = (
        Turn("user", "Who was Aziz Karimi?"),
        Turn("assistant", "A smuggler."),
        Turn("user", "Had he been to Kabul?"),
        Turn("assistant", "Yes, twice."),
    )
    assert "Karimi" in interpret(Question("Who could take his place?", history)).text


@pytest.mark.parametrize("text", ["tell me more", "What else did he say?", "go on"])
def test_more_is_asked_for(text: str) -> None:
    assert asks_for_more(text)


def test_the_same_again_from_one_sender_is_the_question_before() -> None:
    meaning = interpret(Question("Only what Embassy Tokyo says, please.", HISTORY))
    assert meaning.text == meaning.routed == HISTORY[-2].content


def test_whom_a_correction_did_not_mean_is_not_carried_on() -> None:
    meaning = interpret(Question("Sorry, not the deputy, the division chief", HISTORY))
    assert "Wu" not in meaning.text
    assert meaning.own_words == "the division chief"
