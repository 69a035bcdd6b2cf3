from langchain_core.language_models.fake_chat_models import FakeListChatModel

from qa.answer import Turn
from qa.understanding.rewriting import standalone

DIALOGUE = (
    Turn("user", "Why did China refuse Japan's bid?"),
    Turn("assistant", "Because its public would not accept it, said the division chief on April 17 [1]."),
)


def rewritten(says: str, question: str = "And what did India say?") -> str:
    return standalone(FakeListChatModel(responses=[says]), question, DIALOGUE, timeout=5)


def test_a_faithful_rewriting_is_taken() -> None:
    question = "What did India say about China's refusal of Japan's bid?"
    assert rewritten(question) == question


def test_a_rewriting_with_a_name_that_nobody_mentioned_is_not_taken() -> None:
    assert rewritten("What did Singh of India say about China's refusal of Japan's bid?") == ""


def test_a_rewriting_with_a_number_that_nobody_mentioned_is_not_taken() -> None:
    assert rewritten("What did India say about Japan's bid in 2009?") == ""


def test_a_rewriting_that_loses_the_questions_own_names_is_not_taken() -> None:
    assert rewritten("What did they say about Japan's bid?") == ""


def test_an_answer_in_the_place_of_a_question_is_not_taken() -> None:
    assert rewritten("India said that " + "it would support the bid and " * 20) == ""


def test_a_model_that_says_nothing_leaves_the_question_as_it_was_asked() -> None:
    assert rewritten(" ") == ""
