import random
import re
from collections.abc import Callable
from pathlib import Path

import pytest

from bench.checking import answers, corrupted
from cables import Role
from qa.verification.checker import Checker, CitedParagraph
from tests.qa.conftest import Make
from vectorstore.embedding.embedder import SentenceEmbedder

Reason = Callable[..., str]

TALKS = (
    "The division chief said that China had refused Japan's bid on April 14. Japan pays 16.6 percent of the "
    "budget, against 2.7 percent for China, and spent $30 million on the campaign. The Foreign Minister "
    "denied that a deadline had been discussed. He would not meet Ambassador Tanaka before June."
)


@pytest.fixture(scope="session")
def checker(embedder: SentenceEmbedder) -> Checker:
    return Checker(embedder)


@pytest.fixture
def check(checker: Checker, paragraph: Make) -> Reason:
    """Checks a sentence against TALKS, or another text; gives the reason, empty where it is verified."""

    def check(sentence: str, quote: str = "", text: str = TALKS, role: Role = Role.BODY) -> str:
        return checker.check(sentence, [CitedParagraph(paragraph(text, role=role), quote)]).reason

    return check


@pytest.mark.parametrize(
    "sentence",
    [
        "China refused Japan's bid on April 14.",
        "Japan pays 16.6% of the budget and China 2.7%.",
        "Japan spent 30,000,000 dollars on the campaign.",
        "Japan spent thirty million dollars on the campaign.",
        "The foreign minister denied that they had discussed a deadline.",
        "He did not want to meet Ambassador Tanaka before June.",
        "Japanese spending on the campaign was $30 million.",
        "According to the embassy in Paris in April 2008, China refused Japan's bid.",
    ],
)
def test_what_the_paragraph_says_in_other_words_is_verified(check: Reason, sentence: str) -> None:
    assert check(sentence) == ""


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("China refused Japan's bid on April 15.", "15"),
        ("Japan pays 2.7 percent of the budget, against 16.6 percent for China.", "2.7"),
        ("Japan pays 17 percent of the budget.", "17 percent"),
        ("Japan spent $31 million on the campaign.", r"\$31 million"),
        ("Japan spent €30 million on the campaign.", "€30 million"),
        ("China had refused Germany's bid on April 14.", "Germany"),
        ("Japan had refused China's bid on April 14.", "China"),
        ("He would not meet Ambassador Petrov before June.", "Petrov"),
        ("China had not refused Japan's bid on April 14.", "opposite|other words"),
        ("China had accepted Japan's bid on April 14.", "opposite|other words"),
        ("The Foreign Minister confirmed that a deadline had been discussed.", "opposite|other words"),
        ("He would meet Ambassador Tanaka before June.", "opposite|other words"),
        ("He would not meet Ambassador Tanaka after June.", "opposite|other words"),
        ('The division chief called the bid "a joke".', "a joke"),
        ("The harvest in the northern provinces was poor.", "too far"),
    ],
)
def test_a_sentence_that_says_something_else_is_not_verified(
    check: Reason, sentence: str, reason: str
) -> None:
    assert re.search(reason, check(sentence))


def test_a_quote_stands_in_the_paragraph_letter_for_letter_but_for_white_space_and_typography(
    check: Reason,
) -> None:
    text = "China  had refused\nJapan’s bid -- politely -- on “April 14”."
    assert (
        check("China had refused Japan's bid.", 'refused Japan\'s bid – politely – on "April 14"', text) == ""
    )
    assert "quote" in check("China had refused Japan's bid.", "refused the Japanese bid", text)


def test_a_figure_must_stand_in_the_quoted_sentences(check: Reason) -> None:
    assert check("The budget share of Japan was 16.6 percent.", "Japan pays 16.6 percent of the budget") == ""
    assert "16.6" in check("China refused Japan's bid with 16.6 percent.", "China had refused Japan's bid")


def test_an_embassys_comment_is_nobody_elses_statement(check: Reason) -> None:
    text = "The demonstrations ended within a day of being told to end."
    assert check("The demonstrations ended within a day.", text=text, role=Role.COMMENT) == ""
    assert "comment" in check(
        "The minister said the demonstrations ended within a day.", text=text, role=Role.COMMENT
    )


def test_a_sentence_may_rest_on_two_paragraphs(checker: Checker, paragraph: Make) -> None:
    cited = [
        CitedParagraph(paragraph("Turkey closed the border in May."), "closed the border"),
        CitedParagraph(paragraph("Armenia protested in June.", number=3), "protested in June"),
    ]
    check = checker.check("Turkey closed the border in May and Armenia protested in June.", cited)
    assert (check.verified, set(check.quotes)) == (True, {"08PARIS90001.2", "08PARIS90001.3"})


