"""Whether a source holds the names of a sentence: letters folded, countries by any of their words, acronyms."""

import re
import unicodedata
from functools import lru_cache

from cables.glossary import acronym, find_countries
from qa.text import names, stem

_TITLES = frozenset(
    """ambassador president minister prime foreign secretary general director deputy assistant chief king queen prince
    princess sheikh shaykh colonel major captain admiral senator representative professor doctor mr mrs ms dr gen col
    lt amb the embassy ministry department government state party council committee official officials north south
    east west northern southern eastern western central new former then late vice first national federal chairman
    speaker governor mayor leader spokesman commissioner judge justice attorney counselor charge affairs excellency
    majesty royal post cable washington january february march april may june july august september october november
    december""".split()
)
_MONTHS = frozenset("january february march april june july august september october november december".split())
_PIECE = re.compile(r"[A-Za-zÀ-ɏ][\wÀ-ɏ]*")


def missing_name(sentence: str, ground: str) -> str:
    """Why a name of the sentence has no ground; empty where all stand there."""
    countries = {code for *_, code in find_countries(ground)} | _governments(ground)
    words = _words(ground)
    for name in names(sentence):
        codes = {code for *_, code in find_countries(name)} | _governments(name)
        if codes:
            if not codes & countries:
                return f"{name} does not stand in the cited paragraph"
            continue
        if not _holds(name, words, ground, sentence):
            return f"{name} does not stand in the cited paragraph"
    return ""


def _holds(name: str, words: frozenset[str], ground: str, sentence: str) -> bool:
    own = [word for word in _pieces(name) if word not in _TITLES]
    if not own:
        return True
    if all(word in words for word in own):
        return True
    if name.isupper() or (len(name) <= 6 and sum(c.isupper() for c in name) >= 2):
        return _spelled_out(name, ground)
    if own[-1] in words or stem(own[-1]) in words:
        return True
    return False


def _spelled_out(name: str, ground: str) -> bool:
    """Whether an acronym's words stand in the ground, by the glossary or by initials."""
    if any(meaning.words.lower() in ground.lower() for meaning in acronym(name)):
        return True
    letters = ".*?".join(rf"\b{letter}\w+" for letter in name if letter.isalpha())
    return re.search(letters.replace(".*?", r"[ -](?:\w{1,3}[ -])?"), ground) is not None


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    found = _pieces(text)
    return frozenset(found) | {stem(word) for word in found}


def _pieces(text: str) -> list[str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    plain = re.sub(r"['’](?:s\b)?", "", plain)
    return [match[0].lower() for match in _PIECE.finditer(plain)]


_GOVERNMENT = re.compile(r"\b(?:USG|U\.S\.|US|GO[A-Z]{1,4}|HMG|PRC|DPRK|ROK|UK|EU|NATO|UN|UAE|KSA|SAG|ROC)\b")


def _governments(text: str) -> set[str]:
    found = set()
    for match in _GOVERNMENT.finditer(text):
        for meaning in acronym(match[0].replace(".", "")):
            found |= {code for *_, code in find_countries(meaning.words)}
    return found
