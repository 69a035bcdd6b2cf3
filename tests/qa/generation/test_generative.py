"""The answerer with a chat model, over a real HTTP server that speaks OpenAI's protocol and Ollama's."""

import re
from collections.abc import Callable, Iterator

import pytest

from qa.answer import Answer, Outcome, ProofLevel, Question
from qa.chain import Chain
from qa.generation.generative import LENGTHS, GenerativeAnswerer
from qa.generation.page import MAX_SENTENCES
from qa.llm.models import open_model
from qa.verification.reading import ChatReader
from qa.verification.sources import SourceLookup
from tests.model_server import Broken, ModelRequest, ModelServer, Script, Status

QUESTION = "Why did China refuse Japan's bid?"
REASON = "the Chinese public would not accept a permanent seat for Japan"
TIMEOUT = 2.0

Ask = Callable[..., Answer]


READING = "Answer with one line for each key"
"""What tells the reading prompt from the others."""


def writing_chain(
    chain: Chain, model: ModelServer, timeout: float = TIMEOUT, name: str = "openai:scripted"
) -> Chain:
    """The chain with the scripted model as its writer and reader."""
    url = model.ollama_url if name.startswith("ollama") else model.url
    chat = open_model(name, url=url, timeout=timeout)
    lookup = SourceLookup(chain.retriever.view)
    reader = ChatReader(chat, timeout=timeout)
    writing = GenerativeAnswerer(chat, name, lookup, reader=reader, timeout=timeout)
    return chain.written_by(writing)


@pytest.fixture
def ask(chain: Chain, model: ModelServer) -> Ask:
    """Asks a question over the samples with the model playing a script, and another one when it reads."""

    def ask(
        script: Script,
        question: str = QUESTION,
        timeout: float = TIMEOUT,
        reading: Script | None = None,
        name: str = "openai:scripted",
    ) -> Answer:
        def either(asked: ModelRequest) -> Iterator[str]:
            return (reading or agreeing)(asked) if READING in asked.text else script(asked)

        model.script = either
        return writing_chain(chain, model, timeout, name).invoke(Question(question))

    return ask


def agreeing(asked: ModelRequest) -> Iterator[str]:
    """Confirms all but the control."""
    for key, sentence in re.findall(
        r"^key: (\w+)\n(?:before: .*\n)?sentence: (.*)$", asked.text, re.MULTILINE
    ):
        yield f"{key} {'yes' if 'China' in sentence or 'Chinese' in sentence else 'no'}\n"


def saying(*pieces: str) -> Script:
    """A script that says the same to everything."""
    return lambda asked: iter(pieces)


def good(asked: ModelRequest) -> Iterator[str]:
    key = asked.key_of(REASON)
    yield f'China refused because its public would not accept a permanent seat for Japan [{key}: "'
    yield f'{REASON}"].'


def test_a_proven_sentence_is_verified_and_cites_its_paragraph(ask: Ask) -> None:
    answer = ask(good)
    (sentence,), (citation,) = answer.sentences, answer.citations
    assert sentence.verified
    assert (citation.evidence.key, answer.model, answer.notice) == ("08BEIJING90014.3", "openai:scripted", "")
    assert REASON in " ".join(citation.quotes[0].split())


def test_ollamas_protocol_is_spoken_and_its_tokens_are_counted(ask: Ask) -> None:
    answer = ask(good, name="ollama:scripted")
    assert (answer.sentences[0].level, answer.model, answer.notice) == (
        ProofLevel.CONFIRMED,
        "ollama:scripted",
        "",
    )
    assert (answer.usage.calls, answer.usage.tokens_in, answer.usage.tokens_out) == (2, 1000, 80)


def test_states_grow_by_checked_sentences_and_only_the_last_is_done(chain: Chain, model: ModelServer) -> None:
    def two(asked: ModelRequest) -> Iterator[str]:
        if READING in asked.text:
            yield from agreeing(asked)
            return
        yield from good(asked)
        yield f' He gave two reasons [{asked.key_of(REASON)}: "gave two reasons"].'

    model.script = two
    states = list(writing_chain(chain, model).stream(Question(QUESTION)))
    assert states[0].model == ""  # the quotes, while the model writes
    assert all(sentence.verified for sentence in states[0].sentences)
    counts = [len(state.sentences) for state in states if state.model]
    assert (counts, counts[0], counts[-1]) == (sorted(counts), 1, 2)
    assert [state.done for state in states] == [False] * (len(states) - 1) + [True]


def test_the_quotes_stay_until_the_first_sentence_of_a_slow_model_stands(
    chain: Chain, model: ModelServer
) -> None:
    states: list[Answer] = []

    def slow(asked: ModelRequest) -> Iterator[str]:
        yield "China "
        asked.stop.wait(1.5)  # longer than a silence that is told
        yield from list(good(asked))

    model.script = slow
    for state in writing_chain(chain, model, timeout=5).stream(Question(QUESTION)):
        states.append(state)
    assert len([state for state in states if not state.model]) > 2
    assert all(state.sentences for state in states)
    assert states[-1].model


