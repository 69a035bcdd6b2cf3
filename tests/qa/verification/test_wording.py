"""Sentences that are their source's own, and frames that make others of them."""

import pytest

from cables import Role
from qa.answer import ProofLevel
from qa.verification.wording import wording_level
from tests.qa.verification.conftest import MakeSource

BUDGET = "The ministry, he said, will spend USD 30 million on the port in September."


@pytest.mark.parametrize(
    ("sentence", "level"),
    [
        ("The ministry, he said, will spend USD 30 million on the port in September.", ProofLevel.VERBATIM),
        ("the ministry, he said, will spend usd 30 million on the port in september", ProofLevel.VERBATIM),
        ("Ministry, he said, will spend thirty million dollars on the port in Sept.", ProofLevel.CONFIRMED),
        (
            "The embassy reported on 17 April that the ministry, he said, will spend USD 30 million on the port in "
            "September.",
            ProofLevel.CONFIRMED,
        ),
        ("The ministry will spend USD 30 million on the port in September.", None),
        ("It is a lie that the ministry, he said, will spend USD 30 million on the port in September.", None),
        ("The ministry, he said, will spend USD 30 million on the port.", None),
    ],
)
def test_only_whole_sentences_of_the_source_are_its_own(
    source: MakeSource, sentence: str, level: ProofLevel | None
) -> None:
    assert wording_level(sentence, [source(f"The port is old. {BUDGET} Nobody objected.")]) is level


@pytest.mark.parametrize(
    "frame",
    [
        "It is a lie that {}.",
        "It is a myth that {}.",
        "If anybody believed it, {}.",
        "The opposition said that {}.",
        "According to his enemies, {}.",
        "The embassy denied that {}.",
        "The embassy's critics reported that {}.",
        "Not the embassy reported that {}.",
        "According to the embassy's discredited report, {}.",
        "A post on a blog says that {}.",
        "Embassy Rome reported that {}.",
        "The embassy reported on 3 May that {}.",
        "On 17 April {}.",
        "In Paris {}.",
        "{} because of a bribe.",
        "{}, which is untrue.",
        "{}?",
        "Nobody believes this: {}.",
    ],
)
def test_a_frame_around_a_true_sentence_makes_another_of_it(source: MakeSource, frame: str) -> None:
    assert wording_level(frame.format(BUDGET.rstrip(".")), [source(BUDGET)]) is None


def test_few_are_not_a_few(source: MakeSource) -> None:
    assert wording_level("A few envoys came to the talks.", [source("Few envoys came to the talks.")]) is None


def test_a_part_of_a_sentence_is_not_what_it_says(source: MakeSource) -> None:
    framed = source("It is a myth that the fees were raised. If the port closes, the fees fall.")
    assert wording_level("The fees were raised.", [framed]) is None
    assert wording_level("The fees fall.", [framed]) is None


def test_several_sentences_in_a_row_are_verbatim(source: MakeSource) -> None:
    both = "The port is old. Nobody objected."
    assert wording_level(both, [source(f"Summary: {both}")]) is ProofLevel.VERBATIM


def test_a_quoted_text_is_not_what_the_embassy_reports(source: MakeSource) -> None:
    quoted = source("The war is won.", role=Role.QUOTED)
    assert wording_level("The embassy reported that the war is won.", [quoted]) is None
