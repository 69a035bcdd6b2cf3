"""`reftel dossier` as a user types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from cli.dossiers import ENDINGS
from cli.main import app
from qa.dossier.export import FORMS
from vectorstore.archive import Archive


def dossier(archive: Archive, *words: str | Path) -> Result:
    return CliRunner().invoke(app, ["dossier", *map(str, words), "--data", str(archive.data)])


def test_it_is_printed_as_markdown_with_footnotes(archive: Archive) -> None:
    result = dossier(archive, "Japan")
    assert result.exit_code == 0
    assert result.stdout.startswith("# Japan\n\n6 cables hold “Japan” in subject or text.")
    assert "\n[^1]: Embassy Addis Ababa to State, telegram 05ADDISABABA90088" in result.stdout


@pytest.mark.parametrize("ending", ENDINGS)
def test_it_is_written_to_a_file_in_the_form_of_its_ending(
    archive: Archive, tmp_path: Path, ending: str
) -> None:
    file = tmp_path / f"japan{ending}"
    result = dossier(archive, "Japan", "--save", file)
    assert result.stdout == "6 cables hold “Japan” in subject or text.\n"
    assert "08BEIJING90014" in file.read_text(encoding="utf-8")


def test_the_command_knows_every_form() -> None:
    assert set(ENDINGS) == set(FORMS)


def test_a_name_that_is_nowhere_fails(archive: Archive) -> None:
    result = dossier(archive, "Blomqvistdottir")
    assert (result.exit_code, "No cable holds “Blomqvistdottir”." in result.stdout) == (1, True)


def test_another_ending_is_refused_in_one_line(archive: Archive) -> None:
    result = dossier(archive, "Japan", "--save", "japan.docx")
    assert result.exit_code == 1
    assert "japan.docx: the file's name must end in one of" in result.stderr