def test_a_mask_is_not_filled_in(check: Reason) -> None:
    text = "XXXXXXXXXXXX said that the port would be sold in May."
    assert check("XXXXXXXXXXXX said that the port would be sold in May.", text=text) == ""
    assert "Ivanov" in check("Ivanov said that the port would be sold in May.", text=text)


SAMPLES = Path(__file__).parents[3] / "samples"
QUESTIONS = Path(__file__).parents[2] / "sample_questions.jsonl"


def test_over_the_samples_few_true_sentences_are_struck_and_few_false_ones_pass(
    checker: Checker, embedder: SentenceEmbedder
) -> None:
    """The figures over real cables are those of bench/checking.py; this keeps them from falling."""
    true = answers(embedder, QUESTIONS, SAMPLES)
    false = corrupted(true, random.Random(1))
    struck = [case.sentence for case in true if not checker.check(case.sentence, case.cited).verified]
    passed = [case.sentence for case in false if checker.check(case.sentence, case.cited).verified]
    assert len(struck) <= 5, struck
    assert len(passed) <= 0.2 * len(false), passed


REPORT = (
    "The Foreign Minister told Ambassador Tanaka that all fishermen must leave the northern port within 30 days. "
    "Trade with Russia may double before 2012, and exports rose by 12 kilometers of cable. General Ito refused "
    "to sign the treaty against smuggling on March 3."
)


@pytest.mark.parametrize(
    "sentence",
    [
        "The Foreign Minister informed Ambassador Tanaka that all fishermen must leave the northern port within 30 days.",
        "According to the embassy, the Foreign Minister told Ambassador Tanaka that all fishermen must leave.",
        "General Ito declined to sign the treaty against smuggling on March 3.",
        "On March 3, General Ito refused to sign the treaty against smuggling.",
        "The Foreign Minister told Ambassador Tanaka that all fishermen must leave the northern port within thirty days.",
        "General Ito turned down signing the treaty against smuggling on March 3.",
    ],
)
def test_small_changes_that_change_nothing_are_verified(check: Reason, sentence: str) -> None:
    assert check(sentence, text=REPORT) == ""


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("all fishermen", "some fishermen"),
        ("must leave", "may leave"),
        ("northern port", "southern port"),
        ("30 days", "30 weeks"),
        ("The Foreign Minister told Ambassador Tanaka", "Ambassador Tanaka told the Foreign Minister"),
        ("Ambassador Tanaka", "General Tanaka"),
        ("may double", "will double"),
        ("before 2012", "after 2012"),
        ("kilometers", "miles"),
        ("General Ito", "Ambassador Ito"),
        ("refused", "promised"),
        ("treaty", "letter"),
        ("against smuggling", "for smuggling"),
        ("March 3", "March 4"),
        ("March 3", "May 3"),
        ("within 30 days", "after 30 days"),
    ],
)
def test_one_small_word_that_changes_what_is_said_is_found(check: Reason, old: str, new: str) -> None:
    true = next(sentence for sentence in re.split(r"(?<=\.) ", REPORT) if old in sentence)
    assert check(true, text=REPORT) == ""
    assert check(true.replace(old, new), text=REPORT) != ""


SHIPMENT = (
    "On November 20 the Ministry of Defense halted the shipment of the last seven casks to the harbor. "
    "The talks had been set for November 21 in spite of the elections (expected May 6). "
    "The envoy said he had no idea what had happened, for he was not there, rather than that nobody was."
)


def test_a_day_that_stands_in_another_sentence_is_not_taken_for_this_ones(check: Reason) -> None:
    true = "On November 20 the Ministry of Defense halted the shipment of the last seven casks to the harbor."
    assert check(true, "halted the shipment", SHIPMENT) == ""
    assert check(true.replace("20", "21"), "halted the shipment", SHIPMENT) != ""


@pytest.mark.parametrize(
    "sentence",
    [
        "The talks had been set for November 21 despite the elections.",
        "The envoy said he had no idea what had happened, for he was not there, rather than that nobody was.",
        "According to the embassy, the envoy said he had no idea what had happened.",
        "The Ministry of Defense halted the shipment of the last seven casks to the harbor on November 20.",
    ],
)
def test_what_stands_there_nearly_word_for_word_is_verified(check: Reason, sentence: str) -> None:
    assert check(sentence, text=SHIPMENT) == ""


