"""The Atom feed of a reader's watches, behind the same authentication as the API."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from archives import cable_text
from defusedxml.ElementTree import fromstring
from people import Caller, add_people

from qa.dossier.watching import last_arrival
from vectorstore.access import EVERYTHING
from vectorstore.archive import CATALOG, Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.storage.catalog_view import CatalogView
from web.services.own_file import OWN_FILE
from web.services.watch_store import WatchStore

ATOM = "{http://www.w3.org/2005/Atom}"
SECRET = "(S) The ferry to Sardinia carried gold & \x0c<b>silver</b>."


@pytest.fixture
def data(sample_data: Path, tmp_path: Path) -> Path:
    return shutil.copytree(sample_data, tmp_path / "data")


@pytest.fixture
def people(
    data: Path, serve: Callable[[Path], str], embedder: SentenceEmbedder, tmp_path: Path
) -> dict[str, Caller]:
    """Programs of people with several clearances, all of whom watch for what then arrives."""
    accounts = add_people(data)
    before = last_arrival(CatalogView(data / CATALOG, EVERYTHING))
    for name in ("una", "stella"):
        WatchStore(data / OWN_FILE).add(accounts.named(name).id, "Sardinia", before)
    file = tmp_path / "ferry.txt"
    file.write_text(cable_text("09LISBON91001", [SECRET]), encoding="utf-8")
    Indexer(Archive(data, embedder)).run([file])
    address = serve(data)
    tokens = {name: accounts.new_token(name) for name in ("una", "stella", "ed")}
    return {name: Caller(address, Authorization=f"Bearer {token}") for name, token in tokens.items()} | {
        "nobody": Caller(address)
    }


def test_it_tells_of_what_arrived_for_ones_own_watches(people: dict[str, Caller]) -> None:
    status, text, headers = people["stella"]("/feed.atom")
    assert (status, headers["content-type"]) == (200, "application/atom+xml")
    (entry,) = fromstring(text).findall(f"{ATOM}entry")
    assert (entry.findtext(f"{ATOM}title") or "").startswith("09LISBON91001: ")
    assert (entry.findtext(f"{ATOM}summary") or "").endswith("gold & <b>silver</b>.")
    link = entry.find(f"{ATOM}link")
    assert link is not None
    assert link.attrib["href"].endswith("/?cable=09LISBON91001&para=1")
    assert fromstring(people["ed"]("/feed.atom")[1]).findall(f"{ATOM}entry") == []


def test_it_tells_nobody_of_a_cable_above_their_clearance(people: dict[str, Caller]) -> None:
    status, text, _ = people["una"]("/feed.atom")
    assert status == 200
    assert "09LISBON91001" not in text


def test_strangers_get_none(people: dict[str, Caller]) -> None:
    assert people["nobody"]("/feed.atom")[0] == 401
