"""An answer or a conversation to take along: Markdown, HTML and JSON, with historians' footnotes."""

import html
import json
import re
from collections.abc import Sequence
from typing import Any

from qa.answer import Answer, Block, Citation, Outcome, ProofLevel, Sentence
from qa.export.citation_style import CitationStyle, NoteSequence, records
from qa.export.footnotes import footnote

_MARKUP_RE = re.compile(r"([\\`*_{}\[\]<>#|~!])")
_STYLE = (
    "body{font:1rem/1.6 Georgia,serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#222}"
    "h2{font-size:1.15rem}h3{font-size:1rem}.banner,.note{font:.85rem/1.5 system-ui,sans-serif;color:#555}"
    "ol.notes{font-size:.9rem}blockquote{margin:.25rem 0 .75rem;color:#444}"
)


def as_markdown(answers: Sequence[Answer], style: CitationStyle = CitationStyle.CHICAGO) -> str:
    """The answers of a conversation, one section each, footnotes numbered through all of them."""
    sequence = NoteSequence(style)
    body: list[str] = []
    notes: list[str] = []
    for answer in answers:
        offset = len(notes)
        body += [f"## {markdown_text(answer.question)}", *map(markdown_text, _remarks(answer))]
        for title, sentences in answer.paragraphs:
            body += [f"### {markdown_text(title)}"] if title else []
            body.append(" ".join(_markdown_sentence(sentence, offset) for sentence in sentences))
        notes += [f"[^{offset + c.n}]: {_markdown_note(c, sequence)}" for c in answer.citations]
    listed = _records(answers, style)
    block = f"```{style}\n{listed.strip()}\n```" if listed else ""
    return "\n\n".join(filter(None, [*body, "\n".join(notes), block])) + "\n"


def as_html(answers: Sequence[Answer], style: CitationStyle = CitationStyle.CHICAGO) -> str:
    """A page of its own, without scripts or anything from elsewhere; all text escaped."""
    sequence = NoteSequence(style)
    body: list[str] = []
    notes: list[str] = []
    for answer in answers:
        offset = len(notes)
        body.append(f"<h2>{html.escape(answer.question)}</h2>")
        body += [f'<p class="note">{html.escape(remark)}</p>' for remark in _remarks(answer)]
        for title, sentences in answer.paragraphs:
            body += [f"<h3>{html.escape(title)}</h3>"] if title else []
            body.append(f"<p>{' '.join(_html_sentence(sentence, offset) for sentence in sentences)}</p>")
        notes += [_html_note(c, offset, sequence) for c in answer.citations]
    listed = f'<ol class="notes">{"".join(notes)}</ol>' if notes else ""
    if known := _records(answers, style):
        listed += f"<pre>{html.escape(known)}</pre>"
    return (
        '<!doctype html><html lang="en"><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width">'
        f"<title>{html.escape(answers[0].question if answers else 'Reftel')}</title><style>{_STYLE}</style>"
        f"<body>{''.join(body)}{listed}</body></html>\n"
    )


def as_json(answer: Answer) -> dict[str, Any]:
    """The answer as `reftel ask --json` prints it; the fields are a contract."""
    return {
        "answer": answer.text,
        "refused": answer.refused,
        "outcome": answer.outcome.value,
        "kind": answer.kind.value,
        "blocks": [_block_json(block) for block in answer.blocks],
        "sentences": [_sentence_json(sentence) for sentence in answer.sentences],
        "citations": [_citation_json(citation) for citation in answer.citations],
        "evidence": [
            {"cable": e.cable_id, "paragraph": e.number, "key": e.key, "score": round(e.score, 4)}
            for e in answer.evidence[:10]
        ],
        "banner": answer.banner_words[0] or None,
        "notice": answer.notice or None,
        "seconds": round(answer.seconds, 3),
    }


def _block_json(block: Block) -> dict[str, Any]:
    return {"kind": block.kind.value, "title": block.title, "sentences": [block.start, block.end]}


