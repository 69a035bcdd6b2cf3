"""`reftel find` as a user types it."""

import csv
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.main import app
from vectorstore.archive import Archive


def find(archive: Archive, *words: str | Path) -> Result:
    return CliRunner().invoke(app, ["find", *map(str, words), "--data", str(archive.data)])


def test_it_counts_and_shows_the_paragraphs_that_hold_a_phrase(archive: Archive) -> None:
    result = find(archive, '"public opinion"', "--limit", "1")
    paragraphs, cables = (int(word) for word in result.stdout.splitlines()[0].split() if word.isdigit())
    assert (result.exit_code, paragraphs >= cables >= 2) == (0, True)
    assert "¶" in result.stdout
    assert f"{paragraphs - 1} more" in result.stdout


def test_words_that_no_paragraph_holds_are_told(archive: Archive) -> None:
    result = find(archive, "xyzzy")
    assert (result.exit_code, result.stdout) == (1, "No paragraph holds these words.\n")


def test_post_and_period_limit_it(archive: Archive) -> None:
    result = find(archive, "bid", "--post", "new delhi", "--since", "2009", "--until", "2009-02")
    ids = {word for word in result.stdout.split() if word[:2].isdigit() and word[2:3].isalpha()}
    assert ids == {"09NEWDELHI90052"}


def test_all_that_is_found_goes_to_a_csv_file(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "found.csv"
    result = find(archive, "the", "--limit", "1", "--csv", file)
    rows = list(csv.DictReader(file.open(encoding="utf-8")))
    assert result.stdout.startswith(f"{len(rows)} paragraphs in ")
    assert rows[0].keys() == {"cable", "paragraph", "date", "post", "classification", "subject", "snippet"}


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (['""'], "give words to find"),
        (["bid", "--since", "2009-13"], "--since is a day such as"),
        (["bid", "--post", "Atlantis"], "no post is called Atlantis"),
    ],
)
def test_what_cannot_be_understood_is_told_in_one_line(
    archive: Archive, options: list[str], message: str
) -> None:
    result = find(archive, *options)
    assert result.exit_code == 1
    assert message in result.stderr
