"""The reader pane: which cable, which paragraph, with which marks."""

from cables import ids
from vectorstore.view import View
from web.conversation import Conversation
from web.render_reader import Reading, Stop, render_missing, render_reader


def read(
    view: View,
    cable_id: str,
    para: str | None = None,
    *,
    conversation: Conversation | None = None,
    place: int | None = None,
    n: int | None = None,
    original: bool = False,
) -> str:
    """A cable as HTML. `para` is the paragraph's part of its key; `place` and `n` tell the marker."""
    cable = view.cable(ids.canonical(cable_id) or cable_id)
    if cable is None:
        return str(render_missing(cable_id))
    stops = _stops(conversation, place)
    keys = {paragraph.key for paragraph in cable.paragraphs}
    key = f"{cable.id}.{para}" if para else None
    referred = [reference.cable_id for reference in cable.references if reference.cable_id]
    reading = Reading(
        cable, key if key in keys else None, stops, place, n,
        known=view.contains(referred), cited_by=view.cited_by(cable.id), original=original,
    )  # fmt: skip
    return str(render_reader(reading))


def _stops(conversation: Conversation | None, place: int | None) -> tuple[Stop, ...]:
    """The citations of one answer of the conversation."""
    if conversation is None or place is None or not 0 <= place < len(conversation.exchanges):
        return ()
    answer = conversation.exchanges[place].answer
    if answer is None:
        return ()
    return tuple(Stop(c.n, c.evidence.cable_id, c.evidence.key, c.quotes) for c in answer.citations)
