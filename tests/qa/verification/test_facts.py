"""What a sentence may not make up, and what is no more than a common equivalent."""

import pytest

from qa.verification import facts
from qa.verification.facts import holds_words
from qa.verification.sources import Source
from tests.qa.verification.conftest import TALKS, MakeSource


def missing_fact(sentence: str, sources: list[Source]) -> str:
    missing = facts.missing_fact(sentence, sources)
    return missing.printed if missing else ""


@pytest.mark.parametrize(
    "sentence",
    [
        "China refused the bid on 14 April 2008.",
        "Japan pays 16.6% of the budget and China 2.7%.",
        "Japan spent thirty million dollars, or some $30,000,000, on its campaign.",
        "Both shares together come to 19.3 percent.",
        "The Japanese spent nearly 31 million dollars.",
        "Two countries pay very different shares.",
        "According to the embassy in Paris in April 2008, France took no side.",
        "American diplomats in Washington and Paris were told that Beijing had refused.",
        "Representative Smith heard that the Chinese had refused.",
        "In a cable of 17 April 2008 the division chief is quoted on Tokyo's bid.",
        'He said that China "had refused Japan\'s bid".',
        "A refusal may follow in June, which would put off a meeting with Tanaka.",
        "Europeans watched the talks.",
    ],
)
def test_what_stands_there_in_another_form_is_not_missing(source: MakeSource, sentence: str) -> None:
    assert missing_fact(sentence, [source()]) == ""


@pytest.mark.parametrize(
    ("sentence", "missing"),
    [
        ("China refused the bid on April 15.", "April 15"),
        ("China refused the bid in April 2003.", "April 2003"),
        ("Japan pays 17 percent of the budget.", "17 percent"),
        ("The campaign cost $45 million.", "$45 million"),
        ("The division chief and Kim Jong Il refused the bid.", "Kim Jong Il"),
        ("The chief said that Brazil had refused.", "Brazil"),
        ('He called the bid "an insult to history".', '"an insult to history"'),
        ("He would meet Ambassador Nakamura in June.", "Nakamura"),
        ("The talks were about AK-103 rifles.", "AK103"),
    ],
)
def test_what_stands_nowhere_is_missing(source: MakeSource, sentence: str, missing: str) -> None:
    assert missing in missing_fact(sentence, [source()])


@pytest.mark.parametrize(
    ("sentence", "missing", "elsewhere"),
    [
        ("The minister would not meet Nakamura.", "Nakamura", "Counselor Nakamura took notes."),
        ("They met on 2 March 2008.", "2 March 2008", "The talks began on March 2."),
    ],
)
def test_a_name_or_a_date_from_elsewhere_in_the_cable_is_not_made_up(
    source: MakeSource, sentence: str, missing: str, elsewhere: str
) -> None:
    assert missing_fact(sentence, [source()]) == missing
    assert missing_fact(sentence, [source(cable=elsewhere)]) == ""


def test_without_a_header_its_date_and_subject_are_not_held_against_a_sentence(source: MakeSource) -> None:
    unknown = source(known=False)
    assert missing_fact("On 3 May 2008 Smith was told of it.", [unknown]) == ""
    assert missing_fact("On 3 May 2003 Smith was told of it.", [unknown]) == "3 May 2003"


def test_a_percentage_may_stand_there_as_a_fraction_and_a_range_with_one_scale(source: MakeSource) -> None:
    text = "The flow was cut by one fifth, which cost 1.2 to 1.5 billion dollars."
    for held in ("It was reduced by 20 percent.", "The cost was between $1.2 billion and $1.5 billion."):
        assert missing_fact(held, [source(text)]) == ""
    for missing in ("It was reduced by 25 percent.", "The cost was $1.3 billion."):
        assert missing_fact(missing, [source(text)])


def test_a_day_that_the_paragraph_calls_yesterday_is_not_missing(source: MakeSource) -> None:
    assert missing_fact("They met on 16 April 2008.", [source("They met yesterday.")]) == ""
    assert missing_fact("They met on 16 January 2008.", [source("They met yesterday.")]) == "16 January 2008"


@pytest.mark.parametrize(
    ("quote", "held"),
    [
        ("china had refused  Japan’s bid", True),
        ("The division chief said ... Japan's bid on April 14", True),
        ("Japan pays 2.7 percent", False),
        ("refused Japan", True),
        ("refuse Japan", False),
        ("Japan's bid [...] China had refused", False),
    ],
)
def test_a_quote_stands_there_word_for_word(quote: str, held: bool) -> None:
    assert holds_words(TALKS, quote) is held
