"""What every peer's script does: `SCRIPT index JOB.json` and `SCRIPT ask JOB.json`. Standard library only.

The job names the cables' files, the model's folder, the folder for the index and the questions. `index`
prints one JSON line when the index is on disk; `ask` opens it in a fresh process and prints one line a
question. Imports of the peer belong into its two functions, so that their time counts as it does for a
user.
"""

import json
import os
import re
import resource
import sys
import time
from collections.abc import Callable
from pathlib import Path

os.environ.update(
    HF_HUB_OFFLINE="1",
    TRANSFORMERS_OFFLINE="1",
    HF_HUB_DISABLE_PROGRESS_BARS="1",
    ANONYMIZED_TELEMETRY="False",
    HAYSTACK_TELEMETRY_ENABLED="False",
    TOKENIZERS_PARALLELISM="true",
)

LONGEST = 256
"""Tokens that all-MiniLM-L6-v2 reads of a text."""

Hit = tuple[str, str]
"""Of a passage: the cable's file without its ending, and the passage's text."""
Job = dict
Ask = Callable[[str], list[Hit]]
"""A question to its five best passages."""
Stored = Callable[[], list[str]]
"""The texts of the passages that were stored, as the model got them; asked for when the clock has stopped."""


def main(index: Callable[[Job], Stored], open_index: Callable[[Job], Ask]) -> None:
    """Do what the command line says."""
    job = json.loads(Path(sys.argv[2]).read_text())
    if sys.argv[1] == "index":
        clock = time.perf_counter()
        stored = index(job)
        seconds, memory = time.perf_counter() - clock, _memory()
        passages = stored()
        _print(passages=len(passages), read=_read(passages, job), seconds=seconds, memory=memory)
        return
    ask = open_index(job)
    for question in job["questions"]:
        clock = time.perf_counter()
        hits = ask(question)
        _print(seconds=time.perf_counter() - clock, hits=hits, memory=_memory())


def cable_of(file: str) -> str:
    """`/a/b/08BEIJING90014.txt` as `08BEIJING90014`."""
    return Path(file).stem


def texts(job: Job) -> list[Hit]:
    """The cables' files as they are read where a peer brings no loader of its own."""
    return [(cable_of(file), Path(file).read_text(errors="replace")) for file in job["files"]]


def blocks(text: str) -> list[str]:
    """The text between blank lines."""
    return [block for block in re.split(r"\n\s*\n", text) if block.strip()]


def _read(passages: list[str], job: Job) -> float:
    """The share of the passages' tokens that the model does not cut off."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(Path(job["model"]) / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    lengths = [len(tokens.ids) for tokens in tokenizer.encode_batch(passages)]
    return sum(min(length, LONGEST) for length in lengths) / sum(lengths)


def _memory() -> int:
    """Bytes that the process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)


def _print(**values: object) -> None:
    print("#" + json.dumps(values), flush=True)
