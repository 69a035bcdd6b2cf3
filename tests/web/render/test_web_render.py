"""HTML from answers and cables, without a browser."""

import re
from dataclasses import replace
from datetime import UTC, datetime

from cables import Cable, Level, Marking, Paragraph, Span, parse_telegram
from qa.answer import Answer, Citation, Outcome, ProofLevel, Sentence
from vectorstore.query import QueryHints
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import ParagraphHit
from web.render.answer import render_exchange, render_live
from web.render.charts import network, timeline
from web.render.evidence import further_questions
from web.render.formatting import day_words, size, topic
from web.render.reader import Reading, Stop, render_reader
from web.render.text import marked, own_acronyms
from web.services.conversation import Conversation, Exchange

TEXT = "The minister <b>agreed</b>. He asked for time."


def paragraph(text: str = TEXT, number: int | None = 3, key: str = "08ROME90001.3") -> Paragraph:
    return Paragraph(key, number, text, Span(0, len(text)), Marking(Level.SECRET, ("NOFORN",)))


def evidence(text: str = TEXT, key: str = "08ROME90001.3", **why: float) -> Evidence:
    cable_id = key.partition(".")[0]
    found = ParagraphHit(
        1, cable_id, "Embassy Rome", 20080417, "ROME & THE SEA", Level.SECRET, paragraph(text, key=key)
    )
    return Evidence(found, 1.0, 0.7, why or {"words": 0.6, "meaning": 0.4})


def answer(**changes: object) -> Answer:
    citation = Citation(1, evidence(), ("He asked for time.",), ProofLevel.VERBATIM)
    values: dict[str, object] = {
        "question": "What did he ask?", "sentences": (Sentence("He asked for time.", (1,), ProofLevel.VERBATIM),),
        "citations": (citation,), "evidence": (evidence(), evidence("Other.", "08ROME90002.1")),
        "banner": Marking(Level.SECRET, ("NOFORN",)),
    }  # fmt: skip
    return Answer(**(values | changes))  # type: ignore[arg-type]


def html(given: Answer) -> str:
    return render_live(Conversation("c1", exchanges=(Exchange(given.question, given),)))


def test_a_marker_links_to_its_paragraph() -> None:
    assert 'href="?cable=08ROME90001&amp;para=3"' in html(answer())


def test_text_of_cables_and_questions_is_escaped_everywhere() -> None:
    evil = '<img src=x onerror="alert(1)">'
    given = answer(
        question=evil,
        sentences=(Sentence(evil, (1,), ProofLevel.REFUTED, lead=evil, reason=evil),),
        citations=(Citation(1, evidence(evil), (evil,), ProofLevel.VERBATIM),),
        evidence=(evidence(evil), evidence(evil, "08ROME90002.1")),
        hints=QueryHints(cables=(evil,)),
        **dict.fromkeys(("notice", "interpretation", "model"), evil),
    )
    assert "<img" not in html(given)
    assert "<img" not in html(
        answer(question=evil, outcome=Outcome.REFUSED, absent=(evil,), sentences=(), citations=())
    )


def test_a_refuted_sentence_is_struck_with_its_reason() -> None:
    given = answer(sentences=(Sentence("He left.", (1,), ProofLevel.REFUTED, reason="No such words."),))
    assert "<s><span>He left.</span></s>" in html(given)
    assert "No such words." in html(given)


def test_sentences_of_one_source_share_their_marker() -> None:
    sentences = (
        Sentence("First.", (1,), ProofLevel.VERBATIM),
        Sentence("Second.", (1,), ProofLevel.VERBATIM, elided=True),
    )
    page = html(answer(sentences=sentences))
    assert page.count('class="marker"') == 1
    assert "[…] Second." in page


def test_the_banner_carries_level_and_caveats() -> None:
    assert "SECRET//NOFORN" in html(answer())


def test_what_was_read_out_of_the_question_is_shown() -> None:
    page = html(
        answer(
            hints=QueryHints(posts=("Embassy Rome",), since=20080401, until=20080430),
            interpretation="What about him?",
        )
    )
    assert "1 April 2008 to 30 April 2008" in page
    assert "Embassy Rome" in page
    assert "What about him?" in page


def test_a_refusal_names_what_the_archive_never_heard_of_and_the_nearest_cables() -> None:
    page = html(answer(outcome=Outcome.REFUSED, sentences=(), citations=(), banner=None, absent=("Zagreb",)))
    assert "Zagreb" in page
    nearest = page.partition('<ul class="nearest">')[2].partition("</ul>")[0]
    assert nearest.count("<li>") == 2


def test_evidence_that_is_not_cited_is_listed_with_scores_and_why() -> None:
    page = html(answer())
    assert "1 more paragraph found and not cited" in page
    assert "near in meaning" in page


