"""A dossier to take along: Markdown, HTML (which word processors open), CSV, RIS and BibTeX."""

from collections.abc import Callable
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from cables.text import day_in_words, iso_day
from qa.answer import Answer, Sentence
from qa.answers.leads import dated_lead
from qa.dossier.dossier import DossierPage, Named, year_sent
from qa.export.answers import markdown_text
from qa.export.bibliography import as_bibtex, as_ris
from qa.export.citation_style import CitationStyle, NoteSequence, records
from qa.export.footnotes import footnote
from qa.export.hits_csv import table
from qa.generation.quotation import Chosen
from vectorstore.retrieval.evidence import Evidence

CSV_COLUMNS = (
    "cable",
    "date",
    "post",
    "classification",
    "subject",
    "paragraph",
    "words",
    "footnote",
    "added by hand",
    "note",
)


class Notes:
    """Footnotes as they are met, one a paragraph."""

    def __init__(self, style: CitationStyle) -> None:
        self.texts: list[str] = []
        self._numbers: dict[str, int] = {}
        self._sequence = NoteSequence(style)

    def number(self, chosen: "Chosen | tuple[Evidence, None]") -> int:
        """The number of a paragraph's note."""
        found = chosen[0].found
        if found.paragraph.key not in self._numbers:
            self.texts.append(self._sequence.note(found))
            self._numbers[found.paragraph.key] = len(self.texts)
        return self._numbers[found.paragraph.key]

    def number_of(self, answer: Answer, n: int) -> int:
        """The number of the note of an answer's n-th citation."""
        return self.number((answer.citations[n - 1].evidence, None))


def as_markdown(
    page: DossierPage, summary: Answer | None = None, style: CitationStyle = CitationStyle.CHICAGO
) -> str:
    """The dossier with footnotes."""
    return _filled("dossier.md", page, summary, style)


def as_html(
    page: DossierPage, summary: Answer | None = None, style: CitationStyle = CitationStyle.CHICAGO
) -> str:
    """A page of its own, without scripts or anything from elsewhere; all text escaped."""
    return _filled("dossier.html", page, summary, style)


def as_csv(
    page: DossierPage, summary: Answer | None = None, style: CitationStyle = CitationStyle.CHICAGO
) -> str:
    """A row a cable, and a row for each thing that was added by hand."""
    rows = [_cells(evidence, sentence.piece.text) for evidence, sentence in page.lines]
    for pin in page.pins:
        cells = _cells(pin.evidence, pin.evidence.text) if pin.evidence else [""] * (len(CSV_COLUMNS) - 2)
        rows.append([*cells, "yes", pin.note])
    return table(CSV_COLUMNS, rows)


def ris_of(
    page: DossierPage, summary: Answer | None = None, style: CitationStyle = CitationStyle.CHICAGO
) -> str:
    """A record for each cable that is quoted."""
    return as_ris(evidence.found for evidence in page.quoted)


def bibtex_of(
    page: DossierPage, summary: Answer | None = None, style: CitationStyle = CitationStyle.CHICAGO
) -> str:
    """An entry for each cable that is quoted."""
    return as_bibtex(evidence.found for evidence in page.quoted)


def as_json(page: DossierPage) -> dict[str, Any]:
    """The dossier for programs; the fields are a contract."""
    return {
        "title": page.dossier.title,
        "extent": page.extent,
        "cables": page.total,
        "banner": str(page.banner) if page.banner else None,
        "counts": {post: {str(year): n for year, n in years.items()} for post, years in page.counts.items()},
        "lines": [_quote_json(chosen) for chosen in page.lines],
        "people": [_named_json(one) for one in page.people],
        "places": [_named_json(one) for one in page.places],
        "references": {id: [target.id for target in targets] for id, targets in page.references.items()},
        "differences": [
            [{"figure": side.printed, **_quote_json(side.chosen)} for side in one.sides]
            for one in page.differences
        ],
    }


FORMS: dict[str, Callable[[DossierPage, Answer | None, CitationStyle], str]] = {
    ".md": as_markdown,
    ".html": as_html,
    ".csv": as_csv,
    ".ris": ris_of,
    ".bib": bibtex_of,
}
"""Endings of file names, and what writes such a file; with the summary that a chat model wrote, where there is one."""


def _quote_json(chosen: Chosen) -> dict[str, Any]:
    evidence, sentence = chosen
    return {
        "cable": evidence.cable_id,
        "key": evidence.key,
        "date": evidence.found.day,
        "post": evidence.found.post,
        "role": evidence.role.value,
        "marking": str(evidence.marking),
        "quote": sentence.piece.text,
        "footnote": footnote(evidence.found),
    }


def _named_json(one: Named) -> dict[str, Any]:
    return {"name": one.name, "cables": one.cables, "first": one.first[0].key}


def _lead(chosen: Chosen) -> str:
    """Of a line: the day, or the year that the cable's id tells, and who speaks."""
    found = chosen[0].found
    year = "" if found.day else year_sent(found.cable_id, None)
    return f"{year}, {dated_lead(chosen)}" if year else dated_lead(chosen)


def _cells(evidence: Evidence, words: str) -> list[str]:
    found = evidence.found
    return [
        found.cable_id,
        iso_day(found.day),
        found.post or "",
        found.classification.label,
        " ".join((found.subject or "").split()),
        evidence.key.partition(".")[2],
        " ".join(words.split()),
        footnote(found),
    ]


def _summary_sentence(sentence: Sentence) -> str:
    return f"{sentence.lead} {sentence.shown}".strip()


def _filled(template: str, page: DossierPage, summary: Answer | None, style: CitationStyle) -> str:
    return _ENVIRONMENT.get_template(template).render(
        page=page,
        summary=summary,
        notes=Notes(style),
        style=style,
        records=records([evidence.found for evidence in page.quoted], style),
        summary_sentence=_summary_sentence,
    )


_ENVIRONMENT = Environment(
    loader=PackageLoader(__package__),
    autoescape=select_autoescape(["html"], default=False),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    auto_reload=False,
)
_ENVIRONMENT.filters |= {"day": day_in_words, "lead": _lead, "md": lambda text: markdown_text(str(text))}
