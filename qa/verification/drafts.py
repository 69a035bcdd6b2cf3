"""An article whose sentences cite cables: the sentences, and what each cites.

Citations stand in the text as `08BEIJING1488 ¶2`, in brackets or not, or in Markdown footnotes. A citation goes with
the sentence in or after which it stands. Sentences that cite nothing are searched for in the archive.
"""

import re
from collections.abc import Callable, Iterator

from cables import ids
from cables.text import sentences
from qa.llm.streaming import Meter
from qa.verification.claims import CheckedClaim, DraftClaim, check_claims
from qa.verification.reading import MAX_SENTENCES, Claim, Reader
from qa.verification.sources import Source, SourceLookup

MAX_CHARS = 400_000
"""Of an article that is read; a book is checked by chapters."""
MAX_SPAN = 20
"""Paragraphs that a span such as ¶2-9 may cite."""
MIN_WORDS = 4
"""A shorter piece of text is a heading."""

_NOTE_RE = re.compile(r"^\[\^(?P<name>[^\]\s]+)\]:[ \t]*+(?P<text>.*(?:\n[ \t]+\S.*)*)", re.MULTILINE)
_NOTE_MARK_RE = re.compile(r"\[\^(?P<name>[^\]\s]+)\]")
_PARAGRAPHS_RE = re.compile(
    r"(?<![\s¶])\s*+,?\s*+(?:¶++|paras?\.?|paragraphs?)\s*+(?P<numbers>\d+(?:\s*+(?:,|and|-|–|&)\s*+¶?\s*+\d+)*)",
    re.I,
)
_HIDDEN_RE = re.compile(r"^[ \t]*+(?:```.*?^[ \t]*+```|#{1,6} [^\n]*|\|[^\n]*)", re.MULTILINE | re.DOTALL)
_MARKUP_RE = re.compile(
    r"!\[[^\]]{0,500}\]\([^)]{0,500}\)|\]\([^)]{0,500}\)|[*_`\[\]]{1,3}|^[ \t]*+(?:>|[-*+]|\d+[.)])[ \t]+",
    re.MULTILINE,
)
_EMPTY_RE = re.compile(r"\(\s*+(?:see|cf\.?|also|and|in)?[\s,;.]*\)|(?<!\s)\s++(?=[.,;:!?])", re.IGNORECASE)

Search = Callable[[str], Source | None]
"""Finds the paragraph that says most of a sentence."""
Cited = tuple[str, int | None]
"""A cable's id and the number of a paragraph; None where the whole cable is cited."""


class DraftChecker:
    """Checks articles over what a lookup may see; `reader` gives the second reading."""

    def __init__(
        self, lookup: SourceLookup, search: Search | None = None, reader: Reader | None = None
    ) -> None:
        self.lookup = lookup
        self.search = search
        self.reader = reader

    def check(self, text: str, meter: Meter | None = None) -> Iterator[CheckedClaim]:
        """The sentences of an article with their levels, a few at a time."""
        drafts = read_draft(text, self.lookup, self.search)
        return check_claims(drafts, self.reader, meter, together=MAX_SENTENCES)


def read_draft(text: str, lookup: SourceLookup, search: Search | None = None) -> Iterator[DraftClaim]:
    """The sentences of an article, each with what it cites; numbered from 1."""
    notes = {match["name"]: match["text"] for match in _NOTE_RE.finditer(text[:MAX_CHARS])}
    body = _NOTE_RE.sub("", _HIDDEN_RE.sub("", text[:MAX_CHARS]))
    number, before = 0, ""
    for paragraph in re.split(r"\n\s*\n", body):
        for said, cited in _sentences(paragraph, notes):
            number += 1
            yield _claim(number, said, before, cited, lookup, search)
            before = said


