"""`reftel watch --add` and `--alerts` as a user types them."""

from pathlib import Path

import pytest
from archives import cable_text
from typer.testing import CliRunner, Result

from cli.main import app
from vectorstore.archive import Archive


def watch(archive: Archive, *words: str) -> Result:
    return CliRunner().invoke(app, ["watch", *words, "--data", str(archive.data)])


def test_what_is_new_is_told_until_it_was_seen(own_archive: Archive, tmp_path: Path) -> None:
    assert "Watching for what holds “Sardinia”" in watch(own_archive, "--add", "Sardinia").stdout
    assert watch(own_archive, "--alerts").stdout == ""
    file = tmp_path / "ferry.txt"
    file.write_text(cable_text("09LISBON91001", ["(U) The ferry to Sardinia was late."]), encoding="utf-8")
    assert CliRunner().invoke(app, ["index", str(file), "--data", str(own_archive.data)]).exit_code == 0
    for _ in range(2):
        told = watch(own_archive, "--alerts").stdout
        assert "Sardinia: 1 new\n" in told
        assert "09LISBON91001.1" in told
        assert "The ferry to Sardinia was late." in told
    assert "Sardinia: 1 new" in watch(own_archive, "--alerts", "--seen").stdout
    assert watch(own_archive, "--alerts").stdout == ""


@pytest.mark.parametrize("words", [[], ["--add", "gas", "--alerts"]])
def test_one_thing_is_asked_of_it_at_a_time(archive: Archive, words: list[str]) -> None:
    result = watch(archive, *words)
    assert result.exit_code == 1
    assert "give PATHS to index" in result.stderr
