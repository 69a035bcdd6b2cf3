"""Reftel: index, then questions to their finished quoted answers."""

from pathlib import Path

from common import Ask, Job, Stored, main


def index(job: Job) -> Stored:
    from vectorstore.archive import ArchiveConfig, open_archive
    from vectorstore.embedding import chunking
    from vectorstore.indexing.indexer import Indexer

    archive = open_archive(ArchiveConfig(Path(job["index"]), job["embedder"], vector_cache_gb=0))
    Indexer(archive).run([Path(file) for file in job["files"]])
    catalog = archive.catalog
    cables = [cable for name in catalog.cable_ids() if (cable := catalog.cable(name))]
    return lambda: [
        window
        for cable in cables
        for paragraph in cable.paragraphs
        for window in chunking.windows(cable, paragraph)
    ]


def open_index(job: Job) -> Ask:
    from qa.answer import Question
    from qa.factory import build_chain
    from vectorstore.access import EVERYTHING
    from vectorstore.archive import ArchiveConfig, open_to_ask

    chain = build_chain(open_to_ask(ArchiveConfig(Path(job["index"]), job["embedder"])), EVERYTHING)

    def ask(question: str):
        answer = chain.invoke(Question(question))
        return [(e.cable_id, e.text) for e in answer.evidence[:5]]

    return ask


if __name__ == "__main__":
    main(index, open_index)
