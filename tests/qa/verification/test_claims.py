"""Lines of sentences with what they cite, and their levels."""

import json
from collections.abc import Sequence
from typing import Any

import pytest

from qa.llm.streaming import Meter
from qa.verification.claims import MAX_TOGETHER, check_claims, read_claim
from qa.verification.reading import Claim, Reading
from qa.verification.sources import SourceLookup
from tests.qa.verification.conftest import TALKS
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive


class Agreeing:
    """A reader that confirms all; it keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Claim] = []

    def read(self, claims: Sequence[Claim], meter: Meter | None = None) -> list[Reading]:
        self.asked += claims
        return [Reading(supported=True, score=0.9)] * len(claims)


def line(**changes: Any) -> str:
    evidence = [{"cable": "08PARIS90001", "paragraph": 2, "text": TALKS}]
    return json.dumps({"id": "a", "sentence": "Beijing turned Tokyo down.", "evidence": evidence} | changes)


@pytest.fixture
def nothing() -> SourceLookup:
    """Without an archive."""
    return SourceLookup(None)


def test_a_text_that_is_given_needs_no_archive(nothing: SourceLookup) -> None:
    (checked,) = check_claims([read_claim(line(), 1, nothing)])
    assert checked.as_json() == {
        "id": "a",
        "level": "cited",
        "reason": "it is in other words than the paragraph's, and nobody has confirmed it",
        "score": None,
    }


def test_a_reader_confirms_and_gives_its_score(nothing: SourceLookup) -> None:
    reader = Agreeing()
    drafts = [read_claim(line(id=n), n, nothing) for n in range(MAX_TOGETHER + 3)]
    checked = [one.as_json() for one in check_claims(drafts, reader)]
    assert [one["id"] for one in checked] == list(range(MAX_TOGETHER + 3))
    assert {(one["level"], one["score"]) for one in checked} == {("confirmed", 0.9)}
    assert len(reader.asked) == len(drafts)


def test_a_quote_may_stand_in_any_of_several_paragraphs(nothing: SourceLookup) -> None:
    evidence = [
        {"cable": "08PARIS90001", "paragraph": n, "text": text} for n, text in ((1, "Other."), (2, TALKS))
    ]
    drafts = [
        read_claim(line(evidence=evidence, quote=quote), 1, nothing)
        for quote in ("had refused Japan's bid", "had welcomed Japan's bid")
    ]
    assert [one.check.level for one in check_claims(drafts)] == ["cited", "refuted"]


def test_a_paragraph_of_the_archive_needs_no_text(archive: Archive) -> None:
    lookup = SourceLookup(archive.view(EVERYTHING))
    cited = [{"cable": "08 Beijing 90014", "paragraph": 3}]
    (checked,) = check_claims(
        [read_claim(line(evidence=cited, sentence="In May it rained in Rome."), 1, lookup)]
    )
    assert checked.sources[0].key == "08BEIJING90014.3"
    assert "Rome" in checked.check.reason or "May" in checked.check.reason


def test_what_the_archive_does_not_hold_is_said(archive: Archive) -> None:
    lookup = SourceLookup(archive.view(EVERYTHING))
    (checked,) = check_claims(
        [read_claim(line(evidence=[{"cable": "99NOWHERE1", "paragraph": 4}]), 1, lookup)]
    )
    assert (checked.check.level, checked.check.reason) == (
        "refuted",
        "the archive does not hold 99NOWHERE1 ¶4",
    )


@pytest.mark.parametrize("wrong", ["[]", "{}", '{"sentence": "", "evidence": []}', "no JSON"])
def test_a_line_that_is_no_claim_is_an_error(nothing: SourceLookup, wrong: str) -> None:
    with pytest.raises((ValueError, KeyError, TypeError)):
        read_claim(wrong, 1, nothing)
