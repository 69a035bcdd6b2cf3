"""Authentication: signing in, what a stranger gets, and what one who has signed in does not get."""

import json
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from people import PASSWORD, Caller, add_people

from web.application import build_app
from web.security.accounts import Accounts
from web.security.config import SecurityConfig


@pytest.fixture(scope="module")
def accounts(team_data: Path) -> Accounts:
    return Accounts.of(team_data)


@pytest.fixture
def stranger(site: str) -> Caller:
    return Caller(site)


def by_token(site: str, accounts: Accounts, name: str) -> Caller:
    return Caller(site, Authorization=f"Bearer {accounts.new_token(name)}")


def routes(site: str) -> list[str]:
    """METHOD /path of every route that the application and Gradio in it have, with words in their places."""
    import re

    from fastapi import FastAPI
    from starlette.routing import Mount

    found: list[str] = []

    def walk(app_routes: list, before: str) -> None:
        for route in app_routes:
            if isinstance(route, Mount):
                found.append(f"GET {before}{route.path}/x")
                walk(getattr(route.app, "routes", []) or [], before + route.path)
            elif hasattr(route, "methods"):
                path = before + re.sub(r"\{[^}]*\}", "x", route.path)
                found.extend(f"{method} {path}" for method in sorted(route.methods or ()))
            elif hasattr(route, "original_router"):
                walk(route.original_router.routes, before)

    app: FastAPI = ROUTED[site]
    walk(app.routes, "")
    return sorted(set(found))


ROUTED: dict[str, object] = {}


@pytest.fixture(scope="module", autouse=True)
def _app(site: str, team_data: Path) -> None:
    """A second copy of the application, to read its routes from."""
    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder
    from web.services.archive_service import ArchiveService

    ROUTED[site] = build_app(ArchiveService(team_data, lambda: Archive(team_data, SentenceEmbedder())))


FORGED = [
    "reftel_session=x",
    "reftel_session=InVuYSI.Z0Zw5A.AAAAAAAAAAAAAAAAAAAAAAAAAAA",
    "reftel_session=",
    "reftel_reader=abc; reftel_session=null",
]


def test_no_route_answers_a_stranger_or_a_forged_cookie(site: str) -> None:
    paths = routes(site)
    assert len(paths) > 60
    functions = [
        f"POST /gradio_api/{way}/{name}"
        for way in ("call", "run", "api", "call/v2")
        for name in ("ask", "check", "find_paragraphs", "read_cable", "list_cables", "predict")
    ]
    public = {"GET /health", "GET /ready", "GET /favicon.ico"}
    answered = []
    for asked in sorted({*paths, *functions} - public):
        method, path = asked.split(" ", 1)
        for cookie in (None, *FORGED):
            caller = Caller(site, **({"Cookie": cookie} if cookie else {}))
            status, text, _ = caller(path, b"{}" if method == "POST" else None, method=method)
            if status != 401:
                answered.append((asked, cookie, status, text[:80]))
    assert answered == []


def test_a_browser_is_shown_the_way_to_the_sign_in_page_and_back(stranger: Caller) -> None:
    status, _, headers = stranger("/?cable=08BEIJING90014&para=2", Accept="text/html")
    there = quote("/?cable=08BEIJING90014&para=2", safe="")
    assert (status, headers["location"]) == (303, f"/sign-in?next={there}")
    page = stranger(headers["location"])[1]
    assert 'value="/?cable=08BEIJING90014&amp;para=2"' in page


def test_signing_in_sets_a_cookie_that_no_script_reads(site: str) -> None:
    caller = Caller(site)
    status, _, headers = caller(
        "/sign-in", {"name": "Cora", "password": PASSWORD, "next": "/?cable=08BEIJING90014"}
    )
    assert (status, headers["location"]) == (303, "/?cable=08BEIJING90014")
    assert "HttpOnly" in headers["set-cookie"]
    assert "SameSite=lax" in headers["set-cookie"]
    assert caller("/config")[0] == 200


def test_signing_out_ends_the_session_for_a_stolen_cookie_too(site: str) -> None:
    caller = Caller(site)
    caller.sign_in("cora")
    cookie = "; ".join(f"{c.name}={c.value}" for c in caller.jar)
    thief = Caller(site, Cookie=cookie)
    assert thief("/config")[0] == 200
    assert caller("/sign-out", b"")[0] == 303
    assert thief("/config")[0] == 401


