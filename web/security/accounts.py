"""Accounts: names, passwords, roles, clearances, sessions and tokens, in a file that only its owner reads.

Passwords are kept as argon2 hashes; of sessions and tokens a hash is kept too: reading the file lets nobody sign in.
"""

import hashlib
import json
import os
import re
import secrets
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from cables import Level
from vectorstore.access import Clearance
from vectorstore.errors import UserError
from web.security.passwords import is_common
from web.services.own_file import PRIVATE

SCHEMA = """
CREATE TABLE IF NOT EXISTS accounts (
    id TEXT PRIMARY KEY, name TEXT UNIQUE, hash TEXT, token TEXT, role TEXT, level INTEGER, caveats TEXT,
    groups TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS sessions (id TEXT PRIMARY KEY, account TEXT, expires REAL) WITHOUT ROWID;
"""
NAME_RE = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")
MIN_PASSWORD_CHARS = 10
MAX_PASSWORD_CHARS = 256
"""Without an upper bound, hashing a very long one would be an attack."""


class AccountError(UserError):
    """What is wrong with a name, a password or the file; the message says what to do."""


class UserRole(StrEnum):
    """What a person may do beside reading."""

    READER = "reader"
    EDITOR = "editor"
    """May also add cables: sees all of the archive, since adding can replace any of it."""
    ADMIN = "admin"
    """May also read the figures about the server."""

    @property
    def edits(self) -> bool:
        """Whether this role may add cables."""
        return self is not UserRole.READER


@dataclass(frozen=True, slots=True)
class Account:
    """A person or a program. `id` outlives no removal: the same name added again is somebody else."""

    id: str
    name: str
    role: UserRole
    clearance: Clearance


