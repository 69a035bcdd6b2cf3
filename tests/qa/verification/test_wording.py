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
            "The embassy reported on 3 May that the ministry, he said, will spend USD 30 million on the port in "
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
