"""No marking of a cable is passed over."""

from dataclasses import replace
from pathlib import Path

import pytest
from telegrams import telegram

from cables import Level, Marking, MarkingState, parse_telegram
from cables.audit import unread_markings

SHARED = (Path(__file__).parents[2] / "../shared/cables").resolve()


def test_a_caption_that_was_dropped_is_found() -> None:
    cable = parse_telegram(telegram(captions="NOFORN"))
    assert not unread_markings(cable)
    open_cable = replace(cable, captions=(), classification=Marking(Level.UNCLASSIFIED))
    assert len(unread_markings(open_cable)) == 2


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables are not here: ../shared/cables")
def test_every_marking_of_the_real_cables_is_read() -> None:
    found = {}
    for path in sorted(SHARED.glob("*.txt")):
        cable = parse_telegram(path.read_text(encoding="utf-8"), id=path.stem)
        assert cable.marking_state is MarkingState.MARKED, path.stem
        if problems := unread_markings(cable):
            found[path.stem] = problems
    assert not found
