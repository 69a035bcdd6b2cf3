import time

import pytest

from cables.parsing.numbering import paragraph_numbers


def _numbers(text: str) -> list[int]:
    return [found.number for found in paragraph_numbers(text)]


@pytest.mark.parametrize(
    "form",
    [
        "¶{}. (C) ",
        "{}. (C) ",
        "{}.(S)",
        "{}  (C) ",
        "{}, (SBU) ",
        "{}.. (SBU) ",
        "(C) {}. ",
        "¶ {}. (S//NF) ",
        "{}. ",
    ],
)
def test_every_printed_form_of_a_number_counts(form: str) -> None:
    text = "\n".join(form.format(number) + "Words of a paragraph." for number in (1, 2, 3))
    assert _numbers(text) == [1, 2, 3]


def test_the_marking_is_kept_before_or_behind_the_number() -> None:
    found = paragraph_numbers("1. (C) One.\n(S/NF) 2. Two.\n")
    assert [number.mark for number in found] == ["(C)", "(S/NF)"]


@pytest.mark.parametrize(
    "stray",
    [
        "in\n2008. The pier",
        "on March\n16. His aim",
        "see reason\n1.4 (b) of it",
        "room\n45. upstairs",
        "cost\n3,000 (C) dollars",
    ],
)
def test_a_year_a_day_or_a_sum_at_a_line_start_is_no_paragraph(stray: str) -> None:
    assert _numbers(f"1. (C) One {stray} sank.\n\n2. (C) Two.\n\n3. (C) Three.\n") == [1, 2, 3]


def test_reference_letters_are_no_paragraphs() -> None:
    assert _numbers("¶B. LISBON 12\n¶C. LISBON 13\n\n¶1. (C) One.\n") == [1]


@pytest.mark.parametrize(
    "numbers", [[1, 2, 2, 3], [1, 2, 4, 5], [7, 8, 9], [1, 2, 3, 1, 2, 3], [1, 2, 3, 4, 5, 8, 11], [5]]
)
def test_marked_numbers_are_kept_as_printed(numbers: list[int]) -> None:
    assert _numbers("".join(f"{number}. (C) Words.\n\n" for number in numbers)) == numbers


def test_the_inner_one_of_two_numbers_is_the_true_one() -> None:
    assert _numbers("¶1. 1. One.\n¶2. 2. Two.\n¶3. \n¶4. 3. Three.\n") == [1, 2, 3]


def test_a_bracketed_list_inside_a_paragraph_is_no_paragraph() -> None:
    items = "1) (C) What is it?\n2) (C) Where is it?\n"
    assert _numbers(f"1. (C) Please answer:\n{items}\n2. (C) Thank you.\n") == [1, 2]


def test_a_letter_with_its_own_numbers_stays_inside_its_paragraph() -> None:
    letter = "".join(
        f"¶{n}. A sentence of the letter that is long enough to be a paragraph of its own, and more.\n"
        for n in range(1, 8)
    )
    assert _numbers(f"¶1. (S) One.\n¶2. (S) Begin text:\n{letter}\n¶3. (S) Comment.\n") == [1, 2, 3]


def test_short_items_at_the_end_are_a_list() -> None:
    items = "".join(f"¶{n}. No new taxes.\n" for n in range(1, 6))
    assert _numbers(f"¶1. (C) One.\n¶2. (C) The plan:\n{items}") == [1, 2]


def test_a_number_glued_behind_a_sentence_on_its_line_counts() -> None:
    assert _numbers("1. (C) One ended. 2. (C) Two is here.\n\n3. (C) Three.\n") == [1, 2, 3]


def test_a_mention_of_a_paragraph_is_none() -> None:
    assert _numbers("1. (C) One, see para 2. (C) is meant.\n\n2. (C) Two.\n") == [1, 2]


def test_a_mention_at_the_end_is_none_either() -> None:
    assert _numbers("1. (C) One, see para 2. (C) is meant.\n") == [1]


def test_a_number_inside_a_line_begins_where_it_is_printed() -> None:
    text = "1. (C) One ended. 2. (C) Two is here. 3. (C) Three.\n"
    assert [text[found.start : found.end] for found in paragraph_numbers(text)] == [
        "1. (C)",
        "2. (C)",
        "3. (C)",
    ]


def test_the_first_number_counts_whatever_stands_before_it_on_its_line() -> None:
    assert _numbers("for reasons b and d 1. (C) One.\n\n2. (C) Two.\n") == [1, 2]


def test_a_number_of_three_digits_inside_a_line_is_read_whole() -> None:
    assert _numbers("100. (C) One ended. 101. (C) Two.\n\n102. (C) Three.\n") == [100, 101, 102]


