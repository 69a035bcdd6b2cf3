"""Where given words stand, verbatim: the paragraphs that hold them, the sentence with them first."""

from dataclasses import replace

from qa.answer import Answer
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.lookup import as_evidence
from qa.answers.sentence_ranking import choose
from qa.generation.quotation import AnswerBuilder, Chosen, readable
from qa.understanding.request import Request
from vectorstore.query import Phrase, TextQuery
from vectorstore.retrieval.evidence import Evidence

MAX_PARAGRAPHS = 5
SENTENCES_AROUND = 1
"""Quoted before and after the one that holds the words."""


class PhraseAnswerer:
    """Finds the words between quotation marks."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The paragraphs that hold all the words, the nearest to the rest of the question first."""
        text = TextQuery(tuple((Phrase(phrase),) for phrase in request.phrases))
        hits, _, _ = self._context.view.text_hits(
            replace(request.filters, text=text), by_relevance=True, limit=MAX_PARAGRAPHS
        )
        return draft_of(request, (as_evidence(hit.hit) for hit in hits))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """The sentence with the words, and its neighbours."""
        if not draft.evidence:
            quoted = " and ".join(f"“{phrase}”" for phrase in request.phrases)
            return refused(draft, f"No paragraph holds {quoted}.")
        builder = AnswerBuilder()
        chosen: list[Chosen] = []
        for evidence in draft.evidence:
            chosen += around(evidence, request.phrases)
        builder.quote(choose(chosen, max_paragraphs=MAX_PARAGRAPHS))
        return builder.answer(draft)


def around(evidence: Evidence, phrases: tuple[str, ...]) -> list[Chosen]:
    """The sentences of a paragraph that hold one of the phrases, with their neighbours; else its first."""
    sentences = readable(evidence) or list(evidence.sentences)
    held = [n for n, s in enumerate(sentences) if any(folded(p) in folded(s.piece.text) for p in phrases)]
    near = {n + step for n in held or [0] for step in range(-SENTENCES_AROUND, SENTENCES_AROUND + 1)}
    return [(evidence, sentences[n]) for n in sorted(near) if 0 <= n < len(sentences)]


def folded(text: str) -> str:
    """Letters and digits alone, lower case."""
    return "".join(c for c in text.lower() if c.isalnum() or c == " ")
