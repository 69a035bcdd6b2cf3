"""LlamaIndex as guides begin: SimpleDirectoryReader, the default splitter, HuggingFaceEmbedding, Chroma."""

from common import Ask, Job, Stored, cable_of, main


def _parts(job: Job):
    import chromadb
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding
    from llama_index.vector_stores.chroma import ChromaVectorStore

    collection = chromadb.PersistentClient(job["index"]).get_or_create_collection("cables")
    return ChromaVectorStore(chroma_collection=collection), HuggingFaceEmbedding(model_name=job["model"])


def index(job: Job) -> Stored:
    from llama_index.core import Settings, SimpleDirectoryReader, StorageContext, VectorStoreIndex
    from llama_index.core.schema import MetadataMode

    store, model = _parts(job)
    documents = SimpleDirectoryReader(input_files=job["files"]).load_data()
    nodes = Settings.node_parser.get_nodes_from_documents(documents)
    context = StorageContext.from_defaults(vector_store=store)
    VectorStoreIndex(nodes, storage_context=context, embed_model=model)
    return lambda: [node.get_content(MetadataMode.EMBED) for node in nodes]


def open_index(job: Job) -> Ask:
    from llama_index.core import VectorStoreIndex

    store, model = _parts(job)
    retriever = VectorStoreIndex.from_vector_store(store, embed_model=model).as_retriever(similarity_top_k=5)
    return lambda question: [
        (cable_of(n.node.metadata["file_name"]), n.node.get_content()) for n in retriever.retrieve(question)
    ]


if __name__ == "__main__":
    main(index, open_index)