def test_exchanges_of_one_conversation_have_different_ids() -> None:
    talk = Conversation("c1", exchanges=(Exchange("One?", answer()), Exchange("Two?", answer())))
    assert 'id="xc1-0"' in render_exchange(talk, 0)
    assert 'id="xc1-1"' in render_exchange(talk, 1)


def test_the_chain_reads_earlier_answers_with_the_keys_that_they_cite() -> None:
    _, told = Conversation("c1", exchanges=(Exchange("One?", answer()),)).history()
    assert (told.content, told.cited) == ("He asked for time. [1]", ("08ROME90001.3",))


def test_a_quote_is_marked_exactly() -> None:
    assert marked(TEXT, ("He asked for time.",)).endswith("<mark>He asked for time.</mark>")


def test_a_quote_over_a_line_break_is_marked() -> None:
    assert marked("one\ntwo three", ("one two",)) == "<mark>one\ntwo</mark> three"


def test_a_quote_that_does_not_stand_there_marks_nothing() -> None:
    assert "<mark>" not in marked(TEXT, ("He asked for money.",))


def test_quotes_that_overlap_are_marked_once() -> None:
    assert marked("a b c d", ("a b c", "b c d")) == "<mark>a b c</mark> d"


def cable() -> Cable:
    return Cable(
        "08ROME90001",
        TEXT,
        (paragraph(),),
        post="Embassy Rome",
        date=datetime(2008, 4, 17, 11, 46, tzinfo=UTC),
        subject="ROME <AND> THE SEA",
        classification=Marking(Level.SECRET),
    )


def test_the_reader_marks_the_cited_paragraph_and_its_quote() -> None:
    stop = Stop(1, "08ROME90001", "08ROME90001.3", ("He asked for time.",))
    page = render_reader(Reading(cable(), "08ROME90001.3", (stop,), 0, 1))
    assert 'class="para role-body cited current"' in page
    assert "<mark>He asked for time.</mark>" in page


def test_the_reader_escapes_the_cable() -> None:
    page = render_reader(Reading(cable()))
    assert "ROME &lt;AND&gt; THE SEA" in page
    assert "<b>agreed" not in page


def test_a_subject_takes_the_case_of_the_cables_own_words() -> None:
    text = "SUBJECT: MOSCOW'S GAS WAR\n\n1. (C) A gas quarrel in Moscow. The gas war cost Moscow dear."
    assert topic(parse_telegram(text, id="09MOSCOW90001")) == "Moscow's gas war"


def test_days_and_sizes_are_written_for_readers() -> None:
    assert day_words(20080417) == "17 April 2008"
    assert (size(512), size(3_200_000)) == ("512 bytes", "3.2 MB")


def test_an_acronym_is_explained_once_by_the_cable_itself_or_the_glossary() -> None:
    own = own_acronyms(["The Ministry of Foreign Affairs (MOFA) and the Group of Four (G-4) met."])
    assert own == {"MOFA": "Ministry of Foreign Affairs"}
    page = marked("MOFA told MOFA.", (), own)
    assert page == '<abbr title="Ministry of Foreign Affairs">MOFA</abbr> told MOFA.'


def test_explaining_acronyms_never_changes_the_words() -> None:
    text = "The DCM & the FM <met>; NATO agreed."
    plain = re.sub(r"<[^>]+>", "", marked(text, ("the FM",)))
    assert plain == "The DCM &amp; the FM &lt;met&gt;; NATO agreed."


def test_words_in_capitals_throughout_stay_plain() -> None:
    assert "<abbr" not in marked("NATO AND THE FM AGREED.", ())


def test_the_timeline_fills_the_dots_of_cited_cables() -> None:
    other = replace(
        evidence("Other.", "09ROME90002.1"),
        found=replace(evidence().found, cable_id="09ROME90002", day=20090101),
    )
    page = timeline(answer(evidence=(evidence(), other)))
    assert page.count('class="cited"') == 1
    assert page.count('class="other"') == 1


def test_evidence_of_one_day_has_no_timeline() -> None:
    assert timeline(answer()) == ""


def test_the_network_links_the_cables_on_both_sides() -> None:
    page = network("08ROME90001", ["08PARIS90001"], ["09ROME90003"])
    assert 'data-read="08PARIS90001"' in page
    assert 'data-read="09ROME90003"' in page


def test_follow_ups_ask_posts_that_the_answer_does_not_cite() -> None:
    other = replace(
        evidence("Other.", "08PARIS90002.1"), found=replace(evidence().found, post="Embassy Paris")
    )
    assert further_questions(answer(evidence=(evidence(), other))) == [
        "What does Embassy Paris say about that?"
    ]
