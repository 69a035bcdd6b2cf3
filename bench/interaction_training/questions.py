"""Questions with the sentences that answer and wrong paragraphs that look right: of cables and public."""

import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from cables import Cable, Paragraph, Span
from cables.text import sentences
from qa.understanding.hints import read_hints
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.interfaces import EncodedQuery
from vectorstore.query import Query
from vectorstore.retrieval.evidence import Evidence
from vectorstore.retrieval.retriever import Retriever

from .pool import Pool

FOLDS = 4
LIKE = 40
"""Wrong paragraphs of a public question, at most."""
_MARKING = re.compile(r"^\(\s*[A-Z/]+\s*\)\s*")


@dataclass(frozen=True)
class Candidate:
    """A paragraph of the pool that the retriever found, as it found it."""

    paragraph: int
    evidence: Evidence


@dataclass(frozen=True)
class Example:
    """A question, the paragraph that answers it and the numbers of its sentences that do."""

    question: str
    cable: str
    right: int
    answers: tuple[int, ...]
    wrong: tuple[int, ...]
    """Other paragraphs, those that look most right first."""
    answerable: bool = True
    """Whether `right` answers at all: of public questions some only look as if."""
    candidates: tuple[Candidate, ...] = ()
    """What the retriever found, best first; of public questions nothing."""
    public: bool = False
    indexed: bool = True
    """Whether `right` is in the archive, so that it can be found."""


class Untuned(SentenceEmbedder):
    """The embedder without anything trained, so that no question finds with what has learned from it."""

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        """The question's vector alone, of the stock network."""
        return EncodedQuery(self.encode([question])[0], np.empty((0, 0)), np.empty(0))


def of_cables(file: Path, data: Path, pool: Pool, limit: int, most: int | None) -> list[Example]:
    """The questions of a file with the first `limit` paragraphs that the retriever finds for each.

    A line is an object with `question`, `cable`, `paragraph` (its number), `sentences` of the paragraph,
    `answer_sentences` (from 1), and `subject`, `post` and `date` of the cable, which stand in where the
    archive does not hold the paragraph. Raises ArchiveMissing and IndexSpecMismatch as archives do.
    """
    archive = Archive(data, Untuned())
    view = archive.view(EVERYTHING)
    retriever = Retriever(archive=archive, view=view)
    cable_of = cache(view.cable)
    examples = []
    for line in file.read_text(encoding="utf-8").splitlines()[:most]:
        row = json.loads(line)
        search = Query(row["question"], hints=read_hints(row["question"], view), limit=limit)
        found = [
            Candidate(pool.add(cable_of(e.cable_id), e.found.paragraph), e) for e in retriever.search(search)
        ]
        cable, paragraph, indexed = _right(row, cable_of(row["cable"]))
        right = pool.add(cable, paragraph)
        wanted = [row["sentences"][n - 1] for n in row["answer_sentences"] if 0 < n <= len(row["sentences"])]
        wrong = tuple(c.paragraph for c in found if c.paragraph != right)
        examples.append(
            Example(
                row["question"],
                row["cable"],
                right,
                _alike(paragraph.text, wanted),
                wrong,
                candidates=tuple(found),
                indexed=indexed,
            )
        )
    return [example for example in examples if example.wrong]


def fold_of(examples: Sequence[Example]) -> dict[str, int]:
    """The fold of each cable: its questions are held aside together."""
    cables = sorted({example.cable for example in examples})
    random.Random(1).shuffle(cables)
    return {cable: n % FOLDS for n, cable in enumerate(cables)}


