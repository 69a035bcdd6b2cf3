"""LlamaIndex as its guides begin: SimpleDirectoryReader, the default splitter, HuggingFaceEmbedding, Chroma."""

from common import Ask, Job, cable_of, main


def _parts(job: Job):
    import chromadb
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = chromadb.PersistentClient(job["index"]).get_or_create_collection("cables")
    return ChromaVectorStore(chroma_collection=collection), HuggingFaceEmbedding(model_name=job["model"]), collection


def index(job: Job) -> int:
    from llama_index.core import SimpleDirectoryReader, StorageContext, VectorStoreIndex

    store, model, collection = _parts(job)
    documents = SimpleDirectoryReader(input_files=job["files"]).load_data()
    context = StorageContext.from_defaults(vector_store=store)
    VectorStoreIndex.from_documents(documents, storage_context=context, embed_model=model)
    return collection.count()


def open_index(job: Job) -> Ask:
    from llama_index.core import VectorStoreIndex

    store, model, _ = _parts(job)
    retriever = VectorStoreIndex.from_vector_store(store, embed_model=model).as_retriever(similarity_top_k=5)
    return lambda question: [
        (cable_of(n.node.metadata["file_name"]), n.node.get_content()) for n in retriever.retrieve(question)
    ]


if __name__ == "__main__":
    main(index, open_index)
