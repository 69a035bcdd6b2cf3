"""The level of a sentence before and after it is read."""

import pytest

from cables import Role
from qa.answer import ProofLevel
from qa.verification.checker import CitedParagraph, check, with_reading
from qa.verification.reading import Reading
from tests.qa.verification.conftest import MakeSource

FREE = "By the chief's account Beijing turned Tokyo down in mid-April."
FRAMES = (
    "It is a lie that {}",
    "It is a myth that {}",
    "If anybody believed the ambassador, {}",
    "Nobody believes that {}",
    "As a joke, {}",
    "The government denies that {}",
    "Later reports refuted that {}",
    "{} because of a bribe",
    "{}, which is false",
)
QUOTE = "Japan pays 16.6 percent of the budget"


def test_free_wording_is_cited_until_somebody_confirms_it(source: MakeSource) -> None:
    known = check(FREE, [CitedParagraph(source(), "China had refused Japan's bid")])
    assert (known.level, "nobody has confirmed" in known.reason) == (ProofLevel.CITED, True)
    read = with_reading(FREE, known, Reading(supported=True))
    assert (read.level, read.reason) == (ProofLevel.CONFIRMED, "")


def test_the_sources_own_sentence_is_verbatim_and_needs_no_reading(source: MakeSource) -> None:
    known = check("He would not meet Ambassador Tanaka before June.", [CitedParagraph(source())])
    assert known.level is ProofLevel.VERBATIM
    assert with_reading("", known, Reading(supported=False, words="June")).level is ProofLevel.VERBATIM


@pytest.mark.parametrize("frame", FRAMES)
def test_a_true_quote_in_a_false_frame_is_not_verified(source: MakeSource, frame: str) -> None:
    sentence = frame.format(QUOTE)
    known = check(sentence, [CitedParagraph(source(), QUOTE)])
    assert not known.level.verified
    own_words = " ".join(word for word in frame.replace("{}", "").split())
    read = with_reading(sentence, known, Reading(supported=False, words=own_words))
    assert read.level is ProofLevel.REFUTED


def test_a_quote_that_does_not_stand_there_is_refuted_whatever_a_reading_says(source: MakeSource) -> None:
    known = check(FREE, [CitedParagraph(source(), "China welcomed Japan's bid")])
    assert (known.level, known.reason) == (
        ProofLevel.REFUTED,
        "its quote does not stand in the cited paragraph",
    )
    assert with_reading(FREE, known, Reading(supported=True)) == known


def test_a_quote_from_the_subject_stands_there(source: MakeSource) -> None:
    assert check(FREE, [CitedParagraph(source(), "Codel Smith and the talks")]).level is ProofLevel.CITED


def test_a_made_up_figure_is_refuted_whatever_a_reading_says(source: MakeSource) -> None:
    sentence = "Japan pays 17 percent of the budget."
    known = check(sentence, [CitedParagraph(source())])
    assert (known.level, "17 percent" in known.reason) == (ProofLevel.REFUTED, True)
    assert with_reading(sentence, known, Reading(supported=True)) == known


def test_a_name_that_is_not_there_is_refuted_and_a_yes_only_makes_it_doubtful(source: MakeSource) -> None:
    sentence = "Brazil was turned down."
    known = check(sentence, [CitedParagraph(source())])
    assert (known.level, "Brazil" in known.reason) == (ProofLevel.REFUTED, True)
    assert with_reading(sentence, known, Reading(supported=True)).level is ProofLevel.CITED


def test_a_no_without_words_of_the_sentence_refutes_nothing(source: MakeSource) -> None:
    known = check(FREE, [CitedParagraph(source())])
    for words in ("", "everything here"):
        read = with_reading(FREE, known, Reading(supported=False, words=words))
        assert (read.level, "second reading" in read.reason) == (ProofLevel.CITED, True)


def test_what_cites_nothing_is_refuted() -> None:
    known = check(FREE, [])
    assert (known.level, known.reason, known.final) == (ProofLevel.REFUTED, "it cites nothing", True)


def test_the_sentences_of_the_quote_stand_behind_a_claim(source: MakeSource) -> None:
    known = check(FREE, [CitedParagraph(source(), "a deadline had been discussed. He would not")])
    assert [quote[:20] for quote in known.quotes["08PARIS90001.2"]] == [
        "The Foreign Minister",
        "He would not meet Am",
    ]


def test_the_nearest_sentence_stands_behind_a_claim_without_a_quote(source: MakeSource) -> None:
    known = check("A meeting with Tanaka would have to wait for June.", [CitedParagraph(source())])
    assert known.quotes["08PARIS90001.2"] == ("He would not meet Ambassador Tanaka before June.",)


def test_an_embassys_comment_is_nobody_elses_statement(source: MakeSource) -> None:
    comment = source("Comment: The talks will fail before the summer.", role=Role.COMMENT)
    assert (
        check("The minister said the talks would fail.", [CitedParagraph(comment)]).level
        is ProofLevel.REFUTED
    )
    assert (
        check("The embassy said the talks would fail.", [CitedParagraph(comment)]).level is ProofLevel.CITED
    )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Comment: Hill stressed that the plan was old.", "Hill said that the plan was old."),
        ("Comment: The deputy knew of the plan.", "The deputy was told of the plan."),
    ],
)
def test_reported_speech_and_a_passive_in_a_comment_are_no_false_attribution(
    source: MakeSource, text: str, sentence: str
) -> None:
    comment = source(text, role=Role.COMMENT)
    assert check(sentence, [CitedParagraph(comment)]).level is ProofLevel.CITED
