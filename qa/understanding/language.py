"""The language of a question."""

import re
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es", "fr", "de", "pt", "it", "ar")
"""What is told apart, by ISO 639-1 code."""
MIN_PROBABILITY = 0.9
"""Below it a question counts as English: a few keywords with foreign names look like another language."""


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def detect_language(question: str) -> str:
    """The question's language as an ISO 639-1 code; English where it is not sure."""
    code, probability = _identifier().classify(question)
    return str(code) if probability >= MIN_PROBABILITY else ENGLISH


def carried_over(question: str, language: str) -> str:
    """What of a question in another language is the same in English: names, numbers, ids, names of countries."""
    words = re.findall(r"[\w’'./-]+", question)
    kept = [
        word
        for place, word in enumerate(words)
        if any(c.isdigit() for c in word) or (place and word[0].isupper())
    ]
    return " ".join([*kept, *_countries(question, language)])


def _countries(question: str, language: str) -> list[str]:
    names = _country_names(language)
    return [
        english for own, english in names.items() if re.search(rf"(?<!\w){re.escape(own)}(?!\w)", question)
    ]


@cache
def _country_names(language: str) -> dict[str, str]:
    """Countries as the language and as English call them, where the two differ; none without the extra `languages`."""
    try:
        from babel import Locale
    except ImportError:
        return {}

    own, english = Locale(language).territories, Locale(ENGLISH).territories
    return {
        str(name): str(english[code])
        for code, name in own.items()
        if str(code).isalpha() and code in english and english[code] != name
    }
