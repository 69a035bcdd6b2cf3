"""The word index finds paragraphs by their words, replaces what is written again, forgets what is dropped."""

from pathlib import Path

import pytest

from vectorstore.errors import BM25Damaged
from vectorstore.interfaces import IndexEntry
from vectorstore.storage.bm25 import BM25Index

PIER, TIDE = 2**62 + 1, 7


@pytest.fixture
def words(tmp_path: Path) -> BM25Index:
    words = BM25Index(tmp_path / "words")
    words.write(
        [
            IndexEntry(
                PIER, "Harbor talks (Embassy Lisbon)", "The minister refused to pay for the sunken pier."
            ),
            IndexEntry(TIDE, "Tides", "The tide rose by three metres at São Tomé."),
        ]
    )
    words.reload()
    return words


def found(words: BM25Index, text: str, **options: object) -> list[int]:
    return [row for row, _ in words.search(dict.fromkeys(words.terms(text), 1.0), 10, **options)]  # type: ignore[arg-type]


def test_a_word_finds_its_paragraph(words: BM25Index) -> None:
    assert found(words, "pier") == [PIER]


def test_other_forms_of_a_word_find_it_too(words: BM25Index) -> None:
    assert found(words, "refuses piers") == [PIER]


def test_accents_and_capitals_do_not_matter(words: BM25Index) -> None:
    assert found(words, "SAO TOME") == [TIDE]


def test_a_name_is_found_in_every_spelling_at_less_than_its_own(tmp_path: Path) -> None:
    words = BM25Index(tmp_path / "names")
    words.write(
        [IndexEntry(1, "", "Qadhafi received the envoy."), IndexEntry(2, "", "Gaddafi received the envoy.")]
    )
    words.reload()
    assert [row for row, _ in words.search(words.weighted("Gaddafi"), 10)] == [2, 1]
    assert [row for row, _ in words.search(words.weighted("Kadhafi's"), 10)] == [1, 2]


def test_a_word_that_no_text_holds_finds_its_nearest(words: BM25Index) -> None:
    assert found(words, "minsiter") == [PIER]
    assert found(words, "sunkken") == [PIER]


def test_a_word_that_some_text_holds_is_not_taken_for_a_slip(words: BM25Index) -> None:
    words.write([IndexEntry(3, "", "The sinister pier.")])
    words.reload()
    assert found(words, "sinister") == [3]


def test_short_words_are_taken_as_they_are_written(words: BM25Index) -> None:
    assert found(words, "peir") == []


def test_stop_words_find_nothing(words: BM25Index) -> None:
    assert found(words, "the at by for") == []


def test_the_header_counts_as_much_as_it_is_told_to(words: BM25Index) -> None:
    scores = [words.search({"lisbon": 1.0}, 10, header=weight)[0][1] for weight in (1.0, 0.5)]
    assert scores[0] == pytest.approx(2 * scores[1])


def test_a_rarer_word_counts_more(words: BM25Index) -> None:
    words.write([IndexEntry(n, "", "The tide.") for n in range(100, 110)])
    words.reload()
    assert found(words, "tide metre")[0] == TIDE


def test_only_the_given_rows_are_searched(words: BM25Index) -> None:
    assert found(words, "pier tide", only=[TIDE]) == [TIDE]


def test_no_rows_given_finds_nothing(words: BM25Index) -> None:
    assert found(words, "pier tide", only=[]) == []


def test_an_entry_written_again_takes_the_place_of_the_first(words: BM25Index) -> None:
    words.write([IndexEntry(PIER, "", "A lighthouse.")])
    words.reload()
    assert (found(words, "pier"), found(words, "lighthouse"), words.rows()[PIER]) == ([], [PIER], 1)


def test_a_dropped_row_is_gone(words: BM25Index) -> None:
    words.write([], gone=[PIER])
    words.reload()
    assert (found(words, "pier"), words.count()) == ([], 1)


