"""What happened in the order of time: dated rows, each with its quote."""

from datetime import date

from cables.ids import year_of
from qa.answer import Answer, BlockKind, Outcome
from qa.answers.base import draft_of, refused
from qa.answers.context import AnswerContext
from qa.answers.leads import dated_lead
from qa.answers.sentence_ranking import by_worth, choose
from qa.generation.quotation import AnswerBuilder, Chosen
from qa.text.dates import as_int, find_dates
from qa.understanding.request import Request

MAX_ROWS = 12
MAX_ROW_WORDS = 340
DATED_WEIGHT = 2.0
"""Of a sentence that names a day, beside one that does not."""


class TimelineAnswerer:
    """Puts what the cables report in the order in which it happened."""

    written = False

    def __init__(self, context: AnswerContext) -> None:
        self._context = context

    def gather(self, request: Request) -> Answer:
        """The best paragraphs."""
        return draft_of(request, self._context.search(request, scored=20))

    def compose(self, request: Request, draft: Answer) -> Answer:
        """A row a sentence, by the day that it names, else by its cable's."""
        verdict = self._context.verdict(request, draft)
        if verdict.outcome is Outcome.REFUSED:
            return refused(draft, absent=verdict.absent)
        ranked = by_worth(draft.evidence, weight=_weight)
        chosen = choose(ranked, max_words=MAX_ROW_WORDS, max_paragraphs=MAX_ROWS, max_sentences=2)
        rows = sorted(
            chosen, key=lambda pair: (event_day(pair), pair[0].found.day or 0, pair[0].key, pair[1].place)
        )
        builder = AnswerBuilder()
        leads = [dated_lead(pair, event_day(pair)) for pair in rows]
        builder.quote(rows, leads=leads, kind=BlockKind.ROWS)
        return builder.answer(draft, verdict.outcome)


def _weight(pair: Chosen) -> float:
    return DATED_WEIGHT if any(found.day for found in find_dates(pair[1].piece.text)) else 1.0


def event_day(pair: Chosen) -> int:
    """The first day that a sentence names, else the day of its cable; a year that is not said is the cable's."""
    sent = pair[0].found.day or 10000 * (year_of(pair[0].cable_id) or 0)
    for found in find_dates(pair[1].piece.text):
        if found.month and found.day:
            year = found.year or _year(found.month, sent)
            if not year:
                continue
            try:
                return as_int(date(year, found.month, found.day))
            except ValueError:
                continue
    return sent


def _year(month: int, sent: int) -> int:
    """The year of a month that a cable names: the last one before it was sent, or within two months after."""
    year, own = sent // 10000, sent // 100 % 100
    return year - 1 if own and month > own + 2 else year
