"""The banner is the highest marking among the cited paragraphs, with all their caveats."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from cables import Level, Marking
from qa.answer import Citation, ProofLevel, banner
from vectorstore.retrieval.evidence import Evidence

SBU, SECRET = Marking(Level.SBU), Marking(Level.SECRET)
NOFORN, REL = Marking(Level.CONFIDENTIAL, ("NOFORN",)), Marking(Level.SECRET, ("REL NATO",))


@pytest.fixture
def marked(paragraph: Callable[..., Evidence]) -> Callable[[Marking | None], Citation]:
    """A citation of a paragraph with this marking, in a CONFIDENTIAL cable."""

    def make(marking: Marking | None) -> Citation:
        evidence = paragraph("Text.")
        own = replace(evidence.found.paragraph, marking=marking)
        return Citation(
            1, replace(evidence, found=replace(evidence.found, paragraph=own)), (), level=ProofLevel.VERBATIM
        )

    return make


@pytest.mark.parametrize(
    ("markings", "expected"),
    [
        ([SBU], SBU),
        ([SBU, SECRET], SECRET),
        ([NOFORN, SECRET], Marking(Level.SECRET, ("NOFORN",))),
        ([NOFORN, REL, NOFORN], Marking(Level.SECRET, ("NOFORN", "REL NATO"))),
        ([None], Marking(Level.CONFIDENTIAL)),
        ([None, SBU], Marking(Level.CONFIDENTIAL)),
    ],
)
def test_the_banner_covers_every_cited_paragraph(
    marked: Callable[[Marking | None], Citation], markings: list[Marking | None], expected: Marking
) -> None:
    assert banner([marked(marking) for marking in markings]) == expected


def test_an_answer_that_cites_nothing_has_no_banner() -> None:
    assert banner([]) is None
