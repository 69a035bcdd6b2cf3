"""Counts and lists of cables and posts over the samples."""

from qa.answer import BlockKind, Kind, Outcome, Question
from qa.answers.catalog_listing import counted_as
from qa.chain import Chain
from vectorstore.query import Filters, Phrase, TextQuery


def test_times_that_are_set_against_each_other_are_counted_each(chain: Chain) -> None:
    answer = chain.invoke(Question("How many cables mention Japan in 2008 versus 2009?"))
    text = TextQuery(((Phrase("Japan"),),))
    counts = [
        chain.retriever.view.listed(Filters(since=year * 10000 + 101, until=year * 10000 + 1231, text=text))[
            1
        ]
        for year in (2008, 2009)
    ]
    stated = [sentence.text for sentence in answer.sentences if not sentence.citations][:2]
    assert [int(text.split()[0]) for text in stated] == counts


def test_cables_of_a_post_and_a_year_are_rows_with_their_subjects(chain: Chain) -> None:
    answer = chain.invoke(Question("Everything from Embassy Beijing in 2008"))
    assert answer.kind is Kind.LIST
    assert answer.blocks[-1].kind is BlockKind.ROWS
    assert {c.evidence.found.post for c in answer.citations} == {"Embassy Beijing"}
    assert "Beijing and Tokyo talk past each other" in answer.sentences[-1].lead


def test_posts_that_wrote_about_something_are_named_with_their_counts(chain: Chain) -> None:
    answer = chain.invoke(Question("Which embassies wrote about Japan?"))
    assert "Embassy Tokyo (1)" in answer.sentences[0].text


def test_a_list_of_what_no_cable_holds_shows_the_nearest_as_such(chain: Chain) -> None:
    answer = chain.invoke(Question("Which cables mention the Japanese moon landing?"))
    assert answer.outcome is not Outcome.ANSWERED


def test_what_was_counted_is_one_sentence() -> None:
    filters = Filters(posts=("Embassy Oslo",), since=20090101, until=20091231)
    assert counted_as(filters, ("herring",), 2) == (
        "cables from Embassy Oslo sent in 2009 hold “herring” in subject or text"
    )
    assert (
        counted_as(Filters(since=20080417, until=20080417), (), 1)
        == "cable sent on 17 April 2008 is in the archive"
    )
