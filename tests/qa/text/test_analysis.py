from qa.text.analysis import analyse


def test_a_text_is_analysed_once() -> None:
    assert analyse("Karzai left Kabul.") is analyse("Karzai left Kabul.")


def test_quotations_are_found_in_every_kind_of_mark() -> None:
    text = "He said \"it rains\", “we're late” and 'don't go' in the minister's office."
    assert [quotation.text for quotation in analyse(text).quotations] == [
        "it rains",
        "we're late",
        "don't go",
    ]


def test_lemmas_leave_out_words_that_say_nothing() -> None:
    assert analyse("They bought the ships").lemmas == analyse("ship buys").lemmas
