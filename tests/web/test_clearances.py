"""Who may see what, over every channel: a matrix of people, channels and cables; and twins of the archive.

What a person may see is worked out here once more, from the files. Nothing of a paragraph that they may not see
may stand in any answer; and an archive that lacks what is hidden from somebody gives them the same answers
to the letter: counts, order, scores and errors included.
"""

import asyncio
import base64
import itertools
import re
import shutil
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hostile import HEAD
from people import PEOPLE, Caller, Tab, add_people, role_of

from cables import Cable, Level, forms
from vectorstore.access import Clearance
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.query import Filters
from vectorstore.storage.row_level_security import Rule
from web.api import tools
from web.panes.archive import archive_page
from web.panes.asking import ask
from web.panes.filters import panel_of
from web.panes.reader import read
from web.render.answer import render_live
from web.render.search import SearchState, search_csv
from web.render.welcome import render_summary, render_welcome
from web.security.access import PRINCIPAL_KEY, Principal, principal_of
from web.security.accounts import Accounts
from web.services.archive_service import ArchiveService
from web.services.conversation import Conversation, Exchange
from web.services.starters import starters

SAMPLES = Path(__file__).parents[2] / "samples"
KEPT = "unsc"
"""The group that keeps the cables with TAG UNSC."""
LIMITING = {"NOFORN", "EXDIS"}


@dataclass(frozen=True)
class Secret:
    """A paragraph with what its reader needs; `words` stand nowhere else."""

    cable: str
    key: str
    words: str
    level: Level
    caveats: frozenset[str]
    groups: frozenset[str]

    def open_to(self, clearance: Clearance) -> bool:
        held = clearance.caveats
        return (
            self.level <= clearance.level
            and all(
                "*" in held or c in held or (c.startswith("REL") and "NOFORN" in held) for c in self.caveats
            )
            and ("*" in clearance.groups or self.groups <= clearance.groups)
        )


def extra_cables(folder: Path) -> None:
    """Cables with the markings that the samples lack."""
    for serial, marking, classification, caption in (
        (91001, "TS", "T O P  S E C R E T", "SIPDIS"),
        (91002, "S/NF", "S E C R E T//NOFORN", "NOFORN"),
        (91003, "C/REL NATO", "C O N F I D E N T I A L", "SIPDIS"),
        (91004, "C", "C O N F I D E N T I A L", "EXDIS"),
        (91005, "S", "UNCLAS", "SIPDIS"),
    ):
        head = HEAD.format(subject=f"MARKINGS OF NUMBER {serial}").replace("#1001", f"#{serial - 90000}")
        head = head.replace("091001", f"0{serial}").replace("SIPDIS", caption)
        head = head.replace("C O N F I D E N T I A L", classification)
        first = f"1. (U) The ferry {serial} was late for all of us.\n\n"
        second = f"2. ({marking}) The captain of {serial} hides amber.\n\nOAK\n"
        (folder / f"07LISBON{serial}.txt").write_text(head + first + second)


