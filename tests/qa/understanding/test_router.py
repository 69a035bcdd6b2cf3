"""Which kind of answer a question asks for."""

import pytest

from qa.answer import Kind
from qa.understanding.request import Unit
from qa.understanding.router import route, route_foreign, typed_ids, unit_of


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("hello there", Kind.ABOUT),
        ("thanks a lot!", Kind.ABOUT),
        ("How many cables do you have?", Kind.ABOUT),
        ("Which period does the archive cover?", Kind.ABOUT),
        ("Summarise 09OSLO90012", Kind.CABLE),
        ("What is Oslo 90012 of 2009 about?", Kind.CABLE),
        ("Give me the gist of the Oslo cable of May 2009 on fish quotas", Kind.CABLE),
        ("Who is Ingrid Solberg?", Kind.PROFILE),
        ("who is ingrid solberg", Kind.PROFILE),
        ("Tell me about Norsk Havfiske", Kind.PROFILE),
        ("Which ministers spoke against the quota?", Kind.LIST),
        ("List the ships that were stopped", Kind.LIST),
        ("How many cables mention herring?", Kind.COUNT),
        ("In how many telegrams does Solberg appear?", Kind.COUNT),
        ("How many tons of herring were landed?", Kind.PASSAGE),
        ("What is the latest cable from Oslo?", Kind.LATEST),
        ("Which is the oldest cable in the archive?", Kind.LATEST),
        ("Give me a timeline of the quota talks", Kind.TIMELINE),
        ("How did the quota talks develop?", Kind.TIMELINE),
        ("Compare Norway and Iceland on whaling", Kind.COMPARISON),
        ("What did Solberg say in 2007, and what in 2009?", Kind.COMPARISON),
        ("What do the cables say about whaling?", Kind.OVERVIEW),
        ('"a sea without fish"', Kind.PHRASE),
        ('who said "the sea belongs to all of us"?', Kind.PHRASE),
        ("herring quota oslo 2009", Kind.KEYWORD),
        ("Why did Norway refuse the quota?", Kind.PASSAGE),
        ("Which minister was against it, and how did he vote?", Kind.PASSAGE),
        ("Who signed 09OSLO90012?", Kind.CABLE),
        ("What does paragraph 3 of 09OSLO90012 say about the herring and the quota?", Kind.CABLE),
        ("What is the latest on herring?", Kind.LATEST),
        ("Which cities are covered?", Kind.ABOUT),
        ("What is the HSA?", Kind.PROFILE),
        ("What is the embassy's view of Solberg?", Kind.PROFILE),
        ("What did Oslo and Bergen each say about herring?", Kind.COMPARISON),
        ("How did the embassy see Solberg in 2006 and in 2009?", Kind.COMPARISON),
        ("hi, what is this?", Kind.ABOUT),
        ("In 09OSLO90012, what did the minister ask the Americans to do about the herring?", Kind.PASSAGE),
    ],
)
def test_a_question_is_of_a_kind(question: str, kind: Kind) -> None:
    assert route(question) is kind


def test_a_greeting_in_a_conversation_may_be_an_answer_to_it() -> None:
    assert route("yes", follows=True) is not Kind.ABOUT


@pytest.mark.parametrize(
    ("text", "id"),
    [
        ("09 oslo 12", "09OSLO12"),
        ("OSLO 12 of 2009", "09OSLO12"),
        ("main points of Buenos Aires 12 from 2009", "09BUENOSAIRES12"),
    ],
)
def test_ids_are_read_as_people_type_them(text: str, id: str) -> None:
    assert id in typed_ids(text)


@pytest.mark.parametrize(
    ("question", "unit"),
    [
        ("Which cables mention herring?", Unit.CABLES),
        ("Show me all confidential cables from Oslo", Unit.CABLES),
        ("Everything from Embassy Oslo", Unit.CABLES),
        ("Which embassies wrote about herring?", Unit.POSTS),
        ("Which ministers spoke against the quota?", Unit.THINGS),
        ("What do the cables say about herring?", Unit.THINGS),
    ],
)
def test_a_list_is_of_cables_or_posts_or_things_are_listed(question: str, unit: Unit) -> None:
    assert unit_of(question, Kind.LIST, is_bare=False) is unit


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Wer ist Ingrid Solberg?", Kind.PROFILE),
        ("¿Quién es Ingrid Solberg?", Kind.PROFILE),
        ("Combien de câbles mentionnent Solberg ?", Kind.COUNT),
        ("Cosa dicono i cablogrammi sulle aringhe?", Kind.OVERVIEW),
        ("Warum lehnte Norwegen die Quote ab?", Kind.PASSAGE),
    ],
)
def test_kinds_in_other_languages_are_known_by_how_questions_begin(question: str, kind: Kind) -> None:
    assert route_foreign(question) is kind
