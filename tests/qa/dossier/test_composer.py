"""What stands on the page of a dossier, composed over the samples without a chat model."""

import pytest

from cables import Level
from qa.chain import Chain
from qa.dossier.composer import DossierComposer
from qa.dossier.dossier import Dossier, DossierPage, Pin, dossier_about
from qa.factory import build_chain
from vectorstore.access import Clearance
from vectorstore.archive import Archive
from vectorstore.query import Filters, Phrase, TextQuery


@pytest.fixture(scope="module")
def japan(chain: Chain) -> DossierPage:
    """The dossier about a name that several cables hold."""
    return DossierComposer(chain).compose(dossier_about("Japan"))


def test_the_cables_are_counted_exactly(chain: Chain, japan: DossierPage) -> None:
    _, total = chain.retriever.view.listed(Filters(text=TextQuery(((Phrase("Japan"),),))))
    assert japan.total == total
    assert japan.extent.startswith(f"{total} cables hold “Japan”")
    assert sum(n for years in japan.counts.values() for n in years.values()) == total


def test_every_cable_has_one_line_in_its_own_words_in_the_order_of_time(japan: DossierPage) -> None:
    assert len(japan.lines) == japan.total
    assert len({evidence.cable_id for evidence, _ in japan.lines}) == japan.total
    assert all(sentence.piece.text in evidence.text for evidence, sentence in japan.lines)
    days = [evidence.found.day or 0 for evidence, _ in japan.lines]
    assert days == sorted(days)


def test_a_line_speaks_of_the_subject_where_its_cable_does(japan: DossierPage) -> None:
    assert all(
        "Japan" in sentence.piece.text for evidence, sentence in japan.lines if "Japan" in evidence.text
    )


def test_places_and_people_beside_it_are_counted_by_cable_and_are_not_the_subject(japan: DossierPage) -> None:
    assert japan.places[0].name == "China"
    assert "President Hu Jintao" in [one.name for one in japan.people]
    assert not [one.name for one in (*japan.people, *japan.places) if "Japan" in one.name]
    for one in (*japan.people, *japan.places):
        assert 2 <= one.cables <= japan.total


def test_references_go_from_a_cable_of_the_dossier_to_one_of_the_archive(japan: DossierPage) -> None:
    assert [target.id for target in japan.references["08TOKYO90031"]] == ["08BEIJING90014"]


def test_the_banner_is_the_highest_marking_of_what_is_quoted(japan: DossierPage) -> None:
    assert japan.banner is not None
    assert japan.banner.level == max(evidence.marking.level for evidence in japan.quoted)


def test_chosen_cables_make_a_dossier_without_a_search(chain: Chain) -> None:
    dossier = dossier_about("08BEIJING90014, 08 Tokyo 90031 and 08PARIS1")
    assert dossier.cables == ("08BEIJING90014", "08TOKYO90031", "08PARIS1")
    page = DossierComposer(chain).compose(dossier)
    assert [evidence.cable_id for evidence, _ in page.lines] == ["08BEIJING90014", "08TOKYO90031"]
    assert page.extent == "2 cables chosen by hand."


def test_a_name_that_no_cable_holds_is_said_to_be_nowhere_and_is_not_put_right(chain: Chain) -> None:
    page = DossierComposer(chain).compose(dossier_about("Jorunn Blomqvistdottir"))
    assert page.extent == "No cable holds “Jorunn Blomqvistdottir”."
    assert (page.total, page.lines, page.banner) == (0, [], None)


def test_a_period_in_the_subject_limits_the_cables(chain: Chain) -> None:
    page = DossierComposer(chain).compose(dossier_about("Japan in 2008"))
    assert page.years == [2008]


def test_what_was_pinned_by_hand_stands_with_its_note(chain: Chain) -> None:
    dossier = Dossier("d", "Seats", pins=(Pin("08BEIJING90014.2", "Ask him."), Pin(note="Call Tokyo.")))
    page = DossierComposer(chain).compose(dossier)
    assert [(pin.evidence.key if pin.evidence else "", pin.note) for pin in page.pins] == [
        ("08BEIJING90014.2", "Ask him."),
        ("", "Call Tokyo."),
    ]


def test_a_dossier_shows_only_what_its_reader_may_see_now(archive: Archive, japan: DossierPage) -> None:
    lower = Clearance(Level.UNCLASSIFIED)
    dossier = Dossier("d", "Japan", "Japan", pins=(Pin("08BEIJING90014.2", "My own words."),))
    page = DossierComposer(build_chain(archive, lower)).compose(dossier)
    assert 0 < page.total < japan.total
    assert page.pins == []
    assert page.hidden == 1
    assert all(evidence.marking.level is Level.UNCLASSIFIED for evidence in page.quoted)
    shown = {row.id for targets in page.references.values() for row in targets}
    assert "08BEIJING90014" not in shown | set(page.references)
