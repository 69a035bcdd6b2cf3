from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from qa.generation.citation_parser import CitationParser, Marker, Proof


def read(text: str, cuts: list[int] | None = None) -> list[str | Marker]:
    """What the parser makes of a text that arrives cut at these places, neighbouring texts joined."""
    markers, parts = CitationParser(), list[str | Marker]()
    edges = [0, *sorted({cut % (len(text) + 1) for cut in cuts or []}), len(text)]
    for start, end in pairwise(edges):
        parts += markers.feed(text[start:end])
    joined: list[str | Marker] = []
    for part in [*parts, *markers.close()]:
        if isinstance(part, str) and joined and isinstance(joined[-1], str):
            joined[-1] += part
        else:
            joined.append(part)
    return joined


STREAM = (
    'China declined [k7qx: "thanked the guests, "for their frankness""]. It said so twice [sic] 【b2cd】, '
    'he added [k7qx: “no, [...] never”; m3nn: "q, r; s"] and [the official] left [zz9z, k7qx].'
)


@given(st.lists(st.integers(0, 300), max_size=12))
def test_no_cut_of_the_stream_changes_what_is_read(cuts: list[int]) -> None:
    assert read(STREAM, cuts) == read(STREAM)


def test_a_marker_gives_its_key_and_its_quote() -> None:
    assert read('Refused [K7QX: "would not\naccept"].') == [
        "Refused ",
        Marker((Proof("k7qx", "would not accept"),)),
        ".",
    ]


def test_a_quote_may_hold_quotation_marks_commas_and_brackets() -> None:
    (_, marker, _) = read('A [k7qx: "he said "no, [...] never" twice"] b')
    assert marker == Marker((Proof("k7qx", 'he said "no, [...] never" twice'),))


def test_several_keys_share_a_marker() -> None:
    assert read('A [k7qx: "b c"; m3nn: "d e"]')[1] == Marker((Proof("k7qx", "b c"), Proof("m3nn", "d e")))


def test_odd_brackets_and_quotation_marks_are_read_as_plain_ones() -> None:
    assert read("A 【k7qx：“b c”】".replace("：", ":"))[1] == Marker((Proof("k7qx", "b c"),))


def test_a_quote_without_quotation_marks_is_one() -> None:
    assert read("A [k7qx: would not accept].")[1] == Marker((Proof("k7qx", "would not accept"),))


def test_brackets_that_hold_no_key_stay_text() -> None:
    text = "He [the minister, who spoke] said [sic] so [...] and x[0"
    assert read(text) == [text]


def test_numbers_and_ids_that_a_model_invents_are_markers_of_no_given_key() -> None:
    keys = [part.proofs[0].key for part in read("A [1]. B [08PARIS12 ¶2].") if isinstance(part, Marker)]
    assert keys == ["1", "08paris12 ¶2"]


def test_a_marker_that_the_stream_cuts_off_still_claims_its_key_and_whole_words() -> None:
    assert read('A [k7qx: "would not acc')[1] == Marker((Proof("k7qx", "would not"),))


def test_a_bracket_that_never_closes_is_let_go() -> None:
    text = "A [k7qx: " + '"' + "words " * 300
    markers = CitationParser()
    assert "".join(part for part in markers.feed(text) if isinstance(part, str)).startswith("A [k7qx")


PIECES = st.lists(
    st.sampled_from(
        [
            "China declined",
            " [",
            "]",
            "k7qx",
            "zz9z",
            ": ",
            '"',
            "“",
            "”",
            "【",
            "】",
            "; ",
            ", ",
            "sic",
            "[...]",
            "¶2",
            "would not\naccept",
            "\n\n",
            "...",
            "1",
            "08PARIS12",
            "(",
            "’s",
            "`",
            "<b>",
            "  ",
            "é",
            "🙂",
        ]
    )
    | st.text(max_size=6),
    max_size=40,
)


@given(PIECES, st.lists(st.integers(0, 10_000), max_size=30))
def test_no_cut_of_any_stream_changes_what_is_read(pieces: list[str], cuts: list[int]) -> None:
    text = "".join(pieces)
    assert read(text, cuts) == read(text)


@given(PIECES)
def test_a_stream_that_comes_letter_by_letter_reads_the_same(pieces: list[str]) -> None:
    text = "".join(pieces)
    assert read(text, list(range(len(text)))) == read(text)


@given(st.text(max_size=60), st.lists(st.integers(0, 100), max_size=8))
def test_text_without_brackets_comes_through_letter_for_letter(text: str, cuts: list[int]) -> None:
    plain = "".join(c for c in text if c not in "[]【〔［⟦〚】〕］⟧〛")
    assert read(plain, cuts) == ([plain] if plain else [])
