import pytest
from telegrams import telegram

from cables import Cable, Role, parse_telegram

HEAD = "E.O. 12958: N/A\nTAGS: PREL, PO\nSUBJECT: A PIER\n"


def _with(fields: str, body: str = "") -> Cable:
    return parse_telegram(telegram(fields=fields, body=body))


def _texts(cable: Cable) -> list[str]:
    return [paragraph.text for paragraph in cable.paragraphs]


def test_a_subject_inside_the_text_is_no_field() -> None:
    cable = _with(
        f"{HEAD}\nREF: STATE 91234\n",
        "The ministry replied on March 17. It will join the convention.\n\nIts note follows.\n\n"
        "SUBJECT: LIGHTHOUSES\n\nThe ministry presents its compliments and informs the Embassy.\n\nEXAMPLE",
    )
    assert cable.subject == "A PIER"
    assert _texts(cable)[0].startswith("The ministry replied")
    assert _texts(cable)[-1].startswith("The ministry presents")


def test_text_directly_below_the_references_is_text() -> None:
    cable = _with(f"{HEAD}REF: STATE 91235", "The port was closed on March 3 because of a strike.")
    assert [reference.text for reference in cable.references] == ["STATE 91235"]
    assert _texts(cable) == ["The port was closed on March 3 because of a strike."]
    joined = parse_telegram(
        telegram(fields="", body="").rstrip() + f"\n\n{HEAD}REF: STATE 91235\nThe port was closed."
    )
    assert "The port was closed." in _texts(joined)


def test_the_sentence_behind_a_garbled_reference_is_text() -> None:
    cable = _with(
        f'{HEAD}\nREF: A. LISBON 420Q QA"z_1in on July 24, the pilots and the tugs\n'
        "have signalled that they will stop work. End Summary.",
        "2. (C) The pilots met.",
    )
    assert _texts(cable)[0].endswith(
        "the pilots and the tugs have signalled that they will stop work. End Summary."
    )
    assert cable.paragraphs[0].role is Role.SUMMARY


@pytest.mark.parametrize(
    ("rest", "subject"), [("\n\nTO LONDON\n", "A PIER TO LONDON"), ("\n(C-AL9-01786)\n\n", "A PIER")]
)
def test_a_subject_goes_on_behind_a_blank_line_but_not_with_a_collection_code(
    rest: str, subject: str
) -> None:
    assert _with(f"SUBJECT: A PIER{rest}REF: LISBON 498\n", "1. (C) He said so.").subject == subject


@pytest.mark.parametrize("codes", ["PREL PGOV", "PREL  PGOV, PO", "(LIGHTHOUSES) PGOV ;PO"])
def test_tags_go_on_over_a_line_of_codes_parted_by_blanks(codes: str) -> None:
    cable = _with(f"E.O. 12958: N/A\nTAGS: PHUM\n{codes}\nSUBJECT: A PIER\n", "1. (C) He said so.")
    assert {"PHUM", "PO" if "PO" in codes else "PGOV"} <= {tag.code for tag in cable.tags}
    assert _texts(cable) == ["He said so."]


def test_citations_without_a_label_are_references() -> None:
    cable = _with(
        "SUBJECT: A PIER\n\nB. SANTO DOMINGO 21\nC. 2009 MADRID 1146\n\nClassified By: X for reasons 1.4 (b)"
    )
    assert [reference.cable_id for reference in cable.references] == ["07SANTODOMINGO21", "09MADRID1146"]


def test_two_telegrams_in_one_text_keep_the_text_of_the_first() -> None:
    text = telegram() + "\n\n" + telegram(classification="UNCLAS MADRID 000077", captions="")
    found = " ".join(_texts(parse_telegram(text)))
    assert "that the old pier had sunk" in " ".join(found.split())


def test_a_sentence_in_the_header_is_kept_and_noted() -> None:
    text = telegram().replace(
        "FM AMEMBASSY", "and the minister of ports said that he would come\n\nFM AMEMBASSY"
    )
    cable = parse_telegram(text)
    assert _texts(cable)[0] == "and the minister of ports said that he would come"
    assert "text in the head kept as paragraphs: 1" in cable.notes
