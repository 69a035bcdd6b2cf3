"""An answer and a cable with made-up words, for the tests of what is rendered from them."""

from datetime import UTC, datetime

from cables import Cable, Level, Marking, Paragraph, Span
from qa.answer import Answer, Citation, ProofLevel, Sentence
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import ParagraphHit

TEXT = "The minister <b>agreed</b>. He asked for time."


def paragraph(text: str = TEXT, number: int | None = 3, key: str = "08ROME90001.3") -> Paragraph:
    return Paragraph(key, number, text, Span(0, len(text)), Marking(Level.SECRET, ("NOFORN",)))


def evidence(text: str = TEXT, key: str = "08ROME90001.3", **why: float) -> Evidence:
    cable_id = key.partition(".")[0]
    found = ParagraphHit(
        1, cable_id, "Embassy Rome", 20080417, "ROME & THE SEA", Level.SECRET, paragraph(text, key=key)
    )
    return Evidence(found, 1.0, 0.7, why or {"words": 0.6, "meaning": 0.4})


def answer(**changes: object) -> Answer:
    citation = Citation(1, evidence(), ("He asked for time.",), ProofLevel.VERBATIM)
    values: dict[str, object] = {
        "question": "What did he ask?",
        "sentences": (Sentence("He asked for time.", (1,), ProofLevel.VERBATIM),),
        "citations": (citation,),
        "evidence": (evidence(), evidence("Other.", "08ROME90002.1")),
        "banner": Marking(Level.SECRET, ("NOFORN",)),
    }
    return Answer(**(values | changes))  # type: ignore[arg-type]


def cable() -> Cable:
    return Cable(
        "08ROME90001",
        TEXT,
        (paragraph(),),
        post="Embassy Rome",
        date=datetime(2008, 4, 17, 11, 46, tzinfo=UTC),
        subject="ROME <AND> THE SEA",
        classification=Marking(Level.SECRET),
    )
