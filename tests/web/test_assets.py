"""The page's scripts and style sheets: how they are cached, and that the scripts hang together."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from people import Caller

from web.assets import ADDRESS, STATIC, Assets
from web.page import EVENTS

SCRIPTS = sorted((STATIC / "js").glob("*.js"))
MAX_INLINE_CHARS = 600
"""Of a script inside the page, other than Gradio's own configuration."""


def test_a_versioned_address_is_kept_for_good_and_a_plain_one_is_asked_for_again(address: str) -> None:
    caller, versioned = Caller(address), Assets().address("js/main.js")
    assert caller(versioned)[2]["cache-control"] == "private, max-age=31536000, immutable"
    _status, body, headers = caller(f"{ADDRESS}/js/main.js")
    assert (body, headers["cache-control"]) == (caller(versioned)[1], "no-cache")
    assert caller(f"{ADDRESS}/js/main.js", If_None_Match=headers["etag"])[0] == 304


def test_scripts_of_gradio_are_kept_and_the_page_is_not(address: str) -> None:
    caller = Caller(address)
    _, page, headers = caller("/")
    scripts = re.findall(r"/assets/[\w.-]+\.js", page)
    assert headers["cache-control"] == "no-store"
    assert {caller(script)[2]["cache-control"] for script in scripts} == {
        "private, max-age=31536000, immutable"
    }
    assert caller("/assets/none-12345678.js")[2]["cache-control"] == "no-store"


def test_a_page_of_an_older_version_still_finds_its_files_but_does_not_keep_them(address: str) -> None:
    status, _, headers = Caller(address)(f"{ADDRESS}/000000000000/js/main.js")
    assert (status, headers["cache-control"]) == (200, "no-cache")


def test_scripts_are_sent_as_scripts_under_the_policy_of_the_page(address: str) -> None:
    headers = Caller(address)(Assets().address("js/main.js"))[2]
    assert "javascript" in headers["content-type"]
    assert "script-src 'self'" in headers["content-security-policy"]


def test_the_page_names_every_script_and_style_sheet_in_its_head(address: str) -> None:
    page = Caller(address)("/")[1]
    for file in (*SCRIPTS, *(STATIC / "css").glob("*.css")):
        assert (file.name in page) == (file.name != "sign-in.css"), file.name


def test_the_bridge_holds_no_more_script_than_starts_the_modules() -> None:
    assert len(Assets().bootstrap(EVENTS)) < MAX_INLINE_CHARS


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_a_module_whose_imports_are_there(script: Path) -> None:
    source = script.read_text(encoding="utf-8")
    for names, other in re.findall(r"^import (?:(.+?) from )?'\./(\w+\.js)';$", source, re.MULTILINE):
        exported = (STATIC / "js" / other).read_text(encoding="utf-8")
        for name in re.findall(r"(\w+)(?: as \w+)?[,\s}]", names.partition("{")[2]):
            assert re.search(rf"^export (?:async )?(?:const|function) {name}\b", exported, re.MULTILINE), name


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.name)
def test_a_script_is_valid(script: Path) -> None:
    if shutil.which("node") is None:
        pytest.skip("node is not installed: the browser's tests alone read the scripts")
    run = ["node", "--check", "--input-type=module"]
    checked = subprocess.run(run, input=script.read_bytes(), capture_output=True, check=False)
    assert checked.returncode == 0, checked.stderr.decode()


def test_every_event_that_a_script_sends_is_known_to_the_bridge() -> None:
    sent = {name for script in SCRIPTS for name in re.findall(r"\bsend\('(\w+)'", script.read_text())}
    assert sent == set(EVENTS)
