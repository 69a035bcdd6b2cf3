"""The rules of the house: who is let in and how, as the front door has set them."""

import ipaddress
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from web.security.accounts import AccountError, Accounts


@dataclass(frozen=True, slots=True)
class SecurityConfig:
    """What the door goes by."""

    accounts: Accounts
    open: bool = False
    """Let everybody in who reaches the port, as long as there are no accounts."""
    secret: str = ""
    """Signs the cookies; empty for one that is made and kept beside the accounts."""
    hours: float = 12.0
    """How long a session lasts."""
    trusted: tuple[str, ...] = ()
    """Addresses of proxies that say for whom they ask."""
    header: str = ""
    """In which a trusted proxy names who has signed in there; empty for none."""
    upload_limit: int = 100_000_000
    """Bytes of one upload, all files together."""

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


def is_loopback(host: str) -> bool:
    """Whether an address or a name is this machine's own, reached by nobody else."""
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return host == "localhost"