def _sentence_json(sentence: Sentence) -> dict[str, Any]:
    return {
        "text": sentence.text,
        "level": sentence.level.value,
        "reason": sentence.reason or None,
        "instead": sentence.instead or None,
        "citations": list(sentence.citations),
    }


def _citation_json(citation: Citation) -> dict[str, Any]:
    evidence = citation.evidence
    return {
        "n": citation.n,
        "cable": evidence.cable_id,
        "paragraph": evidence.number,
        "key": evidence.key,
        "quote": " [...] ".join(citation.quotes),
        "footnote": footnote(evidence.found),
        "level": citation.level.value,
        "verified": citation.verified,
    }


def as_json_text(answers: Sequence[Answer], style: CitationStyle = CitationStyle.CHICAGO) -> str:
    """The answers as `reftel ask --json` gives them, each with its question."""
    return (
        json.dumps([{"question": a.question, **as_json(a)} for a in answers], ensure_ascii=False, indent=2)
        + "\n"
    )


FORMS = {".md": as_markdown, ".html": as_html, ".json": as_json_text}
"""Endings of file names, and what writes such a file."""


def _remarks(answer: Answer) -> list[str]:
    """What a reader must know before the answer: its marking, that it is a refusal, how it came about."""
    refused = {
        Outcome.REFUSED: "The archive does not answer this.",
        Outcome.CLOSEST: "These are the closest passages; they may not answer the question.",
        Outcome.ANSWERED: "",
    }[answer.outcome]
    marked = "{} ({})".format(*answer.banner_words) if answer.banner else ""
    absent = f"Nowhere in the archive: {', '.join(answer.absent)}." if answer.absent else ""
    written = (
        f"Written by {answer.model}; every sentence checked against its paragraph." if answer.model else ""
    )
    return [remark for remark in (marked, refused, absent, answer.notice, answer.gap, written) if remark]


def _remark(sentence: Sentence) -> str:
    """What a reader must know of a sentence that is not verified; empty for the others."""
    if sentence.level is ProofLevel.CITED:
        return "(cited, not confirmed)"
    if sentence.level is ProofLevel.REFUTED:
        what = "the cable's own words" if sentence.instead else "a sentence was left out"
        return f"({what}: {sentence.reason})"
    return ""


def _markdown_sentence(sentence: Sentence, offset: int) -> str:
    marks = "".join(f"[^{offset + n}]" for n in sentence.citations)
    return " ".join(filter(None, (markdown_text(sentence.words) + marks, markdown_text(_remark(sentence)))))


def _html_sentence(sentence: Sentence, offset: int) -> str:
    marks = "".join(f'<sup><a href="#note-{offset + n}">{offset + n}</a></sup>' for n in sentence.citations)
    remark = _remark(sentence)
    note = f'<span class="note">{html.escape(remark)}</span>' if remark else ""
    return " ".join(filter(None, (html.escape(sentence.words) + marks, note)))


def _markdown_note(citation: Citation, sequence: NoteSequence) -> str:
    quote = " [...] ".join(" ".join(quote.split()) for quote in citation.quotes)
    return markdown_text(sequence.note(citation.evidence.found)) + (
        f" “{markdown_text(quote)}”" if quote else ""
    )


def _html_note(citation: Citation, offset: int, sequence: NoteSequence) -> str:
    quote = html.escape(" [...] ".join(" ".join(quote.split()) for quote in citation.quotes))
    quoted = f"<blockquote>{quote}</blockquote>" if quote else ""
    note = html.escape(sequence.note(citation.evidence.found))
    return f'<li id="note-{offset + citation.n}">{note}{quoted}</li>'


def _records(answers: Sequence[Answer], style: CitationStyle) -> str:
    return records([c.evidence.found for answer in answers for c in answer.citations], style)


def markdown_text(text: str) -> str:
    """Text in which Markdown sees no markup: no link, no image, no HTML."""
    return _MARKUP_RE.sub(r"\\\1", " ".join(text.split()))
