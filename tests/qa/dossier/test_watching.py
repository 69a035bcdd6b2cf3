"""What is new for a saved search or question after an index run, over the samples and a few cables more."""

import subprocess
import sys
from pathlib import Path

import pytest
from archives import cable_text

from cables import Level
from qa.chain import Chain
from qa.dossier.watching import Watch, last_arrival, news_for
from qa.factory import build_chain
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer

FERRY = "09LISBON91001"


def arrive(archive: Archive, folder: Path, cable_id: str, text: str) -> None:
    """A new cable is indexed."""
    file = folder / f"{cable_id}.txt"
    file.write_text(cable_text(cable_id, [text]), encoding="utf-8")
    assert not Indexer(archive).run([file]).failed


@pytest.fixture
def asking(own_archive: Archive) -> Chain:
    return build_chain(own_archive, EVERYTHING)


def found(chain: Chain, text: str, since: int) -> list[str]:
    return [one.chosen[0].cable_id for one in news_for(Watch("w", text, since, since), chain, since)]


def test_a_search_tells_of_new_cables_that_hold_its_words(
    own_archive: Archive, asking: Chain, tmp_path: Path
) -> None:
    since = last_arrival(asking.retriever.view)
    assert found(asking, "Japan", since) == []
    arrive(own_archive, tmp_path, FERRY, "(U) It rained. The ferry to Japan was late. The crew slept.")
    (new,) = news_for(Watch("w", "Japan", since, since), asking, since)
    assert new.chosen[1].piece.text == "The ferry to Japan was late."
    assert found(asking, "Japan -ferry", since) == []
    assert found(asking, "Japan", last_arrival(asking.retriever.view)) == []


def test_a_question_tells_of_new_cables_that_answer_it(
    own_archive: Archive, asking: Chain, tmp_path: Path
) -> None:
    since = last_arrival(asking.retriever.view)
    question = "Why was the ferry to Sardinia cancelled?"
    arrive(own_archive, tmp_path, "09LISBON91002", "(U) The price of bread rose by four percent in March.")
    text = "(U) The ferry to Sardinia was cancelled because its engine had burned out."
    arrive(own_archive, tmp_path, FERRY, text)
    assert found(asking, question, since) == [FERRY]


def test_what_another_process_has_indexed_is_told_before_any_question_was_asked(
    own_archive: Archive, embedder: SentenceEmbedder, tmp_path: Path
) -> None:
    chain = build_chain(Archive(own_archive.data, embedder), EVERYTHING)
    since = last_arrival(chain.retriever.view)
    text = "(U) The ferry to Sardinia was cancelled because its engine had burned out."
    (tmp_path / "ferry.txt").write_text(cable_text(FERRY, [text]), encoding="utf-8")
    command = [sys.executable, "-c", "from cli.main import app; app()", "index"]
    subprocess.run([*command, tmp_path / "ferry.txt", "--data", own_archive.data], check=True)
    assert found(chain, "Why was the ferry to Sardinia cancelled?", since) == [FERRY]


def test_nobody_is_told_of_a_cable_above_their_clearance(own_archive: Archive, tmp_path: Path) -> None:
    chain = build_chain(own_archive, Clearance(Level.UNCLASSIFIED))
    since = last_arrival(chain.retriever.view)
    arrive(own_archive, tmp_path, FERRY, "(S) The ferry to Japan carried gold.")
    assert found(chain, "gold", since) == []
    assert found(build_chain(own_archive, EVERYTHING), "gold", since) == [FERRY]
