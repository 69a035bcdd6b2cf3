"""The shape of an answer: its plain text with markers, and the JSON that scripts rely on."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from cables import Level, Marking
from qa.answer import Answer, Citation, Outcome, ProofLevel, Sentence, as_json, read_turns
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


def test_the_json_has_the_fields_of_the_contract(paragraph: Make) -> None:
    evidence = paragraph("The minister refused.", cable="08PARIS90001", number=2)
    answer = Answer(
        "q",
        sentences=(Sentence("The minister refused.", (1,), level=ProofLevel.VERBATIM),),
        seconds=0.12345,
        citations=(cited(evidence, 1, "The minister refused."),),
        evidence=(evidence,),
        banner=Marking(Level.SECRET, ("NOFORN",)),
    )
    shape: dict[str, Any] = {
        "answer": "The minister refused. [1]",
        "refused": False,
        "citations": [
            {
                "n": 1,
                "cable": "08PARIS90001",
                "paragraph": 2,
                "key": "08PARIS90001.2",
                "quote": "The minister refused.",
                "level": "verbatim",
                "verified": True,
                "footnote": "Embassy Paris to State, telegram 08PARIS90001, 17 April 2008, Confidential, ¶2.",
            }
        ],
        "evidence": [{"cable": "08PARIS90001", "paragraph": 2, "key": "08PARIS90001.2", "score": 1.0}],
        "banner": "SECRET//NOFORN",
        "seconds": 0.123,
    }
    assert shape.items() <= as_json(answer).items()


def test_the_json_lists_the_ten_best_paragraphs_in_order(paragraph: Make) -> None:
    evidence = tuple(replace(paragraph("Text.", number=n), score=1 - n / 100) for n in range(1, 21))
    listed = as_json(Answer("q", evidence=evidence))["evidence"]
    assert [e["paragraph"] for e in listed] == list(range(1, 11))


def test_only_a_refusal_counts_as_refused() -> None:
    assert [Answer("q", outcome=outcome).refused for outcome in Outcome] == [False, False, True]


def test_turns_of_a_file_carry_the_paragraphs_that_their_text_cites() -> None:
    (turn,) = read_turns([{"role": "assistant", "content": "So said Wu [08BEIJING90014 ¶3]."}])
    assert turn.cited == ("08BEIJING90014.3",)
    (turn,) = read_turns([{"role": "assistant", "content": "So said Wu.", "cited": ["08BEIJING90014.3-2"]}])
    assert turn.cited == ("08BEIJING90014.3-2",)
    (turn,) = read_turns([{"role": "assistant", "content": "It is in 08BEIJING90014."}])
    assert turn.cited == ("08BEIJING90014",)
