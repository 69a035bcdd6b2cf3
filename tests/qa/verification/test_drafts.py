"""Articles whose sentences cite cables."""

from collections.abc import Iterator

import pytest
from model_server import ModelRequest, serving

from qa.factory import build_chain, build_draft_checker
from qa.llm.models import ModelOptions
from qa.verification.claims import check_claims
from qa.verification.drafts import read_draft
from qa.verification.sources import Source, SourceLookup
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive

DRAFT = """# How Beijing saw it

China said no to Japan (08BEIJING90014 ¶3). *Its public* would not bear it [08 Beijing 90014, para 3].
Nothing is cited here. The embassy had a view of its own.[^1]

- A list item rests on nothing that anybody has.[^2]

| a | table |

[^1]: Embassy Beijing to State, telegram 08BEIJING90014, 17 April 2008, ¶4.
[^2]: 09PARIS1 ¶2.
"""


@pytest.fixture
def lookup(archive: Archive) -> SourceLookup:
    return SourceLookup(archive.view(EVERYTHING))


def test_each_sentence_goes_with_the_citations_in_and_behind_it(lookup: SourceLookup) -> None:
    drafts = list(read_draft(DRAFT, lookup))
    assert [(draft.claim.sentence, [s.key for s in draft.claim.sources]) for draft in drafts] == [
        ("China said no to Japan.", ["08BEIJING90014.3"]),
        ("Its public would not bear it.", ["08BEIJING90014.3"]),
        ("Nothing is cited here.", []),
        ("The embassy had a view of its own.", ["08BEIJING90014.4"]),
        ("A list item rests on nothing that anybody has.", []),
    ]
    assert [draft.absent for draft in drafts] == ["", "", "", "", "09PARIS1 ¶2"]
    assert drafts[1].claim.context == "China said no to Japan."


def test_a_sentence_that_cites_nothing_is_searched_for(lookup: SourceLookup) -> None:
    found = lookup.find("08BEIJING90014", 3)
    asked: list[str] = []

    def search(sentence: str) -> Source | None:
        asked.append(sentence)
        return found

    drafts = list(read_draft("Nothing is cited here at all.", lookup, search))
    assert (asked, drafts[0].claim.sources) == (["Nothing is cited here at all."], (found,))


def test_a_cable_without_a_paragraph_means_the_nearest_of_its_paragraphs(lookup: SourceLookup) -> None:
    text = "The Chinese public would not accept a permanent seat for Japan, 08BEIJING90014."
    (draft,) = read_draft(text, lookup)
    assert draft.claim.sources[0].key == "08BEIJING90014.3"


def test_a_span_of_paragraphs_cites_each_of_them(lookup: SourceLookup) -> None:
    (draft,) = read_draft("Nobody was happy about the bid (08BEIJING90014 ¶2-4).", lookup)
    assert [source.key[-1] for source in draft.claim.sources] == ["2", "3", "4"]


def test_what_cites_a_cable_that_is_not_there_is_refuted_with_its_name(lookup: SourceLookup) -> None:
    (checked,) = check_claims(read_draft("Something happened in the night (09PARIS1 ¶2).", lookup))
    assert (checked.check.level, checked.check.reason) == (
        "refuted",
        "the archive does not hold 09PARIS1 ¶2",
    )


def test_a_footnote_that_cites_no_cable_is_none(lookup: SourceLookup) -> None:
    (draft,) = read_draft("Nobody was happy about the bid.[^1][^2]\n\n[^1]: See the press.", lookup)
    assert (draft.claim.sentence, draft.claim.sources) == ("Nobody was happy about the bid.", ())


def test_a_model_that_only_reads_confirms_sentences_and_writes_no_answers(archive: Archive) -> None:
    def reading(asked: ModelRequest) -> Iterator[str]:
        for key, sentence in asked.read_sentences:
            yield f"{key} {'yes' if 'Beijing' in sentence else 'no'}\n"

    with serving() as model:
        model.script = reading
        models = ModelOptions(check_model="openai:scripted", check_url=model.url, timeout=20)
        chain = build_chain(archive, EVERYTHING, models)
        text = "Beijing said no to Tokyo's bid (08BEIJING90014 ¶3)."
        (checked,) = build_draft_checker(chain).check(text)
    assert chain.writing is None
    assert checked.check.level == "confirmed"