@pytest.fixture(scope="module")
def data(sample_data: Path, embedder: SentenceEmbedder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("clearances")
    shutil.copytree(sample_data, root / "data")
    (root / "extra").mkdir()
    extra_cables(root / "extra")
    archive = Archive(root / "data", embedder)
    report = Indexer(archive).run([root / "extra"])
    assert len(report.new) == 5
    with archive.catalog.transaction():
        archive.catalog.groups.put(Rule(KEPT, "tag", "UNSC"))
    archive.catalog.close()
    add_people(root / "data")
    return root / "data"


@pytest.fixture(scope="module")
def cables(data: Path) -> list[Cable]:
    folders = (SAMPLES, data.parent / "extra")
    items = [
        item for folder in folders for file in sorted(folder.glob("[0-9]*.txt")) for item in forms.read(file)
    ]
    return [item.cable for item in items if isinstance(item, forms.Reading)]


@pytest.fixture(scope="module")
def few(cables: list[Cable]) -> list[Cable]:
    """One of each marking, and every third of the samples: for channels over which an answer takes time."""
    return [cable for n, cable in enumerate(cables) if cable.id.startswith("07LISBON91") or n % 3 == 0]


@pytest.fixture(scope="module")
def secrets(cables: list[Cable]) -> list[Secret]:
    return [secret for cable in cables for secret in secrets_of(cable)]


def header_of(cable: Cable) -> Secret:
    """A cable's header, as a secret of its own."""
    own = cable.classification
    caveats = {*(own.caveats if own else ()), *(LIMITING & set(cable.captions))}
    groups = frozenset({KEPT} if "UNSC" in {tag.code for tag in cable.tags} else ())
    level = own.level if own else Level.UNCLASSIFIED
    return Secret(cable.id, "", cable.subject or "?", level, frozenset(caveats), groups)


def secrets_of(cable: Cable) -> Iterator[Secret]:
    header = header_of(cable)
    for paragraph in cable.paragraphs:
        mark = paragraph.marking
        words = " ".join(paragraph.text.split()[-9:])
        level = max(header.level, mark.level) if mark else header.level
        caveats = header.caveats | frozenset(mark.caveats if mark else ())
        yield Secret(cable.id, paragraph.key, words, level, caveats, header.groups)


@pytest.fixture(scope="module")
def site(serve: Callable[..., str], data: Path) -> str:
    return serve(data)


@pytest.fixture(scope="module")
def callers(site: str, data: Path) -> dict[str, Caller]:
    accounts = Accounts.of(data)
    return {name: Caller(site, Authorization=f"Bearer {accounts.new_token(name)}") for name in PEOPLE}


def hidden(secrets: list[Secret], name: str) -> list[Secret]:
    return [secret for secret in secrets if not secret.open_to(PEOPLE[name])]


def wholly_hidden(cables: list[Cable], name: str) -> list[Cable]:
    """Cables of which the header itself may not be seen."""
    return [cable for cable in cables if not header_of(cable).open_to(PEOPLE[name])]


FIND = (20, [], 0, 0)
"""How many paragraphs, and no filters: the HTTP API wants every argument."""
CHANNELS: dict[str, Callable[[Caller, Cable], str]] = {
    "read": lambda caller, cable: caller.tool("read_cable", cable.id),
    "list": lambda caller, cable: caller.tool("list_cables", cable.id, 0, 50),
    "list by subject": lambda caller, cable: caller.tool("list_cables", (cable.subject or "")[:20], 0, 50),
    "find": lambda caller, cable: caller.tool("find_paragraphs", cable.paragraphs[-1].text[:300], *FIND),
    "find by id": lambda caller, cable: caller.tool("find_paragraphs", f"What does {cable.id} say?", *FIND),
    "dossier": lambda caller, cable: caller.tool("dossier", cable.id),
    "dossier by subject": lambda caller, cable: caller.tool("dossier", (cable.subject or "")[:20]),
    "check": lambda caller, cable: caller.tool("check", f"Something was said of it ({cable.id} ¶1-9)."),
    "ask": lambda caller, cable: caller.tool(
        "ask", f"What does {cable.id} say about {cable.subject}?", [], ""
    ),
}


@pytest.mark.parametrize("channel", CHANNELS)
def test_no_person_gets_a_paragraph_that_is_not_theirs_over_any_channel(
    callers: dict[str, Caller], cables: list[Cable], few: list[Cable], secrets: list[Secret], channel: str
) -> None:
    """Everybody asks at once: a call is mostly waiting."""
    named = cables if channel == "read" else few

    def asked(name: str) -> list[str]:
        return [plain(CHANNELS[channel](callers[name], cable)) for cable in named]

    with ThreadPoolExecutor(len(callers)) as threads:
        answers = dict(zip(callers, threads.map(asked, callers), strict=True))
    leaks, cases = [], 0
    for (name, texts), n in itertools.product(answers.items(), range(len(named))):
        text, cable = texts[n], named[n]
        cases += 1
        assert "event: complete" in text, text[:200]
        leaks += [
            (name, cable.id, s.key) for s in hidden(secrets, name) if s.words in text or f'"{s.key}"' in text
        ]
        leaks += [(name, cable.id, c.id) for c in wholly_hidden(cables, name) if (c.subject or "?") in text]
        if channel == "read" and cable.id in {c.id for c in wholly_hidden(cables, name)}:
            assert '{"found": false}' in text
        if channel == "read" and not hidden(secrets, name):
            assert all(s.words in text for s in secrets if s.cable == cable.id)
    assert leaks == []
    assert cases == len(PEOPLE) * len(named) >= 88  # with the six channels over 600


def plain(text: str) -> str:
    """What stands in an answer, with JSON's escapes undone and white space folded."""
    letters = re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), text)
    return " ".join(letters.replace("\\n", " ").replace('\\"', '"').split())


def everything_sent(cable: Cable) -> dict[str, Any]:
    """Data with which any event of the page would show a cable, or tell of it; no more of its subject than two words."""
    words = " ".join((cable.subject or "").split()[:2])
    named = dict.fromkeys(("cable", "id", "about", "value", "note", "title"), cable.id)
    said = {
        "text": f"Summarise {cable.id}",
        "draft": f"Something was said of it ({cable.id} ¶1-9).",
        "words": words,
    }
    how = {"para": "1", "original": True, "sort": "relevance", "kind": "cable", "what": "cables"}
    return named | said | how | {"place": 0, "cables": [cable.id], "key": cable.paragraphs[0].key}


SHOWING = {"archive", "list", "compose", "check", "submit", "ask", "retry", "read"}
"""Events that show a cable, or its subject, to those who may see it."""


