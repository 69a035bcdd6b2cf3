"""How well sentences are checked: labelled claims, without a second reading and with one that is always right.

    python bench/checking.py ../shared/proof/claims_dev.jsonl [--data DIR] [--model provider:name --url URL]
    python bench/checking.py ../shared/proof/claims_dev.jsonl --serve 8765

A claim is a line of `reftel check --jsonl` with "label" (supported, partly, false), "kind" (how it is false),
"reading" ("yes" or "no": what a careful reader says) and "reading_words". The scripted reader answers the
project's own prompt (prompts/reading.md) with these; --serve offers it as an OpenAI-compatible server. With --model a
real one reads. Lines of claims_train.jsonl (paragraphs with sentences) do as well.
"""

import argparse
import json
import re
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from qa.factory import build_reader
from qa.llm.models import ModelOptions
from qa.llm.prompt_guard import one_line
from qa.verification.claims import check_claims, read_claim
from qa.verification.reading import ChatReader, Reader
from qa.verification.sources import SourceLookup
from vectorstore.access import EVERYTHING
from vectorstore.archive import CATALOG
from vectorstore.storage.catalog_view import CatalogView

ITEM = re.compile(r"^key: (\w+)\n(?:before: .*\n)?sentence: (.*)$", re.MULTILINE)
"""A sentence of the reading prompt under its key. One that is in no claim is a control: the answer is no."""


def read_claims(file: Path) -> list[dict[str, Any]]:
    """The claims of either file."""
    rows = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    return [claim for row in rows for claim in ([row] if "label" in row else unfolded(row))]


def unfolded(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The claims of a training paragraph."""
    evidence = [{"cable": row["cable"], "paragraph": row["paragraph"], "text": row["text"]}]
    said = [(sentence, "supported", "", "yes") for sentence in row["supported"]]
    said += [(false["sentence"], "false", false["kind"], "no") for false in row["false"]]
    for n, (sentence, label, kind, reading) in enumerate(said):
        yield {
            "id": f"{row['id']}/{n}",
            "sentence": sentence,
            "evidence": evidence,
            "label": label,
            "kind": kind,
            "reading": reading,
            "reading_words": sentence if reading == "no" else "",
        }


class ScriptedReader(BaseChatModel):
    """Answers a reading prompt with what the claims say of their sentences."""

    readings: dict[str, str]

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def reply(self, prompt: str) -> str:
        return "\n".join(
            f"{key} {self.readings.get(sentence, 'no')}" for key, sentence in ITEM.findall(prompt)
        )

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        reply = self.reply("\n".join(str(message.content) for message in messages))
        return ChatResult(generations=[ChatGeneration(message=AIMessage(reply))])


def scripted(claims: Sequence[dict[str, Any]]) -> ScriptedReader:
    """The reader that is always right about these claims."""
    return ScriptedReader(readings={one_line(claim["sentence"], "=="): answer(claim) for claim in claims})


def answer(claim: dict[str, Any]) -> str:
    return "yes" if claim["reading"] == "yes" else f"no: {claim.get('reading_words') or ''}"


def serve(model: ScriptedReader, port: int) -> None:
    """The scripted reader as an OpenAI-compatible server on loopback."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = model.reply("\n".join(str(message["content"]) for message in asked["messages"]))
            part = {"index": 0, "delta": {"role": "assistant", "content": reply}, "finish_reason": "stop"}
            chunk = {
                "id": "1",
                "object": "chat.completion.chunk",
                "created": 0,
                "model": "scripted",
                "choices": [part],
            }
            body = f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n".encode()
            self.send_response(200)
            self.send_header("Content-Type", "text/event-stream")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

    ThreadingHTTPServer(("127.0.0.1", port), Handler).serve_forever()


def measure(
    claims: Sequence[dict[str, Any]], lookup: SourceLookup, reader: Reader | None
) -> dict[str, float]:
    """Shares of the labelled claims at their levels."""
    levels: Counter[tuple[str, str]] = Counter()
    drafts = (read_claim(json.dumps(claim), n, lookup) for n, claim in enumerate(claims))
    for claim, checked in zip(claims, check_claims(drafts, reader), strict=True):
        levels[claim["label"], checked.check.level.value] += 1

    def share(label: str, *wanted: str) -> float:
        count = sum(n for (own, _), n in levels.items() if own == label)
        return sum(levels[label, level] for level in wanted) / max(1, count)

    return {
        "supported refuted": share("supported", "refuted"),
        "supported confirmed": share("supported", "verbatim", "confirmed"),
        "false confirmed": share("false", "verbatim", "confirmed"),
        "false refuted": share("false", "refuted"),
    }


def main() -> None:
    """Print the shares without a reading, and with one."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("claims", type=Path)
    parser.add_argument(
        "--data", type=Path, default=Path("data"), help="an archive that knows the cables' headers"
    )
    parser.add_argument("--model", default="", help="a chat model that reads in the scripted one's place")
    parser.add_argument("--url", default="")
    parser.add_argument("--serve", type=int, default=0, metavar="PORT")
    chosen = parser.parse_args()
    claims = read_claims(chosen.claims)
    if chosen.serve:
        serve(scripted(claims), chosen.serve)
    catalog = chosen.data / CATALOG
    lookup = SourceLookup(CatalogView(catalog, EVERYTHING) if catalog.exists() else None)
    real = build_reader(ModelOptions(chosen.model, chosen.url)) if chosen.model else None
    for name, reader in (
        ("no reading", None),
        ("a reading", real or ChatReader(scripted(claims), timeout=60)),
    ):
        clock = time.perf_counter()
        figures = measure(claims, lookup, reader)
        print(f"{name} ({time.perf_counter() - clock:.1f} s)")
        for figure, value in figures.items():
            print(f"  {figure:22} {value:6.1%}")


if __name__ == "__main__":
    main()