@pytest.mark.parametrize(
    "address",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/\tx", "\\\\e"],
)
def test_nobody_is_sent_to_another_site(site: str, address: str) -> None:
    _, page, _ = Caller(site)(f"/sign-in?next={quote(address, safe='')}")
    assert 'name="next" value="/"' in page
    _, _, headers = Caller(site)("/sign-in", {"name": "cora", "password": PASSWORD, "next": address})
    assert headers["location"] == "/"


def test_an_unknown_name_and_a_wrong_password_get_the_same_answer(site: str) -> None:
    wrong = {"password": "not the pass phrase"}
    answers = [Caller(site)("/sign-in", {"name": name} | wrong)[:2] for name in ("una", "nobody")]
    assert answers[0] == answers[1]


@pytest.mark.parametrize("name", ["ed", "no-such-name"])
def test_too_many_attempts_lock_a_name_whether_there_is_one_or_not(site: str, name: str) -> None:
    from web.security.sign_in import TOO_MANY

    answers = [Caller(site)("/sign-in", {"name": name, "password": "wrong password"}) for _ in range(6)]
    assert [status for status, _, _ in answers] == [401] * 5 + [429]
    assert TOO_MANY in answers[-1][1]
    assert Caller(site).sign_in(name, PASSWORD) == 429


def test_a_program_signs_in_by_token_until_there_is_another(site: str, accounts: Accounts) -> None:
    program = by_token(site, accounts, "sam")
    assert program("/config")[0] == 200
    accounts.new_token("sam")
    assert program("/config")[0] == 401


def test_a_changed_account_must_sign_in_again_and_a_removed_one_is_out(site: str, accounts: Accounts) -> None:
    from cables import Level
    from vectorstore.access import Clearance
    from web.security.accounts import UserRole

    accounts.add("temp", PASSWORD, UserRole.READER, Clearance(Level.SECRET))
    caller = Caller(site)
    assert (caller.sign_in("temp"), caller("/config")[0]) == (303, 200)
    accounts.change("temp", clearance=Clearance(Level.UNCLASSIFIED))
    assert caller("/config")[0] == 401
    assert caller.sign_in("temp") == 303
    accounts.remove("temp")
    assert caller("/config")[0] == 401


REQUESTS = [
    "GET /gradio_api/file=/etc/passwd",
    "GET /gradio_api/file=../accounts.db",
    "GET /gradio_api/runs",
    "GET /gradio_api/proxy=https://example.org",
    "GET /gradio_api/dev/reload",
    "GET /gradio_api/openapi.json",
    "POST /gradio_api/component_server",
    "POST /gradio_api/vibe-edit",
    "POST /gradio_api/upload",
    "GET /monitoring",
    "GET /metrics",
    "GET /nowhere",
    "POST /login",
    "GET /openapi.json",
]


@pytest.mark.parametrize("asked", REQUESTS)
def test_a_reader_gets_no_route_that_is_not_theirs(cora: Caller, asked: str) -> None:
    method, path = asked.split(" ", 1)
    assert cora(path, b"{}" if method == "POST" else None, method=method)[:2] == (
        404,
        "There is nothing here.",
    )


def test_figures_are_for_admins(site: str, accounts: Accounts) -> None:
    status, text, _ = by_token(site, accounts, "ada")("/metrics")
    assert status == 200
    assert "reftel_sign_ins_total" in text


def test_health_and_readiness_tell_strangers_nothing_else(stranger: Caller, cora: Caller) -> None:
    cora.tool("list_cables")  # once the archive is open
    assert stranger("/health")[:2] == (200, "alive")
    assert stranger("/ready")[:2] == (200, '{"archive":"ready"}')


def test_nobody_uses_a_session_or_a_call_that_another_has_begun(
    site: str, accounts: Accounts, cora: Caller
) -> None:
    sam = by_token(site, accounts, "sam")
    join = json.dumps({"data": [None], "fn_index": 0, "session_hash": "corassession"}).encode()
    assert cora("/gradio_api/queue/join", join, Content_Type="application/json")[0] != 404
    assert sam("/gradio_api/queue/data?session_hash=corassession")[0] == 404
    begun = cora("/gradio_api/call/list_cables", b'{"data": ["", 0, 1]}', Content_Type="application/json")[1]
    event = json.loads(begun)["event_id"]
    assert sam(f"/gradio_api/call/list_cables/{event}")[0] == 404
    assert "event: complete" in cora(f"/gradio_api/call/list_cables/{event}")[1]


