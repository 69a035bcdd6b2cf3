import pytest
from telegrams import telegram

from cables.repair import damage, page_breaks
from cables.repair.offset_map import Edit, OffsetMap

DAMAGE = [
    (damage.unify_line_ends, "one\r\ntwo\rthree", "one\ntwo\nthree"),
    (damage.decode_entities, "&para;1. It&#8217;s&#x000A;done &amp; dusted", "¶1. It’s\ndone & dusted"),
    (damage.mend_mojibake, "Â¶1. CafÃ© in AsunciÃ³n", "¶1. Café in Asunción"),
    (damage.plain_spaces, "a\u00a0b\u200bc\ufeff", "a bc"),
    (
        damage.break_at_backslashes,
        "the first line\\ \nthe second\\ third",
        "the first line\n\nthe second\nthird",
    ),
    (damage.unlink_markdown, "TAGS: [PREL](#) [PO](/tag/PO_0.html)", "TAGS: PREL PO"),
    (
        page_breaks.drop_page_breaks,
        "He said that the\n\nLISBON 00000512  002 OF 002\n\n\nold pier had sunk.",
        "He said that the\nold pier had sunk.",
    ),
    (
        page_breaks.drop_page_breaks,
        "the end of it.\n\nPORT AU PR 00000512  002.2 OF 003\n\nSIPDIS\n\n¶3. (C) Next.",
        "the end of it.\n\n¶3. (C) Next.",
    ),
    (
        page_breaks.drop_page_breaks,
        "HE SAID\nCONFIDENTIAL\n\nPAGE 02  LISBON  00512  01 OF 02 140915Z\nTHAT",
        "HE SAID\nTHAT",
    ),
    (page_breaks.drop_page_breaks, "in the Lisbon 00000512 002 of 002 harbor", "in the\nharbor"),
    (
        page_breaks.drop_repeated_captions,
        "S E C R E T\n\nSIPDIS\n\nSIPDIS\n\nE.O. 12958: N/A\ntext\n\nSIPDIS\n\nthat goes on",
        "S E C R E T\n\nSIPDIS\n\nE.O. 12958: N/A\ntext\nthat goes on",
    ),
    (
        page_breaks.drop_repeated_subjects,
        "SUBJECT: THE MINISTER WANTS A PIER\n\n1. (C) He said the\n\n"
        "SUBJECT: THE MINISTER WANTS A PIER old one sank.",
        "SUBJECT: THE MINISTER WANTS A PIER\n\n1. (C) He said the\nold one sank.",
    ),
    (
        page_breaks.drop_section_headers,
        "C O N F I D E N T I A L SECTION 01 OF 02 LISBON 0512\nEXDIS\n\n1. HE SAID THE\n"
        "PAGE 01  LISBON  00512\n"
        "ACTION SS-25\nO 140915Z MAR 79\nFM AMEMBASSY LISBON\n"
        "C O N F I D E N T I A L SECTION 02 OF 02 LISBON 0512\n"
        "EXDIS\nPIER SANK.",
        "C O N F I D E N T I A L SECTION 01 OF 02 LISBON 0512\nEXDIS\n\n1. HE SAID THE\nPIER SANK.",
    ),
    (
        damage.restore_numbers,
        "11. (C) One.\n12. (C) Two.\n13. (C) Three.",
        "1. (C) One.\n2. (C) Two.\n3. (C) Three.",
    ),
    (
        damage.restore_numbers,
        "REF: 1A. LISBON 1\n1B. LISBON 2\n11. (C) a\n12. (C) b",
        "REF: A. LISBON 1\nB. LISBON 2\n1. (C) a\n2. (C) b",
    ),
    (
        damage.restore_numbers,
        "11. (C) In\n12007. the pier\n12. (C) sank on May\n116. It\n13. (C) c",
        "1. (C) In\n2007. the pier\n2. (C) sank on May\n16. It\n3. (C) c",
    ),
    (
        damage.restore_numbers,
        "1.(C) a\n12. (C) b\n13. (C) c\n4.(C) d\n",
        "1.(C) a\n2. (C) b\n3. (C) c\n4.(C) d\n",
    ),
    (damage.join_hyphen_wraps, "the report; a re-\nport", "the report; a report"),
    (damage.join_broken_words, "good reasons for reaso \nns of state", "good reasons for reasons of state"),
    (damage.mend_apostrophes, "the minister,s pier and POST,S view", "the minister's pier and POST'S view"),
    (damage.mend_quotes, "He called it &a sunken dream8 twice.", 'He called it "a sunken dream" twice.'),
]


@pytest.mark.parametrize(("mend", "damaged", "whole"), DAMAGE)
def test_each_repair_mends_its_damage(mend: damage.Repair, damaged: str, whole: str) -> None:
    assert mend(OffsetMap(damaged)).text == whole


@pytest.mark.parametrize("mend", [mend for mend, _ in damage.REPAIRS])
def test_each_repair_gives_clean_text_back_untouched(mend: damage.Repair) -> None:
    clean = OffsetMap(telegram())
    assert mend(clean) is clean


@pytest.mark.parametrize("mend", [mend for mend, _ in damage.REPAIRS])
def test_each_repair_done_twice_changes_no_more(mend: damage.Repair) -> None:
    for _, damaged, _ in DAMAGE:
        once = mend(OffsetMap(damaged)).text
        assert mend(OffsetMap(once)).text == once


@pytest.mark.parametrize(
    "text",
    [
        "".join(f"{number}. (C) Words.\n" for number in range(1, 16)),  # a true cable of fifteen paragraphs
        "This record is a partial extract of the original cable.\n17. (C) a\n18. (C) b\n19. (C) c\n",
        "".join(f"{number}. (C) Words.\n" for number in range(11, 25)),  # 19 is followed by 20, not by 110
        "¶11. (C) a\n¶12. (C) b\n",  # the pilcrows are there
        "1. (C) a\n2. (C) b\nin\n12. March was cold\n",
    ],
)
def test_true_numbers_are_not_stripped(text: str) -> None:
    traced = OffsetMap(text)
    assert damage.restore_numbers(traced) is traced


@pytest.mark.parametrize(
    "text", ["[Name removed] said", "R&D and AT&T paid 8.", "Smith, Sam and others", "A ship, steaming"]
)
def test_brackets_ampersands_and_commas_of_prose_stay(text: str) -> None:
    traced = OffsetMap(text)
    assert damage.unlink_markdown(traced) is traced
    assert damage.mend_quotes(traced) is traced
    assert damage.mend_apostrophes(traced) is traced


def test_a_hyphen_stays_where_the_joined_word_is_unknown() -> None:
    traced = OffsetMap("a US-\nPortuguese plan")
    assert damage.join_hyphen_wraps(traced) is traced


def test_mend_says_what_it_did() -> None:
    _, notes = damage.mend("11. (C) One,s.\n12. (C) Two.\n13. (C) Three.")
    assert notes == ("pilcrows that had become a 1 restored", "lost apostrophes restored")


def test_edits_keep_the_way_back_through_several_rounds() -> None:
    traced = OffsetMap("aa&para;bb cc").edit([Edit(2, 8, "¶")]).edit([Edit(0, 2), Edit(5, 6, "--")])
    assert traced.text == "¶bb--cc"
    assert traced.span(0, 1) == (span := traced.span(0, 1))
    assert (span.start, span.end) == (2, 8)
    tail = traced.span(5, 7)
    assert traced.text[5:7] == "aa&para;bb cc"[tail.start : tail.end] == "cc"
