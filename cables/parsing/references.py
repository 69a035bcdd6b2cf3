"""The REF line: what a cable cites, entry by entry, resolved to cable ids where it can be."""

import re
from collections.abc import Iterator

from cables import ids
from cables.dates import MONTH_PATTERN, PIVOT_YEAR, full_year
from cables.glossary.posts import find_post
from cables.model import Reference, ReferenceKind

_LABEL_RE = re.compile(
    r"^\W*(?:(?:PROGRAM|PREVIOUS)\s+)?REF(?:ERENCES?|\s?TELS?)?(?:\(S\)|S)?\s?(?:[:;.]+|(?=\s))\s*", re.I
)
_END_RE = re.compile(
    r"\bClassified\s+by\b|_{5,}|\bTHIS\s+(?:CABLE|MESSAGE)\s+IS\b|\bSensitive\s+but\s+unclassified\b"
    r"|^[ \t]*+(?:SUBJECT|SUBJ|TAGS|E\.O\.)\s*+:|^[ \t]*+-{5,}[ \t]*$",
    re.I | re.M,
)
_DEBRIS_RE = re.compile(
    r"(?:(?:CONFIDENTIAL|SECRET|UNCLAS(?:SIFIED)?|LIMITED OFFICIAL USE)\s+)?"
    r"PAGE \d\d\s+[A-Z][A-Z ]{1,20}?\s*+\d{3,6}"
    r"(?:\s+\d\d OF \d\d)?\s+\d{6}Z"
    r"|\b[A-Z][A-Za-z .']{1,20}\s+\d{6,8}\s+\d{3}(?:\.\d)?\s+(?:OF|of)\s+\d{3}\b"
    r"|^[ \t]*+(?:SIPDIS|NOFORN)[ \t]*$",
    re.M,
)
_ENUMERATION_RE = re.compile(
    r"(?:(?<=^)|(?<=[\s;,.)\x02]))(?:REF(?:TEL)?\.?\s+)?"
    r"(?:[(\[]\s?([A-Za-z])\s?[)\]][.:]?|([A-Za-z])\s?[).:\]](?!\w\.)|([A-Z])\s+[-–]\s(?=\S)"
    r"|(?<=REF )([A-Z])\s(?=\S)"
    r"|(?<=^)([A-Z])\s+(?=[A-Z][A-Za-z]))\s*"
)
_YEAR_PATTERN = r"(?:(?:19|20)\d\d|\d{2,3}|[O0]\d)"
_POST_WORD_PATTERN = r"[A-Za-z](?:[A-Za-z0'’.-]{0,24}[A-Za-z.])?"
_CITATION_RE = re.compile(
    rf"(?:(?<![\w/])['’(]?(?P<before>{_YEAR_PATTERN})[)]?[\s-]*)?(?<![A-Za-z])(?P<post>{_POST_WORD_PATTERN}(?:\s{_POST_WORD_PATTERN}){{0,4}})"
    rf"\s*+(?:[(](?:(?P<inside>(?:19|20)?\d\d)|[SCU])[)]\s*)?(?:[-\s#]|,\s(?=\d{{3}})(?!(?:19|20)\d\d\b))?(?P<serial>\d{{1,8}})(?!\d|[.:]\d|[Zz]\b)"
)
_MORE_RE = re.compile(r"\s*+(?:,\s*+(?:AND\b)?|/|&|;|\bAND\b)\s*+(\d{1,8})(?![\d.:])", re.I)
_AFTER_RE = re.compile(
    r"(?:\s?[/-]\s?|(?<=\d{4})\s(?=\d\d(?:\s*+,|$)))(\d\d|(?:19|20)\d\d)(?![\d/-])|\s*+[(]\s?((?:19|20)?\d\d)\s?[)]"
)
_NEXT_CITATION_RE = re.compile(r"[\s-]*(?!AND\b|NOTAL\b|ET\b)[A-Z]", re.I)
_LINE_START = "\x02"
"""Stands where a lettered line began, once the block is on one line."""
_LETTERED_LINE_RE = re.compile(r"^[ \t]*+(?:-[ \t]+)?(?:¶[ \t]*)?(?=[(\[]?[A-Za-z]\s?[).:\]])", re.M)
_MAX_SKIPPED_LETTERS = 8
_LETTER_O_RE = re.compile(r"(?<=[A-Za-z] )O(?=\d{2,6}\b)")
_REVERSED_RE = re.compile(r"(\d{2,6})\s+([A-Za-z][A-Za-z .'-]{2,24}?)[,;.]?")
_BARE_NUMBER_RE = re.compile(r"\s*+(?!(?:19|20)\d\d\b)\d{3,7}\s*+(?:$|[,;(]|(?:AND|NOTAL)\b)", re.I)
_PLURAL_RE = re.compile(r"\s(?:CABLES?|TELEGRAMS?|TELS?|NOS?\.?)$", re.I)
_NOTAL_RE = re.compile(r"[(\[]?\s*+\bNOTAL\b\s*+[)\]]?", re.I)
_TITLE_RE = re.compile(r"\s*+[(](?!\s*+NOTAL)([^()]{6,200})[)]|\s*+\[([^\[\]]{6,200})\]", re.I)
_MONTH_RE = re.compile(rf"\s+(?:{MONTH_PATTERN})", re.I)
_EMAIL_RE = re.compile(r"\bE-?\s?MAILS?\b", re.I)
_AIRGRAM_RE = re.compile(r"(?:[A-Z]+ ){1,3}(?:C?A)-\d")
"""An airgram, `SANTIAGO A-45`: it came by mail, and its number is no telegram's."""
_MESSAGE_RE = re.compile(r"\bE-?\s?MAILS?\b|\bC?A-\d{1,4}\b|\bTELCONS?\b|\bIIR\b", re.IGNORECASE)
_DASHED_TITLE_RE = re.compile(r"\s*+(?:--|[-–:])\s+([A-Z.][^;]{5,200})$", re.IGNORECASE)
_INNER_LABEL_RE = re.compile(r"[(]?([A-Z])[).:]\s+(?=\S)", re.IGNORECASE)
_EMPTY_WORDS_RE = re.compile(r"\b(?:AND|PREVIOUS|NOTAL|NONE|ET AL|REFTELS?)\b", re.IGNORECASE)
_OTHER_ENTRY_RE = re.compile(r"[A-Za-z]{3}|\d{5}")


