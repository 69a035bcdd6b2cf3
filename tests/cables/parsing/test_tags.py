import time

import pytest

from cables.model import Tag, TagKind
from cables.parsing.tags import parse_tags


def _codes(block: str) -> list[str]:
    return [tag.code for tag in parse_tags(block)]


@pytest.mark.parametrize(
    "block",
    [
        "TAGS: PREL, PGOV, IZ",
        "TAGS PREL PGOV IZ",
        "Tags: prel; pgov; iz",
        "TAS: PREL PGOV, IZ",
        "PREL,PGOV,IZ\n",
    ],
)
def test_labels_and_separators_of_all_kinds(block: str) -> None:
    assert _codes(block) == ["PREL", "PGOV", "IZ"]


@pytest.mark.parametrize(
    ("code", "kind", "name"),
    [
        ("PREL", TagKind.SUBJECT, "External political relations"),
        ("KDEM", TagKind.PROGRAM, "Democratization"),
        ("IZ", TagKind.COUNTRY, "Iraq"),
        ("SF", TagKind.COUNTRY, "South Africa"),
        ("IAEA", TagKind.ORGANISATION, "International Atomic Energy Agency"),
        ("UNGA/C-6", TagKind.ORGANISATION, "UN General Assembly, Sixth Committee"),
    ],
)
def test_each_code_has_its_kind_and_name(code: str, kind: TagKind, name: str) -> None:
    assert parse_tags(code) == (Tag(code, kind, name),)


def test_a_person_in_brackets_is_one_tag() -> None:
    assert parse_tags("OVIP (LINDQVIST, ADA B.), PREL")[1] == Tag("LINDQVIST, ADA B.", TagKind.PERSON)


def test_a_person_without_brackets_is_one_tag() -> None:
    assert [(tag.code, tag.kind) for tag in parse_tags("OVIP LINDQVIST ADA PREL")] == [
        ("OVIP", TagKind.SUBJECT),
        ("LINDQVIST, ADA", TagKind.PERSON),
        ("PREL", TagKind.SUBJECT),
    ]


@pytest.mark.parametrize(
    "phrase",
    ["COUNTRY CLEARANCE", "GOI EXTERNAL", "NEW ZEALAND", "HUMAN RIGHTS", "IRAQI FREEDOM", "USEU BRUSSELS"],
)
def test_a_legacy_phrase_stays_whole(phrase: str) -> None:
    assert _codes(f"PREL, {phrase}, PGOV") == ["PREL", phrase, "PGOV"]


@pytest.mark.parametrize(
    ("words", "codes"),
    [
        ("OVIP LINDQVIST, ADA, PREL", ["OVIP", "LINDQVIST, ADA", "PREL"]),
        (
            "PREL NORD PETER SUND PAUL CONSULAR AFFAIRS",
            ["PREL", "NORD, PETER", "SUND, PAUL", "CONSULAR AFFAIRS"],
        ),
        ("PREL NO HARBOR DEFENSE", ["PREL", "NO", "HARBOR DEFENSE"]),
        ("PREL, HARBOR, DREDGING", ["PREL", "HARBOR", "DREDGING"]),
        ("PREL HUMAN RIGHTSPOLMIL", ["PREL", "HUMAN RIGHTS", "POL", "MIL"]),
        ("COUNTER TERRORISM, PTER", ["COUNTERTERRORISM", "PTER"]),
    ],
)
def test_people_and_phrases_without_brackets_stay_whole(words: str, codes: list[str]) -> None:
    assert _codes(words) == codes


@pytest.mark.parametrize(("slip", "code"), [("MOPPS", "MOPS"), ("UNDESCO", "UNESCO"), ("POGOV", "PGOV")])
def test_a_slip_of_one_letter_is_mended(slip: str, code: str) -> None:
    assert _codes(f"PREL {slip}") == ["PREL", code]


@pytest.mark.parametrize("code", ["KSPR", "XM", "ABCD"])
def test_an_unknown_code_is_kept_as_it_is(code: str) -> None:
    assert _codes(f"PREL {code}") == ["PREL", code]


@pytest.mark.parametrize(
    ("glued", "codes"),
    [
        ("KFRDKZZZCVIS", ["KFRD", "KZZZ", "CVIS"]),
        ("AMEDCASCKFLO", ["AMED", "CASC", "KFLO"]),
        ("PRELBR", ["PREL", "BR"]),
        ("KNNPMNUC", ["KNNP", "MNUC"]),
        ("EINDETRD", ["EIND", "ETRD"]),
        ("KDEMAF", ["KDEM", "AF"]),
        ("PREL/PGOV", ["PREL", "PGOV"]),
    ],
)
def test_codes_written_together_come_apart(glued: str, codes: list[str]) -> None:
    assert _codes(glued) == codes


@pytest.mark.parametrize("code", ["ZANU-PF", "AU-1", "ECOSOC", "MERCOSUR"])
def test_an_organisation_does_not_come_apart(code: str) -> None:
    assert _codes(code) == [code]


@pytest.mark.parametrize(
    "debris",
    ["SIPDIS", "UNCLASSIFIED", "PAGE 02 OSLO 00012 041200Z", "\nOSLO 00000478 001.2 OF 003\n", "-----", "12"],
)
def test_debris_is_dropped(debris: str) -> None:
    assert _codes(f"PREL {debris}\nNO") == ["PREL", "NO"]


def test_a_repeated_list_counts_once() -> None:
    assert _codes("PREL NO PREL NO") == ["PREL", "NO"]


def test_markdown_links_are_read_as_their_text() -> None:
    assert _codes("TAGS: [PREL](#), [NO](/tag/NO_0.html)") == ["PREL", "NO"]


def test_an_unknown_code_is_kept_without_a_name() -> None:
    assert parse_tags("KZQX QQQQ") == (Tag("KZQX", TagKind.PROGRAM), Tag("QQQQ", TagKind.OTHER))


def test_a_region_without_a_known_name_is_of_the_countries() -> None:
    assert parse_tags("XM") == (Tag("XM", TagKind.COUNTRY),)


@pytest.mark.parametrize("piece", ["PREL", "(", "A ", "PAGE 01 ", "OVIP X Y Z ", "Q" * 30 + " "])
def test_a_long_block_of_nonsense_is_parsed_quickly(piece: str) -> None:
    began = time.process_time()
    parse_tags(piece * 100_000)
    assert time.process_time() - began < 2