# Other sites, and what is sent in


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "no-cors"},
        {"Sec_Fetch_Site": "same-site"},
    ],
)
def test_what_another_site_makes_a_browser_send_is_refused(cora: Caller, headers: dict[str, str]) -> None:
    for path, data in (
        ("/gradio_api/call/list_cables", b'{"data": []}'),
        ("/sign-out", b""),
        ("/sign-in", b""),
    ):
        assert cora(path, data, **headers)[0] == 403
    assert cora("/config", **headers)[0] == 403


def test_a_link_from_another_site_opens_the_page(cora: Caller) -> None:
    link = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Mode": "navigate", "Sec_Fetch_Dest": "document"}
    assert cora("/?cable=08BEIJING90014", **link)[0] == 200


def test_every_answer_has_the_headers_that_keep_a_page_to_itself(cora: Caller, stranger: Caller) -> None:
    for answer in (
        cora("/"),
        cora("/nowhere"),
        stranger("/"),
        stranger("/sign-in"),
        cora("/", Origin="null"),
    ):
        headers = answer[2]
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["x-frame-options"] == "DENY"
        assert "default-src 'none'" in headers["content-security-policy"]
        assert "'unsafe-inline'" not in headers["content-security-policy"].split("style-src")[0]
        assert "server" not in headers or "uvicorn" in headers["server"]


def test_scripts_of_the_page_carry_a_nonce_that_changes(cora: Caller) -> None:
    first, second = cora("/"), cora("/")
    nonces = [
        answer[2]["content-security-policy"].split("'nonce-")[1].split("'")[0] for answer in (first, second)
    ]
    assert nonces[0] != nonces[1]
    assert first[1].count("<script") == first[1].count(f'<script nonce="{nonces[0]}"') > 3


def test_a_body_that_is_too_large_or_no_json_is_refused(cora: Caller) -> None:
    large = b'{"data": ["' + b"x" * 1_100_000 + b'"]}'
    refused = cora.safely("/gradio_api/call/ask", large, Content_Type="application/json")[0]
    assert refused in (413, 0)  # 0: the server hung up before all of it was sent
    for odd in (b"{" * 100_000, b"[1]", b"\xff\xfe", b'{"data"'):
        assert cora("/gradio_api/call/ask", odd, Content_Type="application/json")[0] == 400


def test_errors_show_no_trace(cora: Caller) -> None:
    odd = json.dumps({"data": [{"a": 1}, "b", {}], "fn_index": 3, "session_hash": "odd"}).encode()
    for path in ("/gradio_api/run/predict", "/gradio_api/call/ask"):
        text = cora(path, odd, Content_Type="application/json")[1]
        assert "Traceback" not in text
        assert "/site-packages/" not in text


# Without accounts, and behind a proxy


def test_without_accounts_a_page_of_another_name_or_behind_a_proxy_gets_nothing(address: str) -> None:
    assert Caller(address)("/config")[0] == 200
    assert Caller(address)("/config", Host="evil.example")[0] == 403
    assert Caller(address)("/config", X_Forwarded_For="10.0.0.1")[0] == 403


def test_an_account_that_is_added_closes_a_chat_that_runs(serve: Callable[..., str], tmp_path: Path) -> None:
    site = serve(tmp_path)
    assert Caller(site)("/config")[0] == 200
    add_people(tmp_path)
    assert Caller(site)("/config")[0] == 401
    for account in Accounts.of(tmp_path).all():
        Accounts.of(tmp_path).remove(account.name)
    assert Caller(site)("/config")[0] == 401


def test_only_a_trusted_proxy_says_who_has_signed_in(serve: Callable[..., str], team_data: Path) -> None:
    accounts = Accounts.of(team_data)
    trusting = serve(
        team_data,
        config=SecurityConfig(accounts, trusted_proxies=("127.0.0.1",), sign_in_header="X-Remote-User"),
    )
    wary = serve(
        team_data,
        config=SecurityConfig(accounts, trusted_proxies=("10.0.0.1",), sign_in_header="X-Remote-User"),
    )
    assert Caller(trusting, X_Remote_User="sam")("/config")[0] == 200
    assert Caller(trusting, X_Remote_User="nobody")("/config")[0] == 401
    assert Caller(wary, X_Remote_User="sam")("/config")[0] == 401
