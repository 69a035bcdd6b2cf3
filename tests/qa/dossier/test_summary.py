"""A dossier's summary, by a scripted chat model behind a real server."""

from collections.abc import Iterator

import pytest

from qa.chain import Chain
from qa.dossier.composer import DossierComposer
from qa.dossier.dossier import Dossier, Pin
from qa.dossier.summary import summary_of
from qa.factory import build_chain
from qa.llm.models import ModelOptions
from tests.model_server import ModelRequest, ModelServer
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive

JAPAN = Dossier("d", "The seat", "Japan", pins=(Pin("09RIYADH90187.1"),))
REFUSED = "China refused Japan's bid for a permanent seat"


@pytest.fixture
def written(archive: Archive, model: ModelServer) -> Chain:
    """The chain over the samples with the scripted model as its writer, and nobody who reads a second time."""
    return build_chain(
        archive,
        EVERYTHING,
        ModelOptions(model="openai:scripted", url=model.url, timeout=5, check_model="none"),
    )


def test_without_a_chat_model_there_is_none(chain: Chain) -> None:
    assert summary_of(DossierComposer(chain).compose(JAPAN), chain) is None


def test_its_sentences_are_checked_against_their_paragraphs(written: Chain, model: ModelServer) -> None:
    def writes(asked: ModelRequest) -> Iterator[str]:
        key = asked.key_of(REFUSED)
        yield f'China refused Japan a permanent seat. [{key}: "{REFUSED}"]\n'
        yield f'China sold 900 ships to Japan. [{key}: "{REFUSED}"]\n'

    model.script = writes
    summary = summary_of(DossierComposer(written).compose(JAPAN), written)
    assert summary is not None
    assert "China refused Japan a permanent seat." in summary.text
    assert "900 ships" not in summary.text
    assert [citation.evidence.key for citation in summary.citations] == ["08BEIJING90014.1"]


def test_the_model_is_given_paragraphs_of_the_dossier_and_what_was_pinned(
    written: Chain, model: ModelServer
) -> None:
    page = DossierComposer(written).compose(JAPAN)
    summary = summary_of(page, written)
    assert summary is not None
    cables = {evidence.cable_id for evidence in page.quoted}
    assert {evidence.cable_id for evidence in summary.evidence} <= cables
    assert summary.evidence[0].key == "09RIYADH90187.1"


def test_where_nothing_is_found_no_model_is_asked(written: Chain, model: ModelServer) -> None:
    page = DossierComposer(written).compose(Dossier("d", "X", "Blomqvistdottir"))
    assert summary_of(page, written) is None
    assert model.asked == []
