"""Who may see what: levels, caveats and need-to-know groups, and what a cable asks of its reader."""

from collections.abc import Iterator
from dataclasses import dataclass

from cables.model import Cable, Level, Paragraph

ALL = frozenset({"*"})
"""Every caveat, or every group."""
NOFORN = "NOFORN"
LIMITING_CAPTIONS = frozenset(
    {NOFORN, "NODIS", "EXDIS", "LIMDIS", "STADIS", "NOCONTRACT", "ROGER CHANNEL", "ORCON"}
)
"""Captions that limit who may read a cable, as caveats do; SIPDIS and SENSITIVE do not."""


@dataclass(frozen=True, slots=True)
class Clearance:
    """What a reader may see: nothing above `level`, no caveat and no group that is not named.

    A paragraph's level is its cable's classification or its own marking, whichever is higher; it carries its
    cable's caveats and its own. Who holds NOFORN may also see what is released to somebody (REL).
    """

    level: Level
    caveats: frozenset[str] = frozenset()
    groups: frozenset[str] = frozenset()

    @property
    def whole(self) -> bool:
        """Whether nothing is kept from this reader."""
        return self == EVERYTHING


EVERYTHING = Clearance(Level.TOP_SECRET, ALL, ALL)
"""For the one person whose archive it is; the page and the commands pass it on purpose, nothing assumes it."""


def level_of(cable: Cable, paragraph: Paragraph | None = None) -> Level:
    """The clearance needed: the higher of the cable's classification and the paragraph's marking."""
    own = cable.classification.level if cable.classification else Level.UNCLASSIFIED
    if paragraph is None or paragraph.marking is None:
        return own
    return max(own, paragraph.marking.level)


def required_caveats(cable: Cable) -> Iterator[tuple[str, str]]:
    """(paragraph's key, caveat) that its reader must hold; the key is empty for the whole cable."""
    own = cable.classification.caveats if cable.classification else ()
    for caveat in dict.fromkeys(
        (*own, *(caption for caption in cable.captions if caption in LIMITING_CAPTIONS))
    ):
        yield "", caveat
    for paragraph in cable.paragraphs:
        for caveat in paragraph.marking.caveats if paragraph.marking else ():
            yield paragraph.key, caveat
