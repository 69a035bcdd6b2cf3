"""The whole chain over the samples: from a question to an answer that its cables prove."""

from typing import Any

import pytest

from cables import Level
from qa.answer import Answer, Kind, Outcome, ProofLevel, Question, Turn
from qa.chain import Chain
from qa.factory import build_chain
from qa.llm.models import ModelOptions
from tests.model_server import ModelServer
from vectorstore.access import EVERYTHING, Clearance
from vectorstore.archive import Archive
from vectorstore.query import Filters


@pytest.fixture(scope="module")
def answers(chain: Chain, sample_questions: list[dict[str, Any]]) -> dict[str, Answer]:
    """The answers to all sample questions, by the question's id."""
    found = {}
    for row in sample_questions:
        history = tuple(Turn(turn["role"], turn["content"]) for turn in row["history"])
        found[row["id"]] = chain.invoke(Question(row["question"], history))
    return found


def test_the_first_five_hold_a_gold_paragraph_for_nine_questions_of_ten(
    answers: dict[str, Answer], sample_questions: list[dict[str, Any]]
) -> None:
    asked = [row for row in sample_questions if row["answerable"]]
    missed = []
    for row in asked:
        good = {(g["cable"], n) for g in [*row["gold"], *row.get("also", [])] for n in g["paragraphs"]}
        if not good & {(e.cable_id, e.number) for e in answers[row["id"]].evidence[:5]}:
            missed.append(row["id"])
    assert len(missed) <= len(asked) // 10, missed


def test_most_facts_stand_in_the_answers(
    answers: dict[str, Answer], sample_questions: list[dict[str, Any]]
) -> None:
    groups = [(answers[row["id"]].text.lower(), group) for row in sample_questions for group in row["facts"]]
    held = sum(any(option.lower() in text for option in group) for text, group in groups)
    assert held >= 0.6 * len(groups)


def test_every_quote_is_verbatim_in_its_paragraph_in_the_archive(
    archive: Archive, answers: dict[str, Answer]
) -> None:
    view = archive.view(EVERYTHING)
    for answer in answers.values():
        for citation in answer.citations:
            cable = view.cable(citation.evidence.cable_id)
            assert cable is not None
            text = next(p.text for p in cable.paragraphs if p.key == citation.evidence.key)
            assert citation.quotes
            assert all(quote in text for quote in citation.quotes)


