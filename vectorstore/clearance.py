"""Who may see what: the one rule by which every reading of the archive is narrowed."""

from dataclasses import dataclass

from cables.model import Level


@dataclass(frozen=True, slots=True)
class Clearance:
    """The highest level that a reader may see.

    A paragraph's level is its cable's classification or its own marking, whichever is higher.
    """

    level: Level


EVERYTHING = Clearance(Level.TOP_SECRET)
"""For the one person whose archive it is; front doors pass it on purpose, nothing assumes it."""
