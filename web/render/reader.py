"""A cable as a document: header block, paragraphs, the cited ones marked. Pure functions."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby

from markupsafe import Markup

from cables import Address, Cable, Paragraph, Reference, Role, ids
from cables.glossary import find_post
from qa.footnotes import cable_footnote, pilcrow
from web.render.charts import network
from web.render.formatting import (
    ROLES,
    address,
    level_class,
    moment_words,
    para_of,
    spoken,
)
from web.render.markup import NOTHING, fill, join
from web.render.text import marked, own_acronyms

TITLES = {
    "from": "From", "to": "To", "info": "Info", "tags": "TAGS", "ref": "References", "by": "Cited by",
    "around": "Around it",
    "class": "Classified by", "until": "Declassify", "caption": "Captions", "pass": "Pass to",
}  # fmt: skip
_CLOSE = Markup(
    '<button type="button" class="tool close" data-do="close" aria-label="Close the cable">Close</button>'
)


@dataclass(frozen=True, slots=True)
class Stop:
    """One citation of an answer, as the reader walks them: marker number, cable and paragraph."""

    n: int
    cable_id: str
    key: str
    quotes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Reading:
    """A cable, the paragraph to scroll to, and the citations of the answer that led here."""

    cable: Cable
    key: str | None = None
    stops: tuple[Stop, ...] = ()
    place: int | None = None
    n: int | None = None
    known: Collection[str] = ()
    """Ids among its references that are in the archive."""
    cited_by: Sequence[str] = ()
    original: bool = False


def render_empty() -> str:
    """The reader before a cable is open."""
    return Markup(
        '<div class="reader-empty"><p>Open a marker such as <span class="marker">1</span> to read the cited '
        "paragraph in its cable.</p></div>"
    )


def render_problem(problem: str) -> str:
    """The reader when nothing can be read."""
    return fill(
        '<div class="reader-bar"><span></span>{}</div><p class="reader-empty">{}</p>', _CLOSE, problem
    )


def render_missing(cable_id: str) -> str:
    """The reader for a cable that is not in the archive."""
    return fill(
        '<div class="reader-bar"><span></span>{}</div><div class="reader-empty">'
        "<p><b>{}</b> is not in this archive.</p></div>",
        _CLOSE,
        cable_id,
    )


def render_reader(reading: Reading) -> str:
    """The whole cable."""
    cable = reading.cable
    body = _original(cable) if reading.original else _paragraphs(reading)
    return fill(
        '<div class="reader-bar">{bar}</div>'
        '<article class="cable" id="cable" data-cable="{id}" data-key="{key}" tabindex="-1" '
        'aria-label="Cable {id}">'
        '<header><p class="cable-id">{id} <span class="marking {level}">{marking}</span></p>'
        '<h2>{subject}</h2><p class="cable-when">{post}, {when}</p>{fields}</header>{body}{notes}</article>',
        bar=_bar(reading), id=cable.id, key=reading.key or "", level=level_class(cable.classification),
        marking=cable.classification or "no classification", subject=cable.subject or "No subject",
        post=cable.post or "Unknown post", when=moment_words(cable.date), fields=_fields(reading), body=body,
        notes=_notes(cable),
    )  # fmt: skip


# The bar above


def _bar(reading: Reading) -> Markup:
    cited = next((p for p in reading.cable.paragraphs if p.key == reading.key), None)
    note = cable_footnote(reading.cable, cited)
    view = ("text", "Reading text") if reading.original else ("original", "Original")
    tools = fill(
        '<button type="button" class="tool" data-do="footnote" data-copy="{}">Copy footnote</button>'
        '<button type="button" class="tool" data-do="link" data-copy="{}">Copy link</button>'
        '<button type="button" class="tool" data-do="{}" data-cable="{}" data-key="{}"{}>{}</button>',
        note,
        address(reading.cable.id, reading.key),
        view[0],
        reading.cable.id,
        reading.key or "",
        _from(reading),
        view[1],
    )
    return fill('{}<div class="tools">{}{}</div>', _walk(reading), tools, _CLOSE)


def _from(reading: Reading) -> Markup:
    """The answer that led here, so that its quotes stay marked wherever the reader goes in this cable."""
    if reading.place is None:
        return NOTHING
    return fill(' data-place="{}" data-n="{}"', reading.place, "" if reading.n is None else reading.n)


def _walk(reading: Reading) -> Markup:
    """Previous and next citation of the answer."""
    at = next((i for i, stop in enumerate(reading.stops) if stop.n == reading.n), None)
    if at is None:
        return Markup('<span class="walk"></span>')
    return fill(
        '<div class="walk" role="group" aria-label="Citations of the answer">{}<span>{} of {}</span>{}</div>',
        _step(reading, at - 1, "Previous citation", "‹"), at + 1, len(reading.stops),
        _step(reading, at + 1, "Next citation", "›"),
    )  # fmt: skip


def _step(reading: Reading, at: int, label: str, arrow: str) -> Markup:
    if not 0 <= at < len(reading.stops):
        return fill(
            '<button type="button" class="tool step" disabled aria-label="{}">{}</button>', label, arrow
        )
    stop = reading.stops[at]
    return fill(
        '<button type="button" class="tool step" data-read="{}" data-key="{}" data-place="{}" data-n="{}" '
        'aria-label="{}" title="{}">{}</button>',
        stop.cable_id,
        stop.key,
        reading.place,
        stop.n,
        label,
        label,
        arrow,
    )


# The header block


def _fields(reading: Reading) -> Markup:
    cable = reading.cable
    rows: list[tuple[str, Markup | str]] = [
        ("from", _people((cable.sender,)) if cable.sender else ""),
        ("to", _people(cable.action)),
        ("info", _folded(cable.info)),
        ("caption", ", ".join(cable.captions)),
        ("pass", "; ".join(cable.passing)),
        ("tags", _tags(cable)),
        ("ref", join((_reference(ref, reading) for ref in cable.references), "<br>")),
        ("by", join((_cable_link(other) for other in reading.cited_by), ", ")),
        ("around", network(cable.id, [r for r in _referred(cable) if r in reading.known], reading.cited_by)),
        ("class", " ".join(filter(None, (cable.classified_by, *cable.reasons)))),
        ("until", cable.declassify or ""),
    ]
    shown = join(fill("<dt>{}</dt><dd>{}</dd>", TITLES[name], text) for name, text in rows if text)
    return fill('<dl class="fields">{}</dl>', shown)


def _referred(cable: Cable) -> list[str]:
    """The ids that the cable refers to, each once."""
    return list(dict.fromkeys(reference.cable_id for reference in cable.references if reference.cable_id))


def _people(addresses: Sequence[Address | None]) -> Markup:
    return join(
        (
            fill(
                "{}{}",
                who.name,
                fill(' <span class="precedence">{}</span>', who.precedence) if who.precedence else "",
            )
            for who in addresses
            if who
        ),
        ", ",
    )


def _folded(addresses: Sequence[Address]) -> Markup:
    """A long list of recipients behind its count."""
    if len(addresses) <= 3:
        return _people(addresses)
    return fill("<details><summary>{} addressees</summary>{}</details>", len(addresses), _people(addresses))


def _tags(cable: Cable) -> Markup:
    return join(
        (
            fill('<span class="tag"><b>{}</b>{}</span>', tag.code, f" {tag.name}" if tag.name else "")
            for tag in cable.tags
        ),
        " ",
    )


def _reference(reference: Reference, reading: Reading) -> Markup:
    label = fill("<b>{}.</b> ", reference.label) if reference.label else NOTHING
    if reference.cable_id and reference.cable_id in reading.known:
        return label + _cable_link(reference.cable_id)
    text = reference.cable_id or reference.text
    missing = Markup(' <span class="absent">not in the archive</span>') if reference.cable_id else ""
    return fill("{}{}{}", label, text, missing)


def _cable_link(cable_id: str) -> Markup:
    return fill('<a href="{}" data-read="{}">{}</a>', address(cable_id), cable_id, cable_id)


# Paragraphs


def _paragraphs(reading: Reading) -> Markup:
    quotes: dict[str, tuple[str, ...]] = {}
    for stop in reading.stops:
        quotes[stop.key] = quotes.get(stop.key, ()) + stop.quotes
    own = own_acronyms(paragraph.text for paragraph in reading.cable.paragraphs)
    parts: list[Markup] = []
    for section, group in groupby(reading.cable.paragraphs, key=lambda paragraph: paragraph.section):
        if section:
            parts.append(fill("<h3>{}</h3>", section))
        parts += [_paragraph(paragraph, reading, quotes, own) for paragraph in group]
    return fill('<div class="body">{}</div>', join(parts))


def country_of(cable: Cable) -> str | None:
    """The country (FIPS) that the cable was sent from, whose acronyms it uses."""
    post = find_post(ids.post_of(cable.id) or "", fuzzy=False)
    return post.country if post else None


def _paragraph(
    paragraph: Paragraph, reading: Reading, quotes: Mapping[str, Sequence[str]], own: Mapping[str, str]
) -> Markup:
    classes = ["para", f"role-{paragraph.role.value}"]
    classes += ["cited"] if paragraph.key in quotes else []
    classes += ["current"] if paragraph.key == reading.key else []
    role = fill('<span class="role">{}</span>', ROLES[paragraph.role])
    marking = fill('<span class="marking {}">{}</span>', level_class(paragraph.marking), paragraph.marking)
    return fill(
        '<section class="{}" id="{}"><p class="para-head"><a href="{}" data-read="{}" data-key="{}"{} '
        'class="number" title="Link to this paragraph">{}</a>{}{}<button type="button" class="tool cite" '
        'data-do="footnote" data-copy="{}" aria-label="Copy footnote to {}">Copy footnote</button></p>'
        '<div class="para-text">{}</div></section>',
        " ".join(classes),
        f"p-{para_of(paragraph.key)}",
        address(reading.cable.id, paragraph.key),
        reading.cable.id,
        paragraph.key,
        _from(reading),
        pilcrow(paragraph),
        marking if paragraph.marking else "",
        role if paragraph.role is not Role.BODY else "",
        cable_footnote(reading.cable, paragraph),
        spoken(paragraph),
        marked(paragraph.text, quotes.get(paragraph.key, ()), own, country_of(reading.cable)),
    )


def _original(cable: Cable) -> Markup:
    if not cable.original:
        return Markup(
            '<p class="notice">The original is not shown: some paragraphs are above your clearance.</p>'
        )
    return fill(
        '<pre class="original" tabindex="0" aria-label="The cable as stored">{}</pre>', cable.original
    )


def _notes(cable: Cable) -> Markup:
    if not cable.notes:
        return NOTHING
    items = join(fill("<li>{}</li>", note) for note in cable.notes)
    return fill(
        '<details class="cable-notes"><summary>Notes from reading this copy ({})</summary>'
        "<ul>{}</ul></details>",
        len(cable.notes),
        items,
    )
