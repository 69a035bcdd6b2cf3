"""What an answer rests on, and what else was found, as HTML: sources, evidence with scores, nearest cables.

Pure functions.
"""

from collections.abc import Iterable, Sequence

from markupsafe import Markup

from qa.answer import Answer, Citation
from qa.footnotes import pilcrow
from vectorstore.retrieval.evidence import Evidence
from web.render.charts import timeline
from web.render.formatting import ROLES, SIGNALS, address, count, day_words, level_class, named
from web.render.markup import NOTHING, fill, join

NEAREST = 5
"""Cables that a refusal suggests."""
FOUND = 12
"""Paragraphs listed as found and not cited."""
FURTHER = 3
"""Follow-up questions that are suggested."""


def reads(evidence: Evidence, place: int, n: int) -> Markup:
    """What the reader needs to open this paragraph with this answer's marks."""
    return fill(
        'data-read="{}" data-key="{}" data-place="{}" data-n="{}"', evidence.cable_id, evidence.key, place, n
    )


def render_sources(answer: Answer, ident: str, place: int) -> Markup:
    """The cited paragraphs, by their markers; the quotes stand there for the markers to show."""
    if not answer.citations:
        return NOTHING
    items = join(_source(citation, ident, place) for citation in answer.citations)
    return fill('<ol class="sources" aria-label="Sources">{}</ol>', items)


def _source(citation: Citation, ident: str, place: int) -> Markup:
    evidence = citation.evidence
    paragraph = evidence.found.paragraph
    return fill('<li><a class="source" href="{}" {}><span class="n">{}</span>'
        '<span class="what"><b>{} {}</b> {} <span class="role">{}</span> {}</span></a>'
        '<blockquote class="quote" id="q{}-{}">{}</blockquote></li>', 
        address(evidence.cable_id, evidence.key), reads(evidence, place, citation.n), citation.n,
        evidence.cable_id, pilcrow(paragraph), _where(evidence), ROLES[evidence.role], chip(evidence),
        ident, citation.n, " […] ".join(citation.quotes),
    )  # fmt: skip


def chip(evidence: Evidence) -> Markup:
    """The paragraph's marking as a small coloured label."""
    return fill('<span class="marking {}">{}</span>', level_class(evidence.marking), evidence.marking)


def _where(evidence: Evidence) -> str:
    return f"{evidence.found.post or 'unknown post'}, {day_words(evidence.found.day)}"


def render_found(answer: Answer, ident: str) -> Markup:
    """Evidence that the answer does not cite, with scores and why each was found."""
    cited = {citation.evidence.key for citation in answer.citations}
    others = [evidence for evidence in answer.evidence if evidence.key not in cited][:FOUND]
    if not others:
        return NOTHING
    rows = join(_found_item(evidence) for evidence in others)
    return fill(
        '<details class="found"><summary>{} found and not cited</summary>{}<ol id="f{}">{}</ol></details>',
        count(len(others), "more paragraph"),
        timeline(answer),
        ident,
        rows,
    )


def _found_item(evidence: Evidence) -> Markup:
    why = join(
        fill(
            '<li><span class="bar" style="--share:{}"></span>{} <b>{:+.2f}</b></li>',
            f"{min(max(value, 0.0), 1.0):.2f}",
            SIGNALS.get(name, name),
            value,
        )
        for name, value in evidence.why.items()
        if abs(value) >= 0.005
    )
    return fill(
        '<li><a class="source" href="{}" data-read="{}" data-key="{}">'
        '<span class="what"><b>{} {}</b> {} {}</span>'
        '<span class="score">score {:.2f}</span></a><p class="excerpt">{}</p><ul class="why">{}</ul></li>',
        address(evidence.cable_id, evidence.key),
        evidence.cable_id,
        evidence.key,
        evidence.cable_id,
        pilcrow(evidence.found.paragraph),
        _where(evidence),
        chip(evidence),
        evidence.score,
        evidence.text,
        why,
    )


# Refusal


def render_refusal(answer: Answer) -> Markup:
    """What is said where the archive does not answer: unheard names and the nearest cables."""
    names = join((fill("<b>{}</b>", name) for name in answer.absent), ", ")
    absent = fill("<p>Nowhere in the archive: {}.</p>", names) if answer.absent else NOTHING
    notice = fill("<p>{}</p>", answer.notice) if answer.notice else NOTHING
    nearest = join(_nearest(evidence) for evidence in first_of_each_cable(answer.evidence))
    suggestion = fill('<p>The nearest cables:</p><ul class="nearest">{}</ul>', nearest) if nearest else ""
    return fill(
        '<div class="refusal"><h3>The archive does not answer this.</h3>{}{}{}</div>',
        absent,
        notice,
        suggestion,
    )


def first_of_each_cable(evidence: Iterable[Evidence]) -> list[Evidence]:
    """The best paragraph of each of the nearest cables."""
    best: dict[str, Evidence] = {}
    for item in evidence:
        best.setdefault(item.cable_id, item)
    return list(best.values())[:NEAREST]


def _nearest(evidence: Evidence) -> Markup:
    return fill('<li><a href="{}" data-read="{}" data-key="{}"><b>{}</b> {}</a> <span>{}</span></li>', 
        address(evidence.cable_id, evidence.key), evidence.cable_id, evidence.key, evidence.cable_id,
        evidence.found.subject or "", _where(evidence),
    )  # fmt: skip


# What to ask next


def further_questions(answer: Answer) -> list[str]:
    """Follow-ups that the evidence can answer: what posts say that the answer does not cite."""
    cited = {citation.evidence.found.post for citation in answer.citations}
    posts = dict.fromkeys(e.found.post for e in answer.evidence if e.found.post and e.found.post not in cited)
    return [f"What does {named(post)} say about that?" for post in list(posts)[:FURTHER]]


def render_further(questions: Sequence[str]) -> Markup:
    """Follow-ups as buttons that ask them."""
    button = '<li><button type="button" data-do="ask" data-text="{}">{}</button></li>'
    items = join(fill(button, text, text) for text in questions)
    return fill('<ul class="further" aria-label="Ask next">{}</ul>', items) if questions else NOTHING
