"""A question's language is told, and what of it is the same in English is carried over."""

import sys

import pytest

from qa.understanding import language as language_module
from qa.understanding.language import carried_over, detect_language


@pytest.mark.parametrize(
    ("question", "language"),
    [
        ("Why did China refuse Japan's bid?", "en"),
        ("pier ferry lisbon minister tide report", "en"),
        ("¿Por qué rechazó el ministro la propuesta de Lisboa?", "es"),
        ("Pourquoi le ministre a-t-il refusé la proposition ?", "fr"),
        ("Warum hat der Minister den Vorschlag abgelehnt?", "de"),
        ("Por que o ministro recusou a proposta do governo?", "pt"),
        ("Perché il ministro ha rifiutato la proposta del governo?", "it"),
        ("لماذا رفض الوزير الاقتراح؟", "ar"),
        ("Was fiel in Latakia ins Meer?", "de"),
        ("Was Salgado arrested in Oporto?", "en"),
        ("gas war", "en"),
        ("Что упало в море?", "ru"),
        ("什么掉进了海里？", "zh"),
        ("", "en"),
        ("08BEIJING90014", "en"),
    ],
)
def test_the_language_is_told_and_english_is_assumed_where_it_is_not_sure(
    question: str, language: str
) -> None:
    assert detect_language(question) == language


def test_names_numbers_and_countries_are_carried_over() -> None:
    words = carried_over("Pourquoi le Maroc a-t-il expulsé Jean Delmas en 2009 ?", "fr")
    assert words.split() == ["Maroc", "Jean", "Delmas", "2009", "Morocco"]


def test_a_question_without_names_carries_nothing_over() -> None:
    assert carried_over("pourquoi le ministre a-t-il refusé ?", "fr") == ""


def test_without_the_extra_for_languages_countries_keep_their_names(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "babel", None)
    language_module._country_names.cache_clear()
    try:
        assert carried_over("Pourquoi le Maroc a-t-il expulsé Jean Delmas ?", "fr") == "Maroc Jean Delmas"
    finally:
        language_module._country_names.cache_clear()
