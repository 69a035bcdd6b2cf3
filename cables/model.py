"""What a cable is: frozen, typed values that every other package reads.

Offsets are character positions in `Cable.original`, the text exactly as it came in; `text` fields hold
the repaired reading text. Nothing here parses: `cables.parsing.telegram` makes these values.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Classification levels in rising order; the integers are what the stores compare."""

    UNCLASSIFIED = 0
    SBU = 1
    CONFIDENTIAL = 2
    SECRET = 3
    TOP_SECRET = 4

    @property
    def label(self) -> str:
        """The level as it is printed in a banner, such as `TOP SECRET`."""
        return "SENSITIVE BUT UNCLASSIFIED" if self is Level.SBU else self.name.replace("_", " ")


class MarkingState(StrEnum):
    """How a cable came by its classification."""

    MARKED = "marked"
    NOT_READABLE = "marking not readable"
    """It is classified, but its marking cannot be read: held at the highest level it shows."""
    NOT_MARKED = "not marked"


@dataclass(frozen=True, slots=True)
class Marking:
    """A classification with its caveats: `(S/NF)` is SECRET with `NOFORN`.

    Caveats are spelled out and upper case (`NOFORN`, `REL NATO`, `FGI`), in the order in which they stand.
    """

    level: Level
    caveats: tuple[str, ...] = ()
    printed: str | None = None
    """The word that is printed, where it is not the level's: LIMITED OFFICIAL USE, RESTRICTED."""

    def __str__(self) -> str:
        return "//".join((self.printed or self.level.label, *self.caveats))


class Role(StrEnum):
    """Who speaks in a paragraph."""

    SUMMARY = "summary"
    COMMENT = "comment"
    ACTION = "action"
    BODY = "body"
    QUOTED = "quoted"


class TagKind(StrEnum):
    """What a TAGS entry names."""

    SUBJECT = "subject"
    PROGRAM = "program"
    COUNTRY = "country"
    ORGANISATION = "organisation"
    PERSON = "person"
    OTHER = "other"


class ReferenceKind(StrEnum):
    """What a REF entry points to; only a CABLE has an id."""

    CABLE = "cable"
    EMAIL = "email"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Span:
    """Characters `start` (included) to `end` (excluded) of `Cable.original`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Tag:
    """One TAGS entry: its code in upper case (slips of a letter corrected), its kind, its name if known."""

    code: str
    kind: TagKind
    name: str | None = None


@dataclass(frozen=True, slots=True)
class Reference:
    """One entry of the REF line."""

    text: str
    """The entry as printed, white space folded."""
    kind: ReferenceKind
    label: str | None = None
    """The letter by which the body cites it: `A` for "Ref A"."""
    cable_id: str | None = None
    notal: bool = False
    """NOTAL: not sent to all addressees of this cable."""
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Address:
    """A sender or recipient: routing indicator `RUEHC`, name `SECSTATE WASHDC`, precedence `IMMEDIATE`."""

    name: str
    routing: str | None = None
    precedence: str | None = None


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One numbered paragraph: the unit of embedding, retrieval and citation."""

    key: str
    """Unique in the archive: `08BEIJING1488.2`, the second ¶2 `08BEIJING1488.2-2`, unnumbered `08BEIJING1488.u1`."""
    number: int | None
    """As printed (after repair of damaged numbers); None where the paragraph has none."""
    text: str
    """Repaired reading text without number, marking, page debris and heading; lines only where they mean something."""
    span: Span
    """Where it stands in the original, from its number to its last character."""
    marking: Marking | None = None
    section: str | None = None
    """The heading above it, without rules and markings."""
    role: Role = Role.BODY


@dataclass(frozen=True, slots=True)
class Cable:
    """One telegram. What is missing is None or empty; what was odd is a line in `notes`."""

    id: str
    original: str
    paragraphs: tuple[Paragraph, ...] = ()
    aliases: tuple[str, ...] = ()
    """Other ids under which people look for it: the id inside its text, the 1976STATE311722 style."""
    post: str | None = None
    """Where it was sent from, for readers: `Embassy Beijing`, `Consulate Istanbul`, `Secretary of State`."""
    date: datetime | None = None
    """UTC, from the date-time group."""
    precedence: str | None = None
    transmission_id: str | None = None
    sender: Address | None = None
    action: tuple[Address, ...] = ()
    info: tuple[Address, ...] = ()
    classification: Marking | None = None
    marking_state: MarkingState = MarkingState.MARKED
    captions: tuple[str, ...] = ()
    """SIPDIS, NOFORN, EXDIS, ... each once, in order."""
    corrected: bool = False
    """A corrected copy: it replaces an earlier message of the same id."""
    declassify: str | None = None
    """ISO date, or the words that stand there ("OADR")."""
    tags: tuple[Tag, ...] = ()
    subject: str | None = None
    references: tuple[Reference, ...] = ()
    classified_by: str | None = None
    reasons: tuple[str, ...] = ()
    """`1.4(b)`, `1.4(d)`: one entry a reason."""
    passing: tuple[str, ...] = ()
    """Passing instructions: "STATE FOR EUR/WE"."""
    signature: str | None = None
    notes: tuple[str, ...] = field(default=())
    """What was odd, in words for a person; each note starts with a stable phrase up to its colon."""

    @property
    def marking_words(self) -> str:
        """The classification for people, and that there is none or that it could not be read."""
        if self.classification is None:
            return "NOT MARKED"
        unread = " (marking not readable)" if self.marking_state is MarkingState.NOT_READABLE else ""
        return f"{self.classification}{unread}"
