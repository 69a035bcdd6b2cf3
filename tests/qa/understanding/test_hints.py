"""What a question says about where to look: periods, cables, posts."""

import pytest

from cables import Level
from qa.understanding.hints import read_hints
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive


@pytest.mark.parametrize(
    ("text", "period"),
    [
        ("What happened in April 2008?", (20080401, 20080430)),
        ("in Apr. 2008", (20080401, 20080430)),
        ("in February 2008", (20080201, 20080229)),
        ("on 17 April 2008", (20080417, 20080501)),
        ("on April 17, 2008", (20080417, 20080501)),
        ("in 2009", (20090101, 20091231)),
        ("in spring 2008", (20080301, 20080531)),
        ("in late 2009", (20090901, 20091231)),
        ("in winter 2008", (20081201, 20090228)),
        ("between March 2008 and June 2009", (20080301, 20090630)),
        ("before 2010", (19660101, 20101231)),
        ("in May", (None, None)),
        ("resolution 1559", (None, None)),
        ("how many of 2500 tons", (None, None)),
        ("on 31 February 2008", (20080201, 20080229)),
    ],
)
def test_a_period_is_read_as_days(archive: Archive, text: str, period: tuple[int | None, int | None]) -> None:
    hints = read_hints(text, archive.view(EVERYTHING))
    assert (hints.since, hints.until) == period


@pytest.mark.parametrize("id_as_written", ["08BEIJING90014", "08 Beijing 90014", "08beijing90014"])
def test_a_cable_is_recognised_however_it_is_written(archive: Archive, id_as_written: str) -> None:
    hints = read_hints(f"What does {id_as_written} say?", archive.view(EVERYTHING))
    assert hints.cables == ("08BEIJING90014",)


def test_a_cable_that_the_archive_does_not_have_is_no_hint(archive: Archive) -> None:
    assert read_hints("What does 08BEIJING99999 say?", archive.view(EVERYTHING)).cables == ()


def test_a_cable_above_the_clearance_is_no_hint(archive: Archive) -> None:
    view = archive.view(Clearance(Level.UNCLASSIFIED))
    assert read_hints("What does 08BEIJING90014 say?", view).cables == ()


@pytest.mark.parametrize(
    ("question", "post"),
    [
        ("What did the embassy in Tokyo report?", "Embassy Tokyo"),
        ("What did Embassy New Delhi ask for?", "Embassy New Delhi"),
        ("Did the State Department ask three governments?", "Secretary of State"),
    ],
)
def test_a_post_is_read_from_its_place(archive: Archive, question: str, post: str) -> None:
    assert post in read_hints(question, archive.view(EVERYTHING)).posts


def test_a_question_that_names_nothing_gives_no_hints(archive: Archive) -> None:
    assert not read_hints("why was the bid refused?", archive.view(EVERYTHING))


@pytest.mark.parametrize(
    ("question", "tags"),
    [
        ("What do cables tagged PHUM say?", {"PHUM"}),
        ("How are human rights in Tunisia?", {"PHUM", "TS"}),
        ("Why did China refuse?", {"CH"}),
        ("Why did they refuse?", set()),
    ],
)
def test_tags_are_read_from_codes_subjects_and_countries(
    archive: Archive, question: str, tags: set[str]
) -> None:
    found = set(read_hints(question, archive.view(EVERYTHING)).tags)
    assert tags <= found
    assert bool(found) == bool(tags)


@pytest.mark.parametrize(
    ("question", "levels"),
    [
        ("Which secret cables mention Japan?", (Level.SECRET,)),
        ("cables classified confidential", (Level.CONFIDENTIAL,)),
        ("the top secret telegram from Paris", (Level.TOP_SECRET,)),
        ("What was said in the secret talks?", ()),
    ],
)
def test_a_classification_is_one_only_beside_what_is_classified(
    archive: Archive, question: str, levels: tuple[Level, ...]
) -> None:
    assert read_hints(question, archive.view(EVERYTHING)).levels == levels


@pytest.mark.parametrize(
    ("question", "several"),
    [
        ("How did the account change from December 2009 to January 2010?", True),
        ("What did the embassy in Tokyo and the embassy in Paris report?", True),
        ("What happened in April 2008?", False),
    ],
)
def test_a_question_with_several_times_or_posts_spans_cables(
    archive: Archive, question: str, several: bool
) -> None:
    assert read_hints(question, archive.view(EVERYTHING)).several is several
