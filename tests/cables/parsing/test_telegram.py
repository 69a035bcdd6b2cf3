from datetime import UTC, datetime
from pathlib import Path

import pytest
from telegrams import BODY, FIELDS, HEADER, telegram

from cables import Level, Marking, ReferenceKind, Role, parse_telegram

SHARED = (Path(__file__).parents[3] / "../shared/cables").resolve()


def test_every_field_of_a_clean_telegram_is_read() -> None:
    cable = parse_telegram(telegram())
    assert cable.id == "07LISBON512"
    assert cable.post == "Embassy Lisbon"
    assert cable.date == datetime(2007, 3, 14, 9, 15, tzinfo=UTC)
    assert cable.precedence == "IMMEDIATE"
    assert cable.transmission_id == "VZCZCXRO0417"
    assert cable.sender
    assert cable.sender.name == "AMEMBASSY LISBON"
    assert [a.name for a in cable.action] == ["SECSTATE WASHDC"]
    assert [a.name for a in cable.info] == ["AMEMBASSY MADRID", "EUROPEAN POLITICAL COLLECTIVE", "NSC WASHDC"]
    assert cable.classification == Marking(Level.CONFIDENTIAL)
    assert cable.captions == ("SIPDIS",)
    assert cable.passing == ("STATE FOR EUR/WE",)
    assert cable.declassify == "2017-03-14"
    assert [tag.code for tag in cable.tags] == ["PREL", "ECON", "PO"]
    assert cable.subject == "HARBOR TALKS: THE MINISTER WANTS A PIER, NOT A PROMISE"
    assert [(r.label, r.cable_id) for r in cable.references] == [("A", "07LISBON498"), ("B", "06MADRID2210")]
    assert all(r.kind is ReferenceKind.CABLE for r in cable.references)
    assert cable.classified_by == "DCM Ada Example"
    assert cable.reasons == ("1.4(b)", "1.4(d)")
    assert cable.signature == "EXAMPLE"
    assert cable.notes == ()


def test_paragraphs_come_clean_with_section_marking_and_role() -> None:
    first, second, third = parse_telegram(telegram()).paragraphs
    assert (first.key, first.number, first.role, first.section) == ("07LISBON512.1", 1, Role.SUMMARY, None)
    assert first.text == (
        "Summary: The harbor minister asked for a pier. He expects an answer by May. End summary."
    )
    assert (second.section, second.role) == ("The Minister's Wish", Role.BODY)
    assert second.marking == Marking(Level.CONFIDENTIAL)
    assert (third.role, third.marking) == (Role.COMMENT, Marking(Level.SBU))


def test_a_span_runs_from_the_number_to_the_last_character() -> None:
    cable = parse_telegram(telegram())
    span = cable.paragraphs[1].span
    assert cable.original[span.start : span.end].startswith("2. (C) On March 12")
    assert cable.original[span.start : span.end].endswith("a new one was needed.")


def test_spans_point_into_the_original_through_repairs() -> None:
    damaged = telegram(
        body=BODY.replace("1. (C)", "&para;1. (C)").replace("minister told", "minister&#8217;s aide told")
    )
    cable = parse_telegram(damaged)
    span = cable.paragraphs[1].span
    assert damaged[span.start : span.end].startswith("2. (C) On March 12")
    assert "minister’s aide told" in cable.paragraphs[1].text


def test_a_given_id_stays_and_the_one_in_the_text_becomes_an_alias() -> None:
    cable = parse_telegram(telegram(), id="07MADRID1")
    assert (cable.id, cable.aliases) == ("07MADRID1", ("07LISBON512",))
    assert "id in the text differs: 07LISBON512" in cable.notes


def test_repeated_and_missing_numbers_keep_unique_keys_and_are_noted() -> None:
    body = "1. (C) One.\n\n2. (C) Two.\n\n2. (C) Two again.\n\n4. (C) Four.\n"
    cable = parse_telegram(telegram(body=body))
    assert [p.key.split(".")[1] for p in cable.paragraphs] == ["1", "2", "2-2", "4"]
    assert "paragraph numbers repeated: 2" in cable.notes
    assert "paragraph numbers missing: 3" in cable.notes


def test_a_cable_without_numbers_has_one_unnumbered_paragraph() -> None:
    cable = parse_telegram(
        telegram(body="(SBU) The desk officer took the points and promised a reply.\n\nEXAMPLE")
    )
    assert [(p.key, p.number, p.marking) for p in cable.paragraphs] == [
        ("07LISBON512.u1", None, Marking(Level.SBU))
    ]
    assert cable.signature == "EXAMPLE"


@pytest.mark.parametrize("line", ["SENSITIVE", "SENSITIVE\nSIPDIS"])
def test_unclas_with_the_caption_sensitive_is_sbu(line: str) -> None:
    cable = parse_telegram(telegram(classification="UNCLAS LISBON 000512", captions=line))
    assert cable.classification == Marking(Level.SBU)


