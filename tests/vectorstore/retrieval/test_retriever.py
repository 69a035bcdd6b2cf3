"""The retriever finds what answers, within filters and clearance, and says why it found it."""

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from archives import cable_text

from cables import Level, Role
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters, Query, QueryHints
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.retriever import Retriever

BID = "Why did China refuse Japan's bid?"


@pytest.fixture
def retriever(archive: Archive) -> Retriever:
    return Retriever(archive=archive, view=archive.view(EVERYTHING))


def keys(evidence: list[Evidence]) -> list[str]:
    return [found.key for found in evidence]


def test_the_paragraph_that_answers_is_among_the_first(retriever: Retriever) -> None:
    assert {"08BEIJING90014.3", "08BEIJING90014.4"} & {*keys(retriever.search(Query(BID)))[:3]}


def test_evidence_comes_best_first_each_paragraph_once_and_no_more_than_asked(retriever: Retriever) -> None:
    evidence = retriever.search(Query(BID, limit=7))
    assert [e.score for e in evidence] == sorted((e.score for e in evidence), reverse=True)
    assert len(set(keys(evidence))) == len(evidence) == 7


def test_the_same_question_finds_the_same_evidence(retriever: Retriever) -> None:
    assert keys(retriever.search(Query(BID))) == keys(retriever.search(Query(BID)))


def test_words_find_what_meaning_does_not_know(retriever: Retriever) -> None:
    assert retriever.search(Query("IGN OEWG"))[0].cable_id == "08USUNNEWYORK90007"


def test_meaning_finds_what_is_said_in_other_words(retriever: Retriever) -> None:
    found = retriever.search(Query("lava and ash halting airline traffic"))
    assert found[0].cable_id == "10REYKJAVIK90004"


