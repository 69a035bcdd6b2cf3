"""Archives for the tests: cables written to order, an embedder that only hashes, and an independent count."""

import hashlib
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from contextlib import closing
from pathlib import Path

import numpy as np

from cables import Cable, forms
from vectorstore.archive import Archive
from vectorstore.embedding import chunking
from vectorstore.interfaces import EncodedQuery, VectorStore
from vectorstore.keys import row_of, window_id
from vectorstore.storage.chroma_collection import CollectionVectors
from vectorstore.storage.chroma_server import Server

DIMENSION = 8
HARBOR, TIDES = "07LISBON91001", "07LISBON91002"
"""The two cables of the fixture `folder`."""


class HashEmbedder:
    """Vectors made of a text's hash: fast, the same each time, and different for different texts."""

    late_interaction = object()
    """Not None: what stands for a passage's tokens is kept, as with the real embedder."""

    def __init__(self, name: str = "hash") -> None:
        self.name = self.fingerprint = name
        self.encoded = 0

    def encode_passages(
        self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None
    ) -> tuple[np.ndarray, list[bytes]]:
        vectors = self.encode(texts, advance)
        return vectors, [hashlib.blake2b(text.encode()).digest() for text in texts]

    def encode(self, texts: Sequence[str], advance: Callable[[int], None] = lambda n: None) -> np.ndarray:
        self.encoded += len(texts)
        advance(len(texts))
        return np.array([self._vector(text) for text in texts], np.float32).reshape(len(texts), DIMENSION)

    def encode_query(self, question: str, language: str = "en") -> EncodedQuery:
        return EncodedQuery(self._vector(question), np.empty((0, 0)), np.empty(0))

    def _vector(self, text: str) -> np.ndarray:
        digest = hashlib.blake2b(f"{self.fingerprint} {text}".encode(), digest_size=DIMENSION).digest()
        vector = np.frombuffer(digest, np.uint8).astype(np.float32) - 127.5
        return vector / np.linalg.norm(vector)


def open_hashed(data: Path, name: str = "hash", server: Server | None = None) -> Archive:
    """An archive with the embedder that only hashes."""
    return Archive(data, HashEmbedder(name), server=server)


def cable_text(
    cable_id: str,
    paragraphs: Sequence[str],
    *,
    subject: str = "TALKS ABOUT THE HARBOR",
    corrected: bool = False,
    marking: str = "C",
    classification: str = "C O N F I D E N T I A L",
) -> str:
    """A cable of Lisbon (`07LISBON...`) with these paragraphs; one beginning with `(` has its own marking."""
    year, serial = cable_id[:2], cable_id.removeprefix(cable_id[:2] + "LISBON")
    numbered = [
        f"{n}. {text}" if text.startswith("(") else f"{n}. ({marking}) {text}"
        for n, text in enumerate(paragraphs, 1)
    ]
    caption = "C O R R E C T E D  C O P Y\n\n" if corrected else ""
    return (
        f"VZCZCXYZ0001\nPP RUEHC\nDE RUEHLI #{int(serial):04d} 0740915\nZNY CCCCC ZZH\nP 150915Z MAR {year}\n"
        "FM AMEMBASSY LISBON\nTO RUEHC/SECSTATE WASHDC PRIORITY 1000\n\n"
        f"{classification} LISBON {int(serial):06d}\n\n{caption}SIPDIS\n\n"
        f"E.O. 12958: DECL: 03/15/2017\nTAGS: PREL, PO\nSUBJECT: {subject}\n\n"
        + "\n\n".join(numbered)
        + "\n\nOAK\n"
    )


def write_cable(file: Path, cable_id: str, paragraphs: Sequence[str], **details: object) -> Path:
    """A file with one cable."""
    file.write_text(cable_text(cable_id, paragraphs, **details), encoding="utf-8")  # type: ignore[arg-type]
    return file


