"""Single facts of a cable, from its header: who signed it, when it was sent, to whom, what it cites."""

from collections.abc import Callable, Iterator

from cables import Cable, ReferenceKind
from cables.text import day_in_words
from qa.understanding.patterns import pattern
from vectorstore.storage.cable_records import day_of

MAX_NAMED = 12
"""Recipients, and references, that are named."""


def facts_asked(question: str, cable: Cable) -> Iterator[str]:
    """The facts of a cable's header that a question asks for, a sentence each."""
    for name, fact in _FACTS.items():
        if pattern(name).search(question):
            yield fact(cable)


def paragraphs_asked(question: str) -> list[int]:
    """The numbers of the paragraphs that a question asks to see: "paragraph 3", "para 2 to 4", "\u00b65"."""
    found: list[int] = []
    for match in pattern("paragraph").finditer(question):
        first, last = int(match["first"]), int(match["last"] or match["first"])
        found += range(first, min(last, first + MAX_NAMED) + 1)
    return list(dict.fromkeys(found))


def _signer(cable: Cable) -> str:
    name = cable.signature
    return (
        f"{cable.id} is signed {name.title()}."
        if name
        else f"The signature of {cable.id} is not readable or missing."
    )


def _sent(cable: Cable) -> str:
    if not cable.date:
        return f"{cable.id} carries no readable date."
    clock = f" at {cable.date:%H:%M} UTC" if cable.date.hour or cable.date.minute else ""
    return f"{cable.id} was sent on {day_in_words(day_of(cable))}{clock}."


def _marking(cable: Cable) -> str:
    if not cable.classification:
        return f"{cable.id} carries no readable classification."
    by = f", classified by {' '.join(cable.classified_by.split()).rstrip('.')}" if cable.classified_by else ""
    reasons = f", for reasons {', '.join(cable.reasons)}" if cable.reasons else ""
    return f"{cable.id} is classified {cable.classification}{by}{reasons}."


def _recipients(cable: Cable) -> str:
    named = [
        _listed(word, [a.name for a in own])
        for word, own in (("to", cable.action), ("for information to", cable.info))
    ]
    sent = ", and ".join(filter(None, named))
    return (
        f"{cable.id} was sent {sent}."
        if sent
        else f"The recipients of {cable.id} are not readable or missing."
    )


def _references(cable: Cable) -> str:
    cited = [r.cable_id or r.text for r in cable.references if r.kind is ReferenceKind.CABLE] or [
        r.text for r in cable.references
    ]
    return f"{cable.id} {_listed('refers to', cited)}." if cited else f"{cable.id} refers to no other cable."


def _tags(cable: Cable) -> str:
    named = [f"{tag.code} ({tag.name})" if tag.name else tag.code for tag in cable.tags]
    return f"{cable.id} {_listed('carries the TAGS', named)}." if named else f"{cable.id} carries no TAGS."


def _subject(cable: Cable) -> str:
    subject = " ".join((cable.subject or "").split())
    return f"The subject of {cable.id} is: {subject}." if subject else f"{cable.id} has no subject line."


def _post(cable: Cable) -> str:
    return f"{cable.id} was sent by {cable.post or 'a post that is not known'}."


def _length(cable: Cable) -> str:
    n = len(cable.paragraphs)
    return f"{cable.id} has {n} {'paragraph' if n == 1 else 'paragraphs'}."


def _declassified(cable: Cable) -> str:
    if not cable.declassify:
        return f"{cable.id} names no date of declassification."
    return f"{cable.id} was to be declassified: {cable.declassify}."


def _listed(words: str, names: list[str]) -> str:
    more = f" and {len(names) - MAX_NAMED} more" if len(names) > MAX_NAMED else ""
    return f"{words} {', '.join(names[:MAX_NAMED])}{more}" if names else ""


_FACTS: dict[str, Callable[[Cable], str]] = {
    "fact_post": _post,
    "fact_signer": _signer,
    "fact_sent": _sent,
    "fact_recipients": _recipients,
    "fact_marking": _marking,
    "fact_subject": _subject,
    "fact_tags": _tags,
    "fact_references": _references,
    "fact_length": _length,
    "fact_declassified": _declassified,
}
"""By the name of the pattern that asks for it."""