def test_an_overflowing_context_is_tried_again_with_less(chain: Chain, model: ModelServer) -> None:
    def overflowing(asked: ModelRequest) -> Iterator[str]:
        if READING not in asked.text and len(model.asked) == 1:
            raise Status(400)
        yield from agreeing(asked) if READING in asked.text else good(asked)

    model.script = overflowing
    answer = writing_chain(chain, model).invoke(Question(QUESTION))
    assert (answer.model, answer.notice, answer.sentences[0].verified) == ("openai:scripted", "", True)
    assert len(model.asked[1].text) <= len(model.asked[0].text)


def test_the_length_asked_for_follows_the_kind(ask: Ask, model: ModelServer) -> None:
    ask(good)
    ask(good, "List the reasons why China refused Japan's bid.")
    passage, enumeration = [asked.text for asked in model.asked if "Length:" in asked.text]
    assert "one sentence for a single fact" in passage
    assert "for each thing that is asked for" in enumeration


def test_every_kind_that_a_model_writes_has_a_length(chain: Chain) -> None:
    assert {kind for kind, answerer in chain.answerers.items() if answerer.written} == set(LENGTHS)


def test_a_sentence_is_cited_until_it_is_read_and_then_confirmed(chain: Chain, model: ModelServer) -> None:
    model.script = lambda asked: agreeing(asked) if READING in asked.text else good(asked)
    states = [state for state in writing_chain(chain, model).stream(Question(QUESTION)) if state.model]
    assert states[0].sentences[0].level is ProofLevel.CITED
    assert states[-1].sentences[0].level is ProofLevel.CONFIRMED
    assert states[-1].usage.calls == 2


def test_a_reading_that_says_no_shows_the_cables_words(ask: Ask) -> None:
    def refusing(asked: ModelRequest) -> Iterator[str]:
        for key in asked.keys:
            yield f"{key} no: its public would not accept\n"

    answer = ask(lambda asked: iter([*good(asked), " ", *good_again(asked)]), reading=refusing)
    assert answer.sentences[0].level is ProofLevel.REFUTED
    assert REASON in " ".join(answer.text.split())
    assert "does not say" in answer.sentences[0].reason


def good_again(asked: ModelRequest) -> Iterator[str]:
    yield "The war was still a living memory there."
    yield f' [{asked.key_of(REASON)}: "{REASON}"]'


def test_a_reader_that_answers_badly_leaves_sentences_cited(ask: Ask) -> None:
    answer = ask(good, reading=saying("All fine!"))
    assert (answer.sentences[0].level, answer.notice) == (ProofLevel.CITED, "")


def test_the_last_line_may_say_what_the_archive_does_not(ask: Ask) -> None:
    def gap(asked: ModelRequest) -> Iterator[str]:
        yield from good(asked)
        yield "\nNOT SAID: When Japan made its bid."

    answer = ask(gap)
    assert answer.gap == "Not said in these passages: when Japan made its bid."
    assert len(answer.sentences) == 1


@pytest.mark.parametrize(
    "gap", ["that 45 ships sank", 'why he said "the moon"', "the role of Napoleon Bonaparte"]
)
def test_a_gap_that_makes_something_up_is_not_shown(ask: Ask, gap: str) -> None:
    assert ask(lambda asked: iter([*good(asked), f"\nNOT SAID: {gap}."])).gap == ""


def test_a_false_sentence_gives_way_to_the_cables_words(ask: Ask) -> None:
    def mixed(asked: ModelRequest) -> Iterator[str]:
        yield from good(asked)
        yield f' China agreed to 45 new seats [{asked.key_of(REASON)}: "{REASON}"].'

    answer = ask(mixed)
    assert [sentence.verified for sentence in answer.sentences] == [True, False]
    assert "45" in answer.sentences[1].reason
    assert "45 new seats" not in answer.text
    assert REASON in answer.sentences[1].instead


def test_a_sentence_without_a_marker_gets_the_paragraph_that_says_it(ask: Ask) -> None:
    answer = ask(saying("The Chinese public would not accept a permanent seat for Japan."))
    assert answer.sentences[0].verified
    assert answer.citations[0].evidence.key == "08BEIJING90014.3"


def test_a_quote_under_another_paragraphs_key_is_not_verified(ask: Ask) -> None:
    def swapped(asked: ModelRequest) -> Iterator[str]:
        right = asked.key_of(REASON)
        yield from good(asked)
        wrong = next(key for key in asked.keys if key != right)
        yield f' The war was still a living memory [{wrong}: "the war was still a living memory"].'

    assert "quote" in ask(swapped).sentences[1].reason


def test_a_model_that_finds_no_answer_refuses_and_says_what_is_near(ask: Ask) -> None:
    answer = ask(saying("NO ", "ANSWER: the nearest paragraphs ", "are about China's refusal."))
    assert (answer.outcome, answer.sentences, answer.refused) == (Outcome.REFUSED, (), True)
    assert answer.gap == "Not said in these passages: the nearest paragraphs are about China's refusal."
    assert "found no answer" in answer.notice


