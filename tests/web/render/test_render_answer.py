"""An answer's HTML, without a browser."""

from render_examples import answer, evidence

from qa.answer import (
    Answer,
    Block,
    BlockKind,
    Citation,
    Kind,
    Outcome,
    ProofLevel,
    Sentence,
    Slot,
    SlotKind,
    Tally,
    Usage,
)
from web.render.answer import KINDS, LIKELY_KINDS, render_exchange, render_live, segments_of
from web.services.conversation import Conversation, Exchange


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
        slots=(Slot(SlotKind.NAME, evil), Slot(SlotKind.PHRASE, evil, carried=True)),
        blocks=(Block(BlockKind.ROWS, evil, 0, 1),),
        tallies=(Tally(evil, ((evil, 1),)),),
        **dict.fromkeys(("notice", "interpretation", "model"), evil),
    )
    assert "<img" not in html(given)
    assert "<img" not in html(
        answer(question=evil, outcome=Outcome.REFUSED, absent=(evil,), sentences=(), citations=())
    )


def test_the_cables_words_stand_in_the_place_of_a_refuted_sentence_and_the_models_one_click_away() -> None:
    refuted = Sentence("He left.", (1,), ProofLevel.REFUTED, reason="No such words", instead="He stayed.")
    prose, _, behind = html(answer(sentences=(refuted,))).partition('<details class="replaced"')
    assert ("<span>He stayed.</span>" in prose, "He left." in prose) == (True, False)
    assert ("He left." in behind, "No such words" in behind) == (True, True)


def test_confirmed_sentences_of_a_model_have_a_tick_and_cited_ones_none() -> None:
    sentences = (Sentence("One.", (1,), ProofLevel.CONFIRMED), Sentence("Two.", (1,), ProofLevel.CITED))
    page = html(answer(sentences=sentences, model="openai:m"))
    assert page.count("✓") == 1
    assert "<span>Two.</span>" in page


def test_steps_gap_and_costs_of_a_written_answer_are_shown() -> None:
    page = html(
        answer(steps=("Searching Rome",), gap="It does not say why.", model="m", usage=Usage(2, 900, 100))
    )
    for words in ("<li>Searching Rome</li>", "It does not say why.", "2 searches, 1,000 tokens in 2 calls"):
        assert words in page


def test_a_source_names_its_subject_and_its_card_shows_the_sentences_around_the_quote() -> None:
    page = html(answer())
    source = page.partition('<ol class="sources"')[2].partition("</ol>")[0]
    assert '<span class="about">ROME &amp; THE SEA</span>' in source
    assert "The minister &lt;b&gt;agreed&lt;/b&gt;. <mark>He asked for time.</mark>" in source


def test_a_source_unfolds_to_its_whole_paragraph_with_the_quotes_marked() -> None:
    source = html(answer()).partition('<details class="in-context">')[2].partition("</details>")[0]
    assert "<summary>The paragraph, quotes marked</summary>" in source
    assert source.count("<mark>") == 1
    assert "The minister &lt;b&gt;agreed&lt;/b&gt;. <mark>He asked for time.</mark>" in source


def test_sentences_of_one_source_share_their_marker() -> None:
    sentences = (
        Sentence("First.", (1,), ProofLevel.VERBATIM),
        Sentence("Second.", (1,), ProofLevel.VERBATIM, elided=True),
    )
    page = html(answer(sentences=sentences))
    assert page.count('class="marker"') == 1
    assert "[…] Second." in page


def said(*texts: str) -> tuple[Sentence, ...]:
    return tuple(Sentence(text, (1,), ProofLevel.VERBATIM) for text in texts)


def test_columns_of_a_table_stand_beside_each_other_and_prose_around_them() -> None:
    blocks = (Block(BlockKind.TABLE, "Rome", 1, 3), Block(BlockKind.TABLE, "Paris", 3, 4))
    segments = segments_of(
        answer(sentences=said("Two say.", "Yes.", "Soon.", "No.", "So far."), blocks=blocks)
    )
    assert [segment.kind.value for segment in segments] == ["prose", "table", "prose"]
    assert [column.title for column in segments[1].columns] == ["Rome", "Paris"]
    assert [len(group.sentences) for group in segments[1].columns[0].groups] == [2]


def test_rows_stand_each_by_itself_with_their_own_marker() -> None:
    sentences = said("He came.", "He left.")
    page = html(answer(sentences=sentences, blocks=(Block(BlockKind.ROWS, "In order", 0, 2),)))
    assert page.count('class="marker"') == 2
    assert page.partition('<div class="rows">')[2].partition("</ol>")[0].count("<li>") == 2


def test_what_was_counted_is_broken_down() -> None:
    page = html(answer(tallies=(Tally("By year", (("2008", 1200), ("2009", 3))),)))
    assert "<b>1,200</b>" in page


def test_the_banner_carries_level_and_caveats() -> None:
    assert "SECRET//NOFORN" in html(answer())


def test_what_was_read_out_of_the_question_is_shown() -> None:
    page = html(
        answer(
            kind=Kind.TIMELINE,
            slots=(Slot(SlotKind.POST, "Embassy Rome"), Slot(SlotKind.TAG, "PHUM", carried=True)),
            interpretation="What about him?",
        )
    )
    assert "Read as <b>timeline</b>" in page
    assert 'aria-label="Leave out Embassy Rome"' in page
    assert page.count("from before") == 1
    assert "Human rights" in page
    assert 'data-kind="overview"' in page
    assert "What about him?" in page


def test_what_is_called_the_same_is_shown_once_and_a_month_only_with_its_period() -> None:
    slots = (
        Slot(SlotKind.NAME, "April"),
        Slot(SlotKind.NAME, "SECRET"),
        Slot(SlotKind.LEVEL, "SECRET"),
        Slot(SlotKind.PERIOD, "17 April 2008"),
    )
    page = html(answer(slots=slots))
    assert page.count('aria-label="Leave out SECRET"') == 1
    assert 'aria-label="Leave out April"' not in page


def test_a_refusal_names_what_the_archive_never_heard_of_and_the_nearest_cables() -> None:
    page = html(answer(outcome=Outcome.REFUSED, sentences=(), citations=(), banner=None, absent=("Zagreb",)))
    assert "Zagreb" in page
    nearest = page.partition('<ul class="nearest">')[2].partition("</ul>")[0]
    assert nearest.count("<li>") == 2


def test_evidence_that_is_not_cited_is_listed_with_scores_and_why() -> None:
    page = html(answer())
    assert "1 more paragraph found and not cited" in page
    assert "near in meaning: partly" in page


def test_exchanges_of_one_conversation_have_different_ids() -> None:
    talk = Conversation("c1", exchanges=(Exchange("One?", answer()), Exchange("Two?", answer())))
    assert 'id="xc1-0"' in render_exchange(talk, 0)
    assert 'id="xc1-1"' in render_exchange(talk, 1)


def test_every_kind_of_question_has_a_name_for_readers_and_others_to_try() -> None:
    assert set(KINDS) == set(LIKELY_KINDS) == set(Kind)