def test_no_event_of_the_page_tells_its_sender_what_is_hidden(
    callers: dict[str, Caller], cables: list[Cable], secrets: list[Secret]
) -> None:
    """The events are those that the page says it has, so that a new one is tried too; each twice, for what it leaves."""
    secret = [c for c in wholly_hidden(cables, "cora") if header_of(c).open_to(PEOPLE["stella"])]
    told: dict[str, set[str]] = {"una": set(), "sam": set(), "cora": set(), "stella": set()}
    for name, cable in itertools.product(told, secret[:2]):
        tab = Tab(callers[name])
        for event in 2 * tab.events:
            text = plain(tab.send(event, everything_sent(cable), f"Summarise {cable.id}"))
            if (cable.subject or "?") in text or any(s.words in text for s in secrets if s.cable == cable.id):
                told[name].add(str(event["targets"][0][1]))
    assert told.pop("stella") >= SHOWING
    assert told == {"una": set(), "sam": set(), "cora": set()}


def test_over_mcp_a_person_gets_what_is_theirs_and_a_stranger_nothing(
    callers: dict[str, Caller], site: str
) -> None:
    with ThreadPoolExecutor() as threads:
        token = callers["una"].headers["Authorization"]
        text = threads.submit(asyncio.run, over_mcp(site, token, "09STATE990045")).result()
        stranger = threads.submit(asyncio.run, over_mcp(site, "Bearer x", "09STATE990045"))
        assert text == '{"found": false}'
        assert stranger.exception() is not None


async def over_mcp(site: str, token: str, cable: str) -> str:
    from mcp import ClientSession
    from mcp.client.streamable_http import streamablehttp_client

    address, headers = f"{site}/gradio_api/mcp/", {"Authorization": token}
    async with streamablehttp_client(address, headers=headers) as (r, w, _), ClientSession(r, w) as session:
        await session.initialize()
        result = await session.call_tool("read_cable", {"cable": cable})
    return str(result.content[0].text)


# Twins: the archive with and without what is hidden


class Request:
    """A request as it comes from the middleware."""

    def __init__(self, name: str) -> None:
        self.scope = {PRINCIPAL_KEY: Principal(name, name, role_of(name), PEOPLE[name])}


def everything_shown(
    data: Path, name: str, cables: list[Cable], few: list[Cable], embedder: SentenceEmbedder
) -> dict[str, Any]:
    """All that a person is shown by the page and by the functions, by channel; questions are about `few`."""
    service = ArchiveService(data, lambda: Archive(data, embedder))
    service.open()
    request: Any = Request(name)
    view = service.view(PEOPLE[name])
    functions = {tool.__name__: tool for tool in tools(service)}
    begin = starters(service.chain(PEOPLE[name]))
    shown: dict[str, Any] = {"welcome": render_welcome(view, begin), "summary": render_summary(view)}
    shown["facets"] = panel_of(service, Filters(), request)
    shown["archive"] = archive_page(service, SearchState(), principal_of(request))
    shown["list"] = functions["list_cables"](request, "", 0, 100)
    for words in ("the", "security council", "markings"):
        state = SearchState(words, column="relevance")
        shown[f"search {words}"] = archive_page(service, state, principal_of(request))
        shown[f"csv {words}"] = search_csv(view, state)
    for cable in cables:
        shown[f"reader {cable.id}"] = read(view, cable.id, "1")
        shown[f"read {cable.id}"] = functions["read_cable"](request, cable.id)
    for cable in few:
        shown[f"dossier {cable.id}"] = functions["dossier"](request, cable.id)
        shown[f"find {cable.id}"] = functions["find_paragraphs"](request, cable.paragraphs[-1].text[:200], 20)
        question = f"What does {cable.id} say about {cable.subject}?"
        last = list(ask(service, Exchange(question), Conversation("c"), request))[-1]
        shown[f"ask {cable.id}"] = _timeless(render_live(last))
    return shown


def _timeless(page: str) -> str:
    """A page with its files to take along as text, without how long it took."""
    opened = re.sub(r"base64,([\w+/=]+)", lambda match: base64.b64decode(match[1]).decode(), page)
    return re.sub(r", [\d. mins]+</span>|\"seconds\": [\d.]+", "", opened)


def alike(one: Any, other: Any) -> bool:
    """Whether two things shown are the same to the letter, but for the last of four decimals.

    Chroma reckons with other roundings (1e-7) what it has not yet put into its graph, and which vectors those are
    depends on how often was written.
    """
    texts, numbers = zip(
        *((DECIMAL.sub("#", str(x)), DECIMAL.findall(str(x))) for x in (one, other)), strict=True
    )
    return texts[0] == texts[1] and [float(n) for n in numbers[0]] == pytest.approx(
        [float(n) for n in numbers[1]], abs=1.1e-4, rel=0
    )


DECIMAL = re.compile(r"-?\d+\.\d+(?:e-\d+)?")


@pytest.mark.parametrize("name", ["una", "cora", "stella"])
def test_what_is_hidden_moves_nothing_that_is_shown(
    data: Path, cables: list[Cable], few: list[Cable], name: str, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    gone = [cable.id for cable in wholly_hidden(cables, name)]
    assert gone
    shutil.copytree(data, tmp_path / "twin")
    Indexer(Archive(tmp_path / "twin", embedder)).withdraw(gone)
    whole, twin = (
        everything_shown(place, name, cables, few, embedder) for place in (data, tmp_path / "twin")
    )
    assert [channel for channel in whole if not alike(whole[channel], twin[channel])] == []
