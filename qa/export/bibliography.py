"""Cables as records for programs that manage references: RIS and BibTeX, one record a cable."""

import calendar
import re
from collections.abc import Iterable, Iterator

from cables.glossary.posts import DEPARTMENT_OF_STATE
from qa.export.footnotes import level_words
from vectorstore.storage.catalog_rows import ParagraphHit

_LATEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}
"""Signs that mean something to LaTeX, and how they are written."""


def as_ris(paragraphs: Iterable[ParagraphHit]) -> str:
    """The cables of some paragraphs in the RIS format, which Zotero, EndNote and Mendeley read."""
    return "".join(f"{name}  - {value}\r\n" for found in _once(paragraphs) for name, value in _ris(found))


def as_bibtex(paragraphs: Iterable[ParagraphHit]) -> str:
    """The cables of some paragraphs as BibTeX entries; an entry's key is the cable's id."""
    return "\n".join(_bibtex(found) for found in _once(paragraphs))


def _once(paragraphs: Iterable[ParagraphHit]) -> list[ParagraphHit]:
    """A paragraph of each cable."""
    first: dict[str, ParagraphHit] = {}
    for found in paragraphs:
        first.setdefault(found.cable_id, found)
    return list(first.values())


def _ris(found: ParagraphHit) -> Iterator[tuple[str, str]]:
    yield "TY", "GOVDOC"
    yield "ID", found.cable_id
    yield "AU", _sender(found)
    yield "TI", _title(found)
    if found.day:
        yield "PY", str(found.day // 10000)
        yield "DA", f"{found.day // 10000}/{found.day // 100 % 100:02}/{found.day % 100:02}/"
    yield "M3", "Telegram"
    yield "AN", found.cable_id
    if found.classification:
        yield "N1", f"Classification: {level_words(found.classification)}"
    yield "ER", ""


def _bibtex(found: ParagraphHit) -> str:
    fields = {
        "author": f"{{{_latex(_sender(found))}}}",
        "title": f"{{{_latex(_title(found))}}}",
        "howpublished": f"Telegram {found.cable_id}",
    }
    if found.classification:
        fields["note"] = f"Classification: {level_words(found.classification)}"
    if found.day:
        fields["year"] = str(found.day // 10000)
        fields["month"] = calendar.month_name[found.day // 100 % 100]
    inside = ",\n".join(f"  {name} = {{{value}}}" for name, value in fields.items())
    return f"@misc{{{found.cable_id},\n{inside}\n}}\n"


def _sender(found: ParagraphHit) -> str:
    return "Department of State" if found.post == DEPARTMENT_OF_STATE else found.post or "Unknown post"


def _title(found: ParagraphHit) -> str:
    return " ".join((found.subject or f"Telegram {found.cable_id}").split())


def _latex(text: str) -> str:
    return re.sub(r"[\\~^&%$#_{}]", lambda sign: _LATEX[sign[0]], text)
