"""The chain: question + conversation -> a proven answer, as a LangChain Runnable.

read the request -> gather its evidence -> compose, or let a chat model write -> check. Streamed states are whole
answers that grow.
"""

import time
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from langchain_core.runnables import Runnable, RunnableConfig

from qa.answer import Answer, Kind, Question
from qa.answers.base import Answerer, with_foreign_notice
from qa.answers.multipart import MultiPartAnswerer
from qa.generation.extractive import ExtractiveAnswerer
from qa.understanding.reader import RequestReader
from qa.understanding.request import Request, Unit
from vectorstore.retrieval.retriever import Retriever

if TYPE_CHECKING:
    from qa.generation.generative import GenerativeAnswerer
    from qa.verification.reading import Reader

MAX_BRIEF_SENTENCES = 2
"""Of an answer that is asked for in fewer words."""


class Chain(Runnable[Question, Answer]):
    """Answers questions over what its retriever's view may see."""

    def __init__(
        self,
        retriever: Retriever,
        reader: RequestReader,
        answerers: Mapping[Kind, Answerer],
        quoting: ExtractiveAnswerer,
        writing: "GenerativeAnswerer | None" = None,
        second_reader: "Reader | None" = None,
    ) -> None:
        self.retriever = retriever
        self.reader = reader
        self.answerers = answerers
        self.quoting = quoting
        self.writing = writing
        self.second_reader = second_reader
        """Who reads the sentences of other people's texts against their paragraphs."""

    def written_by(self, writing: "GenerativeAnswerer") -> "Chain":
        """The same chain, whose answers a chat model writes."""
        return Chain(self.retriever, self.reader, self.answerers, self.quoting, writing, self.second_reader)

    def quoted(self) -> "Chain":
        """The same chain without a chat model."""
        return Chain(self.retriever, self.reader, self.answerers, self.quoting)

    def invoke(self, input: Question, config: RunnableConfig | None = None, **kwargs: Any) -> Answer:
        """The finished answer."""
        return list(self.stream(input, config))[-1]

    def stream(
        self, input: Question, config: RunnableConfig | None = None, **kwargs: Any
    ) -> Iterator[Answer]:
        """States of the answer as it is found and written; the last one is done."""
        clock = time.monotonic()
        request = self.read(input)
        for state in self._states(request, self.gather(request)):
            yield replace(state, seconds=time.monotonic() - clock)

    def read(self, question: Question) -> Request:
        """How a question is understood, with the chat model's help for a follow-up where there is one."""
        request = self.reader.read(question)
        if request.own_words and self.writing and (restated := self.writing.restated(question)):
            return self.reader.read(question, restated=restated)
        return request

    def _answerer(self, request: Request) -> Answerer:
        if request.parts:
            return MultiPartAnswerer(self._answerer)
        if request.kind is Kind.LIST and request.unit is not Unit.THINGS:
            return self.answerers[Kind.COUNT]  # what it counts, it lists
        return self.answerers[request.kind]

    def gather(self, request: Request) -> Answer:
        """The draft of an answer: the evidence and how the question was understood, nothing said yet."""
        return self._answerer(request).gather(request)

    def complete(self, request: Request, draft: Answer) -> Answer:
        """The finished answer to a draft."""
        return list(self._states(request, draft))[-1]

    def _states(self, request: Request, draft: Answer) -> Iterator[Answer]:
        answerer = self._answerer(request)
        if self.writing and answerer.written:
            states = self.writing.answer(request, draft, answerer.compose)
        else:
            states = iter([with_foreign_notice(request, answerer.compose(request, draft))])
        yield from (state.shortened(MAX_BRIEF_SENTENCES) for state in states) if request.brief else states