def public(folder: Path, pool: Pool, most: int | None) -> list[Example]:
    """SQuAD 2.0 (squad2-dev.json) and CLAP NQ (clapnq-dev-answerable.jsonl), where they lie in the folder."""
    choice = random.Random(2)
    examples: list[Example] = []
    for read, name in ((_squad, "squad2-dev.json"), (_clapnq, "clapnq-dev-answerable.jsonl")):
        if (folder / name).exists():
            for example, others in read((folder / name).read_text(encoding="utf-8"), pool, most):
                near = tuple(choice.sample(others, min(LIKE, len(others))))
                examples += [Example(**{**vars(example), "wrong": near})] if near else []
    return examples


def _squad(text: str, pool: Pool, most: int | None) -> Iterator[tuple[Example, list[int]]]:
    """Each question, with the other paragraphs of its article."""
    for article in json.loads(text)["data"][:most]:
        title = article["title"].replace("_", " ")
        paragraphs = [p["context"] for p in article["paragraphs"][:most]]
        numbers = [_added(pool, f"squad {title}", n, text, title) for n, text in enumerate(paragraphs)]
        for number, paragraph in zip(numbers, article["paragraphs"], strict=False):
            for asked in paragraph["qas"][:most]:
                starts = [] if asked["is_impossible"] else [asked["answers"][0]["answer_start"]]
                pieces = enumerate(sentences(paragraph["context"]))
                answers = tuple(n for n, piece in pieces if any(piece.start <= s < piece.end for s in starts))
                others = [other for other in numbers if other != number]
                yield _public(asked["question"], title, number, answers, bool(starts)), others


def _clapnq(text: str, pool: Pool, most: int | None) -> Iterator[tuple[Example, list[int]]]:
    """Each question, with the passages of all others."""
    rows = [json.loads(line) for line in text.splitlines()[:most]]
    passages = [row["passages"][0] for row in rows]
    numbers = [_added(pool, "clapnq", n, p["text"], p["title"]) for n, p in enumerate(passages)]
    for row, number in zip(rows, numbers, strict=True):
        chosen = [s for output in row["output"] for s in output.get("selected_sentences") or []]
        answers = _alike(pool.texts[number], chosen)
        others = [other for other in numbers if other != number]
        yield _public(row["input"], row["id"], number, answers, True), others


def _public(question: str, source: str, right: int, answers: tuple[int, ...], answerable: bool) -> Example:
    return Example(question, source, right, answers, (), answerable, public=True)


def _added(pool: Pool, source: str, number: int, text: str, title: str) -> int:
    """A paragraph of no cable, added to the pool under its title."""
    key = f"{source} {number}"
    return pool.add(Cable(key, "", subject=title), Paragraph(key, number, text, Span(0, 0)))


def _right(row: dict[str, Any], cable: Cable | None) -> tuple[Cable, Paragraph, bool]:
    """The paragraph that a question was written for, with its cable, and whether the archive holds it."""
    text = " ".join(_MARKING.sub("", sentence) for sentence in row["sentences"])
    if cable:
        own = [p for p in cable.paragraphs if p.number == row["paragraph"]]
        if own:  # numbers may repeat
            return cable, max(own, key=lambda p: len(_words(p.text) & _words(text))), True
    cable = Cable(
        row["cable"], "", post=row["post"], date=datetime.fromisoformat(row["date"]), subject=row["subject"]
    )
    return (
        cable,
        Paragraph(f"{row['cable']}.{row['paragraph']} as given", row["paragraph"], text, Span(0, 0)),
        False,
    )


def _alike(text: str, wanted: Sequence[str]) -> tuple[int, ...]:
    """The numbers of the text's sentences that say what one of the wanted ones says, however they were split."""
    sought = [_words(sentence) for sentence in wanted]
    found = []
    for number, piece in enumerate(sentences(text)):
        own = _words(piece.text)
        shared = [(len(own & other), len(own), len(other)) for other in sought]
        if any(n and n >= 0.6 * min(sizes) and n >= 0.4 * max(sizes) for n, *sizes in shared):
            found.append(number)
    return tuple(found)


def _words(text: str) -> set[str]:
    return set(re.findall(r"[a-z0-9]+", text.lower()))
