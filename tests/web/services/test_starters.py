"""Questions to begin with."""

from servers import wait_until

from cables import parse_telegram
from qa.answer import Outcome, Question
from qa.factory import build_chain
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from web.services.starters import Starters, starters, topic


def test_a_subject_takes_the_case_of_the_cables_own_words() -> None:
    text = "SUBJECT: MOSCOW'S GAS WAR\n\n1. (C) A gas quarrel in Moscow. The gas war cost Moscow dear."
    assert topic(parse_telegram(text, id="09MOSCOW90001")) == "Moscow's gas war"


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