DINNER = (
    "Former Prime Minister Aziz met President Okello and Deputy Foreign Minister Lund (a former judge) on Sunday. "
    "Okello said that the pipeline would need a permanent base in the desert and fifty guards (though not soldiers). "
    "FM Haddad noted that a base is not only useless but also costly and cannot be moved. Aziz spoke of his garden. "
    "The court tried ethnic Sorbian farmers in Lusatia last winter. Two of them are back in France after a year there. "
    "Aziz spoke of roses at length before nine sleepy guests. The bill passed on May 16. "
    "On May 15 the envoy left the harbor by the night train with nine men."
)


@pytest.mark.parametrize(
    ("true", "old", "new"),
    [
        ("Aziz met President Okello on Sunday.", "President", "Prime Minister"),
        ("Former Prime Minister Aziz met Okello on Sunday.", "Prime Minister", "President"),
        ("Aziz met Deputy Foreign Minister Lund.", "Deputy Foreign", "Foreign"),
        ("Foreign Minister Haddad noted that a base cannot be moved.", "Foreign", "Defense"),
        ("According to Okello, the pipeline would need a permanent base in the desert.", "Okello", "Lund"),
        ("According to the embassy, Okello said that the pipeline would need a base.", "Okello said that ", ""),
        ("Okello said that the pipeline would need a permanent base in the desert.", "permanent", "temporary"),
        ("The court tried ethnic Sorbian farmers in Lusatia last winter.", "farmers in Lusatia last winter", "winter in Lusatia last farmers"),  # noqa: E501
        ("Two of them are back in France after a year there.", "Two", "Three"),
        ("Aziz spoke of roses at length before nine sleepy guests.", "Aziz spoke", "March spoke"),
        ("The envoy left the harbor by the night train with nine men on May 15.", "May 15", "May 16"),
        ("Two of them are back in France after a year there.", "France", "Paris"),
        ("The court tried ethnic Sorbian farmers in Lusatia last winter.", "Sorbian farmers in Lusatia", "Lusatia farmers in Sorbian"),  # noqa: E501
    ],
)  # fmt: skip
def test_titles_speakers_and_names_belong_to_whom_the_paragraph_gives_them(
    check: Reason, true: str, old: str, new: str
) -> None:
    assert check(true, text=DINNER) == ""
    assert check(true.replace(old, new), text=DINNER) != ""


@pytest.mark.parametrize(
    "sentence",
    [
        "FM Haddad noted that a base isn't only useless but also costly and can not be moved.",
        "Okello said that the pipeline would need a permanent base in the desert and fifty guards.",
        "Okello stated that the pipeline would need a permanent base in the desert and fifty guards.",
    ],
)
def test_a_not_that_is_written_otherwise_or_left_out_with_its_brackets_changes_nothing(
    check: Reason, sentence: str
) -> None:
    assert check(sentence, text=DINNER) == ""


def test_a_bracketed_comment_is_nobody_elses_statement(check: Reason) -> None:
    text = (
        "The minister said that he was tired. (Comment: The talks will fail before the summer. End comment.)"
    )
    assert "comment" in check("The minister said the talks will fail before the summer.", text=text)


MEETING = (
    "The envoy came. The talks opened in May. Ten ministers left the hall. The treaty was signed in June."
)


@pytest.mark.parametrize(
    ("quote", "sentences"),
    [
        ("opened in May", ("The talks opened in May.",)),
        ("in May. Ten ministers", ("The talks opened in May.", "Ten ministers left the hall.")),
        ("was signed in June", ("The treaty was signed in June.",)),
        ("", ("The talks opened in May.",)),
    ],
)
def test_what_is_shown_as_proof_are_the_sentences_of_the_quote_or_else_the_nearest(
    checker: Checker, paragraph: Make, quote: str, sentences: tuple[str, ...]
) -> None:
    check = checker.check("The talks opened in May.", [CitedParagraph(paragraph(MEETING), quote)])
    assert check.quotes == {"08PARIS90001.2": sentences}


def test_a_figure_of_another_sentence_counts_where_it_shares_words_with_the_claim(check: Reason) -> None:
    text = "Boat owners protested in the harbor. The harbor has 40 piers. Of 70 schools none was open."
    quote = "Boat owners protested in the harbor"
    assert check("Boat owners protested in the harbor of 40 piers.", quote, text) == ""
    assert "70" in check("Boat owners protested in the harbor 70 times.", quote, text)
    assert "does not stand" not in check("Boat owners protested in the harbor 70 times.", "", text)


