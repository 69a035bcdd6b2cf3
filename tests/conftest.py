"""What tests of several rooms share: the samples, indexed once a session, and an archive of one's own."""

import json
import os
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

import hypothesis
import pytest

from settings import offline

if TYPE_CHECKING:
    from qa.chain import Chain
    from vectorstore.archive import Archive
    from vectorstore.embedding.embedder import SentenceEmbedder

offline()
# A busy machine is no fault of the code. CI tries the same examples each time, as hypothesis does there by default, so
# that a change is not stopped by what chance finds elsewhere; runs at home go on looking.
hypothesis.settings.register_profile("patient", deadline=None, derandomize="CI" in os.environ)
hypothesis.settings.load_profile("patient")
# Tests neither find nor leave vectors in the user's cache.
os.environ["REFTEL_VECTOR_CACHE_GB"] = "0"
# A command that gives way (reftel index) runs in this process, and would slow down all tests behind it.
os.nice = lambda _: 0

SAMPLES = Path(__file__).parents[1] / "samples"
TESTS = Path(__file__).parent
SLOW_FIXTURES = {"browser", "serve", "embedder"}
"""What takes seconds to start."""
SLOW_PARTS = (
    "test_checks.py",
    "test_wheel.py",
    "test_docs.py",
    "test_real_cables.py",
    "qa/verification/test_entailment.py",
    "vectorstore/indexing",
    "vectorstore/maintenance",
    "vectorstore/storage/test_chroma_server.py",
    "vectorstore/storage/test_postgres_bm25.py",
)
"""Folders and files that start processes or servers of their own, or index over and over."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--kills", type=int, default=6, help="how many indexing runs are killed (200 proves more)"
    )


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Say which tests `make test-fast` leaves out, and which go to the same process where there are several.

    A file stays together, for its fixtures; all files that drive a browser share one browser and one server.
    """
    paged = {item.path for item in items if "browser" in _fixtures(item)}
    for item in items:
        item.add_marker(pytest.mark.xdist_group("page" if item.path in paged else str(item.path)))
        part = item.path.relative_to(TESTS).as_posix()
        if SLOW_FIXTURES & _fixtures(item) or part.startswith(SLOW_PARTS):
            item.add_marker(pytest.mark.slow)


def _fixtures(item: pytest.Item) -> set[str]:
    return set(getattr(item, "fixturenames", ()))


@pytest.fixture(scope="session")
def embedder() -> "SentenceEmbedder":
    """The real embedder, loaded once."""
    from vectorstore.embedding.embedder import SentenceEmbedder

    return SentenceEmbedder()


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory, embedder: "SentenceEmbedder") -> "Archive":
    """The samples, indexed. For reading: tests that write take `own_archive`."""
    from vectorstore.archive import Archive
    from vectorstore.indexing.indexer import Indexer

    archive = Archive(tmp_path_factory.mktemp("samples"), embedder)
    report = Indexer(archive).run([SAMPLES])
    assert not report.failed
    return archive


@pytest.fixture
def own_archive(archive: "Archive", embedder: "SentenceEmbedder", tmp_path: Path) -> "Archive":
    """A copy of the samples' archive that a test may change."""
    from vectorstore.archive import Archive

    shutil.copytree(archive.data, tmp_path / "own")
    return Archive(tmp_path / "own", embedder)


@pytest.fixture(scope="session")
def chain(archive: "Archive") -> "Chain":
    """The chain over the samples, without a chat model."""
    from qa.factory import build_chain
    from vectorstore.access import EVERYTHING

    return build_chain(archive, EVERYTHING)


@pytest.fixture(scope="session")
def sample_questions() -> list[dict[str, Any]]:
    """The questions over the samples, with their gold paragraphs and facts."""
    lines = (Path(__file__).parent / "sample_questions.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]
