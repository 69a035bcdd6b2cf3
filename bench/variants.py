"""Sentences made of others by a seeded script: true ones in slightly other words, and false ones.

A maker takes a sentence, the text of its paragraphs, a source of chance and the names of all sentences; it
yields variants, or nothing where it finds nothing to change. Its lists were written apart from the checker's;
common pairs ("more", "less") stand in both all the same, so that figures for those say less than for the others.
"""

import random
import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Maker = Callable[[str, str, random.Random, list[str]], Iterator[str]]

_FIGURE = re.compile(r"(?<![\w.-])\d(?:[\d,]*\d)?(?:\.\d+)?(?![\w-])")
_NO_NAMES = r"(?:During|Despite|However|Interestingly|Meanwhile|Moreover|There|They|Their|Then|This|That|These|Those|When|While|With|What)\b"
PROPER = re.compile(rf"(?<![.!?\"'] )(?<!^)\b(?!{_NO_NAMES})[A-Z][a-z]{{3,}}(?: [A-Z][a-z]{{3,}})?\b")
_FIRST = re.compile(
    rf"^(?!{_NO_NAMES})[A-Z][a-z]{{3,}}(?= (?:said|told|was|is|has|had|wants|wanted|refused|agreed|accused|spoke|stated))"
)
_AUXILIARY = re.compile(
    r"\b(is|are|was|were|will|would|could|should|can|may|might|had|has|have|did|does|do)\b(?! not\b|n't)"
)
_NOT = re.compile(r"\b(cannot|not|never|no longer)\b ?|n't\b")
_VERB = re.compile(
    r"\b(?P<verb>said|told|wanted|agreed|believed|claimed|noted|asked|planned|expects?|wants?|fears?|feared)\b"
)
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_DATE = re.compile(
    rf"\b(?P<month>{'|'.join(_MONTHS)}) (?P<day>\d{{1,2}})\b(?!\d)|\b(?P<day2>\d{{1,2}}) (?P<month2>{'|'.join(_MONTHS)})\b"
)
_PAIRS = """refused agreed;rejected accepted;denied confirmed;increased decreased;increase decrease;supported opposed
support oppose;more less;higher lower;improved worsened;before after;slow fast;strong weak;strengthen weaken
success failure;allowed forbade;possible impossible;likely unlikely;wanted refused;began ended;always never
all none of;able unable;willing unwilling;rise fall;rose fell;won lost;can cannot;easy difficult;good bad;accept reject"""
_OTHER_PAIRS = """public private;largest smallest;military civilian;northern southern;eastern western;urban rural;rich poor
hostile friendly;praised criticized;arrived departed;bought sold;imports exports;early late;short long;maximum minimum
majority minority;formal informal;direct indirect;permanent temporary;domestic foreign;encouraged discouraged
optimistic pessimistic;include exclude;continue stop;continued stopped;joined left;ahead behind;war peace;ally enemy
positive negative;regularly rarely;directly indirectly;opened closed;open closed;old new;high low;right wrong
successful unsuccessful;necessary unnecessary;legal illegal;satisfied dissatisfied;internal external;major minor
advance retreat;useful useless;safe dangerous;expanded shrank;gained lost;raised lowered;approved vetoed
guilty innocent;active passive;recent distant;deep shallow;clear unclear;happy unhappy;hopeful hopeless"""
_QUANTIFIERS = {"all": "some", "some": "all", "most": "few", "many": "few", "every": "no", "both": "neither of the",
                "several": "all", "few": "most", "no": "every", "none": "all", "any": "all", "each": "no"}  # fmt: skip
_MODALS = {"would": "might", "will": "may", "may": "will", "might": "would", "must": "may", "could": "must",
           "should": "could", "can": "must"}  # fmt: skip
_UNITS = [("kilometers", "miles"), ("km", "miles"), ("days", "weeks"), ("months", "years"), ("hours", "minutes"),
          ("tons", "kilograms"), ("meters", "feet"), ("barrels", "gallons"), ("million", "billion"), ("percent", "points"),
          ("thousand", "million"), ("dollars", "euros"), ("years", "decades"), ("week", "year"), ("hectares", "acres")]  # fmt: skip