class Accounts:
    """The accounts in one file; nothing is made before the first account is added. Raises AccountError."""

    def __init__(self, path: Path, hasher: PasswordHasher | None = None) -> None:
        self.path = path
        self._hasher = hasher or PasswordHasher()

    @classmethod
    def of(cls, data: Path) -> "Accounts":
        """The accounts of the archive in a data directory."""
        return cls(data / PRIVATE / "accounts.db")

    @cached_property
    def _nobody(self) -> str:
        """A hash that no password matches: an unknown name is checked against it, which takes as long."""
        return self._hasher.hash(secrets.token_urlsafe(32))

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        if self.path.stat().st_mode & 0o077:
            raise AccountError(f"{self.path} can be read by others: run `chmod 600 {self.path}`")
        with closing(sqlite3.connect(self.path, timeout=30)) as db, db:
            db.executescript(SCHEMA)
            yield db

    def _create(self) -> None:
        if not self.path.exists():
            for folder in (self.path.parent.parent, self.path.parent):
                folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            os.close(os.open(self.path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))

    def exist(self) -> bool:
        """Whether there is an account, or has been one: removing the last one opens nothing."""
        return self.path.exists()

    # Upkeep

    def add(self, name: str, password: str | None, role: UserRole, clearance: Clearance) -> Account:
        """A new account; without a password for those who sign in elsewhere or by token."""
        if not NAME_RE.fullmatch(name):
            raise AccountError("a name has up to 64 of: a-z, 0-9, dot, dash, underscore and @")
        account = Account(secrets.token_hex(8), name, role, _allowed(role, clearance))
        hashed = self._hash(password, name)
        self._create()
        with self._open() as db:
            if db.execute("SELECT 1 FROM accounts WHERE name = ?", (name,)).fetchone():
                raise AccountError(f"there is an account {name} already: `reftel users set` changes it")
            values = (account.id, name, hashed, None, role.value, *_row(account.clearance))
            db.execute("INSERT INTO accounts VALUES (?, ?, ?, ?, ?, ?, ?, ?)", values)
        return account

    def change(
        self,
        name: str,
        *,
        role: UserRole | None = None,
        clearance: Clearance | None = None,
        password: str | None = None,
    ) -> Account:
        """Change what is given; who is signed in must do so again, and a new password ends the token too."""
        old = self.named(name)
        new_role = role or old.role
        new_clearance = _allowed(new_role, clearance or old.clearance)
        hashed = self._hash(password, name)
        with self._open() as db:
            db.execute(
                "UPDATE accounts SET role = ?, level = ?, caveats = ?, groups = ? WHERE id = ?",
                (new_role.value, *_row(new_clearance), old.id),
            )
            if hashed is not None:
                db.execute("UPDATE accounts SET hash = ?, token = NULL WHERE id = ?", (hashed, old.id))
            db.execute("DELETE FROM sessions WHERE account = ?", (old.id,))
        return Account(old.id, name, new_role, new_clearance)

    def remove(self, name: str) -> None:
        """Remove an account, its sessions and its token. Without any account left nobody signs in."""
        account = self.named(name)
        with self._open() as db:
            db.execute("DELETE FROM accounts WHERE id = ?", (account.id,))
            db.execute("DELETE FROM sessions WHERE account = ?", (account.id,))

    def all(self) -> list[Account]:
        """Every account, by name."""
        if not self.exist():
            return []
        with self._open() as db:
            return [_account(row) for row in db.execute(f"SELECT {_COLUMNS} FROM accounts ORDER BY name")]

    def named(self, name: str) -> Account:
        """The account of a name."""
        account = self.find(name)
        if account is None:
            raise AccountError(f"there is no account {name}: `reftel users list` shows them")
        return account

    def find(self, name: str) -> Account | None:
        """The account of a name, if there is one."""
        return self._one("name = ?", name)

    def new_token(self, name: str) -> str:
        """A token by which a program signs in as this account, in place of its former one."""
        account, token = self.named(name), f"reftel_{secrets.token_urlsafe(32)}"
        with self._open() as db:
            db.execute("UPDATE accounts SET token = ? WHERE id = ?", (_digest(token), account.id))
        return token

    # Signing in

    def check(self, name: str, password: str) -> Account | None:
        """The account, if the password is its own. An unknown name takes as long as a wrong password."""
        with self._open() as db:
            row = db.execute("SELECT hash FROM accounts WHERE name = ?", (name,)).fetchone()
        known = row[0] if row and row[0] else self._nobody
        try:
            self._hasher.verify(known, password[: MAX_PASSWORD_CHARS + 1])
        except (VerificationError, InvalidHashError):
            return None
        return self.find(name)

    def by_token(self, token: str) -> Account | None:
        """The account that a program's token belongs to."""
        return self._one("token = ?", _digest(token)) if token else None

    def begin_session(self, account: Account, seconds: float) -> str:
        """The name of a new session that ends after a time; sessions that are over are forgotten."""
        session = secrets.token_urlsafe(24)
        with self._open() as db:
            db.execute("DELETE FROM sessions WHERE expires < ?", (time.time(),))
            values = (_digest(session), account.id, time.time() + seconds)
            db.execute("INSERT INTO sessions VALUES (?, ?, ?)", values)
        return session

    def in_session(self, session: str) -> Account | None:
        """Whose session this is, if it has not ended."""
        query = "id = (SELECT account FROM sessions WHERE id = ? AND expires > ?)"
        return self._one(query, _digest(session), time.time())

    def end_session(self, session: str) -> None:
        """Sign out."""
        with self._open() as db:
            db.execute("DELETE FROM sessions WHERE id = ?", (_digest(session),))

    def _one(self, condition: str, *values: object) -> Account | None:
        if not self.path.exists():
            return None
        with self._open() as db:
            row = db.execute(f"SELECT {_COLUMNS} FROM accounts WHERE {condition}", values).fetchone()
        return _account(row) if row else None

    def _hash(self, password: str | None, name: str) -> str | None:
        if password is None:
            return None
        if not MIN_PASSWORD_CHARS <= len(password) <= MAX_PASSWORD_CHARS:
            raise AccountError(f"a password has {MIN_PASSWORD_CHARS} to {MAX_PASSWORD_CHARS} characters")
        if is_common(password, name):
            raise AccountError("that password is among the first that anybody would try: take several words")
        return self._hasher.hash(password)


_COLUMNS = "id, name, role, level, caveats, groups"


def _account(row: Any) -> Account:
    id, name, role, level, caveats, groups = row
    held = Clearance(Level(level), frozenset(json.loads(caveats)), frozenset(json.loads(groups)))
    return Account(id, name, UserRole(role), held)


def _row(clearance: Clearance) -> tuple[int, str, str]:
    lists = (json.dumps(sorted(clearance.caveats)), json.dumps(sorted(clearance.groups)))
    return (int(clearance.level), *lists)


def _allowed(role: UserRole, clearance: Clearance) -> Clearance:
    if role.edits and not clearance.whole:
        raise AccountError(
            f"an {role} sees the whole archive, for a cable that is added can replace any other: "
            "give --clearance TOP_SECRET --caveat ALL --group ALL, or the role reader"
        )
    return clearance


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
