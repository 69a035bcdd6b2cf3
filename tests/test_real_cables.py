"""The same promises over real cables, where they are at hand: a few dozen out of a thousand."""

import json
from pathlib import Path
from typing import Any

import pytest

from cables import forms
from qa.answer import Question, Turn
from qa.chain import Chain
from qa.factory import build_chain
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.indexing.indexer import Indexer
from vectorstore.maintenance import doctor

SHARED = Path(__file__).parents[1].joinpath("../shared").resolve()
EVERY = 150
"""One cable of so many is taken, beside those that the questions are about."""
ASKED = 12

pytestmark = pytest.mark.skipif(
    not (SHARED / "cables").is_dir(), reason="the real cables are not beside this checkout (../shared/cables)"
)


@pytest.fixture(scope="module")
def questions() -> list[dict[str, Any]]:
    """Some of the answerable questions."""
    rows = [
        json.loads(line) for line in (SHARED / "qa" / "dev.jsonl").read_text(encoding="utf-8").splitlines()
    ]
    return [row for row in rows if row["answerable"]][::14][:ASKED]


@pytest.fixture(scope="module")
def files(questions: list[dict[str, Any]]) -> list[Path]:
    """The cables of the questions, and some of all others."""
    wanted = {gold["cable"] for row in questions for gold in row["gold"]} | {"08BEIJING1488"}
    everything = sorted((SHARED / "cables").glob("*.txt"))
    return [file for n, file in enumerate(everything) if file.stem in wanted or n % EVERY == 0]


@pytest.fixture(scope="module")
def real_archive(
    tmp_path_factory: pytest.TempPathFactory, embedder: SentenceEmbedder, files: list[Path]
) -> Archive:
    archive = Archive(tmp_path_factory.mktemp("real"), embedder)
    report = Indexer(archive).run(files)
    assert (len(report.new), report.failed) == (len(files), [])
    return archive


@pytest.fixture(scope="module")
def real_chain(real_archive: Archive) -> Chain:
    return build_chain(real_archive, EVERYTHING)


def test_every_real_cable_is_read_with_its_paragraphs(files: list[Path]) -> None:
    for file in files:
        (reading,) = forms.read(file)
        assert isinstance(reading, forms.Reading)
        assert (reading.cable.id, bool(reading.cable.paragraphs)) == (file.stem, True)


def test_the_damaged_copy_has_its_five_paragraphs(real_archive: Archive) -> None:
    cable = real_archive.view(EVERYTHING).cable("08BEIJING1488")
    assert cable is not None
    assert [paragraph.number for paragraph in cable.paragraphs] == [1, 2, 3, 4, 5]


def test_catalog_vectors_and_words_agree(real_archive: Archive) -> None:
    assert doctor.check(real_archive) == []


def test_indexing_again_changes_nothing(real_archive: Archive, files: list[Path]) -> None:
    report = Indexer(real_archive).run(files)
    assert (report.unchanged, report.new, report.changed) == (len(files), [], [])


def test_originals_are_kept_to_the_letter(real_archive: Archive, files: list[Path]) -> None:
    view = real_archive.view(EVERYTHING)
    for file in files:
        cable = view.cable(file.stem)
        assert cable is not None
        assert cable.original.encode("utf-8", "surrogateescape").split() == file.read_bytes().split()


def test_good_paragraphs_are_among_the_first_five_and_quotes_are_verbatim(
    real_archive: Archive, real_chain: Chain, questions: list[dict[str, Any]]
) -> None:
    view = real_archive.view(EVERYTHING)
    found = 0
    for row in questions:
        history = tuple(Turn(turn["role"], turn["content"]) for turn in row["history"])
        answer = real_chain.invoke(Question(row["question"], history))
        good = {(g["cable"], n) for g in [*row["gold"], *row.get("also", [])] for n in g["paragraphs"]}
        found += bool(good & {(e.cable_id, e.number) for e in answer.evidence[:5]})
        for citation in answer.citations:
            cable = view.cable(citation.evidence.cable_id)
            assert cable is not None
            text = next(p.text for p in cable.paragraphs if p.key == citation.evidence.key)
            assert all(quote in text for quote in citation.quotes)
    assert found >= 0.75 * len(questions)