def cables_in(folder: Path) -> dict[str, list[Cable]]:
    """Every reading of every file of a folder, by cable id."""
    found: dict[str, list[Cable]] = {}
    for file in sorted(folder.iterdir()):
        for item in forms.read(file):
            if isinstance(item, forms.Reading):
                found.setdefault(item.cable.id, []).append(item.cable)
    return found


def stored_vectors(
    store: VectorStore, ids: Sequence[str]
) -> dict[str, tuple[np.ndarray, Mapping[str, object]]]:
    """Vectors and metadata by id, of those that are there."""
    assert isinstance(store, CollectionVectors)
    found = [shard.get(ids=list(ids), include=["embeddings"]) for shard in store.readable_collections()]
    owned = [(id, own) for got in found for id, own in zip(got["ids"], got["embeddings"], strict=True)]
    assert len(owned) == len({id for id, _ in owned}), "a vector stands in two shards"
    details = dict(store.metadata())
    return {id: (np.asarray(own), details[id]) for id, own in owned}


def disagreements(
    data: Path, allowed: dict[str, list[Cable]], name: str = "hash", server: Server | None = None
) -> list[str]:
    """What an archive holds too much, too little or otherwise than one of the `allowed` copies of each cable.

    Counted without the indexer's and the checker's code, from the stores as another process opens them.
    """
    archive = open_hashed(data, name, server)
    with closing(sqlite3.connect(data / "catalog.sqlite")) as db:
        held = dict(db.execute("SELECT id, original FROM cables"))
        texts = dict(db.execute("SELECT key, text FROM paragraphs"))
        counted = db.execute("SELECT count(*) FROM paragraphs").fetchone()[0]
    problems = [f"cable {id} lost" for id in allowed.keys() - held] + [
        f"cable {id} stale" for id in held.keys() - allowed
    ]
    cables = []
    for cable_id in held.keys() & allowed:
        copies = [cable for cable in allowed[cable_id] if cable.original == held[cable_id]]
        cables += copies[:1]
        problems += [] if copies else [f"cable {cable_id} is none of its copies"]
    if problems:
        return problems
    expected = {paragraph.key: (cable, paragraph) for cable in cables for paragraph in cable.paragraphs}
    if texts != {key: paragraph.text for key, (_, paragraph) in expected.items()} or counted != len(expected):
        problems.append("paragraphs of the catalog")
    windows = {
        window_id(key, n): text
        for key, (cable, paragraph) in expected.items()
        for n, text in enumerate(chunking.windows(cable, paragraph))
    }
    stored = stored_vectors(archive.vectors, sorted(windows)) if windows else {}
    if archive.vectors.count() != len(windows) or stored.keys() != windows.keys():
        problems.append(f"{archive.vectors.count()} vectors for {len(windows)} windows")
    if archive.vectors.tokens is None or set(archive.vectors.tokens.ids()) != windows.keys():
        problems.append("tokens for other windows")
    for id, (vector, details) in stored.items():
        if not np.allclose(vector, archive.embedder.encode([windows[id]])[0], atol=1e-5):
            problems.append(f"vector {id} is stale")
        if details.get("subject") != expected[id.partition("#")[0]][0].subject:
            problems.append(f"metadata of {id} is stale")
    if archive.paragraph_words.rows() != dict.fromkeys(map(row_of, expected), 1):
        problems.append("rows of the word index")
    if archive.cable_words.rows() != dict.fromkeys(map(row_of, allowed), 1):
        problems.append("rows of the index of cables")
    problems += [
        f"words of {key} are stale" for key, (_, p) in expected.items() if not _found(archive, key, p.text)
    ]
    return problems


def _found(archive: Archive, key: str, text: str) -> bool:
    """Whether the last word of a paragraph, which the tests make its own, finds it and nothing else."""
    term = archive.paragraph_words.terms(text.split()[-1])[0]
    return [row for row, _ in archive.paragraph_words.search({term: 1.0}, 5)] == [row_of(key)]
