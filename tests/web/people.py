"""People for the tests: accounts of several clearances, and programs that sign in as them."""

import json
import re
import secrets
from http.client import HTTPException
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, HTTPRedirectHandler, Request, build_opener

from cables import Level
from vectorstore.access import ALL, EVERYTHING, Clearance
from web.security.accounts import Accounts, UserRole

PASSWORD = "a long pass phrase"
PEOPLE = {
    "una": Clearance(Level.UNCLASSIFIED),
    "sam": Clearance(Level.SBU),
    "cora": Clearance(Level.CONFIDENTIAL),
    "carl": Clearance(Level.CONFIDENTIAL, frozenset({"NOFORN"})),
    "stella": Clearance(Level.SECRET, ALL),
    "grace": Clearance(Level.SECRET, ALL, frozenset({"unsc"})),
    "ed": EVERYTHING,
    "ada": EVERYTHING,
}
ROLES = {"ed": UserRole.EDITOR, "ada": UserRole.ADMIN}


def add_people(data: Path) -> Accounts:
    """Accounts for all of them; one hash serves all, for hashing is slow on purpose."""
    accounts = Accounts.of(data)
    for name, clearance in PEOPLE.items():
        accounts.add(name, PASSWORD if name in ("una", "cora", "ed") else None, role_of(name), clearance)
    return accounts


def role_of(name: str) -> UserRole:
    return ROLES.get(name, UserRole.READER)


class _Stay(HTTPRedirectHandler):
    def redirect_request(self, *args: object) -> None:
        return None


class Caller:
    """A program that talks to the server with its own cookies, token or headers, and follows no redirect."""

    timeout = 60.0
    """Seconds that an answer may take."""

    def __init__(self, address: str, **headers: str) -> None:
        self.address = address
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.jar = CookieJar()
        self._opener = build_opener(HTTPCookieProcessor(self.jar), _Stay)

    def __call__(
        self,
        path: str,
        data: bytes | dict[str, str] | None = None,
        *,
        method: str | None = None,
        **headers: str,
    ) -> tuple[int, str, dict[str, str]]:
        """(status, body, headers by lower-case name) of an answer."""
        body = urlencode(data).encode() if isinstance(data, dict) else data
        sent = self.headers | {name.replace("_", "-"): value for name, value in headers.items()}
        request = Request(self.address + path, body, sent, method=method)
        try:
            with self._opener.open(request, timeout=self.timeout) as response:
                text = response.read().decode("utf-8", "replace")
                return response.status, text, {k.lower(): v for k, v in response.headers.items()}
        except HTTPError as error:
            with error:
                text = error.read().decode("utf-8", "replace")
                return error.code, text, {k.lower(): v for k, v in error.headers.items()}

    def safely(self, path: str, data: bytes | None = None, **headers: str) -> tuple[int, str]:
        """Status and body; (0, why) where nobody answers."""
        try:
            return self(path, data, **headers)[:2]
        except (OSError, HTTPException) as error:
            return 0, str(error)

    def sign_in(self, name: str, password: str = PASSWORD) -> int:
        """The status of an attempt to sign in."""
        return self("/sign-in", {"name": name, "password": password})[0]

    def tool(self, name: str, *arguments: object) -> str:
        """What one of the functions answers, as text."""
        call = json.dumps({"data": list(arguments)}).encode()
        status, text, _ = self(f"/gradio_api/call/{name}", call, Content_Type="application/json")
        found = re.search(r'"event_id"\s*:\s*"(\w+)"', text)
        if status != 200 or not found:
            return f"{status} {text}"
        return self(f"/gradio_api/call/{name}/{found[1]}")[1]


class Tab:
    """A tab of the page without its scripts: it sends any event that the page has, with any data."""

    def __init__(self, caller: Caller) -> None:
        self._caller, self._session = caller, secrets.token_hex(6)
        config = json.loads(caller("/config")[1])
        self._types = {part["id"]: part["type"] for part in config["components"]}
        self.events = [event for event in config["dependencies"] if event["api_visibility"] == "private"]
        """As Gradio tells the page of them, in the order in which they were made."""

    def send(
        self, event: dict[str, Any], data: dict[str, Any], text: str, inputs: list[Any] | None = None
    ) -> str:
        """All that the server says to an event; `text` stands in every box that the event reads, or `inputs` is read."""
        boxes = [text if self._types[component] == "textbox" else None for component in event["inputs"]]
        target = event["targets"][0][0] if event["targets"] else None
        body = {
            "data": inputs or boxes,
            "fn_index": event["id"],
            "event_data": {"data": data},
            "trigger_id": target,
        }
        sent = json.dumps(body | {"session_hash": self._session}).encode()
        if not event["queue"]:
            return self._caller("/gradio_api/run/predict", sent, Content_Type="application/json")[1]
        status, text, _ = self._caller("/gradio_api/queue/join", sent, Content_Type="application/json")
        if status != 200:
            return text
        return self._caller(f"/gradio_api/queue/data?session_hash={self._session}")[1]
