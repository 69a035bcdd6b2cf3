from pathlib import Path

import pytest

from cables.glossary import (
    acronym,
    acronyms,
    countries,
    country_code,
    find_countries,
    find_post,
    find_routing,
    post_label,
    posts,
    squeeze,
    tag_name,
)
from cables.glossary.tables import rows
from cables.glossary.tags import codes

DATA = Path(__file__).parents[2] / "cables" / "glossary"
SHARED = (Path(__file__).parents[2] / "../shared/cables").resolve()


@pytest.mark.parametrize("path", sorted(DATA.glob("*.tsv")), ids=lambda path: path.stem)
def test_each_data_file_names_its_source(path: Path) -> None:
    opening = path.read_text(encoding="utf-8").splitlines()[:3]
    assert any(line.startswith("# Source: ") for line in opening)


@pytest.mark.parametrize("path", sorted(DATA.glob("*.tsv")), ids=lambda path: path.stem)
def test_no_data_file_says_a_thing_twice(path: Path) -> None:
    lines = [tuple(row.values()) for row in rows(path.stem)]
    assert len(lines) == len(set(lines))


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("AMEMBASSY BEIJING", "Embassy Beijing"),
        ("BEIJING", "Embassy Beijing"),
        ("AMCONSUL ISTANBUL", "Consulate Istanbul"),
        ("RIODEJANEIRO", "Consulate Rio de Janeiro"),
        ("SECSTATE WASHDC", "Secretary of State"),
        ("STATE", "Secretary of State"),
        ("USMISSION USNATO", "US Mission to NATO"),
        ("USMISSION UNVIE VIENNA", "US Mission to International Organizations in Vienna"),
        ("AIT TAIPEI", "American Institute in Taiwan"),
        ("AITTAIPEI", "American Institute in Taiwan"),
        ("USINT HAVANA", "US Interests Section Havana"),
        ("IRAN RPO DUBAI", "Iran Regional Presence Office, Dubai"),
        ("AMEMBASSY N'DJAMENA", "Embassy N'Djamena"),
        ("Mission USNATO", "US Mission to NATO"),
        ("US Interests Section Havana", "US Interests Section Havana"),
        ("Secretary of State", "Secretary of State"),
        ("REO BASRAH", "Regional Embassy Office Basrah"),
        ("AMEMBASSY PARIS//DAO//", "Embassy Paris"),
        ("PORT AU PR", "Embassy Port au Prince"),
    ],
)
def test_a_post_is_labelled_for_readers(name: str, label: str) -> None:
    assert post_label(name) == label


@pytest.mark.parametrize("name", ["", "NSC WASHDC", "CHINA POSTS COLLECTIVE", "CDR USPACOM HONOLULU HI"])
def test_who_is_no_post_has_no_label(name: str) -> None:
    assert post_label(name) is None


def test_a_name_one_edit_away_from_one_post_is_that_post() -> None:
    post = find_post("MARACAIBE")
    assert post == posts()["MARACAIBO"]


def test_fuzzy_names_are_guessed_only_where_asked_for() -> None:
    assert find_post("MARACAIBE", fuzzy=False) is None


def test_a_name_of_five_letters_is_not_guessed() -> None:
    assert find_post("PARTS") is None


def test_a_post_is_found_by_its_routing_indicator() -> None:
    post = find_routing("RUEHBJ")
    assert post == posts()["BEIJING"]


def test_every_post_has_a_place_and_a_known_country() -> None:
    wrong = [
        post.id
        for post in posts().values()
        if not (-90 <= post.latitude <= 90 and -180 <= post.longitude <= 180 and post.country in countries())
    ]
    assert wrong == []


def test_posts_are_many_and_keyed_as_ids_are_written() -> None:
    assert len(posts()) > 300
    assert all(id == squeeze(id) for id in posts())


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("Tunisia", "TS"),
        ("Tunisian", "TS"),
        ("tunisians", "TS"),
        ("Iraq", "IZ"),
        ("Spanish", "SP"),
        ("North Korea", "KN"),
        ("DPRK", "KN"),
        ("Burmese", "BM"),
        ("British", "UK"),
        ("Russia", "RS"),
        ("Yemen", "YM"),
    ],
)
def test_a_country_is_known_by_name_and_adjective(word: str, code: str) -> None:
    assert country_code(word) == code


def test_no_iso_code_is_taken_for_a_fips_code() -> None:
    assert (countries()["CH"].name, countries()["SZ"].name, countries()["GM"].name) == (
        "China",
        "Switzerland",
        "Germany",
    )


def test_countries_are_found_in_a_question_the_longest_name_first() -> None:
    text = "Did Tunisians meet South Korea?"
    assert [(text[start:end], code) for start, end, code in find_countries(text)] == [
        ("Tunisians", "TS"),
        ("South Korea", "KS"),
    ]


def test_a_part_of_a_word_is_no_country() -> None:
    assert find_countries("the Romanesque choir, a chader, Germanic") == ()


def test_an_acronym_has_all_its_meanings() -> None:
    meanings = {meaning.words for meaning in acronym("GOI")}
    assert {"Government of India", "Government of Iraq", "Government of Italy"} <= meanings


def test_the_country_decides_among_meanings() -> None:
    assert [meaning.words for meaning in acronym("goi", country="IN")] == ["Government of India"]


def test_a_country_without_its_own_meaning_leaves_all() -> None:
    assert acronym("MFA", country="IN") == acronym("MFA") != ()


def test_the_field_words_of_cables_are_known() -> None:
    wanted = (
        "MFA",
        "FIU",
        "CDA",
        "DCM",
        "POLOFF",
        "EXDIS",
        "REFTEL",
        "SEPTEL",
        "NOTAL",
        "EMBOFF",
        "CODEL",
        "PNG",
    )
    assert [word for word in wanted if not acronym(word)] == []


def test_acronyms_are_several_hundred() -> None:
    assert len(acronyms()) > 500


def test_a_tag_has_its_name() -> None:
    assert (tag_name("PREL"), tag_name("prel"), tag_name("ZZZZ")) == (
        "External political relations",
        "External political relations",
        None,
    )


def test_subject_codes_begin_with_the_letter_of_a_field() -> None:
    assert all(code[0] in "ABCEFHILMNOPSTW" for code, known in codes().items() if known.kind == "subject")


@pytest.mark.skipif(not SHARED.is_dir(), reason="the real cables are not here")
def test_at_most_one_tag_in_a_hundred_of_real_cables_is_without_a_name() -> None:
    from cables import TagKind, parse_telegram

    tags = [
        tag
        for path in sorted(SHARED.glob("*.txt"))[::3]
        for tag in parse_telegram(path.read_text(errors="replace")).tags
    ]
    nameless = [tag.code for tag in tags if tag.name is None and tag.kind is not TagKind.PERSON]
    assert len(tags) > 1_000
    assert len(nameless) <= len(tags) / 100


def test_a_name_of_thousands_of_letters_is_no_post_and_costs_no_time() -> None:
    assert find_post("LISBON" * 5_000) is None