def test_every_sentence_is_cited_and_every_citation_is_evidence(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        numbers = {citation.n for citation in answer.citations}
        quoted = [s for s in answer.sentences if s.level is not ProofLevel.CATALOG]
        assert all(sentence.citations and set(sentence.citations) <= numbers for sentence in quoted)
        assert {c.evidence.key for c in answer.citations} <= {e.key for e in answer.evidence}


def test_citations_are_numbered_in_the_order_of_reading(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        read = list(dict.fromkeys(n for sentence in answer.sentences for n in sentence.citations))
        assert read == [citation.n for citation in answer.citations] == list(range(1, len(read) + 1))


def test_the_banner_is_the_highest_marking_cited(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        levels = [citation.evidence.marking.level for citation in answer.citations]
        assert (answer.banner.level if answer.banner else None) == max(levels, default=None)


def test_a_refusal_cites_nothing_and_offers_the_nearest_cables(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        if answer.refused:
            assert (answer.citations, answer.sentences) == ((), ())
            assert answer.evidence


def test_a_question_about_a_place_that_no_cable_names_is_refused_and_the_place_told(
    answers: dict[str, Answer], sample_questions: list[dict[str, Any]]
) -> None:
    (asked,) = (row["id"] for row in sample_questions if "Lima" in row["question"])
    assert (answers[asked].outcome, answers[asked].absent) == (Outcome.REFUSED, ("Lima",))


def test_few_answerable_questions_are_refused(
    answers: dict[str, Answer], sample_questions: list[dict[str, Any]]
) -> None:
    refused = [row["id"] for row in sample_questions if row["answerable"] and answers[row["id"]].refused]
    assert len(refused) <= 1, refused


def test_passages_have_at_most_150_words_and_other_answers_400(answers: dict[str, Answer]) -> None:
    words = [(answer.kind, len(answer.text.split())) for answer in answers.values()]
    assert max(count for kind, count in words if kind is Kind.PASSAGE) <= 150
    assert max(count for _, count in words) <= 400


def test_an_embassys_comment_is_never_given_as_what_its_host_said(answers: dict[str, Answer]) -> None:
    for answer in answers.values():
        evidence = {c.n: c.evidence for c in answer.citations}
        quoted = [
            sentence for _, sentences in answer.paragraphs for sentence in sentences if sentence.citations
        ]
        leads = {evidence[s.citations[0]].key: s.lead for s in reversed(quoted)}  # each paragraph's first one
        comments = {e.key for e in evidence.values() if e.role == "comment"}
        assert all("comment" in leads[key].lower() for key in comments)


def test_every_streamed_state_is_whole_and_only_the_last_is_done(chain: Chain) -> None:
    states = list(chain.stream(Question("Why did China refuse Japan's bid?")))
    assert [state.done for state in states] == [False] * (len(states) - 1) + [True]
    assert all(state.question and state.evidence for state in states)


def test_the_same_question_has_the_same_answer(chain: Chain) -> None:
    question = Question("Why did China refuse Japan's bid?")
    assert chain.invoke(question).text == chain.invoke(question).text


HISTORY = (
    Turn("user", "Why did China refuse Japan's bid?"),
    Turn("assistant", "Its public was against it."),
)
FOLLOW_UP = Question("And what did they say about India?", HISTORY)


def test_a_follow_up_says_how_it_was_understood(chain: Chain) -> None:
    assert "Japan" in chain.invoke(FOLLOW_UP).interpretation


def test_a_follow_up_is_answered_by_what_it_asks_itself(chain: Chain) -> None:
    best = [s.text for s in chain.invoke(Question("And how many votes did India count?", HISTORY)).sentences]
    assert "118 sure votes" in best[0]


@pytest.mark.parametrize(
    ("restated", "understood"),
    [
        (
            "What did China say about India when it refused Japan's bid?",
            "What did China say about India when it refused Japan's bid?",
        ),
        (
            "What did Brazil say about India?",
            "Why did China refuse Japan's bid? And what did they say about India?",
        ),
    ],
)
def test_a_chat_model_restates_a_follow_up_unless_it_puts_in_what_nobody_said(
    archive: Archive, model: ModelServer, restated: str, understood: str
) -> None:
    model.script = lambda asked: iter([restated])
    chain = build_chain(archive, EVERYTHING, ModelOptions("openai:scripted", model.url))
    assert chain.read(FOLLOW_UP).interpretation == understood
    assert len(model.asked) == 1


def test_a_chat_model_is_not_asked_what_a_question_means_that_stands_alone(
    archive: Archive, model: ModelServer
) -> None:
    chain = build_chain(archive, EVERYTHING, ModelOptions("openai:scripted", model.url))
    assert chain.read(Question("Why did Brazil want wheat farms?", HISTORY)).interpretation == ""
    assert model.asked == []


def test_a_filter_holds_for_the_whole_answer(chain: Chain) -> None:
    question = Question("Why did China refuse Japan's bid?", filters=Filters(posts=("Embassy Tokyo",)))
    assert {e.found.post for e in chain.invoke(question).evidence} == {"Embassy Tokyo"}


@pytest.mark.parametrize("level", [Level.UNCLASSIFIED, Level.SBU, Level.CONFIDENTIAL])
def test_nothing_above_the_clearance_is_in_an_answer(
    archive: Archive, sample_questions: list[dict[str, Any]], level: Level
) -> None:
    low = build_chain(archive, Clearance(level))
    for row in sample_questions[::4]:
        answer = low.invoke(Question(row["question"]))
        assert all(max(e.found.classification, e.marking.level) <= level for e in answer.evidence)


@pytest.mark.parametrize(
    "text", ["?", "x", "the the the", "🙂🙂", "SELECT * FROM cables; --", "a " * 3000, "<script>"]
)
def test_an_odd_question_gets_an_answer_or_a_refusal(chain: Chain, text: str) -> None:
    assert chain.invoke(Question(text)).done


def test_a_conversation_over_its_own_answers_keeps_to_its_topic(chain: Chain) -> None:
    history: tuple[Turn, ...] = ()
    said: dict[str, Answer] = {}
    for text in (
        "How many cables from Beijing mention Japan?",
        "and from Tokyo?",
        "list them",
        "Summarise the first one",
        "When was it sent?",
        "thanks",
        "Why did China refuse Japan's bid?",
        "shorter",
    ):
        said[text] = answer = chain.invoke(Question(text, history))
        cited = tuple(citation.evidence.key for citation in answer.citations)
        history = (*history, Turn("user", text), Turn("assistant", answer.text, cited))
    assert "1 cable from Embassy Tokyo holds “Japan”" in said["and from Tokyo?"].text
    assert {c.evidence.cable_id for c in said["list them"].citations} == {"08TOKYO90031"}
    assert said["Summarise the first one"].kind is Kind.CABLE
    assert "08TOKYO90031 was sent" in said["When was it sent?"].text
    assert len(said["shorter"].sentences) == 2
    assert said["shorter"].text.split()[:20] == said["Why did China refuse Japan's bid?"].text.split()[:20]