_TITLES = ["Foreign Minister", "Defense Minister", "Prime Minister", "Finance Minister", "Interior Minister", "President", "Ambassador", "General", "Governor", "Senator", "King", "Mayor", "Speaker"]  # fmt: skip
_PLACES = [("before", "after"), ("against", "in favor of"), ("with", "without"), ("since", "until"), ("from", "to"),
           ("above", "below"), ("at least", "at most"), ("more than", "less than"), ("up to", "at least")]  # fmt: skip
_THINGS = [("oil", "gas"), ("missiles", "rifles"), ("tanks", "trucks"), ("police", "navy"), ("army", "police"),
           ("court", "parliament"), ("bank", "factory"), ("students", "soldiers"), ("election", "strike"),
           ("border", "coast"), ("visit", "letter"), ("bill", "treaty"), ("meeting", "telephone call"),
           ("weapons", "medicines"), ("trade", "tourism"), ("company", "ministry"), ("wife", "sister"), ("son", "nephew"),
           ("prison", "hospital"), ("money", "land")]  # fmt: skip
_NUMBER_WORDS = ["two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"]


def _pairs(text: str) -> list[tuple[str, str]]:
    found = [entry.strip().partition(" ") for line in text.splitlines() for entry in line.split(";")]
    return [(one, other) for one, _, other in found]


def _replaced(sentence: str, match: re.Match[str], new: str) -> str:
    new = new[0].upper() + new[1:] if match[0][0].isupper() and new[0].islower() else new
    return sentence[: match.start()] + new + sentence[match.end() :]


def _turned(sentence: str, pairs: list[tuple[str, str]], chance: random.Random) -> Iterator[str]:
    """The sentence with one word of a pair in the place of the other."""
    both = [*pairs, *((other, one) for one, other in pairs)]
    hits = [(m, new) for old, new in both for m in re.finditer(rf"\b{re.escape(old)}\b", sentence)]
    if hits:
        yield _replaced(sentence, *chance.choice(hits))


