"""What a sentence may rest on: a paragraph with what is known of its cable."""

from dataclasses import dataclass
from functools import cached_property, lru_cache

from cables import Cable, Marking, Paragraph, Role, Span
from cables.glossary import posts
from cables.ids import post_of, year_of
from cables.text import day_in_words
from qa.text.analysis import analyse
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.cable_records import day_of
from vectorstore.storage.catalog_view import CatalogView


@dataclass(frozen=True)
class Source:
    """A cited paragraph with what is known of its cable; without a `day` its date is not known."""

    key: str
    cable_id: str
    text: str
    post: str = ""
    day: int | None = None
    subject: str = ""
    role: Role = Role.BODY
    cable: str = ""
    """The text of all its paragraphs: a name that stands elsewhere in the cable is not made up."""
    marking: Marking | None = None
    """The paragraph's marking, or its cable's classification where it has none; None where neither is known."""

    @classmethod
    def of(cls, evidence: Evidence, cable: str = "") -> "Source":
        """The source that evidence is."""
        found = evidence.found
        return cls(
            key=found.paragraph.key,
            cable_id=found.cable_id,
            text=evidence.text,
            post=found.post or "",
            day=found.day,
            subject=found.subject or "",
            role=evidence.role,
            cable=cable,
            marking=evidence.marking,
        )

    @property
    def header_known(self) -> bool:
        """Whether its header was read; without it only the id tells the year and the post."""
        return bool(self.day or self.subject)

    @property
    def label(self) -> str:
        """The post that sent it, by its id where the header is not known."""
        own = posts().get(post_of(self.cable_id) or "")
        return self.post or (own.label if own else "")

    @cached_property
    def header(self) -> str:
        """What its header says, as text."""
        year = year_of(self.cable_id) or ""
        return f"{self.subject}. {self.label}. {day_in_words(self.day)}. {year}. {self.cable_id}"

    @classmethod
    def in_cable(cls, cable: Cable, paragraph: Paragraph, text: str = "") -> "Source":
        """A paragraph of a cable as a source; a `text` that is given stands for its own."""
        return cls(
            key=paragraph.key,
            cable_id=cable.id,
            text=text or paragraph.text,
            post=cable.post or "",
            day=day_of(cable),
            subject=cable.subject or "",
            role=paragraph.role,
            cable=_whole_text(cable),
            marking=paragraph.marking or cable.classification,
        )


def _whole_text(cable: Cable) -> str:
    return "\n".join(paragraph.text for paragraph in cable.paragraphs)


class SourceLookup:
    """Reads sources from the archive, as far as a view may see it; without a view it knows what it is given."""

    def __init__(self, view: CatalogView | None) -> None:
        self.view = view
        self._cable = lru_cache(maxsize=64)(view.cable if view else lambda cable_id: None)

    def of(self, evidence: Evidence) -> Source:
        """The source that a found paragraph is."""
        cable = self._cable(evidence.cable_id)
        return Source.of(evidence, _whole_text(cable) if cable else "")

    def find(self, cable_id: str, paragraph: int | str | None, text: str = "") -> Source | None:
        """A paragraph by its cable and its number or key; with a `text` one that the archive need not hold."""
        cable = self._cable(cable_id)
        if cable is None:
            return Source(f"{cable_id}.{paragraph}", cable_id, text) if text else None
        named = (f"{cable_id}.{paragraph}", str(paragraph))
        own = next((p for p in cable.paragraphs if p.key in named or p.number == paragraph), None)
        if own is None and text:
            own = Paragraph(named[0], None, text, Span(0, len(text)))
        return Source.in_cable(cable, own, text) if own else None

    def nearest(self, cable_id: str, sentence: str) -> Source | None:
        """The paragraph of a cable that shares most words with a sentence."""
        cable = self._cable(cable_id)
        if cable is None or not cable.paragraphs:
            return None
        said = analyse(sentence).lemmas
        held = {paragraph: analyse(paragraph.text).lemmas for paragraph in cable.paragraphs}
        best = max(held, key=lambda paragraph: len(said & held[paragraph]) / (len(held[paragraph]) + 10))
        return Source.in_cable(cable, best)
