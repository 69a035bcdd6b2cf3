"""The shape of an answer: its plain text with markers, and the JSON that scripts rely on."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cables import MarkingState
from qa.answer import Answer, Block, BlockKind, Citation, Outcome, ProofLevel, Sentence, banner, read_turns
from vectorstore.retrieval.evidence import Evidence

Make = Callable[..., Evidence]


def cited(evidence: Evidence, n: int = 1, *quotes: str) -> Citation:
    return Citation(n, evidence, quotes, level=ProofLevel.VERBATIM)


def test_a_marker_stands_once_behind_the_sentences_of_its_paragraph(paragraph: Make) -> None:
    sentences = (
        Sentence("One.", (1,), level=ProofLevel.VERBATIM, lead="Embassy Paris reported:"),
        Sentence("Two.", (1,), level=ProofLevel.VERBATIM),
        Sentence("Three.", (2,), level=ProofLevel.VERBATIM),
    )
    assert Answer("q", sentences=sentences).text == "Embassy Paris reported: One. Two. [1]\n\nThree. [2]"


def test_what_was_left_out_shows() -> None:
    sentences = (
        Sentence("One.", (1,), level=ProofLevel.VERBATIM),
        Sentence("Three.", (1,), level=ProofLevel.VERBATIM, elided=True),
    )
    assert Answer("q", sentences=sentences).text == "One. [...] Three. [1]"


def test_a_refuted_sentence_gives_way_to_the_cables_words() -> None:
    sentences = (
        Sentence("He agreed.", (1,), ProofLevel.REFUTED, instead="He refused."),
        Sentence("The sky is green.", (), ProofLevel.REFUTED),
    )
    assert Answer("q", sentences=sentences).text == "He refused. [1]"


def test_what_the_archive_does_not_say_is_the_last_line() -> None:
    told = Answer("q", sentences=(Sentence("One.", (1,), ProofLevel.CITED),), gap="It does not say why.")
    assert told.text == "One. [1]\n\nIt does not say why."


def test_a_sentence_of_two_paragraphs_carries_both_markers() -> None:
    assert (
        Answer("q", sentences=(Sentence("One.", (1, 2), level=ProofLevel.VERBATIM),)).text == "One. [1] [2]"
    )


def test_only_a_refusal_counts_as_refused() -> None:
    assert [Answer("q", outcome=outcome).refused for outcome in Outcome] == [False, False, True]


def test_turns_of_a_file_carry_the_paragraphs_that_their_text_cites() -> None:
    (turn,) = read_turns([{"role": "assistant", "content": "So said Wu [08BEIJING90014 ¶3]."}])
    assert turn.cited == ("08BEIJING90014.3",)
    (turn,) = read_turns([{"role": "assistant", "content": "So said Wu.", "cited": ["08BEIJING90014.3-2"]}])
    assert turn.cited == ("08BEIJING90014.3-2",)
    (turn,) = read_turns([{"role": "assistant", "content": "It is in 08BEIJING90014."}])
    assert turn.cited == ("08BEIJING90014",)


@pytest.mark.parametrize(
    ("states", "words"),
    [
        ([MarkingState.MARKED, MarkingState.NOT_MARKED], ("CONFIDENTIAL", "as marked at the time")),
        ([MarkingState.NOT_MARKED], ("NOT MARKED", "the texts cited bear no marking")),
        (
            [MarkingState.MARKED, MarkingState.NOT_READABLE],
            ("CONFIDENTIAL", "marking not readable: held at the highest level that its cable shows"),
        ),
        ([], ("", "")),
    ],
)
def test_the_banner_says_how_it_came_about(
    paragraph: Make, states: list[MarkingState], words: tuple[str, str]
) -> None:
    found = [
        replace(paragraph("One."), found=replace(paragraph("One.").found, marking_state=s)) for s in states
    ]
    citations = tuple(map(cited, found))
    assert Answer("q", citations=citations, banner=banner(citations)).banner_words == words


def test_each_row_stands_on_a_line_of_its_own_under_the_title_of_its_block() -> None:
    sentences = (
        Sentence("One.", (1,), level=ProofLevel.VERBATIM, lead="19 February 2009:"),
        Sentence("Two.", (1,), level=ProofLevel.VERBATIM, lead="25 February 2009:"),
    )
    answer = Answer("q", sentences=sentences, blocks=(Block(BlockKind.ROWS, "Delhi", 0, 2),))
    assert answer.text == "Delhi:\n\n19 February 2009: One. [1]\n\n25 February 2009: Two. [1]"
