"""Questions to begin with."""

from servers import wait_until

from qa.answer import Outcome, Question
from qa.factory import build_chain
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from web.services.starters import Starters, passages, starters


def test_what_posts_write_about_beside_their_own_country_is_suggested(archive: Archive) -> None:
    suggested = list(passages(archive.view(EVERYTHING)))
    assert suggested[0] == "What does Embassy Beijing say about Japan?"
    assert "What does Embassy Ankara say about Iraq?" in suggested


def test_what_is_suggested_is_of_several_kinds_and_answered(archive: Archive) -> None:
    chain = build_chain(archive, EVERYTHING)
    answers = [chain.invoke(Question(text)) for text in starters(chain)]
    assert len({answer.kind for answer in answers}) == 3
    assert {answer.outcome for answer in answers} == {Outcome.ANSWERED}


def test_starters_are_tried_once_for_each_clearance(archive: Archive) -> None:
    chain, known = build_chain(archive, EVERYTHING), Starters()
    assert known.of(chain) is None
    wait_until(lambda: known.of(chain) is not None)
    assert known.of(chain) is known.of(chain)
