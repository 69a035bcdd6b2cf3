import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from telegrams import printed, telegram

from cables import Cable, parse_telegram

PIECES = [
    "\n",
    "\n\n",
    " ",
    "¶",
    "1. ",
    "2. (C) ",
    "12. (S/NF) ",
    "(SBU) ",
    "TAGS: ",
    "PREL",
    "SUBJECT: ",
    "REF: A. ",
    "LISBON 512",
    "E.O. 12958: DECL: ",
    "03/14/2017",
    "Classified By: ",
    "1.4 (b) and (d).",
    "SIPDIS",
    "-----",
    "&para;",
    "&#8217;",
    "Â¶",
    "[PREL](#)",
    "LISBON 00000512  002 OF 002",
    "S E C R E T LISBON 000512",
    "O 140915Z MAR 07",
    "FM AMEMBASSY LISBON",
    "TO RUEHC/SECSTATE WASHDC",
    "INFO ",
    "Summary: ",
    "End Summary.",
    "COMMENT",
    "Begin text",
    "End text",
    "words of a pier. ",
    "\\ ",
    "x,s",
    "&quoted8 ",
    "PAGE 02 LISBON 00512",
    "\r\n",
    "\t",
    "NNNN",
    "EXAMPLE",
    "\x00",
    "\ufeff",
    "é",
    "1B. ",
    "11. (C) ",
]
TEXTS = st.one_of(st.text(max_size=400), st.lists(st.sampled_from(PIECES), max_size=60).map("".join))
FAST = settings(max_examples=150, deadline=None)


@FAST
@given(TEXTS)
def test_no_text_makes_the_parser_raise_and_every_span_lies_in_it(text: str) -> None:
    cable = parse_telegram(text)
    assert cable.original == text
    end = 0
    for paragraph in cable.paragraphs:
        assert 0 <= paragraph.span.start <= paragraph.span.end <= len(text)
        assert paragraph.span.start >= end
        end = paragraph.span.end


@FAST
@given(TEXTS)
def test_keys_are_unique_and_texts_not_empty(text: str) -> None:
    paragraphs = parse_telegram(text, id="07LISBON512").paragraphs
    assert len({p.key for p in paragraphs}) == len(paragraphs)
    assert all(p.text.strip() == p.text != "" for p in paragraphs)


WORDS = st.sampled_from(
    [
        "the",
        "pier",
        "harbor",
        "minister",
        "boats",
        "sank",
        "town",
        "wants",
        "promised",
        "letter",
        "slowly",
        "again",
        "stone",
    ]
)
SENTENCES = st.lists(WORDS, min_size=4, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")
PARAGRAPHS = st.lists(st.lists(SENTENCES, min_size=1, max_size=5).map(" ".join), min_size=1, max_size=14)


def _body(texts: list[str], form: str) -> str:
    return "\n\n".join(form.format(number) + text for number, text in enumerate(texts, start=1))


@settings(max_examples=40, deadline=None)
@given(PARAGRAPHS, st.sampled_from(["¶{}. (C) ", "{}. (S) ", "{}.(C) ", "{}. "]))
def test_the_words_of_every_paragraph_and_their_places_come_back(texts: list[str], form: str) -> None:
    cable = parse_telegram(telegram(body=_body(texts, form)))
    assert [p.text for p in cable.paragraphs] == texts
    for number, (paragraph, text) in enumerate(zip(cable.paragraphs, texts, strict=True), start=1):
        assert cable.original[paragraph.span.start : paragraph.span.end] == form.format(number) + text


@settings(max_examples=30, deadline=None)
@given(PARAGRAPHS.filter(lambda texts: len(texts) > 1))
def test_a_pilcrow_that_became_a_1_changes_nothing_but_the_notes(texts: list[str]) -> None:
    clean = parse_telegram(telegram(body=_body(texts, "¶{}. (C) ")))
    damaged = parse_telegram(telegram(body=_body(texts, "1{}. (C) ")))
    assert [(p.key, p.text, p.marking) for p in damaged.paragraphs] == [
        (p.key, p.text, p.marking) for p in clean.paragraphs
    ]


def _fields(cable: Cable) -> tuple[object, ...]:
    paragraphs = [(p.key, p.text, p.marking, p.section, p.role) for p in cable.paragraphs]
    references = [(r.label, r.cable_id) for r in cable.references]
    header = "id post date precedence transmission_id sender action info classification captions corrected"
    names = f"{header} declassify tags subject classified_by reasons passing signature"
    plain = [getattr(cable, name) for name in names.split()]
    return (*plain, references, paragraphs)


@settings(max_examples=30, deadline=None)
@given(PARAGRAPHS)
def test_a_cable_printed_again_gives_the_same_fields(texts: list[str]) -> None:
    cable = parse_telegram(telegram(body=_body(texts, "¶{}. (C) ") + "\n\nEXAMPLE"))
    assert _fields(parse_telegram(printed(cable))) == _fields(cable)


@pytest.mark.parametrize("unit", ["A A A ", "¶1.", "-", "[", "1.4 (b) "])
def test_a_megabyte_of_anything_is_read_in_seconds(unit: str) -> None:
    text = unit * (1_000_000 // len(unit))
    start = time.process_time()
    parse_telegram(text)
    assert time.process_time() - start < 4
