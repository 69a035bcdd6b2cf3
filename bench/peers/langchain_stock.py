"""LangChain as guides begin: TextLoader, RecursiveCharacterTextSplitter, HuggingFaceEmbeddings, Chroma."""

from common import Ask, Job, Stored, cable_of, main


def _store(job: Job):
    from langchain_chroma import Chroma
    from langchain_huggingface import HuggingFaceEmbeddings

    model = HuggingFaceEmbeddings(model_name=job["model"])
    return Chroma(embedding_function=model, persist_directory=job["index"])


def index(job: Job) -> Stored:
    from langchain_community.document_loaders import TextLoader
    from langchain_text_splitters import RecursiveCharacterTextSplitter

    documents = [d for file in job["files"] for d in TextLoader(file, autodetect_encoding=True).load()]
    splitter = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200)
    parts = splitter.split_documents(documents)
    store = _store(job)
    for start in range(0, len(parts), 5000):  # more than Chroma takes at once is an error
        store.add_documents(parts[start : start + 5000])
    return lambda: [part.page_content for part in parts]


def open_index(job: Job) -> Ask:
    store = _store(job)
    return lambda question: [
        (cable_of(d.metadata["source"]), d.page_content) for d in store.similarity_search(question, k=5)
    ]


if __name__ == "__main__":
    main(index, open_index)