def test_the_caption_noforn_joins_the_classification() -> None:
    cable = parse_telegram(telegram(captions="NOFORN\nSIPDIS"))
    assert cable.classification == Marking(Level.CONFIDENTIAL, ("NOFORN",))
    assert cable.captions == ("NOFORN", "SIPDIS")


@pytest.mark.parametrize(
    "words", ["C O R R E C T E D  C O P Y", "CORRECTED COPY (ADDED TAGS)", "C O R R E C T COPY - X"]
)
def test_a_corrected_copy_is_known(words: str) -> None:
    assert parse_telegram(telegram(captions=f"SIPDIS\n\n{words}")).corrected


def test_a_header_that_an_archive_printed_again_is_no_passing_instruction_and_its_captions_count() -> None:
    again = (
        "SIPDIS\n\nFM AMEMBASSY LISBON\nTO SECSTATE WASHDC IMMEDIATE\nINFO AMEMBASSY MADRID\nNSC WASHDC\n\n"
        "C o n f i d e n t i a l lisbon 000512\n\nNoforn"
    )
    cable = parse_telegram(telegram().replace("SIPDIS", again, 1))
    assert cable.passing == ("STATE FOR EUR/WE",)
    assert cable.captions == ("SIPDIS", "NOFORN")


def test_a_newspapers_print_footer_is_no_paragraph_and_hides_no_signature() -> None:
    footer = "\n\nTrack impresión: lmora @ Sat Dec 4 19:20:36 2010. Este documento es propiedad de EL PAÍS\nID:\t187536\n"
    clean = parse_telegram(telegram())
    cable = parse_telegram(telegram() + footer)
    assert cable.signature == clean.signature
    assert [p.text for p in cable.paragraphs] == [p.text for p in clean.paragraphs]


def test_the_date_line_of_a_published_edition_is_no_passing_instruction() -> None:
    cable = parse_telegram(telegram(header=HEADER + "\nWednesday, 14 March 2007, 09:15"))
    assert cable.passing == ("STATE FOR EUR/WE",)


def test_a_handling_notice_is_no_paragraph() -> None:
    body = "Sensitive but unclassified. Please protect accordingly.\n\n" + BODY
    assert [p.number for p in parse_telegram(telegram(body=body)).paragraphs] == [1, 2, 3]


def test_a_fragment_parses_as_far_as_it_goes() -> None:
    cable = parse_telegram("TAGS: PREL, PO\nSUBJECT: A FRAGMENT OF A CABLE\n")
    assert [tag.code for tag in cable.tags] == ["PREL", "PO"]
    assert cable.subject == "A FRAGMENT OF A CABLE"
    assert "no paragraphs" in cable.notes
    assert "no date-time group" in cable.notes


@pytest.mark.parametrize(
    "text", ["", "\n", "¶", "1.", "\x00", "FM", "TAGS:", "(C)", "S E C R E T", "REF:", "\ufeff"]
)
def test_the_smallest_texts_do_not_raise(text: str) -> None:
    assert parse_telegram(text).original == text


def test_classified_by_as_first_paragraph_is_no_text() -> None:
    fields = FIELDS.split("\n\nClassified")[0]
    block = "1. (U) Classified by Ambassador Ada Example for reasons 1.5 (b) and (d)."
    body = f"{block}\n\n2. (C) The talks began.\n"
    cable = parse_telegram(telegram(fields=fields, body=body))
    assert cable.classified_by == "Ambassador Ada Example"
    assert [p.number for p in cable.paragraphs] == [2]


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables lie outside the repository and are absent")
def test_the_damaged_copy_gives_five_paragraphs_with_their_sections() -> None:
    text = (SHARED / "08BEIJING1488.txt").read_text(encoding="utf-8")
    cable = parse_telegram(text, id="08BEIJING1488")
    assert [p.number for p in cable.paragraphs] == [1, 2, 3, 4, 5]
    assert [bool(p.section) for p in cable.paragraphs] == [False, True, True, True, True]
    assert cable.signature
    assert not cable.paragraphs[-1].text.endswith(cable.signature)
    assert {tag.code for tag in cable.tags} == {"PREL", "UNSC", "PHUM", "JA", "CH"}


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables lie outside the repository and are absent")
def test_real_cables_read_the_same_with_and_without_pilcrows() -> None:
    for path in sorted(SHARED.glob("0[78]*.txt"))[::12]:
        text = path.read_text(encoding="utf-8")
        with_pilcrows = [p.key for p in parse_telegram(text, id=path.stem).paragraphs]
        without = [p.key for p in parse_telegram(text.replace("¶", ""), id=path.stem).paragraphs]
        assert with_pilcrows == without, path.stem


def test_text_in_front_of_a_label_that_ends_no_head_is_in_one_paragraph() -> None:
    cable = parse_telegram("a:aa a aa. A0A0A0A0A0A:Classified By")
    assert [(p.span.start, p.span.end) for p in cable.paragraphs] == [(0, 36)]
