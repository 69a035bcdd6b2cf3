"""What tells a sentence that answers a question from one that does not: numbers for the sentence trees.

Each feature is a column over all sentences of the candidate paragraphs. They say how well a sentence compares
with the question token by token, which of the question's words it and its surroundings hold (exactly, and softly
by the embedder's own word vectors), how its paragraph compares, where it stands, who speaks, and whether it has
what the kind of question asks for (a number for "how many").
"""

import re  # noqa: I001
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from cables import Role
from cables.text import content_words, names
from vectorstore.retrieval.evidence import Evidence
import itertools

Array = np.ndarray

_CUES = {
    "why": re.compile(
        r"\b(?:because|due to|reason|in order to|so that|since|concern|fear|worr|motiv|aim|want|hop(?:e|ing)|"
        r"as a result|therefore|thus|driven|prevent|avoid|believ|argu|would)",
        re.IGNORECASE,
    ),
    "number": re.compile(
        r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|dozen|hundred|thousand|million|billion|percent|"
        r"half|third|quarter)\b",
        re.IGNORECASE,
    ),
    "who": re.compile(r"\b[A-Z][a-z]+ [A-Z][a-z]+"),
    "when": re.compile(
        r"\b(?:January|February|March|April|May|June|July|August|September|October|November|December|19\d\d|20\d\d|"
        r"Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|week|month|year|day)\b"
    ),
}
_KINDS = {
    "why": re.compile(r"\bwhy\b|reason|what made|for what|on what ground"),
    "number": re.compile(
        r"how (?:many|much|large|big|long|far|old|often)|what (?:share|percent|number|price|sum|amount|proportion)"
    ),
    "who": re.compile(r"\bwho(?:m|se)?\b|which (?:minister|official|man|woman|person|politician|company)"),
    "when": re.compile(r"\bwhen\b|by what date|which (?:day|month|year)"),
    "how": re.compile(r"\bhow\b"),
    "several": re.compile(r",? and (?:how|why|what|who|where|when|which|by)\b"),
}
_LEANS = re.compile(
    r"(?:This|That|These|He|She|They|It|His|Their|However|But|Nevertheless|In addition|Moreover|Also)\b"
)


@dataclass(frozen=True, slots=True)
class Sentences:
    """The sentences of the candidates: their texts, and for each the index of its paragraph."""

    texts: Sequence[str]
    owner: Array


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """What is known of words: `rarity` in the archive, and a unit vector for each (`vectors`, a row a word)."""

    stems: Callable[[str], list[str]]
    rarity: Callable[[str], float]
    vectors: Callable[[Sequence[str]], Array]


def features(
    question: str,
    candidates: Sequence[Evidence],
    sentences: Sentences,
    logits: Array,
    lexicon: WordStatistics,
) -> dict[str, Array]:
    """Columns by name, each of one number a sentence; `logits` are the comparison's, candidates best first."""
    owner = sentences.owner
    places = _places(owner)
    columns = _nearness(logits, owner, places)
    columns |= _wording(question, candidates, sentences, places, lexicon)
    columns |= _paragraph(candidates, owner)
    columns |= _standing(sentences, places)
    columns |= _kind(question, sentences)
    return {name: np.asarray(column, dtype=np.float32) for name, column in columns.items()}


@dataclass(frozen=True, slots=True)
class _Places:
    """For each sentence: its place in its paragraph, its paragraph's sentences, and its neighbours (or -1)."""

    place: Array
    count: Array
    before: Array
    after: Array


def _places(owner: Array) -> _Places:
    index = np.arange(len(owner))
    same_before = np.r_[False, owner[1:] == owner[:-1]]
    same_after = np.r_[owner[1:] == owner[:-1], False]
    first = np.maximum.accumulate(np.where(same_before, 0, index))
    counts = np.bincount(owner)
    return _Places(
        index - first,
        counts[owner],
        np.where(same_before, index - 1, -1),
        np.where(same_after, index + 1, -1),
    )


def _at(values: Array, index: Array) -> Array:
    """values[index], 0 where the index is -1."""
    taken: Array = values[index]
    taken[index < 0] = 0
    return taken


def _best(values: Array, owner: Array) -> Array:
    """For each sentence the highest value in its paragraph; rows of several columns column by column."""
    best = np.full((int(owner.max()) + 1, *values.shape[1:]), -np.inf)
    np.maximum.at(best, owner, values)
    found: Array = best[owner]
    return found


def _nearness(logits: Array, owner: Array, places: _Places) -> dict[str, Array]:
    mean = np.bincount(owner, logits)[owner] / places.count
    return {
        "logit": logits, "logit below best": logits - logits.max(),
        "logit below paragraph's": logits - _best(logits, owner),
        "logit before": _at(logits, places.before), "logit after": _at(logits, places.after),
        "paragraph's mean logit": mean,
    }  # fmt: skip