def parse_references(block: str, *, year: int | None, own_id: str | None) -> tuple[Reference, ...]:
    """The entries of a REF block in order; several share a label where one entry cites several cables.

    `year` is the cable's own, used where an entry names none. The cable itself and repeats are left out.
    """
    year = year if year is not None else ids.year_of(own_id or "")
    post = ids.post_of(own_id or "")
    found: list[Reference] = []
    for label, entry in _entries(_clean(block)):
        found += _entry(label, _with_post(entry, post), year)
        cited = [reference.cable_id for reference in found if reference.cable_id]
        post = ids.post_of(cited[-1]) if cited else post
    seen: set[tuple[str | None, str]] = set()
    kept: list[Reference] = []
    for reference in found:
        identity = (reference.label, reference.cable_id or reference.text)
        if identity not in seen and (reference.cable_id is None or reference.cable_id != own_id):
            seen.add(identity)
            kept.append(reference)
    return tuple(kept)


def _clean(block: str) -> str:
    """The block on one line, without its label, page breaks and whatever follows it."""
    block = re.sub(r"[\u00a0\\]", " ", block[:8_000].replace(_LINE_START, " "))
    block = _DEBRIS_RE.sub(" ", block)
    block = _LETTER_O_RE.sub("0", _LABEL_RE.sub("", block, count=1))
    end = _END_RE.search(block)
    block = _LETTERED_LINE_RE.sub(f" {_LINE_START}", block[: end.start()] if end else block)
    return " ".join(block.replace("¶", " ").split())


def _entries(text: str) -> Iterator[tuple[str | None, str]]:
    """Cut at enumeration letters that go up: `A. ... B. ...`; initials and stray letters are no labels.

    A letter that opens a line may leave some out.
    """
    label: str | None = None
    start = 0
    for match in _ENUMERATION_RE.finditer(text):
        letter = next(group for group in match.groups() if group).upper()
        before = text[start : match.start()].replace(_LINE_START, "").strip()
        opens_line = text[max(match.start() - 1, 0) : match.start()] == _LINE_START
        doubled = letter == label and not before
        first = label is None and (not before or letter == "A")
        most = _MAX_SKIPPED_LETTERS if opens_line else 2
        following = label is not None and 0 < ord(letter) - ord(label) <= most
        if not (doubled or first or following):
            continue
        if before:
            yield label, before
        label, start = letter, match.end()
    if rest := text[start:].replace(_LINE_START, "").strip():
        yield label, rest


def _with_post(entry: str, post: str | None) -> str:
    """An entry that is but a number, with the post it leaves out; a number before its post goes behind it."""
    reversed_ = _REVERSED_RE.fullmatch(entry.strip())
    if reversed_ and find_post(reversed_[2], fuzzy=False):
        return f"{reversed_[2]} {reversed_[1]}"
    return f"{post} {entry.strip()}" if post and _BARE_NUMBER_RE.match(entry) else entry


