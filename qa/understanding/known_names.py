"""The names of the archive beside those of a question: other spellings, others of the same surname."""

from cables.glossary import acronym, find_countries
from cables.glossary.name_words import MAX_NAME_WORDS, TITLES, full_names, sound
from cables.glossary.spellings import spellings
from vectorstore.query import Filters, Phrase, TextQuery
from vectorstore.storage.catalog_view import CatalogView

MAX_SPELLED_WORDS = 12
"""Of a phrase, whose other spellings are looked for too."""
MAX_MEANT = 3
"""Names that are offered in the place of one that stands nowhere."""


def alternatives(words: str) -> tuple[Phrase, ...]:
    """A phrase with the other spellings of its words and what its acronym stands for."""
    found = [words]
    for word in words.split()[:MAX_SPELLED_WORDS]:
        found += [words.replace(word, other) for other in spellings(word)]
    found += [meaning.words for meaning in acronym(words)] if words.isupper() else []
    return tuple(Phrase(one) for one in dict.fromkeys(found))


class KnownNames:
    """The full names that a view may see, compared with those of a question."""

    def __init__(self, view: CatalogView) -> None:
        self._view = view

    def cables_with(self, name: str) -> int:
        """How many cables hold a name, in any of its spellings."""
        return self._view.listed(Filters(text=TextQuery((alternatives(name),))), limit=1)[1]

    def corrections(self, text: str) -> tuple[tuple[str, str], ...]:
        """The full names of a text that stand nowhere as written, each with the one that sounds the same, if any."""
        found = []
        for name in full_names(f"so {text}"):
            if name.split()[0].lower() in TITLES:
                continue
            if self._view.listed(Filters(text=TextQuery(((Phrase(name),),))), limit=1)[1]:
                continue
            length = len(name.split())
            near = (
                one for one, _ in self._of_surname(name) if len(one.split()) == length and _alike(name, one)
            )
            if better := next(near, ""):
                found.append((name, better))
        return tuple(found)

    def others(self, name: str) -> tuple[str, ...]:
        """Other full names of the same surname, the most frequent first, where they are whom the surname means here.

        Empty where a cable holds the name, and where the surname mostly stands alone: it may be the name's.
        """
        words = name.split()
        if not _is_full(name) or self.cables_with(" ".join(words[-2:])):
            return ()
        found = self._namesakes(name)
        known = sum(cables for _, cables in found)
        meant = 2 * known >= self.cables_with(words[-1]) > 0
        names = [one for one, _ in found]
        return tuple(([one for one in names if _is_persons(one)] or names)[:MAX_MEANT]) if meant else ()

    def namesakes(self, name: str) -> tuple[str, ...]:
        """Other full names of the same surname."""
        return tuple(one for one, _ in self._namesakes(name)) if _is_full(name) else ()

    def _namesakes(self, name: str) -> list[tuple[str, int]]:
        surnames = {phrase.words.lower() for phrase in alternatives(name.split()[-1])}
        found = [(one, n) for one, n in self._of_surname(name) if one.split()[-1].lower() in surnames]
        return [(one, cables) for one, cables in found if not _alike(name, one)]

    def _of_surname(self, name: str) -> list[tuple[str, int]]:
        found = self._view.names_sounding([sound(name.split()[-1].lower())])
        return [(one, cables) for one, cables in found if one.split()[0].lower() not in TITLES]


def _is_full(name: str) -> bool:
    return 2 <= len(name.split()) <= MAX_NAME_WORDS


def _is_persons(name: str) -> bool:
    """Whether a name holds nothing but names: no title, no acronym, no country ("Egypt Soliman")."""
    words = name.split()
    return not (
        {word.lower() for word in words} & TITLES or any(map(str.isupper, words)) or find_countries(name)
    )


def _alike(name: str, other: str) -> bool:
    """Whether two full names sound the same, word by word, as far as the shorter one goes."""
    one, two = (full.lower().split()[::-1] for full in (name, other))
    return all(sound(a) == sound(b) for a, b in zip(one, two, strict=False))
