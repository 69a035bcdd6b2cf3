import pytest

from qa.text.names import Name, find_names, stands_in


def name(text: str) -> Name:
    return find_names(f"so {text}")[0]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("United States", "Washington"),
        ("American", "U.S."),
        ("European Union", "EU"),
        ("Muammar Gaddafi", "Qadhafi"),
        ("Ahmadi-Nejad", "Ahmadinejad"),
        ("Embassy Rome", "Italian"),
        ("President Karzai", "Hamid Karzai"),
    ],
)
def test_one_name_has_many_forms(one: str, other: str) -> None:
    assert name(one).same(name(other))
    assert name(other).same(name(one))


@pytest.mark.parametrize(
    ("one", "other"),
    [("African Union", "European Union"), ("Hamid Karzai", "Ahmed Karzai"), ("Bank of China", "China")],
)
def test_names_that_share_a_word_are_not_one(one: str, other: str) -> None:
    assert not name(one).same(name(other))


def test_words_that_open_a_sentence_and_months_are_no_names() -> None:
    text = (
        "When Karzai left in May, negotiators stayed. May he return? Talks went on. Visiting Oslo, he slept."
    )
    assert [found.printed for found in find_names(text)] == ["Karzai", "Oslo"]


def test_what_an_acronym_of_a_government_means_depends_on_the_post() -> None:
    assert [find_names("the GOI agreed", home)[0].parts for home in ("IN", "IS")] == [{"@IN"}, {"@IS"}]


def test_a_name_stands_in_a_text_in_lower_case_or_spelled_out() -> None:
    assert stands_in(name("MFA"), "the ministry of foreign affairs refused")
    assert stands_in(name("Young Patriots"), "leader of the young patriots")
    assert not stands_in(name("Young Patriots"), "leader of the patriots")
