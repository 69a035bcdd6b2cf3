"""What the authentication middleware goes by, from the settings."""

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from web.security.accounts import AccountError, Accounts


@dataclass(frozen=True, slots=True)
class SecurityConfig:
    """Who is let in and how. Raises AccountError where the rules contradict each other."""

    accounts: Accounts
    allow_anyone: bool = False
    """Let everybody in who reaches the port, as long as there are no accounts."""
    secret: str = ""
    """Signs the cookies; empty for one that is made and kept beside the accounts."""
    session_hours: float = 12.0
    hosts: tuple[str, ...] = ()
    """Names under which the chat may be asked for, beside addresses and this machine's own."""
    trusted_proxies: tuple[str, ...] = ()
    """Addresses of proxies that say for whom they ask."""
    sign_in_header: str = ""
    """In which a trusted proxy names who has signed in there; empty for none."""
    max_upload_bytes: int = 100_000_000
    """Of one upload, all files together."""

    def __post_init__(self) -> None:
        if self.trusted_proxies and not self.accounts.exist():
            raise AccountError(
                "a proxy is trusted to say who asks, but there are no accounts to ask as: "
                "add them with `reftel users add NAME`, or leave REFTEL_TRUSTED_PROXIES empty"
            )

    def serves(self, host: str) -> bool:
        """Whether a Host header names this server: an address, this machine's own name or one that is listed.

        A page of another site can be moved to this address by its own name, but by no other (DNS rebinding).
        """
        name = host_name(host)
        return _address(name) is not None or name == "localhost" or name in self.hosts

    def signing_key(self) -> str:
        """The key of the cookies, from a file that only its owner reads where none is set."""
        if self.secret:
            return self.secret
        path = self.accounts.path.with_name("session.key")
        return _read(path) or _made(path)


def _read(path: Path) -> str:
    if not path.exists():
        return ""
    if path.stat().st_mode & 0o077:
        raise AccountError(f"{path} can be read by others: run `chmod 600 {path}`")
    return path.read_text(encoding="ascii").strip()


def _made(path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    key = secrets.token_urlsafe(48)
    with os.fdopen(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w") as file:
        file.write(key)
    return key


def host_name(host: str) -> str:
    """The name or address in a Host header, without its port."""
    name = host.rpartition(":")[0] if host.rpartition(":")[2].isdigit() else host
    return name.strip("[]").rstrip(".").lower()


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own, reached by nobody else."""
    address = _address(host.strip("[]"))
    return address.is_loopback if address else host == "localhost"
