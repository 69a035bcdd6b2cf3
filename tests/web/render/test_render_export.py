"""What is saved from the chat: whole files inside of links, of the answers that are shown."""

import re
from base64 import b64decode

from qa.answer import Answer, ProofLevel, Sentence
from web.render.answer import render_live, render_transcript
from web.render.export import file_name, render_save
from web.services.conversation import Conversation, Exchange


def files(markup: str) -> dict[str, str]:
    """The files in the links, by name."""
    found = re.findall(r'href="data:[\w/]+;charset=utf-8;base64,([\w+/=]+)" download="([^"]+)"', markup)
    return {name: b64decode(data).decode() for data, name in found}


def answer(question: str) -> Answer:
    return Answer(question, sentences=(Sentence(f"About {question}", (), level=ProofLevel.VERBATIM),))


def test_an_answer_is_saved_in_three_forms_under_its_question() -> None:
    saved = files(str(render_save([answer("Why <did> it rain?")], "Save as")))
    assert set(saved) == {
        "reftel-why-did-it-rain.md",
        "reftel-why-did-it-rain.html",
        "reftel-why-did-it-rain.json",
    }
    assert "Why &lt;did&gt; it rain?" in saved["reftel-why-did-it-rain.html"]


def test_the_last_answer_saves_the_conversation_too() -> None:
    asked = Conversation(exchanges=(Exchange("One?", answer("One?")), Exchange("Two?", answer("Two?"))))
    live = render_live(asked)
    assert "Save the conversation as" in live
    assert "Save the conversation as" not in render_transcript(asked)
    assert re.search(r"About One\?.*About Two\?", files(live)["reftel-one.md"], re.DOTALL)


def test_a_file_name_holds_letters_and_hyphens_only() -> None:
    assert file_name("../../etc/passwd \u202e<b>") == "reftel-etc-passwd-b"
    assert file_name("¿?") == "reftel"
