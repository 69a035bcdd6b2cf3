"""Keeping conversations, without a browser."""

import stat
from dataclasses import replace
from pathlib import Path

import pytest

from cables import Level
from qa.answer import Answer, Citation, ProofLevel, Sentence
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView
from web.errors import HistoryUnavailable
from web.render.filters import chosen, filter_words, without
from web.services.conversation import Conversation, Exchange
from web.services.history import ConversationStore


@pytest.fixture
def history(tmp_path: Path) -> ConversationStore:
    return ConversationStore(tmp_path / "conversations.sqlite")


@pytest.fixture
def view(sample_data: Path) -> CatalogView:
    return CatalogView(sample_data / "catalog.sqlite", EVERYTHING)


def conversation(view: CatalogView, words: str = "What did he say?") -> Conversation:
    found = next(iter(view.find(view.rows_of_cable("08BEIJING90014")[2:3], Filters()).values()))
    evidence = Evidence(found, 1.0, 0.7, {"words": 0.6})
    sentence = Sentence("He said no.", (1,), ProofLevel.VERBATIM)
    answer = Answer(
        words,
        sentences=(sentence,),
        citations=(Citation(1, evidence, ("no",), ProofLevel.VERBATIM),),
        evidence=(evidence,),
    )
    return Conversation("c1", words, (Exchange(words, answer, Filters(posts=("Embassy Beijing",))),))


def test_a_conversation_comes_back_as_it_was(history: ConversationStore, view: CatalogView) -> None:
    kept = history.save("reader", conversation(view))
    assert history.load("reader", "c1", view) == replace(conversation(view), revision=kept.revision)


def test_a_reader_has_so_many_conversations_and_is_told_before_one_is_lost(
    history: ConversationStore, view: CatalogView, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("web.services.history.MAX_CONVERSATIONS", 1)
    kept = history.save("reader", conversation(view))
    history.save("reader", kept)
    history.save("other", conversation(view))
    with pytest.raises(HistoryUnavailable, match="delete some"):
        history.save("reader", replace(conversation(view), id="c2"))


def test_nobody_reads_anothers_conversation(history: ConversationStore, view: CatalogView) -> None:
    history.save("reader", conversation(view))
    assert history.load("other", "c1", view) is None
    assert history.latest("other") == []


def test_what_is_above_the_clearance_by_now_is_left_out(
    history: ConversationStore, view: CatalogView, sample_data: Path
) -> None:
    history.save("reader", conversation(view))
    lower = CatalogView(sample_data / "catalog.sqlite", Clearance(Level.UNCLASSIFIED))
    loaded = history.load("reader", "c1", lower)
    assert loaded is not None
    answer = loaded.exchanges[0].answer
    assert answer is not None
    assert (answer.sentences, answer.citations, answer.evidence) == ((), (), ())


def test_searching_finds_no_words_of_what_may_no_longer_be_seen(
    history: ConversationStore, view: CatalogView, sample_data: Path
) -> None:
    history.save("reader", conversation(view))
    lower = CatalogView(sample_data / "catalog.sqlite", Clearance(Level.UNCLASSIFIED))
    assert len(history.search("reader", "he said no", view)) == 1
    assert history.search("reader", "he said no", lower) == []
    assert len(history.search("reader", "what did he say", lower)) == 1  # one's own question


def test_conversations_are_their_owners_alone(history: ConversationStore, view: CatalogView) -> None:
    history.save("reader", conversation(view))
    assert stat.S_IMODE(history.path.stat().st_mode) == 0o600


def test_searching_finds_all_words_and_takes_signs_literally(
    history: ConversationStore, view: CatalogView
) -> None:
    history.save("reader", conversation(view, "100% sure about Zanzibar?"))
    assert len(history.search("reader", "zanzibar 100%", view)) == 1
    assert history.search("reader", "zan_ibar", view) == []


def test_a_renamed_conversation_keeps_its_name_when_it_goes_on(
    history: ConversationStore, view: CatalogView
) -> None:
    kept = history.save("reader", conversation(view))
    history.rename("reader", "c1", "Mine")
    history.save("reader", kept)
    assert [past.title for past in history.latest("reader")] == ["Mine"]


def test_a_first_question_that_was_changed_changes_the_title(
    history: ConversationStore, view: CatalogView
) -> None:
    kept = history.save("reader", conversation(view, "What did he sey?"))
    history.save("reader", replace(conversation(view, "What did he say?"), revision=kept.revision))
    assert [past.title for past in history.latest("reader")] == ["What did he say?"]


def test_going_on_from_an_earlier_question_leaves_the_conversation_as_it_was() -> None:
    talk = Conversation().asking(Exchange("One?")).asking(Exchange("Two?"))
    assert talk.until(1).id == talk.id
    assert talk.until(0).id != talk.id


def test_a_deleted_conversation_is_gone(history: ConversationStore, view: CatalogView) -> None:
    history.save("reader", conversation(view))
    history.forget("reader", "c1")
    assert history.latest("reader") == []


def test_the_panels_form_becomes_filters() -> None:
    filters = chosen(
        {"posts": ["Embassy Rome"], "classifications": ["2"], "since": "2008-04", "until": "2008-05"}
    )
    assert filters == Filters(("Embassy Rome",), 20080401, 20080531, (Level.CONFIDENTIAL,))


def test_a_form_with_nonsense_sets_nothing() -> None:
    assert chosen({"classifications": ["9"], "roles": ["king"], "since": "soon"}) == Filters()


def test_each_chip_removes_its_own_filter() -> None:
    filters = Filters(("Embassy Rome",), 20080401, None, (Level.SECRET,), ("PREL",))
    assert without(filters, "since", "1") == without(filters, "nothing", "x") == filters
    for what, value, _ in filter_words(filters):
        assert len(filter_words(without(filters, what, value))) == 3


def test_two_tabs_on_one_conversation_lose_no_exchange(history: ConversationStore, view: CatalogView) -> None:
    first = history.save("reader", conversation(view))
    one, other = first.asking(Exchange("In one tab?")), first.asking(Exchange("In the other?"))
    kept = [history.save("reader", tab) for tab in (one, other)]
    assert kept[0].id != kept[1].id
    questions = {
        exchange.question
        for summary in history.latest("reader")
        for exchange in (history.load("reader", summary.id, view) or Conversation()).exchanges
    }
    assert questions >= {"In one tab?", "In the other?"}


def test_a_tab_that_goes_on_by_itself_stays_one_conversation(
    history: ConversationStore, view: CatalogView
) -> None:
    kept = history.save("reader", conversation(view))
    for question in ("And then?", "And in the end?"):
        kept = history.save("reader", kept.asking(Exchange(question)))
    assert [summary.id for summary in history.latest("reader")] == [kept.id]
