import pytest

from qa.understanding.spelling import Speller, distance

WORDS = {"lugovoy": 9, "phobias": 2, "minister": 50, "ministry": 40, "berlusconi": 30, "quarrel": 3}


@pytest.fixture
def speller() -> Speller:
    return Speller(WORDS.items, WORDS.__contains__)


@pytest.mark.parametrize(
    ("written", "meant"),
    [("Lugavoy", "Lugovoy"), ("fobias", "phobias"), ("Berluscony", "Berlusconi"), ("minister", "minister")],
)
def test_a_misspelt_word_is_read_as_the_archives(speller: Speller, written: str, meant: str) -> None:
    assert dict(speller.corrections(f"about {written}?")) == ({written: meant} if written != meant else {})


@pytest.mark.parametrize("word", ["Bya", "Katanga", "whaling"])
def test_a_word_that_is_near_no_other_stays(speller: Speller, word: str) -> None:
    assert speller.corrections(word) == ()


def test_a_word_that_the_reader_may_not_see_is_never_suggested() -> None:
    closed = Speller(WORDS.items, lambda word: word in WORDS and word != "lugovoy")
    assert closed.corrections("Lugavoy") == ()


def test_distance_counts_swapped_letters_once() -> None:
    assert (distance("abcd", "abdc"), distance("abc", "abcde")) == (1, 2)


def test_a_possessive_is_put_right_too(speller: Speller) -> None:
    assert speller.corrections("Lugavoy's polonium")[0] == ("Lugavoy", "Lugovoy")