def _claim(
    number: int, said: str, before: str, cited: list[Cited], lookup: SourceLookup, search: Search | None
) -> DraftClaim:
    found = [(place, source) for place in cited for source in _sources(place, said, lookup)]
    held = {place for place, _ in found}
    absent = next((f"{cable} ¶{n}" if n else cable for cable, n in cited if (cable, n) not in held), "")
    sources = list({source.key: source for _, source in found}.values())
    if not cited and search and (near := search(said)):
        sources = [near]
    return DraftClaim(number, Claim(said, tuple(sources), before), absent=absent)


def _sources(place: Cited, said: str, lookup: SourceLookup) -> list[Source]:
    cable, number = place
    found = lookup.find(cable, number) if number is not None else lookup.nearest(cable, said)
    return [found] if found else []


def _sentences(paragraph: str, notes: dict[str, str]) -> Iterator[tuple[str, list[Cited]]]:
    """Sentences without their citations; what follows a sentence's end up to the next word is its own."""
    plain = " ".join(paragraph.split())
    marked, cited = _taken_out(plain, notes)
    held: list[tuple[str, list[Cited]]] = []
    for piece in sentences(_MARKUP_RE.sub("", marked)):
        own = [place for n in re.findall(r"\x01(\d+)\x02", piece.text) for place in cited[int(n)]]
        said = " ".join(_EMPTY_RE.sub("", re.sub(r"\x01\d+\x02", "", piece.text)).split())
        lead = re.match(r"(?:\x01\d+\x02[\s.]*)+", piece.text)
        if lead and held:  # a citation behind the full stop belongs to the sentence before
            first = [place for n in re.findall(r"\x01(\d+)\x02", lead[0]) for place in cited[int(n)]]
            held[-1][1].extend(first)
            own = own[len(first) :]
        if len(said.split()) >= MIN_WORDS:
            held.append((said, own))
        elif held:
            held[-1][1].extend(own)
    yield from held


def _taken_out(text: str, notes: dict[str, str]) -> tuple[str, list[list[Cited]]]:
    """The text with a placeholder for each citation and footnote mark, and what each cites."""
    spans = [(m.start(), m.end(), _cited_in(notes.get(m["name"], ""))) for m in _NOTE_MARK_RE.finditer(text)]
    for start, end, found in _mentions(text):
        if not any(s <= start < e for s, e, _ in spans):
            spans.append((start, end, found))
    cited: list[list[Cited]] = []
    for start, end, found in sorted(spans, reverse=True):
        cited.append(found)
        text = f"{text[:start]}\x01{len(cited) - 1}\x02{text[end:]}"
    return re.sub(r"[(\[]\s*+((?:\x01\d+\x02[\s,;]*)+)\s*+[)\]]", r"\1", text), cited


def _cited_in(note: str) -> list[Cited]:
    """What a footnote cites; its paragraph may stand behind post and date."""
    mentions = list(ids.find(note))
    ends = [*(mention.start for mention in mentions[1:]), len(note)]
    found: list[Cited] = []
    for mention, end in zip(mentions, ends):
        behind = _PARAGRAPHS_RE.search(note[:end], mention.end)
        found += _places(mention.id, behind)
    return found


def _mentions(text: str) -> Iterator[tuple[int, int, list[Cited]]]:
    """Ids of cables with the paragraphs behind them: `08PARIS12 ¶3 and 5`."""
    for mention in ids.find(text):
        behind = _PARAGRAPHS_RE.match(text, mention.end)
        yield mention.start, behind.end() if behind else mention.end, _places(mention.id, behind)


def _places(cable: str, behind: re.Match[str] | None) -> list[Cited]:
    numbers = [int(n) for n in re.findall(r"\d+", behind["numbers"])] if behind else []
    if behind and len(numbers) == 2 and re.search(r"\d\s*+[-–]\s*+¶?\s*+\d", behind["numbers"]):
        numbers = list(range(numbers[0], min(numbers[1], numbers[0] + MAX_SPAN) + 1))
    return [(cable, n) for n in numbers] or [(cable, None)]
