import pytest
from telegrams import telegram

from cables import Cable, Level, Marking, Role, parse_telegram


def _parse(body: str) -> Cable:
    return parse_telegram(telegram(body=body))


@pytest.mark.parametrize(
    "heading",
    [
        "The Old Pier\n------------",
        "-------------\nThe Old Pier\n-------------",
        "The Old Pier",
        "//The Old Pier//",
        "=== The Old Pier ===",
        "-- The Old Pier --",
        "- - - - - - -\nThe Old Pier\n- - - - - - -",
        "(C) The Old Pier\n----------------",
        "#### The Old Pier\n\n-----",
        "The Old Pier:\n-------------",
    ],
)
def test_a_heading_moves_to_the_paragraph_that_it_heads(heading: str) -> None:
    cable = _parse(f"1. (C) One ended here.\n\n{heading}\n\n2. (C) Two.\n\n3. (C) Three.\n")
    assert [p.section for p in cable.paragraphs] == [None, "The Old Pier", "The Old Pier"]
    assert cable.paragraphs[0].text == "One ended here."


def test_a_heading_on_the_line_of_the_number_is_taken_off() -> None:
    cable = _parse("1. (C) One.\n\n2. (C) THE OLD PIER\n----\nIt sank in May.\n")
    assert (cable.paragraphs[1].section, cable.paragraphs[1].text) == ("THE OLD PIER", "It sank in May.")


def test_a_heading_glued_behind_the_last_sentence_is_taken_off() -> None:
    cable = _parse("1. (C) That is life. NEXT STEPS ---------\n\n2. (C) Two.\n")
    assert cable.paragraphs[0].text == "That is life."
    assert cable.paragraphs[1].section == "NEXT STEPS"


def test_a_ruled_heading_may_have_two_lines() -> None:
    heading = "THE MINISTER OF HARBORS AND THE LONG QUESTION\nOF THE PIER\n-------------"
    cable = _parse(f"1. (C) One.\n\n{heading}\n\n2. (C) Two.\n")
    assert cable.paragraphs[1].section == "THE MINISTER OF HARBORS AND THE LONG QUESTION OF THE PIER"


@pytest.mark.parametrize(
    "line",
    ["The last words of a paragraph.", "-- a bullet without a stop", "End Summary", "a lower case remnant"],
)
def test_a_last_line_of_text_is_no_heading(line: str) -> None:
    cable = _parse(f"1. (C) One ended here.\n\n{line}\n\n2. (C) Two.\n")
    assert cable.paragraphs[1].section is None
    assert cable.paragraphs[0].text.endswith(line.removeprefix("-- "))


def test_names_in_a_list_stay_on_their_lines() -> None:
    cable = _parse("1. (C) The guests were:\n\nAda Example\nBen Sample\nCy Specimen\n\n2. (C) Two.\n")
    assert cable.paragraphs[0].text.endswith("Ada Example\nBen Sample\nCy Specimen")


def test_a_page_break_in_mid_sentence_leaves_no_trace() -> None:
    cable = _parse("1. (C) He said that the\n\nLISBON 00000512  002 OF 002\n\n\nold pier had sunk.\n")
    assert cable.paragraphs[0].text == "He said that the old pier had sunk."


def test_a_blank_line_in_mid_sentence_is_joined() -> None:
    cable = _parse("1. (C) He said that after much thought about the harbor the\n\nold pier had sunk.\n")
    assert "the harbor the old pier" in cable.paragraphs[0].text


def test_bullets_and_tables_keep_their_lines() -> None:
    cable = _parse(
        "1. (C) Points:\n-- the pier;\n-- the boats\nof the town.\n\nYear    Boats    Piers\n"
        "2006    12       1\n2007    14       0\n"
    )
    assert cable.paragraphs[0].text == (
        "Points:\n-- the pier;\n-- the boats of the town.\n\nYear    Boats    Piers\n"
        "2006    12       1\n2007    14       0"
    )


def test_a_hyphen_at_a_line_end_keeps_the_word_whole() -> None:
    assert _parse("1. (C) A US-\nPortuguese plan.\n").paragraphs[0].text == "A US-Portuguese plan."


