"""Names under which the chat is served, and proxies."""

from pathlib import Path

import pytest

from vectorstore.access import EVERYTHING
from web.security.accounts import AccountError, Accounts, UserRole
from web.security.config import SecurityConfig


@pytest.mark.parametrize(
    "host", ["127.0.0.1:7860", "localhost", "[::1]:7860", "192.0.2.7", "chat.example.org:443"]
)
def test_addresses_this_machine_and_listed_names_are_served(host: str, tmp_path: Path) -> None:
    assert SecurityConfig(Accounts.of(tmp_path), hosts=("chat.example.org",)).serves(host)


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:7860", "", "localhost.evil.example", "127.0.0.1.nip.example"]
)
def test_other_names_are_not_also_where_everybody_is_let_in(host: str, tmp_path: Path) -> None:
    config = SecurityConfig(Accounts.of(tmp_path), allow_anyone=True, hosts=("chat.example.org",))
    assert not config.serves(host)


def test_trusting_a_proxy_needs_accounts(tmp_path: Path) -> None:
    accounts = Accounts.of(tmp_path)
    with pytest.raises(AccountError, match="no accounts"):
        SecurityConfig(accounts, allow_anyone=True, trusted_proxies=("127.0.0.1",))
    accounts.add("cora", None, UserRole.READER, EVERYTHING)
    assert SecurityConfig(accounts, trusted_proxies=("127.0.0.1",)).trusted_proxies
