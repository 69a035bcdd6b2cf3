"""A cable on its way into the stores: what of it must be embedded, described, indexed, dropped.

Worked out once from the cable and what the stores hold of it, so that writing needs no more decisions.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from cables import Cable, Paragraph
from vectorstore.access import level_of
from vectorstore.embedding import chunking
from vectorstore.interfaces import IndexEntry, KnownParagraph, Metadata
from vectorstore.keys import row_of, text_hash, window_id
from vectorstore.storage.cable_records import day_of


@dataclass(slots=True)
class CableDiff:
    """A cable with its passages by paragraph key, and what the stores need of it."""

    cable: Cable
    file: str
    place: str
    known: dict[str, KnownParagraph]
    windows: dict[str, list[str]]
    details: dict[str, Metadata]
    """Metadata as it stands in Chroma, by key."""
    embed: list[str] = field(default_factory=list)
    """Keys whose vectors are written."""
    words: list[str] = field(default_factory=list)
    """Keys whose words are written."""
    describe: list[str] = field(default_factory=list)
    """Keys whose vectors stay and whose metadata is written."""
    gone: list[str] = field(default_factory=list)
    """Keys of paragraphs that the cable no longer has."""
    stale: list[str] = field(default_factory=list)
    """Ids of vectors that nothing overwrites."""

    @property
    def touched(self) -> list[str]:
        """What a killed run may leave half written: the cable's id and the keys written or dropped."""
        return [self.cable.id, *self.embed, *self.words, *self.describe, *self.gone]

    def entries(self) -> list[IndexEntry]:
        """The paragraphs whose words are written."""
        written = set(self.words)
        return [
            IndexEntry(row_of(paragraph.key), chunking.header(self.cable, paragraph), paragraph.text)
            for paragraph in self.cable.paragraphs
            if paragraph.key in written
        ]

    def cable_entry(self) -> IndexEntry:
        """The whole cable, as the index of cables holds it."""
        text = " ".join(paragraph.text for paragraph in self.cable.paragraphs)
        return IndexEntry(row_of(self.cable.id), self.cable.subject or "", text)


def as_it_is(cable: Cable, file: str, place: str) -> CableDiff:
    """The cable with its passages, and nothing to do yet."""
    change = CableDiff(cable, file, place, {}, {}, {})
    for paragraph in cable.paragraphs:
        key, texts = paragraph.key, chunking.windows(cable, paragraph)
        content = text_hash(*texts)
        change.windows[key] = texts
        change.details[key] = _described(cable, paragraph, content)
        change.known[key] = KnownParagraph(key, content, len(texts), details_hash(change.details[key]))
    return change


def since(before: Mapping[str, KnownParagraph], cable: Cable, file: str, place: str) -> CableDiff:
    """What a cable's new text changes against the paragraphs that are known of it."""
    change = as_it_is(cable, file, place)
    for key, now in change.known.items():
        old = before.get(key)
        if old is None or old.passages != now.passages:
            change.embed.append(key)
            change.words.append(key)
            change.stale += [window_id(key, n) for n in range(now.windows, old.windows if old else 0)]
        elif old.details != now.details:
            change.describe.append(key)
    for key, old in before.items():
        if key not in change.known:
            change.gone.append(key)
            change.stale += [window_id(key, n) for n in range(old.windows)]
    return change


def details_hash(details: Metadata) -> str:
    """A hash of metadata, whatever order it stands in."""
    return text_hash(repr(sorted(details.items())))


def _described(cable: Cable, paragraph: Paragraph, content: str) -> Metadata:
    """A paragraph's metadata; `content`, its passages' hash, shows the archive's checker stale vectors."""
    marking = paragraph.marking or cable.classification
    details: dict[str, str | int | list[str] | None] = {
        "cable": cable.id,
        "key": paragraph.key,
        "number": paragraph.number,
        "post": cable.post,
        "date": day_of(cable),
        "classification": int(level_of(cable)),
        "marking": int(marking.level) if marking else None,
        "level": int(level_of(cable, paragraph)),
        "caveats": list(marking.caveats) if marking else [],
        "tags": [tag.code for tag in cable.tags],
        "section": paragraph.section,
        "role": paragraph.role.value,
        "subject": cable.subject,
        "passages": content,
    }
    return {name: value for name, value in details.items() if value not in (None, [])}
