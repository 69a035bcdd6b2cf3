"""The language of a question."""

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from cables.text import STOPWORDS
from qa.text.wordlists import rows_of

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

ENGLISH = "en"
LANGUAGES = (ENGLISH, "es", "fr", "de", "pt", "it", "ar")
"""What is told apart, by ISO 639-1 code."""
MIN_PROBABILITY = 0.9
"""Below it a question counts as English: a few keywords with foreign names look like another language."""
MIN_PROBABILITY_OF_LITTLE = 0.5
"""Of a question whose little words are the language's."""
MIN_WORDS_OF_LITTLE = 4
_SCRIPTS = (("ru", re.compile(r"[\u0400-\u04ff]{3}")), ("zh", re.compile(r"[\u4e00-\u9fff]{2}")))
"""Languages by their letters."""
_FUNCTION_WORDS = Path(__file__).with_name("function_words.tsv")


@cache
def _identifier() -> "LanguageIdentifier":
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(LANGUAGES)
    return identifier


def detect_language(question: str) -> str:
    """The question's language as an ISO 639-1 code; English where it is not sure."""
    for code, letters in _SCRIPTS:
        if letters.search(question):
            return code
    code, probability = _identifier().classify(question)
    sure = probability >= MIN_PROBABILITY or (
        probability >= MIN_PROBABILITY_OF_LITTLE and _shows(question, str(code))
    )
    return str(code) if sure else ENGLISH


def _shows(question: str, language: str) -> bool:
    """Whether the little words of a short question are a language's, one of them not English too."""
    words = set(re.findall(r"\w+", question.lower()))
    own = _function_words().get(language, frozenset())
    enough = len(words) >= MIN_WORDS_OF_LITTLE and bool(words & own - STOPWORDS)
    return enough and words & STOPWORDS <= own


@cache
def _function_words() -> dict[str, frozenset[str]]:
    return {code: frozenset(words.split()) for code, words in rows_of(_FUNCTION_WORDS)}


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
