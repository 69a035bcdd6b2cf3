"""A cable as a document: header block, paragraphs, the cited ones marked."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cables import Cable, Paragraph, ids
from cables.glossary import find_post
from qa.answer import Citation
from qa.export.citation_style import CitationStyle, cite
from web.render.charts import network
from web.render.templating import render
from web.render.text import marked, own_acronyms


@dataclass(frozen=True, slots=True)
class Reading:
    """A cable, the paragraph to scroll to, and the citations of the answer that led here."""

    cable: Cable
    key: str | None = None
    citations: Sequence[Citation] = ()
    place: int | None = None
    """Of that answer in its conversation."""
    n: int | None = None
    """The marker that was followed."""
    known: Collection[str] = ()
    """Ids among its references that are in the archive."""
    cited_by: Sequence[str] = ()
    original: bool = False
    style: CitationStyle = CitationStyle.CHICAGO
    """In which "Copy footnote" cites."""
    version: int = 0
    """The number of the text that is read among `versions`, from 1; 0 for the one that is shown."""
    versions: Sequence[Cable] = ()
    """Other texts under the cable's id."""


@dataclass(frozen=True, slots=True)
class ParagraphView:
    """A paragraph with its quotes and acronyms marked, and what "Copy footnote" copies."""

    paragraph: Paragraph
    classes: str
    text: Markup
    footnote: str


@dataclass(frozen=True, slots=True)
class Section:
    """Paragraphs under one heading; the heading may be empty."""

    heading: str | None
    paragraphs: Sequence[ParagraphView]


@dataclass(frozen=True, slots=True)
class Walk:
    """The answer's citations as steps: where the reader stands, from 1, and the one on either side."""

    at: int
    of: int
    previous: Citation | None
    next: Citation | None


def render_problem(problem: str) -> Markup:
    """The reader when nothing can be read."""
    return render("reader_problem.html", problem=problem)


def render_reader(reading: Reading) -> Markup:
    """The whole cable."""
    cable = reading.cable
    cited = next((p for p in cable.paragraphs if p.key == reading.key), None)
    return render(
        "reader.html",
        reading=reading,
        cable=cable,
        walk=_walk(reading),
        footnote=cite(cable, cited, reading.style),
        network=network(cable.id, _referred(reading), reading.cited_by),
        sections=() if reading.original else _sections(reading),
    )


def _walk(reading: Reading) -> Walk | None:
    citations = reading.citations
    at = next((i for i, citation in enumerate(citations) if citation.n == reading.n), None)
    if at is None:
        return None
    previous = citations[at - 1] if at else None
    following = citations[at + 1] if at + 1 < len(citations) else None
    return Walk(at + 1, len(citations), previous, following)


def _referred(reading: Reading) -> list[str]:
    """The ids that the cable refers to and the archive holds, each once."""
    referred = dict.fromkeys(reference.cable_id for reference in reading.cable.references)
    return [cable_id for cable_id in referred if cable_id and cable_id in reading.known]


def _sections(reading: Reading) -> list[Section]:
    cable = reading.cable
    quotes: dict[str, tuple[str, ...]] = {}
    for citation in reading.citations:
        key = citation.evidence.key
        quotes[key] = quotes.get(key, ()) + citation.quotes
    own = own_acronyms(paragraph.text for paragraph in cable.paragraphs)
    return [
        Section(heading, [_paragraph(paragraph, reading, quotes, own) for paragraph in paragraphs])
        for heading, paragraphs in groupby(cable.paragraphs, key=lambda paragraph: paragraph.section)
    ]


def _paragraph(
    paragraph: Paragraph, reading: Reading, quotes: Mapping[str, Sequence[str]], own: Mapping[str, str]
) -> ParagraphView:
    classes = ["para", f"role-{paragraph.role.value}"]
    classes += ["cited"] if paragraph.key in quotes else []
    classes += ["current"] if paragraph.key == reading.key else []
    text = marked(paragraph.text, quotes.get(paragraph.key, ()), own, country_of(reading.cable))
    return ParagraphView(paragraph, " ".join(classes), text, cite(reading.cable, paragraph, reading.style))


def country_of(cable: Cable) -> str | None:
    """The country (FIPS) that the cable was sent from, whose acronyms it uses."""
    post = find_post(ids.post_of(cable.id) or "", fuzzy=False)
    return post.country if post else None