def test_a_question_that_the_archive_cannot_answer_never_reaches_the_model(
    ask: Ask, model: ModelServer
) -> None:
    answer = ask(good, "What is the recipe for sourdough bread with olives?")
    assert (answer.outcome, model.asked) == (Outcome.REFUSED, [])


def waiting(asked: ModelRequest) -> Iterator[str]:
    yield "China "
    asked.stop.wait(300)


def silent(asked: ModelRequest) -> Iterator[str]:
    asked.stop.wait(300)
    yield ""


def endless(asked: ModelRequest) -> Iterator[str]:
    while not asked.stop.is_set():
        yield "The delegations sang to the moon. "


def wordy(asked: ModelRequest) -> Iterator[str]:
    for n in range(10_000):
        yield f"The moon rose over the talks on day {n}. "


def cut(asked: ModelRequest) -> Iterator[str]:
    yield "China refus"
    raise Broken


def failing(code: int) -> Script:
    def script(asked: ModelRequest) -> Iterator[str]:
        if code:
            raise Status(code)
        yield ""

    return script


MISBEHAVIOURS: dict[str, Script] = {
    "says nothing": saying(""),
    "answers in JSON of its own": saying('{"result": {"text": ', '"China"}}'),
    "answers in broken JSON": saying('{"answer": "China'),
    "answers in another language": saying("La Chine a refusé parce que le public ne l'accepterait pas."),
    "refuses": saying("I'm sorry, but I can't help with that."),
    "invents keys": saying('China refused [zz9z: "because it wished to"].'),
    "cites by number": saying("The moon is made of cheese [1]."),
    "cuts the stream": cut,
    "ends in mid-sentence": saying("China refus"),
    "stops in mid-answer": waiting,
    "is silent": silent,
    "never ends": endless,
    "writes a book": wordy,
    "only thinks": saying("<think>", "What is asked here? " * 40),
    "fails with 429": failing(429),
    "fails with 500": failing(500),
    "fails with 401": failing(401),
    "fails with 404": failing(404),
}


@pytest.mark.parametrize("script", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_a_model_that_misbehaves_ends_in_quotes_with_a_notice(ask: Ask, script: Script) -> None:
    answer = ask(script)
    assert answer.done
    assert answer.notice.endswith("These are the cables' own words instead.")
    assert answer.sentences
    assert all(sentence.verified for sentence in answer.sentences)
    assert answer.citations[0].evidence.key in {"08BEIJING90014.3", "08BEIJING90014.1", "08BEIJING90014.4"}


def test_what_was_proven_before_a_model_broke_off_is_kept_with_a_notice(ask: Ask) -> None:
    def broken(asked: ModelRequest) -> Iterator[str]:
        yield from good(asked)
        yield " It also"
        raise Broken

    answer = ask(broken)
    assert answer.sentences[0].verified
    assert "failed" in answer.notice


def test_an_answer_wrapped_in_json_or_after_thoughts_is_unwrapped(ask: Ask) -> None:
    text = "The Chinese public would not accept a permanent seat for Japan."
    assert ask(saying(f'```json\n{{"answer": "{text}"}}\n```')).sentences[0].text == text
    assert ask(saying("<think>Let me", " see.</think>", text)).sentences[0].text == text


def test_an_answer_is_cut_after_a_score_of_sentences(ask: Ask) -> None:
    def many(asked: ModelRequest) -> Iterator[str]:
        yield from good(asked)
        yield from (f" The moon rose {n} times." for n in range(40))

    answer = ask(many)
    assert len(answer.sentences) == MAX_SENTENCES
    assert "stopped" in answer.notice


def test_links_images_and_markup_of_a_model_do_not_reach_the_answer(ask: Ask) -> None:
    def decorated(asked: ModelRequest) -> Iterator[str]:
        key = asked.key_of(REASON)
        yield "## Note\n\n- **China** refused because ![x](http://evil.example/p) <img src=//evil.example> "
        yield "its public "
        yield "would not accept [a permanent seat](https://evil.example) for Japan. "
        yield f'[{key}: "{REASON}"]'
        yield " See https://evil.example/more for details."

    answer = ask(decorated)
    assert "evil.example" not in answer.text
    assert "<img" not in answer.text
    assert (
        answer.sentences[1].text
        == "China refused because its public would not accept a permanent seat for Japan."
    )


def test_an_embassys_comment_says_whose_it_is(ask: Ask) -> None:
    quote = "neither can ever be shown to be satisfied"

    def comment(asked: ModelRequest) -> Iterator[str]:
        yield f'China\'s two arguments are useful because {quote} [{asked.key_of(quote)}: "{quote}"].'

    answer = ask(comment, "Why are China's two arguments against Japan's bid useful to it?")
    assert answer.sentences[0].lead == "Embassy Beijing comments:"
