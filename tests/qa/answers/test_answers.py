"""Each kind of answer over the samples, without a chat model."""

from qa.answer import BlockKind, Kind, Outcome, ProofLevel, Question
from qa.chain import Chain
from vectorstore.query import Filters, Phrase, TextQuery

CABLE = "08BEIJING90014"


def test_a_greeting_searches_and_cites_nothing(chain: Chain) -> None:
    answer = chain.invoke(Question("hello"))
    assert (answer.kind, answer.citations, answer.evidence, answer.banner) == (Kind.ABOUT, (), (), None)
    assert answer.text


def test_the_archive_tells_its_own_size(chain: Chain) -> None:
    cables, _ = chain.retriever.view.count()
    assert f"{cables:,} cables" in chain.invoke(Question("How many cables do you have?")).text


def test_a_cable_is_summed_up_from_its_own_paragraphs(chain: Chain) -> None:
    answer = chain.invoke(Question(f"Summarise {CABLE}"))
    assert {citation.evidence.cable_id for citation in answer.citations} == {CABLE}
    assert len(answer.citations) > 2
    assert CABLE in answer.sentences[0].text
    assert answer.sentences[0].level is ProofLevel.CATALOG


def test_a_cable_that_is_not_there_is_refused_by_its_id(chain: Chain) -> None:
    answer = chain.invoke(Question("Summarise 08BEIJING99999"))
    assert answer.outcome is Outcome.REFUSED
    assert "08BEIJING99999" in answer.notice


def test_a_count_is_exact_and_says_what_was_counted(chain: Chain) -> None:
    filters = Filters(text=TextQuery(((Phrase("Japan"),),)))
    _, total = chain.retriever.view.listed(filters)
    first = chain.invoke(Question("How many cables mention Japan?")).sentences[0]
    assert first.text.startswith(f"{total} ")
    assert "Japan" in first.text


def test_a_count_is_limited_to_what_the_question_names(chain: Chain) -> None:
    filters = Filters(posts=("Embassy Beijing",))
    _, total = chain.retriever.view.listed(filters)
    assert chain.invoke(Question("How many cables are from Embassy Beijing?")).text.startswith(f"{total} ")


def test_the_latest_and_the_first_cable_come_first(chain: Chain) -> None:
    rows, _ = chain.retriever.view.listed(Filters(since=1), limit=1)
    oldest, _ = chain.retriever.view.listed(Filters(since=1), down=False, limit=1)
    latest = chain.invoke(Question("What is the latest cable?"))
    first = chain.invoke(Question("Which is the oldest cable?"))
    assert latest.citations[0].evidence.found.day == rows[0].day
    assert first.citations[0].evidence.found.day == oldest[0].day


def test_a_phrase_is_found_verbatim_or_refused(chain: Chain) -> None:
    cable = chain.retriever.view.cable(CABLE)
    assert cable is not None
    words = " ".join(cable.paragraphs[1].text.split()[3:9]).strip(".,")
    answer = chain.invoke(Question(f'"{words}"'))
    assert answer.citations[0].evidence.key == cable.paragraphs[1].key
    assert chain.invoke(Question('"the herring wore a purple hat"')).refused


def test_rows_of_a_timeline_are_in_order_and_dated(chain: Chain) -> None:
    answer = chain.invoke(Question("Give me a timeline of Japan's bid for a seat on the Security Council"))
    assert answer.kind is Kind.TIMELINE
    assert answer.blocks[0].kind is BlockKind.ROWS
    assert all(sentence.lead.endswith(":") and sentence.citations for sentence in answer.sentences)


def test_a_comparison_has_a_column_a_side(chain: Chain) -> None:
    answer = chain.invoke(Question("Compare China and Japan on Security Council reform"))
    assert [block.kind for block in answer.blocks] == [BlockKind.TABLE] * 2


def test_somebody_whom_no_cable_names_has_no_profile(chain: Chain) -> None:
    assert chain.invoke(Question("Who is Jorunn Blomqvistdottir?")).refused


def test_the_reader_may_ask_for_another_kind(chain: Chain) -> None:
    asked = Question("Why did China refuse Japan's bid?", kind=Kind.TIMELINE)
    assert chain.invoke(asked).kind is Kind.TIMELINE


def test_a_premise_that_no_cable_says_is_named(chain: Chain) -> None:
    answer = chain.invoke(Question("Why did Qadhafi resign?"))
    assert answer.refused or "does not say that Qadhafi resigned" in answer.gap
