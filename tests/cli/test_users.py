"""`reftel users` and `reftel groups` as somebody types them, and `reftel serve` where nobody may come in."""

import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cables import Cable, Level
from cables.model import Tag, TagKind
from cli.main import app
from vectorstore.access import ALL, EVERYTHING, Clearance
from vectorstore.storage.catalog import SqliteCatalog
from web.security.accounts import Accounts

PASSWORD = "a long pass phrase"


def reftel(*words: str, typed: str = "") -> Result:
    return CliRunner().invoke(app, list(words), input=typed)


def add(data: Path, name: str, *options: str, password: str = PASSWORD) -> Result:
    return reftel("users", "add", name, "--data", str(data), *options, typed=f"{password}\n{password}\n")


def test_a_password_is_asked_for_twice_and_kept_as_a_hash_that_only_the_owner_reads(tmp_path: Path) -> None:
    result = add(tmp_path, "cora")
    assert result.exit_code == 0
    assert PASSWORD not in result.output
    file = tmp_path / "private" / "accounts.db"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    content = file.read_bytes()
    assert b"$argon2id$" in content
    assert PASSWORD.encode() not in content


def test_a_new_account_reads_what_is_unclassified_unless_told_otherwise(tmp_path: Path) -> None:
    add(tmp_path, "una")
    add(tmp_path, "cora", "--clearance", "confidential", "--caveat", "noforn", "--group", "unsc")
    add(tmp_path, "stella", "--clearance", "SECRET", "--caveat", "ALL")
    accounts = Accounts.of(tmp_path)
    assert accounts.named("una").clearance == Clearance(Level.UNCLASSIFIED)
    held = Clearance(Level.CONFIDENTIAL, frozenset({"NOFORN"}), frozenset({"unsc"}))
    assert accounts.named("cora").clearance == held
    assert accounts.named("stella").clearance == Clearance(Level.SECRET, ALL)


def test_an_editor_sees_everything_and_cannot_be_given_less(tmp_path: Path) -> None:
    add(tmp_path, "ed", "--role", "editor")
    assert Accounts.of(tmp_path).named("ed").clearance == EVERYTHING
    result = add(tmp_path, "low", "--role", "editor", "--clearance", "SECRET")
    assert result.exit_code == 1
    assert "sees the whole archive" in result.output


def test_set_changes_what_is_given_and_list_shows_it(tmp_path: Path) -> None:
    add(tmp_path, "cora", "--clearance", "SBU")
    assert reftel("users", "set", "cora", "--group", "unsc", "--data", str(tmp_path)).exit_code == 0
    assert Accounts.of(tmp_path).named("cora").clearance == Clearance(Level.SBU, groups=frozenset({"unsc"}))
    assert "unsc" in reftel("users", "list", "--data", str(tmp_path)).output


def test_a_new_password_takes_the_place_of_the_old_one(tmp_path: Path) -> None:
    add(tmp_path, "cora")
    new = "another long phrase"
    reftel("users", "set", "cora", "--password", "--data", str(tmp_path), typed=f"{new}\n{new}\n")
    accounts = Accounts.of(tmp_path)
    assert (accounts.check("cora", PASSWORD), accounts.check("cora", new)) == (None, accounts.named("cora"))


def test_a_name_that_is_added_again_is_somebody_else(tmp_path: Path) -> None:
    add(tmp_path, "cora")
    first = Accounts.of(tmp_path).named("cora").id
    reftel("users", "remove", "cora", "--data", str(tmp_path))
    add(tmp_path, "cora")
    assert Accounts.of(tmp_path).named("cora").id != first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["users", "add", "Not A Name"], "a name has"),
        (["users", "add", "cora", "--role", "king"], "--role is one of"),
        (["users", "add", "cora", "--clearance", "HIGH"], "--clearance is one of"),
        (["users", "set", "nobody"], "no account nobody"),
        (["users", "remove", "nobody"], "no account nobody"),
        (["groups", "keep", "unsc"], "say which cables"),
        (["groups", "keep", "unsc", "--tag", "UNSC"], "no archive"),
    ],
)
def test_a_mistake_is_told_in_a_line(tmp_path: Path, words: list[str], said: str) -> None:
    result = reftel(*words, "--data", str(tmp_path), typed=f"{PASSWORD}\n{PASSWORD}\n")
    assert result.exit_code == 1
    assert said in result.output
    assert "Traceback" not in result.output


def test_removing_the_last_account_says_that_nobody_can_sign_in(tmp_path: Path) -> None:
    add(tmp_path, "cora")
    said = reftel("users", "remove", "cora", "--data", str(tmp_path)).output
    assert "the archive stays closed" in said


def test_a_short_password_is_refused(tmp_path: Path) -> None:
    assert "a password has 10 to 256 characters" in add(tmp_path, "cora", password="short").output


def test_accounts_that_others_can_read_are_not_used(tmp_path: Path) -> None:
    add(tmp_path, "cora")
    (tmp_path / "private" / "accounts.db").chmod(0o644)
    result = reftel("serve", "--data", str(tmp_path))
    assert result.exit_code == 1
    assert "chmod 600" in result.output


def test_beyond_this_machine_it_starts_only_with_accounts_or_open(tmp_path: Path) -> None:
    result = reftel("serve", "--data", str(tmp_path), "--host", "0.0.0.0")
    assert result.exit_code == 1
    assert "reftel users add" in result.output
    assert "--open" in result.output


@pytest.fixture
def catalog(tmp_path: Path) -> Iterator[SqliteCatalog]:
    """A catalog with one cable, that has a TAG and comes from a folder."""
    catalog = SqliteCatalog(tmp_path / "data" / "catalog.sqlite")
    with catalog.transaction():
        cable = Cable("08PARIS90001", "", tags=(Tag("UNSC", TagKind.ORGANISATION),))
        catalog.put_cable(cable, {}, file=str(tmp_path / "region" / "a.txt"), place="")
    yield catalog
    catalog.close()


@pytest.mark.usefixtures("catalog")
def test_a_group_keeps_cables_until_it_is_removed(tmp_path: Path) -> None:
    data, region = str(tmp_path / "data"), str(tmp_path / "region")
    said = reftel("groups", "keep", "unsc", "--tag", "unsc", "--folder", region, "--data", data).output
    assert "1 cable with tag UNSC kept for unsc" in said
    listed = reftel("groups", "list", "--data", data).output
    assert "unsc: tag UNSC" in listed
    assert f"unsc: folder {region}" in listed
    assert "08PARIS90001" not in listed
    reftel("groups", "remove", "unsc", "--data", data)
    assert "No groups" in reftel("groups", "list", "--data", data).output


@pytest.mark.parametrize("cables", [("--tag", "UNSX"), ("--folder", "nowhere"), ("--folder", "des")])
def test_keeping_no_cable_is_an_error(
    tmp_path: Path, catalog: SqliteCatalog, cables: tuple[str, str]
) -> None:
    chosen = cables[1] if cables[0] == "--tag" else str(tmp_path / cables[1])
    result = reftel("groups", "keep", "unsc", cables[0], chosen, "--data", str(tmp_path / "data"))
    assert result.exit_code == 1
    assert "no cable" in result.output
    assert catalog.groups.all() == []