def _wording(
    question: str,
    candidates: Sequence[Evidence],
    sentences: Sentences,
    places: _Places,
    lexicon: WordStatistics,
) -> dict[str, Array]:
    """How much of the question's words is there: exact and soft; in sentence, window, paragraph, header."""
    asked = list(dict.fromkeys(content_words(question))) or ["?"]
    weights = np.array([lexicon.rarity(word) for word in asked])
    weights = weights / (weights.sum() or 1.0)
    headers = [
        f"{c.found.subject or ''} {c.found.paragraph.section or ''} {c.found.post or ''}" for c in candidates
    ]
    held = _held(asked, [*sentences.texts, *headers], lexicon)
    own, header = held[: len(sentences.texts)], held[len(sentences.texts) :][sentences.owner]
    window = np.maximum(own, np.maximum(_at(own, places.before), _at(own, places.after)))
    paragraph = _best(own, sentences.owner)
    columns: dict[str, Array] = {}
    scopes = {"sentence": own, "window": window, "paragraph": paragraph, "header": header,
              "paragraph and header": np.maximum(paragraph, header)}  # fmt: skip
    for scope, similar in scopes.items():
        columns[f"{scope}: soft"] = similar @ weights
        columns[f"{scope}: same"] = (similar > 0.95) @ weights
        columns[f"{scope}: near"] = ((similar > 0.5) & (similar <= 0.95)) @ weights
        columns[f"{scope}: capped"] = np.clip(similar, 0, 0.6) @ weights
    for scope in ("sentence", "paragraph", "paragraph and header"):
        for measure in ("soft", "same"):
            column = columns[f"{scope}: {measure}"]
            columns[f"{scope}: {measure} below best"] = column - column.max()
    columns["before: same"] = _at(columns["sentence: same"], places.before)
    columns["after: same"] = _at(columns["sentence: same"], places.after)
    columns["pairs"] = _pairs(question, sentences.texts, lexicon)
    columns["name"] = _named(question, sentences.texts)
    return columns


def _held(asked: Sequence[str], texts: Sequence[str], lexicon: WordStatistics) -> Array:
    """For each text and asked word the nearest word's similarity, shape (texts, asked); 1 for the same stem."""
    words = [content_words(text) for text in texts]
    known = {word: n for n, word in enumerate(dict.fromkeys(itertools.chain.from_iterable(words)))}
    if not known:
        return np.zeros((len(texts), len(asked)))
    similar = lexicon.vectors(list(known)) @ lexicon.vectors(asked).T
    alike: dict[tuple[str, ...], list[int]] = {}
    for word, row in known.items():
        alike.setdefault(tuple(lexicon.stems(word)), []).append(row)
    for column, word in enumerate(asked):
        stem = tuple(lexicon.stems(word))
        if stem:
            similar[alike.get(stem, []), column] = 1.0
    held = np.zeros((len(texts), len(asked)))
    counts = np.array([len(own) for own in words])
    every = similar[[known[word] for own in words for word in own]]
    held[counts > 0] = np.maximum.reduceat(every, (np.cumsum(counts) - counts)[counts > 0])
    return held


def _pairs(question: str, texts: Sequence[str], lexicon: WordStatistics) -> Array:
    """Neighbouring words that stand side by side in the question too."""
    asked = lexicon.stems(question)
    wanted = set(itertools.pairwise(asked))
    stems = [lexicon.stems(text) for text in texts]
    return np.array([len(wanted.intersection(itertools.pairwise(own))) for own in stems])


def _named(question: str, texts: Sequence[str]) -> Array:
    """The largest share of one of the question's names that a sentence holds."""
    wanted = [set(name.lower().split()) for name in names(question)]
    held = [set(re.findall(r"[a-z']+", text.lower())) for text in texts]
    return np.array([max((len(name & own) / len(name) for name in wanted), default=0.0) for own in held])


def _paragraph(candidates: Sequence[Evidence], owner: Array) -> dict[str, Array]:
    """How the paragraph stands among the candidates, and who speaks in it."""
    lead = candidates[0].score - candidates[1].score if len(candidates) > 1 else 1.0
    rows = {
        "score below best": [c.score - candidates[0].score for c in candidates],
        "rank": range(len(candidates)),
        "first": [n == 0 for n in range(len(candidates))],
        "lead of the first": [lead] * len(candidates),
        **{f"role {role.value}": [c.role == role for c in candidates] for role in Role},
    }
    return {name: np.array(list(values), dtype=float)[owner] for name, values in rows.items()}


def _standing(sentences: Sentences, places: _Places) -> dict[str, Array]:
    lengths = np.array([len(text.split()) for text in sentences.texts])
    return {
        "place": places.place,
        "place share": places.place / np.maximum(places.count - 1, 1),
        "opens": places.before < 0,
        "closes": places.after < 0,
        "sentences": places.count,
        "length": np.log1p(lengths),
        "scrap": lengths < 6,
        "leans": np.array([bool(_LEANS.match(text)) for text in sentences.texts]),
        "quotes": np.array(['"' in text or "“" in text for text in sentences.texts]),
    }


def _kind(question: str, sentences: Sentences) -> dict[str, Array]:
    """What kind of question it is, and what of that kind a sentence has."""
    lower = question.lower()
    kinds = {kind: bool(pattern.search(lower)) for kind, pattern in _KINDS.items()}
    columns: dict[str, Array] = {}
    for cue, pattern in _CUES.items():
        has = np.array([bool(pattern.search(text)) for text in sentences.texts])
        columns[f"has {cue}"] = has
        columns[f"has {cue} as asked"] = has & kinds[cue]
    for kind, asked in kinds.items():
        columns[f"asks {kind}"] = np.full(len(sentences.texts), asked)
    return columns