@pytest.mark.parametrize(
    ("tail", "signature"),
    [
        ("\n\nEXAMPLE", "EXAMPLE"),
        ("\nExample\n", "Example"),
        (" EXAMPLE", "EXAMPLE"),
        (" Example", "Example"),
        ("\n\nEXAMPLE\n\nCONFIDENTIAL\nNNNN\n", "EXAMPLE"),
        ("\nEXAMPLE EXAMPLE\n...", "EXAMPLE"),
        ("\n\nVisit Lisbon's Classified Website: http://www.example.sgov.gov/lisbon\n\nEXAMPLE", "EXAMPLE"),
        ("\nMINIMIZE CONSIDERED\n\nEXAMPLE\n.", "EXAMPLE"),
        ("\nEXAMPLE\nSELECT * FROM `cable`\n=====\n", "EXAMPLE"),
        ("\nMcExample\n", "McExample"),
        ("\n\nEXAMPLE##\n", "EXAMPLE"),
        ("\nGP-3\nEXAMPLE\n", "EXAMPLE"),
        ("\nEXAMPLE\nLIMITED OFFICIAL USE\nNNNN", "EXAMPLE"),
        (
            "\nEXAMPLE\n\n UNCLASSIFIED\n\n UNCLASSIFIED\n\nPAGE 04  LISBON  00512  04 OF 04  071629Z\n\nNNNN",
            "EXAMPLE",
        ),
        ("\n\nEXAMPLE\n\nDeclassified/Released US Department of State EO\nReview 30 JUN 2006\n", "EXAMPLE"),
        ("\nEXAMPLE\n\nNOTE: NOT PASSED TO ABOVE ADDRESSEE(S)\n", "EXAMPLE"),
        ("\nEXAMPLE\n\nA PIER FOR THE HARB...\n", "EXAMPLE"),
        ("\nExample\nexample\n", "Example"),
        ("\nSAMPLE\nEXAMPLE\n", "SAMPLE, EXAMPLE"),
        ("", None),
    ],
)
def test_the_tail_is_no_text(tail: str, signature: str | None) -> None:
    cable = _parse(f"1. (C) One.\n\n2. (C) The pier had sunk.{tail}")
    assert cable.signature == signature
    assert cable.paragraphs[-1].text == "The pier had sunk."


def test_the_last_word_of_a_sentence_is_no_signature() -> None:
    cable = _parse("1. (C) ONE.\n\n2. (C) THE TOWN ASKS FOR YOUR KIND\nASSISTANCE.\n")
    assert (cable.signature, cable.paragraphs[-1].text) == (None, "THE TOWN ASKS FOR YOUR KIND ASSISTANCE.")


def test_a_name_that_would_have_fitted_on_the_line_above_is_a_signature() -> None:
    cable = _parse("1. (C) One.\n\n2. (C) The pier was seen\nby many\nExample\n")
    assert (cable.signature, cable.paragraphs[-1].text) == ("Example", "The pier was seen by many")


def test_a_signed_piece_without_a_head_is_read_too() -> None:
    cable = parse_telegram(
        "5. (C) Comment: The pier was old. End comment.\n\nEXAMPLE\n\nCONFIDENTIAL\n\nSIPDIS\n"
    )
    assert (cable.signature, [p.number for p in cable.paragraphs]) == ("EXAMPLE", [5])


@pytest.mark.parametrize("end", ["END COMMENT", "End summary", "(End text)"])
def test_an_end_marker_is_no_signature(end: str) -> None:
    cable = _parse(f"1. (C) The pier had sunk.\n\n{end}")
    assert cable.signature is None
    assert cable.paragraphs[0].text.endswith(end)


def test_a_redacted_paragraph_stays_and_is_no_part_of_the_heading_below_it() -> None:
    cable = _parse("1. (C) One.\n\n2. (C) XXXXXXXXXXXX\nTHE TOWN\n--------\n3. (C) Three.\n")
    assert [(p.number, p.text, p.section) for p in cable.paragraphs] == [
        (1, "One.", None),
        (2, "XXXXXXXXXXXX", None),
        (3, "Three.", "THE TOWN"),
    ]


def test_a_short_paragraph_above_a_boxed_heading_is_no_title() -> None:
    cable = _parse("1. (C) One.\n\n2. (C) Post asks for a pier.\n-----\nTHE TOWN\n-----\n3. (C) Three.\n")
    assert [p.text for p in cable.paragraphs] == ["One.", "Post asks for a pier.", "Three."]


def _roles(body: str) -> list[Role]:
    return [p.role for p in _parse(body).paragraphs]


def test_a_summary_runs_to_its_end_marker() -> None:
    body = "1. (C) Summary. One.\n\n2. (C) More. End Summary.\n\n3. (C) Three.\n"
    assert _roles(body) == [Role.SUMMARY, Role.SUMMARY, Role.BODY]


def test_the_section_summary_closes_with_its_end_marker() -> None:
    cable = _parse("SUMMARY\n-------\n1. (C) One. END SUMMARY\n\n2. (C) Two.\n")
    assert [(p.section, p.role) for p in cable.paragraphs] == [("SUMMARY", Role.SUMMARY), (None, Role.BODY)]


