"""The chain: question + conversation -> a proven answer, as a LangChain Runnable.

scope -> conversation -> retrieve -> quote or write -> check. Streamed states are whole answers that grow.
"""

import time
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from qa.answer import Answer, Question
from qa.generation.extractive import ExtractiveAnswerer
from qa.understanding.conversation import interpret
from qa.understanding.hints import read_hints
from vectorstore.query import Query
from vectorstore.retrieval.retriever import Retriever

if TYPE_CHECKING:
    from qa.generation.generative import GenerativeAnswerer

EVIDENCE = 20
"""Paragraphs that are looked at for an answer."""


class Chain(Runnable[Question, Answer]):
    """Answers questions over what its retriever's view may see."""

    def __init__(
        self, retriever: Retriever, quoting: ExtractiveAnswerer, writing: "GenerativeAnswerer | None" = None
    ) -> None:
        self.retriever = retriever
        self.quoting = quoting
        self.writing = writing

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The finished answer."""
        return list(self.stream(input, config))[-1]

    def stream(
        self, input: Question, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Answer]:
        """States of the answer as it is found and written; the last one is done."""
        clock = time.monotonic()
        for state in self._states(self.find(input)):
            yield replace(state, seconds=time.monotonic() - clock)

    def find(self, question: Question) -> Answer:
        """The draft of an answer: the evidence and how the question was understood, nothing said yet."""
        meaning = interpret(question)
        if meaning.alone and self.writing and (restated := self.writing.restated(question)):
            meaning = replace(meaning, text=restated, alone="", shown=restated)
        # A follow-up's own place or time is what it asks about; only without one does the earlier one go on.
        view = self.retriever.view
        hints = read_hints(meaning.alone, view) or read_hints(meaning.text, view)
        search = Query(
            meaning.text, alone=meaning.alone, filters=question.filters, hints=hints, cited=meaning.cited,
            limit=EVIDENCE,
        )  # fmt: skip
        evidence = tuple(self.retriever.search(search))
        return Answer(
            question.text,
            evidence=evidence,
            meaning=meaning.text,
            interpretation=meaning.shown,
            hints=hints,
            done=False,
        )

    def complete(self, draft: Answer) -> Answer:
        """The finished answer to a draft."""
        return list(self._states(draft))[-1]

    def _states(self, draft: Answer) -> Iterator[Answer]:
        return (self.writing or self.quoting).answer(draft.meaning, draft)
