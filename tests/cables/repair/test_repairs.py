"""Every repair on the damage that it is for, on clean text and on its own result."""

import pytest
from telegrams import telegram

from cables.repair import broken_words, characters, page_breaks, pilcrow_numbers
from cables.repair.offset_map import OffsetMap
from cables.repair.repairs import REPAIRS, Repair, repair_text

DAMAGE = [
    (characters.unify_line_ends, "one\r\ntwo\rthree", "one\ntwo\nthree"),
    (characters.decode_entities, "&para;1. It&#8217;s&#x000A;done &amp; dusted", "¶1. It’s\ndone & dusted"),
    (characters.repair_mojibake, "Â¶1. CafÃ© in AsunciÃ³n", "¶1. Café in Asunción"),
    (characters.plain_spaces, "a\u00a0b\u200bc\ufeff", "a bc"),
    (
        characters.break_at_backslashes,
        "the first line\\ \nthe second\\ third",
        "the first line\nthe second\nthird",
    ),
    (characters.shorten_gaps, "he said" + " " * 4000 + "that", "he said  that"),
    (characters.shorten_gaps, "he said." + " \n" * 400 + "2. (C) Next.", "he said.\n\n2. (C) Next."),
    (characters.unlink_markdown, "TAGS: [PREL](#) [PO](/tag/PO_0.html)", "TAGS: PREL PO"),
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
        "the end of it.\n\nPORT AU PR 00000512  002.2 OF 003\n\n  SIPDIS\n \n  SENSITIVE\n\n¶3. (C) Next.",
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
        pilcrow_numbers.restore_numbers,
        "11. (C) One.\n12. (C) Two.\n13. (C) Three.",
        "1. (C) One.\n2. (C) Two.\n3. (C) Three.",
    ),
    (
        pilcrow_numbers.restore_numbers,
        "REF: 1A. LISBON 1\n1B. LISBON 2\n11. (C) a\n12. (C) b",
        "REF: A. LISBON 1\nB. LISBON 2\n1. (C) a\n2. (C) b",
    ),
    (
        pilcrow_numbers.restore_numbers,
        "11. (C) In\n12007. the pier\n12. (C) sank on May\n116. It\n13. (C) c",
        "1. (C) In\n2007. the pier\n2. (C) sank on May\n16. It\n3. (C) c",
    ),
    (
        pilcrow_numbers.restore_numbers,
        "1.(C) a\n12. (C) b\n13. (C) c\n4.(C) d\n",
        "1.(C) a\n2. (C) b\n3. (C) c\n4.(C) d\n",
    ),
    (broken_words.join_hyphen_wraps, "the report; a re-\nport", "the report; a report"),
    (
        broken_words.join_broken_words,
        "good reasons for reaso \nns of state",
        "good reasons for reasons of state",
    ),
    (
        characters.restore_apostrophes,
        "the minister,s pier and POST,S view",
        "the minister's pier and POST'S view",
    ),
    (
        characters.restore_quotes,
        "He called it &a sunken dream8 twice.",
        'He called it "a sunken dream" twice.',
    ),
]


@pytest.mark.parametrize(("repair", "damaged", "whole"), DAMAGE)
def test_each_repair_undoes_its_damage(repair: Repair, damaged: str, whole: str) -> None:
    assert repair(OffsetMap(damaged)).text == whole


@pytest.mark.parametrize("repair", [repair for repair, _ in REPAIRS])
def test_each_repair_gives_clean_text_back_untouched(repair: Repair) -> None:
    clean = OffsetMap(telegram())
    assert repair(clean) is clean


@pytest.mark.parametrize("repair", [repair for repair, _ in REPAIRS])
def test_each_repair_done_twice_changes_no_more(repair: Repair) -> None:
    for _, damaged, _ in DAMAGE:
        once = repair(OffsetMap(damaged)).text
        assert repair(OffsetMap(once)).text == once


def test_the_notes_say_what_was_repaired() -> None:
    _, notes = repair_text("11. (C) One,s.\n12. (C) Two.\n13. (C) Three.")
    assert notes == ("pilcrows that had become a 1 restored", "lost apostrophes restored")


def test_text_below_a_repeated_subject_is_no_part_of_it() -> None:
    once = "SUBJECT: THE OLD HARBOR AND ITS PIER\n\n1. (C) The minister came by sea.\n\n"
    text = repair_text(once + once)[0].text
    assert text.count("The minister came by sea.") == 2
    assert text.count("SUBJECT:") == 1