def test_a_comment_runs_to_its_end_marker_or_under_its_heading() -> None:
    body = "1. (C) One.\n\n2. (C) Comment: He lied.\n\n3. (C) Twice. End Comment.\n\n4. (C) Four.\n"
    assert _roles(body) == [Role.BODY, Role.COMMENT, Role.COMMENT, Role.BODY]
    assert _roles("1. (C) One.\n\nCOMMENT\n-------\n\n2. (C) Two.\n\n3. (C) Three.\n") == [
        Role.BODY,
        Role.COMMENT,
        Role.COMMENT,
    ]


def test_a_comment_without_an_end_is_one_paragraph() -> None:
    body = "1. (C) Comment: He lied.\n\n2. (C) He left. (Comment: Early. End comment.)\n"
    assert _roles(body) == [Role.COMMENT, Role.BODY]


def test_words_that_only_sound_like_a_role_are_body() -> None:
    assert (
        _roles("1. (C) Summary executions ceased.\n\n2. (C) Comments by the minister followed.\n")
        == [Role.BODY] * 2
    )


def test_an_action_request_is_known() -> None:
    assert _roles("1. (C) This is an action request; see paragraph 2.\n\n2. (C) Two.\n") == [
        Role.ACTION,
        Role.BODY,
    ]


def test_a_quoted_text_runs_over_paragraphs() -> None:
    letter = (
        "Begin text:\nDear friend, the pier is lost and so are the boats.\n\n2. The end is near. End text."
    )
    body = f"1. (C) {letter}\n\n3. (C) Three.\n"
    assert _roles(body) == [Role.QUOTED, Role.QUOTED, Role.BODY]


def test_an_unnumbered_comment_stands_alone() -> None:
    cable = _parse(
        "1. (C) One.\n\nComment: The minister meant it, or so his aide believed that day.\n\n2. (C) Two.\n"
    )
    assert [(p.number, p.role) for p in cable.paragraphs] == [
        (1, Role.BODY),
        (None, Role.COMMENT),
        (2, Role.BODY),
    ]


def test_a_marked_paragraph_whose_number_is_missing_is_its_own() -> None:
    cable = _parse("1. (C) One.\n\n(S) Two has no number.\n\n3. (C) Three.\n")
    assert [(p.number, p.marking) for p in cable.paragraphs] == [
        (1, Marking(Level.CONFIDENTIAL)),
        (None, Marking(Level.SECRET)),
        (3, Marking(Level.CONFIDENTIAL)),
    ]


def test_a_higher_marking_inside_a_paragraph_raises_it() -> None:
    cable = _parse("1. (C) One:\n- (S/NF) a secret;\n- (U) none.\n\n2. (C) Two.\n")
    assert cable.paragraphs[0].marking == Marking(Level.SECRET, ("NOFORN",))
    assert cable.paragraphs[1].marking == Marking(Level.CONFIDENTIAL)


@pytest.mark.parametrize(
    ("mark", "marking"),
    [
        ("(U)", Marking(Level.UNCLASSIFIED)),
        ("(SBU)", Marking(Level.SBU)),
        ("(S//NF)", Marking(Level.SECRET, ("NOFORN",))),
        ("(C NF)", Marking(Level.CONFIDENTIAL, ("NOFORN",))),
        ("(S-NF)", Marking(Level.SECRET, ("NOFORN",))),
        ("( C )", Marking(Level.CONFIDENTIAL)),
        ("(C/NOFORN)", Marking(Level.CONFIDENTIAL, ("NOFORN",))),
        ("(S/REL NATO)", Marking(Level.SECRET, ("REL NATO",))),
        ("(S//REL TO USA, FVEY)", Marking(Level.SECRET, ("REL TO USA, FVEY",))),
        ("(S//FGI//NF)", Marking(Level.SECRET, ("FGI", "NOFORN"))),
        ("(Secret/Rel Armenia)", Marking(Level.SECRET, ("REL ARMENIA",))),
        ("C)", Marking(Level.CONFIDENTIAL)),
        ("(N/SF)", Marking(Level.SECRET, ("NOFORN",))),
    ],
)
def test_portion_markings_of_every_spelling(mark: str, marking: Marking) -> None:
    paragraph = _parse(f"1. {mark} The pier had sunk.\n\n2. (C) Two.\n").paragraphs[0]
    assert (paragraph.marking, paragraph.text) == (marking, "The pier had sunk.")


@pytest.mark.parametrize("word", ["(U.S.)", "(Portugal)", "(China)"])
def test_a_word_in_brackets_is_no_marking(word: str) -> None:
    paragraph = _parse(f"1. {word} It sank.\n\n2. (C) Two.\n").paragraphs[0]
    assert (paragraph.marking, paragraph.text) == (None, f"{word} It sank.")
