from pathlib import Path
from typing import Any

import pytest

from cables.forms import Failure, find_files, forms, read
from tests.cables.forms.made_up import Reader, telegram

FOLDER = Path(__file__).parents[3] / "cables" / "forms"


def _tree(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text("x")


def test_folders_are_walked_in_sorted_order(tmp_path: Path) -> None:
    _tree(tmp_path, "b.txt", "a/2.txt", "a/1.txt", "c/d/e.txt")
    found = [str(path.relative_to(tmp_path)) for path in find_files([tmp_path])]
    assert found == ["a/1.txt", "a/2.txt", "b.txt", "c/d/e.txt"]


def test_hidden_files_and_readme_files_are_skipped(tmp_path: Path) -> None:
    _tree(tmp_path, ".hidden", ".git/config", "README", "readme.md", "LICENSE", "a.txt")
    assert [path.name for path in find_files([tmp_path])] == ["a.txt"]


def test_a_file_named_outright_is_found_whatever_its_name(tmp_path: Path) -> None:
    _tree(tmp_path, "README.md")
    assert list(find_files([tmp_path / "README.md"])) == [tmp_path / "README.md"]


def test_each_file_comes_once(tmp_path: Path) -> None:
    _tree(tmp_path, "a.txt")
    (tmp_path / "b.txt").symlink_to(tmp_path / "a.txt")
    assert list(find_files([tmp_path, tmp_path, tmp_path / "a.txt"])) == [tmp_path / "a.txt"]


def test_links_that_lead_out_of_the_folder_are_not_followed(tmp_path: Path) -> None:
    _tree(tmp_path, "out/secret.txt", "in/a.txt")
    (tmp_path / "in" / "file").symlink_to(tmp_path / "out" / "secret.txt")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    assert [path.name for path in find_files([tmp_path / "in"])] == ["a.txt"]


def test_a_missing_path_is_a_failure_and_no_error(tmp_path: Path) -> None:
    (path,) = find_files([tmp_path / "gone.txt"])
    (failure,) = read(path)
    assert isinstance(failure, Failure)
    assert failure.reason.startswith("the file is gone")


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (PermissionError(13, "Permission denied"), "no permission to read it"),
        (OSError(5, "Input/output error"), "cannot be read: Input/output error"),
    ],
)
def test_an_error_of_the_disk_is_a_failure(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, reason: str
) -> None:
    def refuse(self: Path, *args: Any) -> Any:
        raise error

    monkeypatch.setattr(Path, "open", refuse)
    (failure,) = read(tmp_path / "08NIAMEY417.txt")
    assert isinstance(failure, Failure)
    assert failure.reason.startswith(reason)


def test_a_form_is_known_by_what_it_holds_and_not_by_its_name(tmp_path: Path, outcome: Reader) -> None:
    path = tmp_path / "photo.jpg"
    path.write_text(telegram())
    (reading,), _ = outcome(path)
    assert reading.cable.id == "08NIAMEY417"


def test_every_form_of_the_folder_is_registered_by_lying_there() -> None:
    modules = {type(form).__module__.rsplit(".", 1)[-1] for form in forms()}
    helpers = {"__init__", "base", "decoding", "metadata", "container", "columns"}
    assert modules == {path.stem for path in FOLDER.glob("*.py")} - helpers


def test_each_form_has_its_own_name() -> None:
    assert len({form.name for form in forms()}) == len(forms())


@pytest.mark.parametrize(
    "head", [b"\0" * 70_000, b"<" * 70_000, b"{" * 70_000, b'"1",' * 20_000, b"A" * 70_000]
)
def test_no_form_breaks_on_an_odd_beginning(head: bytes) -> None:
    assert all(0 <= form.likeness(head) <= 100 for form in forms())