def other_number(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    figures = list(_FIGURE.finditer(sentence))
    if not figures:
        return
    match = chance.choice(figures)
    around = sorted(set(_FIGURE.findall(text)) - set(_FIGURE.findall(sentence)))
    value = match[0].replace(",", "")
    changed = str(round(float(value) * chance.choice([2, 3, 5]) + 1))
    for new in (changed, *(chance.sample(around, 1) if around else ())):
        yield sentence[: match.start()] + new + sentence[match.end() :]


def other_number_word(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(re.finditer(rf"\b(?:{'|'.join(_NUMBER_WORDS)})\b", sentence))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, chance.choice([w for w in _NUMBER_WORDS if w != match[0]]))


def exchanged_numbers(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    figures = list(
        {
            m[0]: m for m in _FIGURE.finditer(sentence) if not 1900 < float(m[0].replace(",", "")) < 2020
        }.values()
    )
    if len(figures) >= 2:
        a, b = figures[:2]
        if sentence[a.end() : b.start()].strip() not in ("-", "and", "or", "to", ","):
            yield sentence[: a.start()] + b[0] + sentence[a.end() : b.start()] + a[0] + sentence[b.end() :]


def other_unit(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    yield from _turned(sentence, _UNITS, chance)


def day_off_by_one(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    for match in _DATE.finditer(sentence):
        day = match["day"] or match["day2"]
        new = str(int(day) + (1 if int(day) < 28 else -1))
        yield _replaced(sentence, match, match[0].replace(day, new, 1))
        return


def other_month(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(re.finditer(rf"(?<!^)\b(?:{'|'.join(_MONTHS)})\b", sentence))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, chance.choice([m for m in _MONTHS if m != match[0]]))


def other_year(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(re.finditer(r"\b(?:19|20)\d\d\b", sentence))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, str(int(match[0]) + chance.choice([-1, 1])))


def other_name(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = [*PROPER.finditer(sentence), *_FIRST.finditer(sentence)]
    if found:
        match = chance.choice(found)
        strange = [name for name in pool if name.split()[-1].lower()[:4] not in text.lower()]
        yield sentence[: match.start()] + chance.choice(strange) + sentence[match.end() :]


def near_name(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    """A name of the same paragraph in another's place."""
    found = [*PROPER.finditer(sentence), *_FIRST.finditer(sentence)]
    near = [n for n in set(PROPER.findall(" ".join(text.split()))) if n not in sentence and " " not in n]
    if found and near:
        match = chance.choice(found)
        new = [n for n in sorted(near) if n[:4] != match[0][:4]]
        if new:
            yield sentence[: match.start()] + chance.choice(new) + sentence[match.end() :]


def exchanged_names(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = sorted([*PROPER.finditer(sentence), *_FIRST.finditer(sentence)], key=lambda m: m.start())
    for a, b in pairwise(found):
        between = sentence[a.end() : b.start()]
        if (
            a[0][:4] != b[0][:4]
            and len(between.split()) >= 2
            and not re.search(r"\band\b|,|\bor\b|\bas well as\b", between)
        ):
            yield sentence[: a.start()] + b[0] + between + a[0] + sentence[b.end() :]
            return


def exchanged_roles(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    """Who did it and whom it was done to, changed round."""
    verbs = r"(?:told|asked|accused|informed|urged|warned|thanked|criticized|invited|pressed|attacked|supported|met)"
    if match := re.search(rf"\b([Tt]he \w+|[A-Z]\w+) ({verbs}) (the \w+|[A-Z]\w+)\b", sentence):
        if match[1].lower() != match[3].lower():
            yield _replaced(sentence, match, f"{match[3]} {match[2]} {match[1]}")


def other_title(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(re.finditer(rf"\b(?:{'|'.join(_TITLES)})(?= [A-Z][a-z]+)", sentence))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, chance.choice([title for title in _TITLES if title != match[0]]))


def negated(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    if match := _AUXILIARY.search(sentence):
        yield f"{sentence[: match.end()]} not{sentence[match.end() :]}"
    elif match := _VERB.search(sentence):
        yield f"{sentence[: match.start()]}never {sentence[match.start() :]}"


def affirmed(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    if match := _NOT.search(sentence):
        new = "can " if match[0].startswith("cannot") else ""
        yield sentence[: match.start()] + new + sentence[match.end() :]


def opposite(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    yield from _turned(sentence, _pairs(_PAIRS), chance)


def other_opposite(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    yield from _turned(sentence, _pairs(_OTHER_PAIRS), chance)


def other_quantifier(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    pattern = rf"(?<!at )\b(?:{'|'.join(_QUANTIFIERS)})\b(?! (?:longer|one|time|doubt))"
    found = list(re.finditer(pattern, sentence, re.IGNORECASE))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, _QUANTIFIERS[match[0].lower()])


def other_modal(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(re.finditer(rf"\b(?:{'|'.join(_MODALS)})\b", sentence))
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, _MODALS[match[0].lower()])


def other_preposition(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    yield from _turned(sentence, _PLACES, chance)


def other_thing(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    yield from _turned(sentence, _THINGS, chance)


def undone(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    """ "Refused to sign" as "promised to sign"."""
    if match := re.search(r"\b(?:refused|failed|declined|hesitated|unwilling|unable)(?= to \w)", sentence):
        yield _replaced(sentence, match, {"unwilling": "glad", "unable": "ready"}.get(match[0], "promised"))


FALSE: list[Maker] = [
    other_number, other_number_word, exchanged_numbers, other_unit, day_off_by_one, other_month, other_year,
    other_name, near_name, exchanged_names, exchanged_roles, other_title, negated, affirmed, opposite,
    other_opposite, other_quantifier, other_modal, other_preposition, other_thing, undone,
]  # fmt: skip

# True in slightly other words

_SAME = {
    "stated": "said", "said": "stated", "noted": "remarked", "approximately": "about", "purchase": "buy",
    "began": "started", "assist": "help", "requested": "asked for", "currently": "now", "regarding": "about",
    "individuals": "people", "numerous": "many", "large": "big", "prior to": "before", "due to": "because of",
    "additional": "more", "attempted": "tried", "obtain": "get", "sufficient": "enough", "prohibits": "forbids",
    "however": "but", "despite": "in spite of", "told": "informed", "wished": "wanted", "difficult": "hard",
    "discuss": "talk about", "concerned": "worried", "stressed": "emphasized", "primarily": "mainly",
    "conduct": "carry out", "ensure": "make sure", "assistance": "help", "frequently": "often",
}  # fmt: skip


def same_words(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = [m for old in _SAME for m in re.finditer(rf"\b{old}\b", sentence)]
    if found:
        match = chance.choice(found)
        yield _replaced(sentence, match, _SAME[match[0]])


def without_brackets(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    shorter = re.sub(r" \([^()]{3,80}\)", "", sentence)
    if shorter != sentence and "(" not in shorter and ")" not in shorter:
        yield shorter


def without_opening(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    opening = (
        r"^(?:However|In addition|Meanwhile|Moreover|Nevertheless|At the same time|Indeed|Finally|Also), "
    )
    if match := re.match(opening, sentence):
        yield sentence[match.end()].upper() + sentence[match.end() + 1 :]


def without_end(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    found = list(
        re.finditer(r", (?:which|adding|noting|although|while|but|and (?:he|she|they|that)) ", sentence)
    )
    if found and len(sentence[: found[-1].start()].split()) >= 8:
        yield sentence[: found[-1].start()] + "."


def contracted(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    for old, new in (("did not", "didn't"), ("would not", "wouldn't"), ("is not", "isn't"), ("cannot", "can not"),
                     (" percent", "%"), ("United States", "US"), ("two ", "2 "), ("three ", "3 "), ("million", ",000,000")):  # fmt: skip
        if new == ",000,000":
            if match := re.search(r"(?<![\d.,])(\d{1,3}) million\b", sentence):
                yield _replaced(sentence, match, f"{match[1]},000,000")
                return
        elif re.search(rf"(?<!-)\b{old.strip()}\b" if old[0] != " " else r"\d percent\b", sentence):
            yield sentence.replace(old, new, 1)
            return


def date_at_the_end(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    if match := re.match(r"^((?:On|In) [A-Z][a-z]+ \d{1,4}(?:, \d{4})?), ([^.]+)\.$", sentence):
        rest = match[2]
        yield f"{rest[0].upper()}{rest[1:]} {match[1][0].lower()}{match[1][1:]}."


def by_the_embassy(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    if re.match(r"(?:The|He|She|They|It|This|These) ", sentence):
        yield f"According to the embassy, {sentence[0].lower()}{sentence[1:]}"


def spoken_of(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
    """ "Rao said that it rained" as "According to Rao, it rained"."""
    if match := re.match(
        r"^((?:[A-Z][\w'’-]+ ?){1,4}) (?:said|noted|stated|added) (?:that )?([^\"“]+)$", sentence
    ):
        yield f"According to {match[1]}, {match[2]}"


def _outside_quotations(maker: Maker) -> Maker:
    """The maker without variants that change what stands in quotation marks: those would be false."""

    def made(sentence: str, text: str, chance: random.Random, pool: list[str]) -> Iterator[str]:
        spoken = re.findall(r"\"[^\"]+\"|“[^”]+”", sentence)
        for variant in maker(sentence, text, chance, pool):
            if all(words in variant for words in spoken):
                yield variant

    return made


TRUE: list[Maker] = [
    _outside_quotations(maker)
    for maker in (
        same_words, without_brackets, without_opening, without_end, contracted, date_at_the_end, by_the_embassy,
        spoken_of,
    )
]  # fmt: skip
