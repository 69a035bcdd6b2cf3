"""txtai with hybrid search: vectors and BM25 over the blocks between blank lines, its content stored."""

from common import Ask, Job, Stored, blocks, main, texts


def index(job: Job) -> Stored:
    from txtai import Embeddings

    rows = [
        (f"{cable}/{n}", block, None) for cable, text in texts(job) for n, block in enumerate(blocks(text))
    ]
    embeddings = Embeddings(path=job["model"], hybrid=True, content=True)
    embeddings.index(rows)
    embeddings.save(job["index"])
    return lambda: [text for _, text, _ in rows]


def open_index(job: Job) -> Ask:
    from txtai import Embeddings

    embeddings = Embeddings()
    embeddings.load(job["index"])
    return lambda question: [
        (hit["id"].partition("/")[0], hit["text"]) for hit in embeddings.search(question, 5)
    ]


if __name__ == "__main__":
    main(index, open_index)
