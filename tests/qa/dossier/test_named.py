"""Who and what is named beside a subject."""

from qa.dossier.dossier import Analysed
from qa.dossier.named import named_beside
from qa.generation.quotation import readable
from qa.text.analysis import analyse
from tests.qa.conftest import Make


def said(make: Make, *texts: str) -> list[Analysed]:
    """A paragraph a cable."""
    found = [make(text, cable=f"08PARIS9000{n}") for n, text in enumerate(texts)]
    return [((e, s), analyse(s.piece.text)) for e in found for s in readable(e)]


def test_a_short_form_counts_with_the_whole_name(paragraph: Make) -> None:
    people, _ = named_beside(
        said(paragraph, "We met Ivo Sanader.", "The gas was Sanader's.", "So said Sanader."), "gas"
    )
    assert [(one.name, one.cables) for one in people] == [("Ivo Sanader", 3)]


def test_a_country_in_any_word_is_one_place(paragraph: Make) -> None:
    _, places = named_beside(
        said(paragraph, "The French left.", "He flew to France.", "Then Paris agreed."), "gas"
    )
    assert ("France", 2) in [(one.name, one.cables) for one in places]


def test_a_name_leads_to_where_it_stands_first(paragraph: Make) -> None:
    people, _ = named_beside(
        said(paragraph, "Nothing here.", "We met Ivo Sanader.", "And Ivo Sanader again."), "gas"
    )
    assert people[0].first[0].cable_id == "08PARIS90001"


def test_what_runs_on_behind_a_name_is_cut(paragraph: Make) -> None:
    texts = [
        "It followed Ivo Sanader's May visit to the Group of Four.",
        "Ivo Sanader saw the Group of Four.",
    ]
    people, _ = named_beside(said(paragraph, *texts), "gas")
    assert {one.name for one in people} == {"Ivo Sanader", "Group of Four"}


def test_redactions_references_and_sentence_openings_are_no_names(paragraph: Make) -> None:
    texts = ["Lawmakers met XXXXXXXXXXXX (Ref A).", "Lawmakers left XXXXXXXXXXXX (Ref A)."]
    assert named_beside(said(paragraph, *texts), "gas") == ([], [])
