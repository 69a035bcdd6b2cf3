"""What becomes of a strong model's answers: recorded prompts and replies, played through the page as it writes.

    python bench/replies.py ../shared/proof/prompts_dev ../shared/proof/replies_dev --data DIR
        [--claims ../shared/proof/claims_dev.jsonl] [--show]

A prompt's blocks are looked up in the archive; a reply names them as K1, K2 ... in their order. With --claims the
sentences have labels, and a scripted reader answers with what the claims say; without them all that the model wrote
is taken to be true. Prints how many sentences are at which level, without a reading and with one.
"""

import argparse
import re
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

from langchain_core.callbacks import CallbackManagerForLLMRun
from langchain_core.language_models.chat_models import BaseChatModel
from langchain_core.messages import AIMessage, BaseMessage
from langchain_core.outputs import ChatGeneration, ChatResult

from bench.checking import ITEM, read_claims
from cables import Paragraph, Span
from qa.answer import Answer, Kind, Outcome, Sentence
from qa.generation.generative import GenerativeAnswerer
from qa.understanding.request import Request
from qa.verification.reading import ChatReader
from qa.verification.sources import SourceLookup
from vectorstore.access import EVERYTHING
from vectorstore.archive import CATALOG
from vectorstore.query import Filters
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import CatalogView

BLOCK = re.compile(r"^key: (\w+)\ncable: .*?(\S+)\nspeaker: .*\ntext: (.*)$", re.MULTILINE)
QUESTION = re.compile(r"^Question: (.*)$", re.MULTILINE)


def folded(text: str) -> str:
    """Letters and digits alone, to find a text again however it was set."""
    return re.sub(r"\W+", "", text).lower()


class Replaying(BaseChatModel):
    """Says what was recorded, under the keys of the prompt that asks now; reads as the labels say."""

    reply: str
    blocks: list[tuple[str, str]]
    """Cable and folded text of each block of the recorded prompt."""
    untrue: set[str]

    @property
    def _llm_type(self) -> str:
        return "replaying"

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        prompt = "\n".join(str(message.content) for message in messages)
        said = self._read(prompt) if "Answer with one line for each key" in prompt else self._write(prompt)
        return ChatResult(generations=[ChatGeneration(message=AIMessage(said))])

    def _write(self, prompt: str) -> str:
        keys = {(cable, folded(text)): key for key, cable, text in BLOCK.findall(prompt)}
        said = self.reply
        for n, block in reversed(list(enumerate(self.blocks, 1))):
            said = re.sub(rf"\bK{n}\b", keys.get(block, "zzzz"), said)
        return said

    def _read(self, prompt: str) -> str:
        """Yes but to controls, which no reply holds, and to what is known for untrue."""
        own = folded(self.reply)
        lines = []
        for key, sentence in ITEM.findall(prompt):
            true = folded(sentence)[:40] in own and folded(sentence) not in self.untrue
            lines.append(f"{key} {'yes' if true else 'no'}")
        return "\n".join(lines)


def evidence_of(prompt: str, view: CatalogView) -> list[Evidence]:
    """The prompt's blocks as evidence, each the archive's own paragraph where it has it."""
    found = []
    for _, cable_id, text in BLOCK.findall(prompt):
        rows = view.rows_of_cable(cable_id)
        hits = list(view.find(rows, Filters()).values())
        own = [hit for hit in hits if folded(hit.paragraph.text) == folded(text)]
        if own:
            found.append(Evidence(own[0], 1.0, 0.7, {}))
        elif hits:  # it is read otherwise by now
            near = next((h for h in hits if folded(text)[:60] in folded(h.paragraph.text)), hits[0])
            paragraph = Paragraph(
                near.paragraph.key, near.paragraph.number, text, Span(0, len(text)), role=near.paragraph.role
            )
            found.append(Evidence(replace(near, paragraph=paragraph), 1.0, 0.7, {}))
    return found


def replayed(prompt: str, reply: str, view: CatalogView, untrue: set[str], *, reading: bool) -> Answer:
    """The finished answer that a recorded reply becomes."""
    blocks = [(cable, folded(text)) for _, cable, text in BLOCK.findall(prompt)]
    model = Replaying(reply=reply, blocks=blocks, untrue=untrue)
    reader = ChatReader(model, timeout=60) if reading else None
    writing = GenerativeAnswerer(model, "replayed", SourceLookup(view), reader=reader, max_words=20_000)
    question = QUESTION.findall(prompt)[-1]
    draft = Answer(question, evidence=tuple(evidence_of(prompt, view)), meaning=question, done=False)
    return list(writing.answer(Request(Kind.PASSAGE, question, question), draft, lambda request, own: own))[
        -1
    ]


def answers(
    prompts: Path, replies: Path, view: CatalogView, untrue: set[str], *, reading: bool
) -> Iterator[Answer]:
    """An answer for each recorded reply."""
    for file in sorted(prompts.glob("*.txt")):
        reply = replies / file.name
        if reply.exists():
            yield replayed(file.read_text(), reply.read_text().strip(), view, untrue, reading=reading)


def main() -> None:
    """Print the levels of the sentences, and those that were replaced."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("prompts", type=Path)
    parser.add_argument("replies", type=Path)
    parser.add_argument("--data", type=Path, default=Path("data"))
    parser.add_argument("--claims", type=Path, default=None)
    parser.add_argument("--show", action="store_true", help="print the true sentences that were replaced")
    chosen = parser.parse_args()
    view = CatalogView(chosen.data / CATALOG, EVERYTHING)
    claims = read_claims(chosen.claims) if chosen.claims else []
    untrue = {folded(claim["sentence"]) for claim in claims if claim["reading"] != "yes"}
    for name, reading in (("no reading", False), ("a reading", True)):
        found = list(answers(chosen.prompts, chosen.replies, view, untrue, reading=reading))
        outcomes = Counter(answer.outcome for answer in found)
        written = [s for answer in found if answer.model and not answer.refused for s in answer.sentences]
        true = [sentence for sentence in written if folded(sentence.text) not in untrue]
        levels = Counter(sentence.level.value for sentence in true)
        print(
            f"{name}: {len(found)} answers, {outcomes[Outcome.REFUSED]} refusals, {len(true)} true sentences"
        )
        print("  " + ", ".join(f"{level} {n / len(true):.1%}" for level, n in levels.most_common()))
        if chosen.show:
            show([sentence for sentence in true if sentence.level.value == "refuted"])


def show(sentences: list[Sentence]) -> None:
    """Print replaced sentences with the reason."""
    for sentence in sentences:
        print(f"  - {sentence.text}\n    {sentence.reason}")


if __name__ == "__main__":
    main()