@pytest.mark.parametrize(
    ("filters", "passes"),
    [
        (Filters(posts=("Embassy Tokyo",)), lambda e: e.found.post == "Embassy Tokyo"),
        (Filters(since=20090101, until=20091231), lambda e: e.found.day // 10000 == 2009),
        (Filters(roles=(Role.COMMENT,)), lambda e: e.role is Role.COMMENT),
        (Filters(cables=("08PARIS90121",)), lambda e: e.cable_id == "08PARIS90121"),
        (Filters(classifications=(Level.SECRET,)), lambda e: e.found.classification is Level.SECRET),
    ],
)
def test_a_filter_is_never_broken_and_is_filled(retriever: Retriever, filters: Filters, passes: Any) -> None:
    evidence = retriever.search(Query(BID, filters=filters))
    assert evidence
    assert all(passes(found) for found in evidence)


def test_a_filter_that_nothing_passes_gives_no_evidence(retriever: Retriever) -> None:
    assert retriever.search(Query(BID, filters=Filters(posts=("Embassy Oslo",)))) == []


def test_nothing_above_the_clearance_is_found(archive: Archive) -> None:
    low = Retriever(archive=archive, view=archive.view(Clearance(Level.SBU)))
    for question in (BID, "vacuum pumps shipment", "Turkish army northern Iraq intelligence"):
        found = low.search(Query(question))
        assert all(e.found.classification <= Level.SBU and e.marking.level <= Level.SBU for e in found)


def test_a_low_clearance_still_finds_what_it_may_see(archive: Archive) -> None:
    low = Retriever(archive=archive, view=archive.view(Clearance(Level.UNCLASSIFIED)))
    assert (
        low.search(Query("Why did the airport stay open during the eruption?"))[0].cable_id
        == "10REYKJAVIK90004"
    )


def test_a_named_cable_is_found_whatever_is_asked_of_it(retriever: Retriever) -> None:
    hints = QueryHints(cables=("09NAIROBI90140",))
    found = retriever.search(Query("What does it say about elephants?", hints=hints))
    assert found[0].cable_id == "09NAIROBI90140"


def test_hints_raise_and_never_exclude(retriever: Retriever) -> None:
    hints = QueryHints(since=20100101, until=20101231, posts=("Embassy Brasilia",))
    hinted = retriever.search(Query(BID, hints=hints))
    assert any(e.cable_id == "08BEIJING90014" for e in hinted)
    assert all({"date", "post"} <= e.why.keys() for e in hinted if e.cable_id == "10BRASILIA90018")


@pytest.mark.parametrize(
    ("hints", "name"),
    [
        (QueryHints(tags=("PREL",)), "tag"),
        (QueryHints(levels=(Level.CONFIDENTIAL,)), "level"),
        (QueryHints(posts=("Embassy Tokyo",)), "post"),
        (QueryHints(since=20080401, until=20080430), "date"),
    ],
)
def test_what_a_question_names_is_told_as_a_reason(
    retriever: Retriever, hints: QueryHints, name: str
) -> None:
    plain, hinted = (retriever.search(Query(BID, hints=own)) for own in (QueryHints(), hints))
    assert any(name in e.why for e in hinted)
    assert not any(name in e.why for e in plain)
    before = {e.key: n for n, e in enumerate(plain)}
    for place, e in enumerate(hinted):
        if name not in e.why:  # what is not named overtakes nothing that is
            assert not any(
                name in other.why and before.get(other.key, 99) < before.get(e.key, 99)
                for other in hinted[place:]
            )


def test_cables_to_which_the_best_refer_are_candidates_with_their_nearness(archive: Archive) -> None:
    shallow = Retriever(archive=archive, view=archive.view(EVERYTHING), depth=1)
    found = shallow.search(
        Query("08TOKYO90031 and the talks about the council", hints=QueryHints(cables=("08TOKYO90031",)))
    )
    referred = [e for e in found if "reference" in e.why]
    assert {e.cable_id for e in referred} >= {"08BEIJING90014"}
    assert all(e.cosine > 0 for e in referred)


def test_what_words_alone_brought_is_compared_in_meaning_too(archive: Archive) -> None:
    shallow = Retriever(archive=archive, view=archive.view(EVERYTHING), depth=1)
    found = {e.cable_id: e for e in shallow.search(Query("IGN OEWG lava and ash halting airline traffic"))}
    assert found.keys() >= {"08USUNNEWYORK90007", "10REYKJAVIK90004"}  # each retriever brought one
    assert all(e.cosine > 0 for e in found.values())


def test_a_question_that_spans_cables_finds_several_of_each_before_the_rest(retriever: Retriever) -> None:
    found = retriever.search(Query("Council reform talks", hints=QueryHints(several=True), limit=9))
    first = [e.cable_id for e in found[:6]]
    assert max(first.count(cable) for cable in first) <= 3
    assert len(found) == 9


def test_a_paragraph_that_was_cited_before_counts_less(retriever: Retriever) -> None:
    first = retriever.search(Query(BID))[0]
    again = {e.key: e for e in retriever.search(Query(BID, cited=(first.key,)))}
    assert again[first.key].why["repeated"] < 0


def test_an_empty_question_is_no_error(retriever: Retriever) -> None:
    assert isinstance(retriever.search(Query("")), list)


@pytest.mark.parametrize(
    "text", ["?!", "the of and", "🙂", "a" * 5000, "' OR 1=1 --", "\0", '{}[]()*:^~"AND']
)
def test_odd_questions_are_searched_like_any_other(retriever: Retriever, text: str) -> None:
    assert isinstance(retriever.search(Query(text)), list)


def test_a_retransmitted_paragraph_is_folded_into_the_first(own_archive: Archive, tmp_path: Path) -> None:
    text = "The lighthouse keeper of Berlengas reported that the lamp had been dark for nine nights in a row."
    for cable_id in ("07LISBON91001", "07LISBON91002"):
        (tmp_path / f"{cable_id}.txt").write_text(cable_text(cable_id, [text]))
    Indexer(own_archive).run([tmp_path / "07LISBON91001.txt", tmp_path / "07LISBON91002.txt"])
    found = Retriever(archive=own_archive, view=own_archive.view(EVERYTHING)).search(
        Query("Berlengas lighthouse lamp")
    )
    assert {found[0].key, *found[0].also} == {"07LISBON91001.1", "07LISBON91002.1"}
    assert "07LISBON91002.1" not in keys(found[1:])


def test_langchain_gets_documents_with_key_cable_and_number(retriever: Retriever) -> None:
    document = retriever.invoke(BID)[0]
    assert (
        document.metadata["key"]
        == document.id
        == f"{document.metadata['cable']}.{document.metadata['number']}"
    )


def test_a_long_paragraph_is_found_by_its_end_under_a_filter(own_archive: Archive, tmp_path: Path) -> None:
    long = (
        "The harbor master spoke of cranes and cargo. " * 40
        + "At the end a comet was seen over the lighthouse."
    )
    (tmp_path / "a.txt").write_text(cable_text("07LISBON91001", [long, "Fish was cheap."]))
    Indexer(own_archive).run([tmp_path / "a.txt"])
    retriever = Retriever(archive=own_archive, view=own_archive.view(EVERYTHING))
    within = retriever.search(Query("astronomical sighting", filters=Filters(cables=("07LISBON91001",))))
    anywhere = retriever.search(Query("astronomical sighting"))
    cosines = [{e.key: e.cosine for e in evidence}["07LISBON91001.1"] for evidence in (within, anywhere)]
    assert cosines[0] == pytest.approx(cosines[1], abs=0.01)


def test_a_running_chat_finds_what_another_process_indexed(own_archive: Archive, tmp_path: Path) -> None:
    retriever = Retriever(archive=own_archive, view=own_archive.view(EVERYTHING))
    retriever.search(Query(BID))
    (tmp_path / "a.txt").write_text(cable_text("07LISBON91001", ["A comet was seen over the lighthouse."]))
    code = (
        "import sys; from pathlib import Path; from vectorstore.archive import ArchiveConfig, open_archive;"
        "from vectorstore.indexing.indexer import Indexer;"
        "Indexer(open_archive(ArchiveConfig(Path(sys.argv[1])))).run([Path(sys.argv[2])])"
    )
    arguments = [sys.executable, "-c", code, str(own_archive.data), str(tmp_path / "a.txt")]
    subprocess.run(
        arguments, check=True, cwd=Path(__file__).parents[3], env=os.environ | {"HF_HUB_OFFLINE": "1"}
    )
    found = retriever.search(Query("Was a comet seen over the lighthouse?"))[0]
    assert found.key == "07LISBON91001.1"
    assert found.cosine > 0.5  # found by its vector, not by its words alone


def test_who_indexes_sees_that_the_archive_was_asked(retriever: Retriever) -> None:
    mark = retriever.archive.data / "asked"
    mark.unlink(missing_ok=True)
    retriever.search(Query(BID))
    assert mark.exists()
