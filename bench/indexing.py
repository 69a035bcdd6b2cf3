"""Indexing speed beside its baseline: `python bench/indexing.py PATH [--cables N]`.

Indexes the cables into a fresh archive (read, embed, store) and, in the same run, embeds the same paragraphs
with sentence-transformers' defaults. Both are timed in alternating parts, so that a busy machine slows both.
Prints paragraphs a second of each, their ratio, and the processor's rate in matrix products beside the
rate that embedding reached.
"""

import argparse
import os
import tempfile
import time
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"

PARTS = 4
MEGAFLOPS_A_TOKEN = 21.3
"""all-MiniLM-L6-v2: two for each of its 10.6 million encoder weights."""


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("path", type=Path)
    options.add_argument("--cables", type=int, default=200, help="0: all")
    chosen = options.parse_args()

    import torch
    from sentence_transformers import SentenceTransformer

    from cables import forms
    from vectorstore.archive import open_archive
    from vectorstore.embeddings import DEFAULT_EMBEDDER, model_folder
    from vectorstore.indexer import Indexer

    files = list(forms.find_files([chosen.path]))
    step = max(1, len(files) // chosen.cables) if chosen.cables else 1
    files = files[::step]
    stock = SentenceTransformer(str(model_folder(DEFAULT_EMBEDDER)), device="cpu")
    stock.encode(["warm up"] * 8)
    ours = theirs = 0.0
    paragraphs = tokens = 0
    with tempfile.TemporaryDirectory() as folder:
        archive = open_archive(Path(folder), DEFAULT_EMBEDDER)
        archive.embedder.encode(["warm up"] * 8)
        for part in range(PARTS):
            mine = files[part::PARTS]
            clock = time.perf_counter()
            report = Indexer(archive).run(mine)
            ours += time.perf_counter() - clock
            texts = [p.text for f in mine for r in forms.read(f) if isinstance(r, forms.Reading) for p in r.cable.paragraphs]
            tokens += sum(min(256, len(ids)) for ids in stock.tokenizer(texts)["input_ids"])
            clock = time.perf_counter()
            stock.encode(texts, show_progress_bar=False)
            theirs += time.perf_counter() - clock
            paragraphs += report.embedded
    one, other = torch.randn(2048, 2048), torch.randn(2048, 2048)
    clock = time.perf_counter()
    for _ in range(20):
        one @ other
    peak = 20 * 2 * 2048**3 / (time.perf_counter() - clock) / 1e9
    print(f"{paragraphs} paragraphs of {len(files)} cables, {tokens / max(paragraphs, 1):.0f} tokens each")
    print(f"reftel index                 {paragraphs / ours:8.1f} paragraphs/s (reading and storing included)")
    print(f"SentenceTransformer.encode   {paragraphs / theirs:8.1f} paragraphs/s")
    print(f"ratio                        {theirs / ours:8.2f}")
    print(f"float32 matrix products      {peak:8.0f} Gflop/s; baseline uses "
          f"{tokens * MEGAFLOPS_A_TOKEN / 1000 / theirs:.0f}, reftel at least {tokens * MEGAFLOPS_A_TOKEN / 1000 / ours:.0f}")


if __name__ == "__main__":
    main()
