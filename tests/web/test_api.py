"""The answers for programs: Gradio's API as gradio_client and plain HTTP call it, and MCP tools."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from gradio_client import Client
from gradio_client.exceptions import AppError

TOOLS = ["ask", "check", "dossier", "find_paragraphs", "list_cables", "read_cable"]
QUESTION = "Why did China refuse Japan's bid?"


@pytest.fixture(scope="module")
def client(address: str) -> Client:
    return Client(address, verbose=False)


def test_only_the_tools_are_public(client: Client) -> None:
    named = client.view_api(return_format="dict", print_info=False)["named_endpoints"]
    assert sorted(named) == [f"/{tool}" for tool in TOOLS]


def test_ask_answers_with_citations_and_banner(client: Client) -> None:
    answer = client.predict(QUESTION, api_name="/ask")
    assert answer["citations"][0]["cable"] == "08BEIJING90014"
    assert answer["citations"][0]["verified"]
    assert answer["banner"].startswith("CONFIDENTIAL")


def test_ask_answers_as_the_kind_that_is_asked_for(client: Client) -> None:
    answer = client.predict("China and Japan's bid", kind="timeline", api_name="/ask")
    assert answer["kind"] == "timeline"
    assert {block["kind"] for block in answer["blocks"]} == {"rows"}
    with pytest.raises(AppError, match="the kinds are passage, cable"):
        client.predict(QUESTION, kind="poem", api_name="/ask")


def test_a_history_that_is_none_is_told(client: Client) -> None:
    with pytest.raises(AppError, match="each turn of the history needs"):
        client.predict(QUESTION, ["junk"], api_name="/ask")


def test_check_says_of_each_sentence_how_far_its_paragraph_proves_it(client: Client) -> None:
    quote = "the Chinese public would not accept a permanent seat for Japan"
    draft = f"Beijing turned Tokyo down (08BEIJING90014 ¶3). It is a lie that {quote} (08BEIJING90014 ¶3). "
    checked = client.predict(f"{draft}It cost $45 million (08BEIJING90014 ¶3).", api_name="/check")
    assert [sentence["level"] for sentence in checked["sentences"]] == ["cited", "cited", "refuted"]
    assert checked["counts"] == {"cited": 2, "refuted": 1}
    assert "45" in checked["sentences"][2]["reason"]
    (paragraph,) = checked["sentences"][1]["paragraphs"]
    assert (paragraph["key"], paragraph["marking"]) == ("08BEIJING90014.3", "CONFIDENTIAL")
    assert quote in " ".join(paragraph["quote"].split())
    with pytest.raises(AppError, match="no text to check"):
        client.predict(" ", api_name="/check")


def test_find_paragraphs_keeps_to_its_filters(client: Client) -> None:
    found = client.predict("Security Council", posts=["Embassy Tokyo"], limit=3, api_name="/find_paragraphs")
    assert [paragraph["cable"] for paragraph in found["paragraphs"]] == ["08TOKYO90031"] * 3


def test_read_cable_gives_paragraphs_and_who_cites_it(client: Client) -> None:
    cable = client.predict("08BEIJING90014", api_name="/read_cable")
    assert [paragraph["paragraph"] for paragraph in cable["paragraphs"]] == [f"¶{n}" for n in range(1, 9)]
    assert "08TOKYO90031" in cable["cited_by"]


def test_read_cable_says_when_there_is_none(client: Client) -> None:
    assert client.predict("99NOWHERE1", api_name="/read_cable") == {"found": False}


def test_list_cables_finds_by_words(client: Client) -> None:
    assert client.predict("saudi wheat", api_name="/list_cables")["cables"][0]["id"] == "09RIYADH90187"


def test_dossier_gathers_dated_quotes_with_footnotes(client: Client) -> None:
    dossier = client.predict("Japan", api_name="/dossier")
    assert dossier["cables"] == len(dossier["lines"]) == 6
    assert dossier["lines"][0]["footnote"].startswith("Embassy Addis Ababa to State")
    assert dossier["references"]["08TOKYO90031"] == ["08BEIJING90014"]


def test_plain_http_is_enough(address: str) -> None:
    call = urllib.request.Request(
        f"{address}/gradio_api/call/ask",
        data=json.dumps({"data": [QUESTION, [], ""]}).encode(),
        headers={"Content-Type": "application/json"},
    )
    event = json.load(urllib.request.urlopen(call))["event_id"]
    stream = urllib.request.urlopen(f"{address}/gradio_api/call/ask/{event}").read().decode()
    assert "08BEIJING90014" in stream


def test_an_assistant_can_use_the_tools_over_mcp(address: str) -> None:
    pytest.importorskip("mcp")
    with ThreadPoolExecutor() as threads:  # Playwright keeps a loop running in this one
        names, answer = threads.submit(asyncio.run, _over_mcp(address)).result()
    assert sorted(names) == TOOLS
    assert answer["citations"][0]["cable"] == "08BEIJING90014"
    assert answer["citations"][0]["verified"] is True
    assert answer["banner"].startswith("CONFIDENTIAL")


async def _over_mcp(address: str) -> tuple[list[str], Any]:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    async with (
        streamablehttp_client(f"{address}/gradio_api/mcp/") as (read, write, _),
        ClientSession(read, write) as session,
    ):
        await session.initialize()
        tools = await session.list_tools()
        result = await session.call_tool("ask", {"question": QUESTION})
    return [tool.name for tool in tools.tools], json.loads(result.content[0].text)


# docs/api.md: every example is run as it stands there, against the chat over the samples

DOCS = (Path(__file__).parents[2] / "docs" / "api.md").read_text(encoding="utf-8")


def example(language: str, start: str, address: str) -> str:
    blocks = re.findall(rf"```{language}\n(.*?)```", DOCS, re.DOTALL)
    return next(block for block in blocks if start in block).replace("http://127.0.0.1:7860", address)


@pytest.mark.parametrize("start", ["gradio_client", "streamablehttp_client"])
def test_the_python_examples_of_the_documentation_work(address: str, start: str) -> None:
    run = [sys.executable, "-c", example("python", start, address)]
    assert "08BEIJING90014" in subprocess.run(run, capture_output=True, text=True, check=True).stdout


def test_the_curl_example_of_the_documentation_works(address: str) -> None:
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    run = ["sh", "-c", example("sh", "curl", address)]
    assert "08BEIJING90014" in subprocess.run(run, capture_output=True, text=True, check=True).stdout
