"""What the page sends along with an event."""

import gradio as gr
import pytest

from web.panes.components import data_of


def test_the_values_that_were_sent_are_given_by_name() -> None:
    assert data_of(gr.EventData(None, {"data": {"cable": "08BEIJING90014"}})) == {"cable": "08BEIJING90014"}


@pytest.mark.parametrize("sent", [None, [], "x", 1])
def test_anything_but_named_values_is_nothing(sent: object) -> None:
    assert data_of(gr.EventData(None, {"data": sent})) == {}
