"""Which questions are follow-ups, and what a follow-up is taken to mean."""

import pytest

from qa.answer import Question, Turn
from qa.understanding.conversation import MAX_CARRIED_NAMES, interpret
from qa.understanding.followups import asks_for_more

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


def test_a_pronoun_means_the_one_person_of_the_last_answer() -> None:
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


LONG_ANSWER = (
    "Embassy Lisbon, 3 May 2008: Ana Duarte met Joao Reis, Carlos Pinto and Maria Lobo in Oporto. [1]\n\n"
    "Embassy Madrid, 4 May 2008: Spain and Portugal spoke with Elena Vidal of Iberdrola and Luis Soto. [2]"
)
"""As the chat writes them: senders, days, a name in each line."""


def _talk(*questions: str, answer: str = LONG_ANSWER, cited: tuple[str, ...] = ()) -> tuple[Turn, ...]:
    return tuple(
        turn for question in questions for turn in (Turn("user", question), Turn("assistant", answer, cited))
    )


def test_the_names_of_a_long_answer_help_the_search_and_are_not_what_is_asked() -> None:
    meaning = interpret(Question("Who paid for it?", _talk("Why was the pier of Oporto built?")))
    assert "Duarte" in meaning.searched
    assert "Iberdrola" not in meaning.searched
    assert len(meaning.searched.split()) < 2 * MAX_CARRIED_NAMES + len(meaning.text.split()) + 5
    assert meaning.text == "Why was the pier of Oporto built? Who paid for it?"


@pytest.mark.parametrize(
    ("follow_up", "meant"),
    [
        ("How many cables mention him?", "How many cables mention Rui Salgado?"),
        ("What about his brother?", "Who is Rui Salgado's brother?"),
        ("And Ana Duarte?", "Who is Ana Duarte?"),
        ("When is he first mentioned?", "When is Rui Salgado first mentioned?"),
        ("no, I meant Ana Duarte", "Who is Ana Duarte?"),
    ],
)
def test_a_follow_up_to_a_person_names_whom_it_means(follow_up: str, meant: str) -> None:
    assert interpret(Question(follow_up, _talk("Who is Rui Salgado?"))).text == meant


@pytest.mark.parametrize(
    ("follow_up", "meant"),
    [
        ("and from Madrid?", "How many cables from Madrid mention piers in 2008?"),
        ("and in 2009?", "How many cables from Lisbon mention piers in 2009"),
        ("what about lighthouses?", "How many cables from Lisbon mention lighthouses"),
        ("Which ones are SECRET?", "How many cables from Lisbon mention piers in 2008 classified SECRET?"),
        ("list them", "Which cables from Lisbon mention piers in 2008?"),
    ],
)
def test_a_follow_up_to_a_count_changes_one_part_of_it(follow_up: str, meant: str) -> None:
    said = interpret(Question(follow_up, _talk("How many cables from Lisbon mention piers in 2008?"))).text
    assert said.rstrip("?") == meant.rstrip("?")


def test_an_owner_is_replaced_with_what_is_owned() -> None:
    history = _talk("Why did China refuse Japan's bid?")
    assert (
        interpret(Question("What about Germany's bid?", history)).text
        == "Why did China refuse Germany's bid?"
    )


def test_it_takes_the_cable_that_was_cited_where_a_fact_of_a_cable_is_asked_for() -> None:
    history = _talk("What was built in Oporto?", cited=("08LISBON512.2", "08MADRID77.1", "08LISBON512.3"))
    assert interpret(Question("Who signed it?", history)).text == "Who signed 08LISBON512?"
    assert interpret(Question("Summarise the second one", history)).text == "Summarise 08MADRID77"


def test_what_follows_a_question_about_a_cable_is_searched_in_it() -> None:
    meaning = interpret(Question("What did Spain say?", _talk("Summarise 08LISBON512", "Who signed it?")))
    assert (meaning.text, meaning.within) == ("What did Spain say?", "08LISBON512")


def test_thanks_end_no_topic_and_begin_none() -> None:
    history = _talk("What did Rui Salgado say about piers?", "thanks")
    assert interpret(Question("And about ships?", history)).text == "What did Rui Salgado say about ships?"
    assert interpret(Question("thank you", history)).text == "thank you"


def test_the_person_survives_ten_turns() -> None:
    history = _talk("Who is Rui Salgado?", *["Where did he go next?", "What did he say about it?"] * 5)
    assert interpret(Question("How many cables mention him?", history)).text == (
        "How many cables mention Rui Salgado?"
    )


def test_who_was_asked_for_is_whom_the_next_question_means() -> None:
    history = (
        *_talk("Did Rui Salgado write to the ministry?"),
        *_talk("Who answered for the ministry?", answer="Director Carlos Pinto, on 3 May."),
    )
    assert "Pinto" in interpret(Question("what did he say about the ships?", history)).text


def test_the_same_in_short_is_the_question_before() -> None:
    meaning = interpret(Question("shorter please", _talk("Why was the pier of Oporto built?")))
    assert (meaning.text, meaning.brief) == ("Why was the pier of Oporto built?", True)


def test_two_questions_before_are_compared() -> None:
    history = _talk("What did Rui Salgado say about piers?", "And about ships?")
    assert interpret(Question("Compare them", history)).sides == (
        "What did Rui Salgado say about piers?",
        "What did Rui Salgado say about ships?",
    )
