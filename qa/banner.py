"""The banner: the highest marking among the paragraphs that an answer cites."""

from collections.abc import Iterable

from cables import Marking
from qa.answer import Citation


def banner(citations: Iterable[Citation]) -> Marking | None:
    """The highest level with all caveats of the cited paragraphs; None where nothing is cited."""
    markings = [citation.evidence.marking for citation in citations]
    if not markings:
        return None
    caveats = dict.fromkeys(caveat for marking in markings for caveat in marking.caveats)
    return Marking(max(marking.level for marking in markings), tuple(caveats))