def test_what_is_written_is_not_seen_before_the_reload(words: BM25Index) -> None:
    words.write([IndexEntry(9, "", "A lighthouse.")])
    assert found(words, "lighthouse") == []


def test_a_second_process_reads_while_the_first_holds_the_index(words: BM25Index, tmp_path: Path) -> None:
    assert found(BM25Index(tmp_path / "words"), "pier") == [PIER]


def test_when_one_lets_go_another_can_write(words: BM25Index, tmp_path: Path) -> None:
    words.close()
    other = BM25Index(tmp_path / "words")
    other.write([IndexEntry(9, "", "A lighthouse.")])
    words.reload()
    assert found(words, "lighthouse") == [9]


def test_a_known_term_is_told_from_an_unknown_one(words: BM25Index) -> None:
    assert [words.knows(words.terms(word)[0]) for word in ("minister", "Zanzibar")] == [True, False]


def test_a_torn_folder_says_what_to_do(words: BM25Index, tmp_path: Path) -> None:
    words.close()
    (tmp_path / "words" / "meta.json").write_text("{")
    with pytest.raises(BM25Damaged, match="reftel doctor --heal"):
        BM25Index(tmp_path / "words")


def test_a_commit_that_was_cut_off_does_not_stand_in_the_way_of_the_next(
    words: BM25Index, tmp_path: Path
) -> None:
    words.close()
    meta = tmp_path / "words" / "meta.json"
    before = meta.read_bytes()
    cut_off = BM25Index(tmp_path / "words")
    cut_off.write([], gone=[PIER])
    cut_off.close()
    meta.write_bytes(before)  # the last step of a commit was not taken
    again = BM25Index(tmp_path / "words")
    again.write([], gone=[PIER])
    again.reload()
    assert again.rows().keys() == {TIDE}


@pytest.mark.parametrize("damage", ["emptied", "torn", "overwritten"])
def test_a_damaged_file_of_the_index_says_what_to_do_whatever_is_asked(tmp_path: Path, damage: str) -> None:
    """tantivy's core panics over some of them, which no `except Exception` sees."""
    index = BM25Index(tmp_path / "words")
    index.write([IndexEntry(n, "Talks", f"The minister number{n} spoke.") for n in range(200)])
    index.close()
    files = [file for file in (tmp_path / "words").iterdir() if file.suffix in (".term", ".idx", ".fast")]
    for file in files:
        size = file.stat().st_size
        kept = {"emptied": b"", "torn": file.read_bytes()[: size // 2], "overwritten": b"\xff" * size}[damage]
        file.write_bytes(kept)
    with pytest.raises(BM25Damaged, match="reftel doctor --heal"):
        BM25Index(tmp_path / "words").probe()
    with pytest.raises(BM25Damaged, match="reftel doctor --heal"):
        BM25Index(tmp_path / "words").search({"minist": 1.0}, 3)
    with pytest.raises(BM25Damaged, match="reftel doctor --heal"):
        BM25Index(tmp_path / "words").idf("minister")


@pytest.mark.parametrize("suffix", [".term", ".idx", ".fast"])
def test_rotten_bytes_in_a_file_that_opens_are_told_when_it_is_read(tmp_path: Path, suffix: str) -> None:
    """The end of the file, which says what it is, is whole; over the rest tantivy's core panics or fails."""
    index = BM25Index(tmp_path / "words")
    index.write([IndexEntry(n, "Talks", f"The minister number{n} spoke.") for n in range(200)])
    index.close()
    for file in (tmp_path / "words").glob(f"*{suffix}"):
        content = file.read_bytes()
        rotten = max(len(content) - 120, 0)
        file.write_bytes(b"\xff" * rotten + content[rotten:])
    with pytest.raises(BM25Damaged, match="reftel doctor --heal"):
        BM25Index(tmp_path / "words").search({"minist": 1.0}, 3)
