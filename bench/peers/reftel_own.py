"""Reftel: index, then questions to their finished quoted answers."""

from pathlib import Path

from common import Ask, Job, main


def _archive(job: Job):
    from vectorstore.archive import open_archive

    return open_archive(Path(job["index"]), job["embedder"])


def index(job: Job) -> int:
    from vectorstore.indexer import Indexer

    archive = _archive(job)
    Indexer(archive).run([Path(file) for file in job["files"]])
    return archive.vectors.count()


def open_index(job: Job) -> Ask:
    from qa.answer import Question
    from qa.build import build_chain
    from vectorstore.clearance import EVERYTHING

    chain = build_chain(_archive(job), EVERYTHING)

    def ask(question: str):
        answer = chain.invoke(Question(question))
        return [(e.cable_id, e.text) for e in answer.evidence[:5]]

    return ask


if __name__ == "__main__":
    main(index, open_index)