def test_bracketed_numbers_count_where_there_are_no_others() -> None:
    assert _numbers("1) One.\n\n2) Two.\n\n3) Three.\n") == [1, 2, 3]
    assert _numbers("1. (C) One.\n\n2) Two.\n\n3) Three.\n") == [1, 2, 3]


@pytest.mark.parametrize("mark", ["(C) ", ""])
def test_a_bracketed_list_that_goes_on_with_the_count_is_a_list(mark: str) -> None:
    assert _numbers(f"1. {mark}One.\n2. {mark}Two:\n3) a pier\n4) a port\n5) a ship\n") == [1, 2]


def test_a_number_in_brackets_with_its_marking_is_a_paragraph() -> None:
    assert _numbers("1. (C) One.\n(2) (C) Two.\n3. (C) Three.\n") == [1, 2, 3]


def test_a_number_far_off_counts_only_with_its_dot() -> None:
    assert _numbers("1. (C) One.\n2. (C) Two.\n9. (C) Nine.\n") == [1, 2, 9]
    assert _numbers("1. (C) One.\n2. (C) Two.\n9 (C) tons of grain.\n") == [1, 2]
    assert _numbers("1. (C) One.\n\n9. (C) Nine.\n") == [1, 9]


def test_of_two_equal_numbers_the_one_with_words_behind_it_counts() -> None:
    text = "1. One.\n2.\n2. Two.\n3. Three.\n"
    assert [text[found.end :].split()[0] for found in paragraph_numbers(text)] == ["One.", "Two.", "Three."]


def test_of_two_equal_numbers_that_are_alike_the_first_counts() -> None:
    text = "1. One.\n1. Uno.\n2. Two.\n2. Due.\n"
    assert [text[found.end :].split()[0] for found in paragraph_numbers(text)] == ["One.", "Two."]


def test_a_marked_number_far_off_goes_on_behind_a_bare_one_that_stands_first() -> None:
    assert _numbers("1. Words of a paragraph.\n9. (C) Words of a paragraph.") == [1, 9]


def test_a_number_that_is_set_in_counts_once() -> None:
    assert _numbers("1. (C) Words of a paragraph.\n  2. (C) Words of a paragraph.") == [1, 2]


def test_a_bare_count_may_begin_again() -> None:
    assert _numbers("".join(f"{n}. Words.\n" for n in (1, 2, 3, 4, 1, 2))) == [1, 2, 3, 4, 1, 2]


# Lists and letters inside a paragraph

LONG = "A sentence of a letter that is much longer than what stands in a list of demands, " * 2


def _items(*numbers: int, text: str = LONG) -> str:
    return "".join(f"¶{n}. {text}\n" for n in numbers)


@pytest.mark.parametrize("numbers", [(1, 2, 3, 4, 5), (1, 2, 1, 2, 3), (1, 2)])
def test_a_letter_of_long_paragraphs_is_inside_where_the_outer_count_goes_on(
    numbers: tuple[int, ...],
) -> None:
    assert _numbers(f"¶1. (S) One.\n¶2. (S) Begin:\n{_items(*numbers)}¶3. (S) Comment.\n") == [1, 2, 3]


def test_behind_a_list_the_outer_count_goes_on_though_its_numbers_have_no_dots() -> None:
    items = "".join(f"{n}. A pier.\n" for n in range(1, 9))
    assert _numbers(f"1 (S) One.\n2 (S) A list:\n{items}3 (S) Three.\n") == [1, 2, 3]


def test_long_paragraphs_at_the_end_are_a_count_of_their_own() -> None:
    assert _numbers(f"¶1. (S) One.\n¶2. (S) Two.\n{_items(1, 2, 3)}") == [1, 2, 1, 2, 3]


@pytest.mark.parametrize(("length", "numbers"), [(119, [1, 2]), (120, [1, 2, 1, 2, 3])])
def test_items_of_a_list_are_shorter_than_120_characters(length: int, numbers: list[int]) -> None:
    items = _items(1, 2, 3, text="x" * (length - 1))  # the end of the line counts
    assert _numbers(f"¶1. (S) One.\n¶2. (S) Two.\n{items}") == numbers


def test_a_short_list_is_inside_though_numbers_behind_it_are_missing() -> None:
    items = _items(1, 2, text="A pier.")
    assert _numbers(f"¶1. (S) One.\n¶2. (S) A list:\n{items}¶5. (S) Five.\n") == [1, 2, 5]


@pytest.mark.parametrize(
    "text", ["¶1." * 300_000, "A A A " * 160_000, "\n1. (C) x" * 20_000, "\n7." * 100_000]
)
def test_long_texts_take_time_in_proportion(text: str) -> None:
    start = time.process_time()
    paragraph_numbers(text)
    assert time.process_time() - start < 5
