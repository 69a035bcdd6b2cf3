"""A paragraph's words as HTML: quotes marked exactly, acronyms explained. The words never change."""

import re
from collections.abc import Iterable, Mapping, Sequence

from markupsafe import Markup, escape

from cables.glossary import acronym
from web.render.markup import fill, join

_ACRONYM = re.compile(r"\b[A-Z][A-Z0-9/&-]{1,9}\b")
_DEFINED = re.compile(r"((?:[\w'-]+ ){1,9})\(([A-Z]{2,9})\)")
_SMALL = {"of", "the", "and", "for", "in", "on", "to", "a"}


def own_acronyms(texts: Iterable[str]) -> dict[str, str]:
    """Acronyms that a cable itself explains: "Ministry of Foreign Affairs (MOFA)"."""
    found: dict[str, str] = {}
    for text in texts:
        for words, short in _DEFINED.findall(text):
            spelled = _spelled(words.split(), short)
            if spelled:
                found.setdefault(short, spelled)
    return found


def _spelled(words: list[str], short: str) -> str | None:
    """The last of the words whose initials are the acronym; small words count or not, as it fits."""
    for start in range(len(words) - 1, -1, -1):
        chosen = words[start:]
        every = "".join(word[0] for word in chosen).upper()
        large = "".join(word[0] for word in chosen if word not in _SMALL).upper()
        if short in {every, large} and chosen[0] not in _SMALL:
            return " ".join(chosen)
    return None


def marked(
    text: str, quotes: Sequence[str], own: Mapping[str, str] | None = None, country: str | None = None
) -> Markup:
    """The text with its quotes inside <mark>; one that does not stand there word for word marks nothing."""
    found = [match for quote in quotes if quote.strip() for match in [_find(text, quote)] if match]
    parts, end, explained = [Markup()], 0, set[str]()
    for start, stop in sorted(found):
        if start < end:
            continue
        parts.append(_explained(text[end:start], own or {}, country, explained))
        parts.append(fill("<mark>{}</mark>", _explained(text[start:stop], own or {}, country, explained)))
        end = stop
    return join([*parts, _explained(text[end:], own or {}, country, explained)])


def _find(text: str, quote: str) -> tuple[int, int] | None:
    """Where a quote stands, white space folded."""
    match = re.search(r"\s+".join(re.escape(word) for word in quote.split()), text)
    return match.span() if match else None


def _explained(text: str, own: Mapping[str, str], country: str | None, explained: set[str]) -> Markup:
    """The text with each acronym that is known explained where it first stands; all capitals stay plain."""
    if text.isupper():
        return escape(text)
    parts, end = [Markup()], 0
    for match in _ACRONYM.finditer(text):
        word = match[0]
        meaning = own.get(word) or "; ".join(m.words for m in acronym(word, country=country))
        if meaning and word not in explained:
            explained.add(word)
            parts += [escape(text[end : match.start()]), fill('<abbr title="{}">{}</abbr>', meaning, word)]
            end = match.end()
    return join([*parts, escape(text[end:])])
