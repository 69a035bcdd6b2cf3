"""What is written down, and when."""

import json
import stat
from pathlib import Path
from typing import Any

from vectorstore.access import EVERYTHING
from web.security import audit_log
from web.security.access import PRINCIPAL_KEY, Principal
from web.security.accounts import UserRole


def request(name: str) -> Any:
    scope = {PRINCIPAL_KEY: Principal("1", name, UserRole.READER, EVERYTHING)}
    return type("Request", (), {"scope": scope})()


def test_who_asked_what_stands_in_a_file_of_its_owner(tmp_path: Path) -> None:
    audit_log.configure(tmp_path / "private")
    audit_log.note(request("cora"), "ask", question="Why?\nBecause." + "x" * 5_000)
    audit_log.configure(None)
    audit_log.note(request("cora"), "ask", question="Not written.")
    file = tmp_path / "private" / audit_log.FILE
    line = json.loads(file.read_text())
    assert (line["who"], line["what"], line["question"][:13]) == ("cora", "ask", "Why?\nBecause.")
    assert len(line["question"]) == audit_log.MAX_TEXT_CHARS
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_the_log_begins_with_the_first_account_of_a_chat_that_runs(tmp_path: Path) -> None:
    audit_log.configure(tmp_path / "private")
    audit_log.note(request(""), "ask", question="Without accounts")
    assert not (tmp_path / "private").exists()
    audit_log.note(request("cora"), "ask", question="With one")
    assert "With one" in (tmp_path / "private" / audit_log.FILE).read_text()
    audit_log.configure(None)