def test_a_may_or_all_needs_ground_even_in_other_words(check: Reason) -> None:
    text = "According to the harbor master the two old ferries were sold to a company from Genoa in spring."
    assert check("Two ferries went to a Genoa company in spring.", text=text) == ""
    assert '"all"' in check("A Genoa company bought all ferries in spring.", text=text)
    assert '"might"' in check("A Genoa company might own two ferries since spring.", text=text)


def test_a_long_sentence_with_few_words_of_its_source_is_too_far(check: Reason) -> None:
    text = "The two old ferries were sold in spring."
    claim = "Ferries, once proud symbols of coastal identity, vanished amid globalization, corporate greed, decline."
    assert "too far" in check(claim, text=text)


def test_vectors_that_are_kept_do_not_grow_without_end(
    embedder: SentenceEmbedder, paragraph: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("qa.verification.checker.KEPT", 8)
    checker = Checker(embedder)
    for day in range(1, 9):
        cited = [CitedParagraph(paragraph(f"The talks opened on May {day}. The envoy came."), "")]
        assert checker.check(f"The talks opened on May {day}.", cited).verified
        assert 0 < len(checker._known) <= 8 + 4


def test_a_paragraph_is_read_once_for_all_sentences_that_cite_it(
    embedder: SentenceEmbedder, paragraph: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    checker, cited = Checker(embedder), [CitedParagraph(paragraph(MEETING))]
    checker.check("The talks opened in May.", cited)
    read: list[str] = []
    encode = embedder.encode
    monkeypatch.setattr(embedder, "encode", lambda texts: (read.extend(texts), encode(texts))[1])
    checker.check("The treaty was signed in June.", cited)
    checker.check("Talks opened in May.", cited)
    assert read == ["Talks opened in May."]


def test_what_cites_nothing_or_quotes_what_is_not_there_is_not_verified(
    checker: Checker, paragraph: Make
) -> None:
    nothing = checker.check("The talks opened in May.", [])
    wrong = checker.check(
        "The talks opened in May.", [CitedParagraph(paragraph(MEETING), "The talks closed")]
    )
    assert (nothing.verified, nothing.reason) == (False, "it cites nothing")
    assert (wrong.verified, wrong.reason) == (False, "its quote does not stand in the cited paragraph")


def test_a_quote_may_be_the_whole_paragraph(checker: Checker, paragraph: Make) -> None:
    text = "The talks opened in May. Ten ministers left."
    check = checker.check("Ten ministers left the talks.", [CitedParagraph(paragraph(text), text)])
    assert check.quotes == {"08PARIS90001.2": ("The talks opened in May.", "Ten ministers left.")}


def test_the_subject_and_the_header_are_ground_for_names(checker: Checker, paragraph: Make) -> None:
    cited = [CitedParagraph(paragraph("The envoy left the talks in May.", subject="GENEVA TALKS"))]
    assert checker.check("The envoy left the talks in Geneva in May.", cited).verified
    assert "Vienna" in checker.check("The envoy left the talks in Vienna in May.", cited).reason


@pytest.mark.parametrize(
    ("sentence", "printed"),
    [
        ("The bid of Japan failed on May 14.", "May 14"),
        ("China refused the bids of 4/16.", "4/16"),
        ("China refused the bids under A/RES/14.", "RES"),
    ],
)
def test_a_date_or_code_that_is_nowhere_is_named(check: Reason, sentence: str, printed: str) -> None:
    assert printed in check(
        sentence, text="China refused 4 bids of Japan within 16 days, on April 14 and in May."
    )


@pytest.mark.parametrize("quoted", ["'refused'", '"refused"', '"denied," he said, "that'])
def test_words_in_quotation_marks_are_the_paragraphs_own(check: Reason, quoted: str) -> None:
    assert "does not stand" not in check(f"China {quoted} Japan's bid.")
    assert check(f"China {quoted.replace('d', 'x', 1)} Japan's bid.").endswith("in the cited paragraph")


def test_a_comment_in_the_last_words_of_a_sentence_is_told_by_its_end(
    checker: Checker, paragraph: Make
) -> None:
    text = "The minister said that he was tired. Comment: The talks will fail before the summer. End comment."
    cited = [CitedParagraph(paragraph(text), "The talks will fail before the summer")]
    assert not checker.check("The minister said the talks will fail before the summer.", cited).verified
    cited = [CitedParagraph(paragraph(text), "The minister said that he was tired")]
    assert checker.check("The minister said that he was tired.", cited).verified
