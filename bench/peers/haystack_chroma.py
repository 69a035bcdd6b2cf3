"""Haystack with Chroma: TextFileToDocument, DocumentSplitter, the Sentence Transformers embedders."""

from common import Ask, Job, Stored, cable_of, main


def _store(job: Job):
    from haystack_integrations.document_stores.chroma import ChromaDocumentStore

    return ChromaDocumentStore(persist_path=job["index"])


def _embedders():
    try:  # in a package of its own since Haystack 3
        from haystack_integrations.components.embedders.sentence_transformers import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )
    except ImportError:
        from haystack.components.embedders import (
            SentenceTransformersDocumentEmbedder,
            SentenceTransformersTextEmbedder,
        )
    return SentenceTransformersDocumentEmbedder, SentenceTransformersTextEmbedder


def index(job: Job) -> Stored:
    from haystack import Pipeline
    from haystack.components.converters import TextFileToDocument
    from haystack.components.preprocessors import DocumentSplitter
    from haystack.components.writers import DocumentWriter

    store = _store(job)
    pipeline = Pipeline()
    pipeline.add_component("read", TextFileToDocument())
    pipeline.add_component("split", DocumentSplitter())
    pipeline.add_component("embed", _embedders()[0](model=job["model"], progress_bar=False))
    pipeline.add_component("write", DocumentWriter(store))
    for one, other in (("read", "split"), ("split", "embed"), ("embed", "write")):
        pipeline.connect(one, other)
    done = pipeline.run({"read": {"sources": job["files"]}}, include_outputs_from={"split"})
    return lambda: [document.content for document in done["split"]["documents"]]


def open_index(job: Job) -> Ask:
    from haystack_integrations.components.retrievers.chroma import ChromaEmbeddingRetriever

    embedder = _embedders()[1](model=job["model"], progress_bar=False)
    if hasattr(embedder, "warm_up"):
        embedder.warm_up()
    retriever = ChromaEmbeddingRetriever(_store(job), top_k=5)

    def ask(question: str):
        vector = embedder.run(question)["embedding"]
        found = retriever.run(query_embedding=vector)["documents"]
        return [(cable_of(d.meta["file_path"]), d.content) for d in found]

    return ask


if __name__ == "__main__":
    main(index, open_index)
