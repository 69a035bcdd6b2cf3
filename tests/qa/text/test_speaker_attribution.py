import pytest

from cables import Role
from qa.text.speaker_attribution import role_at, voiced


def read(text: str, role: Role = Role.BODY) -> list[str]:
    return [piece.text for piece, _ in voiced(text, role)]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("(C) Summary: The port reopened.", ["The port reopened."]),
        ("SUMMARY AND COMMENT. The port reopened. END SUMMARY AND COMMENT.", ["The port reopened."]),
        (
            "It rained. (NOTE: The pier is old. END NOTE.) It snowed.",
            ["It rained.", "The pier is old.", "It snowed."],
        ),
        ("(C//NF) CONTD: The pier sank.", ["The pier sank."]),
        ("a) The pier sank.\nb) The quay held.", ["The pier sank.", "The quay held."]),
        ("-- (S/NF) The pier sank.", ["The pier sank."]),
        ("1. The pier sank.", ["The pier sank."]),
        ("The pier sank. End Summary. The Harbor and Its Masters", ["The pier sank."]),
        ("The pier sank (see ref B).", ["The pier sank (see ref B)."]),
        ("(Nobody saw it.)", ["(Nobody saw it.)"]),
        ("U.S. ships left. A. Smith stayed.", ["U.S. ships left.", "A. Smith stayed."]),
        (
            "Comments by the minister were few. Note that he left.",
            ["Comments by the minister were few.", "Note that he left."],
        ),
        ("By the end of the summary he slept.", ["By the end of the summary he slept."]),
    ],
)
def test_what_belongs_to_the_page_is_left_outside(text: str, left: list[str]) -> None:
    assert read(text) == left


def test_what_is_left_stands_word_for_word_where_it_says() -> None:
    text = "Note: (C) One [two.  Three] four. End note.) -- five"
    assert all(text[p.start : p.end] == p.text for p, _ in voiced(text, Role.BODY))


def test_a_comment_in_brackets_ends_with_its_bracket() -> None:
    roles = [role for _, role in voiced("One. (Embassy comment: Two. Three.) Four.", Role.BODY)]
    assert roles == [Role.BODY, Role.COMMENT, Role.COMMENT, Role.BODY]


def test_a_place_in_the_text_has_a_speaker() -> None:
    text = "One said so. (Comment: Two.) Three."
    assert [role_at(text, Role.BODY, text.index(w)) for w in ("One", "Two", "Three")] == [
        Role.BODY,
        Role.COMMENT,
        Role.BODY,
    ]


def test_a_paragraph_of_labels_alone_says_nothing() -> None:
    assert read("End Summary.") == []


def test_sentences_about_the_cable_as_a_paper_say_nothing() -> None:
    text = "This is an action request; see para 8. The minister refused. The Deputy Secretary cleared this cable."
    assert [piece.text for piece, _ in voiced(text, Role.BODY)] == ["The minister refused."]
    assert voiced("Please see paragraph 4.", Role.ACTION) == ()