def _entry(label: str | None, text: str, year: int | None) -> list[Reference]:
    text = re.sub(r"^REF(?:TEL)?S?\s+(?:[A-Z]\s+)?(?=[A-Z])", "", text.strip())
    inner = _INNER_LABEL_RE.match(text)
    if inner:  # a machine lettered the lines; the drafter's own letter is what the body cites
        label, text = inner[1].upper(), text[inner.end() :]
    cited, rest = _cited(label, text, year)
    if not cited:
        return _uncited(label, text.split(";"))
    found: list[Reference] = []
    for index, words in enumerate(rest):
        found += cited[index - 1] if index else []
        found += _uncited(label, [part for part in words.split(";") if _MESSAGE_RE.search(part)])
    return found


def _cited(label: str | None, text: str, year: int | None) -> tuple[list[list[Reference]], list[str]]:
    """The cables of one entry, citation by citation, and the parts of its text before, between and behind."""
    cited: list[list[Reference]] = []
    rest: list[str] = [""]
    at = 0
    while match := _CITATION_RE.search(text, at):
        name = None if _AIRGRAM_RE.match(text, match.start("post")) else _post_at_end(match["post"])
        if name is None or _MONTH_RE.match(text, match.end()):
            rest[-1] += text[at : match.end("post")]
            at = match.end("post")
            continue
        rest[-1] += text[at : match.start()]
        rest.append("")
        cited.append([])
        serials, stated, at = _serials(text, match)
        notal, title, end = _trailer(text, at)
        start = match.start() if match["before"] else match.end("post") - len(name[1])
        for nth, (serial, own) in enumerate(zip(serials, stated, strict=True)):
            when = _year(own or match["before"] or match["inside"]) or year
            id = ids.make(when, name[0], int(serial)) if when is not None else None
            words = (
                text[start : end if len(serials) == 1 else match.end()] if nth == 0 else f"{name[1]} {serial}"
            )
            cited[-1].append(Reference(words.strip(" ('’,;"), ReferenceKind.CABLE, label, id, notal, title))
        at = end
    return cited, [*rest[:-1], rest[-1] + text[at:]]


def _post_at_end(words: str) -> tuple[str, str] | None:
    """The longest run of last words that names a post: its id part and the words."""
    parts = words.split()
    for start in range(len(parts)):
        name = " ".join(parts[start:])
        slip = (name.isupper() and len(parts) - start <= 3) or (
            start == 0 and name.istitle() and name.isalpha()
        )
        post = find_post(_PLURAL_RE.sub("", name).strip("."), fuzzy=slip)
        if post:
            return post.id, name
    return None


def _serials(text: str, match: re.Match[str]) -> tuple[list[str], list[str | None], int]:
    """All serials of one post ("692/317", "2799 AND 2764"), the year printed after each, and their end."""
    serials, years, at = [match["serial"]], list[str | None](), match.end()
    while True:
        after = _AFTER_RE.match(text, at)
        stated = after and (after[1] or after[2])
        if after and stated and _year(stated):
            at = after.end()
            years.append(stated)
        else:
            years.append(None)
        more = _MORE_RE.match(text, at)
        if (
            not more
            or (_NEXT_CITATION_RE.match(text, more.end()) and len(more[1]) in (2, 4))
            or _MONTH_RE.match(text, more.end())
        ):
            return serials, years, at
        serials.append(more[1])
        at = more.end()


def _trailer(text: str, at: int) -> tuple[bool, str | None, int]:
    """NOTAL and a title right after a citation, in brackets or after a dash, and where they end."""
    notal, title = False, None
    dashed = _DASHED_TITLE_RE.match(text, at)
    if dashed and not _CITATION_RE.search(dashed[1]):
        return False, dashed[1].strip(), dashed.end()
    while True:
        flag = _NOTAL_RE.match(text, at + len(text[at:]) - len(text[at:].lstrip()))
        named = None if title else _TITLE_RE.match(text, at)
        if flag and flag.end() > at:
            notal, at = True, flag.end()
        elif named:
            title, at = (named[1] or named[2]).strip(), named.end()
        else:
            return notal, title, at


def _uncited(label: str | None, parts: list[str]) -> list[Reference]:
    """Entries that are no cables: e-mails, talks, reports of other agencies."""
    found = []
    for part in parts:
        part = part.strip(" ,.-/").removeprefix("AND ")
        part = part.strip("()") if part.count("(") != part.count(")") else part
        words = _EMPTY_WORDS_RE.sub("", part)
        if _OTHER_ENTRY_RE.search(words):
            kind = ReferenceKind.EMAIL if _EMAIL_RE.search(part) else ReferenceKind.OTHER
            found.append(Reference(part, kind, label))
    return found


def _year(printed: str | None) -> int | None:
    """A printed year in four digits; None for what can be none (1959, 45)."""
    if not printed:
        return None
    digits = printed.replace("O", "0")
    full = full_year(int(digits[:2] if len(digits) == 3 else digits))
    return full if PIVOT_YEAR <= full <= 2029 else None
