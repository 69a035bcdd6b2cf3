"""Accounts in their file."""

import stat
from pathlib import Path

import pytest
from argon2 import PasswordHasher

from vectorstore.access import EVERYTHING
from web.security.accounts import AccountError, Accounts, UserRole

PASSWORD = "a long pass phrase"


@pytest.fixture
def accounts(tmp_path: Path) -> Accounts:
    accounts = Accounts.of(tmp_path / "data")
    accounts.add("cora", PASSWORD, UserRole.READER, EVERYTHING)
    return accounts


def test_a_new_password_ends_sessions_and_tokens(accounts: Accounts) -> None:
    token, session = accounts.new_token("cora"), accounts.begin_session(accounts.named("cora"), 60)
    accounts.change("cora", password="another long phrase")
    assert (accounts.by_token(token), accounts.in_session(session)) == (None, None)


def test_another_clearance_leaves_the_token(accounts: Accounts) -> None:
    token = accounts.new_token("cora")
    accounts.change("cora", role=UserRole.ADMIN)
    assert accounts.by_token(token) is not None


def test_a_common_password_is_refused_and_makes_no_account(tmp_path: Path) -> None:
    accounts = Accounts.of(tmp_path)
    with pytest.raises(AccountError, match="several words"):
        accounts.add("cora", "password12345", UserRole.READER, EVERYTHING)
    assert not accounts.exist()


def test_removing_the_last_account_opens_nothing(accounts: Accounts) -> None:
    accounts.remove("cora")
    assert accounts.all() == []
    assert Accounts(accounts.path).exist()


class CountingHasher(PasswordHasher):
    verified = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> bool:
        self.verified += 1
        return bool(super().verify(hash, password))


def test_an_unknown_name_takes_as_many_hashes_as_a_wrong_password(accounts: Accounts) -> None:
    for name in ("cora", "nobody"):
        hasher = CountingHasher()
        assert Accounts(accounts.path, hasher).check(name, "not the pass phrase") is None
        assert hasher.verified == 1


def test_the_folders_are_their_owners_alone(accounts: Accounts) -> None:
    for folder in (accounts.path.parent, accounts.path.parent.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_looking_at_accounts_makes_none(tmp_path: Path) -> None:
    accounts = Accounts.of(tmp_path)
    assert (accounts.all(), accounts.find("cora"), accounts.exist()) == ([], None, False)
