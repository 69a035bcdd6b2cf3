"""Features that distinguish a sentence that answers a question from one that does not, for the tree ensemble.

Each feature is a column over all sentences of the candidate paragraphs. They say how well a sentence compares
with the question token by token, which of the question's words it and its surroundings hold (exactly, and softly
by the embedder's own word vectors), how its paragraph compares, where it stands, who speaks, and whether it has
what the kind of question asks for (a number for "how many"). The columns' names stand in the trained weights.
"""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from cables import Role
from cables.text import content_words, names
from vectorstore.retrieval.evidence import Evidence

Array = np.ndarray

_ANSWER_RES = {
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
_QUESTION_RES = {
    "why": re.compile(r"\bwhy\b|reason|what made|for what|on what ground"),
    "number": re.compile(
        r"how (?:many|much|large|big|long|far|old|often)|what (?:share|percent|number|price|sum|amount|proportion)"
    ),
    "who": re.compile(r"\bwho(?:m|se)?\b|which (?:minister|official|man|woman|person|politician|company)"),
    "when": re.compile(r"\bwhen\b|by what date|which (?:day|month|year)"),
    "how": re.compile(r"\bhow\b"),
    "several": re.compile(r",? and (?:how|why|what|who|where|when|which|by)\b"),
}
_REFERS_BACK_RE = re.compile(
    r"(?:This|That|These|He|She|They|It|His|Their|However|But|Nevertheless|In addition|Moreover|Also)\b"
)


SAME_WORD = 0.95
"""Similarity above which two words count as the same."""
NEAR_WORD = 0.5
"""Similarity above which two words count as related."""
MAX_SOFT_MATCH = 0.6
"""What a word counts at most in the columns called "capped"."""
MIN_SENTENCE_WORDS = 6
"""Words below which a sentence is a scrap."""


@dataclass(frozen=True, slots=True)
class WordStatistics:
    """What is known of words: `idf` in the archive, and a unit vector for each (`vectors`, a row a word)."""

    stems: Callable[[str], list[str]]
    idf: Callable[[str], float]
    vectors: Callable[[Sequence[str]], Array]


class _Sentences:
    """All sentences of the candidates: their texts, and arrays with one number a sentence."""

    def __init__(self, candidates: Sequence[Evidence]) -> None:
        self.texts = [sentence.piece.text for e in candidates for sentence in e.sentences]
        self.owner = np.repeat(np.arange(len(candidates)), [len(e.sentences) for e in candidates])
        """Index of the sentence's paragraph among the candidates."""
        index = np.arange(len(self.owner))
        follows = np.r_[False, self.owner[1:] == self.owner[:-1]]
        leads = np.r_[self.owner[1:] == self.owner[:-1], False]
        self.before = np.where(follows, index - 1, -1)
        """Index of the sentence before it in its paragraph, or -1."""
        self.after = np.where(leads, index + 1, -1)
        self.place = index - np.maximum.accumulate(np.where(follows, 0, index))
        """Its index in its paragraph."""

    @cached_property
    def count(self) -> Array:
        """Sentences in its paragraph."""
        found: Array = np.bincount(self.owner)[self.owner]
        return found

    def best(self, values: Array) -> Array:
        """For each sentence the highest value in its paragraph; rows of several columns column by column."""
        best = np.full((int(self.owner.max()) + 1, *values.shape[1:]), -np.inf)
        np.maximum.at(best, self.owner, values)
        found: Array = best[self.owner]
        return found


def features(
    question: str, candidates: Sequence[Evidence], logits: Array, words: WordStatistics
) -> dict[str, Array]:
    """Columns by name, each of one number a sentence of the candidates, which come best first.

    `logits` are those of late interaction, one a sentence.
    """
    sentences = _Sentences(candidates)
    columns = _comparison(logits, sentences)
    columns |= _wording(question, candidates, sentences, words)
    columns |= _paragraph(candidates, sentences)
    columns |= _form(sentences)
    columns |= _question_kind(question, sentences)
    return {name: np.asarray(column, dtype=np.float32) for name, column in columns.items()}


def _at(values: Array, index: Array) -> Array:
    """values[index], 0 where the index is -1."""
    taken: Array = values[index]
    taken[index < 0] = 0
    return taken


def _comparison(logits: Array, sentences: _Sentences) -> dict[str, Array]:
    owner = sentences.owner
    return {
        "logit": logits,
        "logit below best": logits - logits.max(),
        "logit below paragraph's": logits - sentences.best(logits),
        "logit before": _at(logits, sentences.before),
        "logit after": _at(logits, sentences.after),
        "paragraph's mean logit": np.bincount(owner, logits)[owner] / sentences.count,
    }


def _wording(
    question: str, candidates: Sequence[Evidence], sentences: _Sentences, words: WordStatistics
) -> dict[str, Array]:
    """How much of the question's words is there: exact and soft; in sentence, window, paragraph, header."""
    sought = list(dict.fromkeys(content_words(question))) or ["?"]
    idf = np.array([words.idf(word) for word in sought])
    scopes = _scopes(_similarities(sought, candidates, sentences, words), sentences)
    columns: dict[str, Array] = {}
    for scope, similar in scopes.items():
        columns |= _matches(scope, similar, idf / (idf.sum() or 1.0))
    for scope in ("sentence", "paragraph", "paragraph and header"):
        for measure in ("soft", "same"):
            column = columns[f"{scope}: {measure}"]
            columns[f"{scope}: {measure} below best"] = column - column.max()
    columns["before: same"] = _at(columns["sentence: same"], sentences.before)
    columns["after: same"] = _at(columns["sentence: same"], sentences.after)
    columns["pairs"] = _pairs(question, sentences.texts, words)
    columns["name"] = _names_held(question, sentences.texts)
    return columns


def _similarities(
    sought: Sequence[str], candidates: Sequence[Evidence], sentences: _Sentences, words: WordStatistics
) -> tuple[Array, Array]:
    """For each sentence, and for the header of its paragraph, how near it comes to each sought word."""
    headers = [
        f"{e.found.subject or ''} {e.found.paragraph.section or ''} {e.found.post or ''}" for e in candidates
    ]
    held = _nearest_words(sought, [*sentences.texts, *headers], words)
    count = len(sentences.texts)
    return held[:count], held[count:][sentences.owner]


def _scopes(similarities: tuple[Array, Array], sentences: _Sentences) -> dict[str, Array]:
    """Similarities, shape (sentences, sought words), by the text around the sentence that they are read from."""
    own, header = similarities
    paragraph = sentences.best(own)
    return {
        "sentence": own,
        "window": np.maximum(own, np.maximum(_at(own, sentences.before), _at(own, sentences.after))),
        "paragraph": paragraph,
        "header": header,
        "paragraph and header": np.maximum(paragraph, header),
    }


def _matches(scope: str, similar: Array, weights: Array) -> dict[str, Array]:
    """Weighted shares of the sought words that a scope holds."""
    return {
        f"{scope}: soft": similar @ weights,
        f"{scope}: same": (similar > SAME_WORD) @ weights,
        f"{scope}: near": ((similar > NEAR_WORD) & (similar <= SAME_WORD)) @ weights,
        f"{scope}: capped": np.clip(similar, 0, MAX_SOFT_MATCH) @ weights,
    }


def _nearest_words(sought: Sequence[str], texts: Sequence[str], words: WordStatistics) -> Array:
    """For each text and sought word the similarity of the nearest word, shape (texts, sought)."""
    own_words = [content_words(text) for text in texts]
    known = {word: n for n, word in enumerate(dict.fromkeys(itertools.chain.from_iterable(own_words)))}
    held = np.zeros((len(texts), len(sought)))
    if not known:
        return held
    similar = _word_similarity(sought, known, words)
    counts = np.array([len(own) for own in own_words])
    every = similar[[known[word] for own in own_words for word in own]]
    held[counts > 0] = np.maximum.reduceat(every, (np.cumsum(counts) - counts)[counts > 0])
    return held


def _word_similarity(sought: Sequence[str], known: dict[str, int], words: WordStatistics) -> Array:
    """Cosines, shape (known words, sought words); 1 for words of the same stem."""
    similar: Array = words.vectors(list(known)) @ words.vectors(sought).T
    by_stem: dict[tuple[str, ...], list[int]] = {}
    for word, row in known.items():
        by_stem.setdefault(tuple(words.stems(word)), []).append(row)
    for column, word in enumerate(sought):
        stem = tuple(words.stems(word))
        if stem:
            similar[by_stem.get(stem, []), column] = 1.0
    return similar


def _pairs(question: str, texts: Sequence[str], words: WordStatistics) -> Array:
    """How many neighbouring words stand side by side in the question too."""
    wanted = set(itertools.pairwise(words.stems(question)))
    return np.array([len(wanted.intersection(itertools.pairwise(words.stems(text)))) for text in texts])


def _names_held(question: str, texts: Sequence[str]) -> Array:
    """The largest share of one of the question's names that a sentence holds."""
    wanted = [set(name.lower().split()) for name in names(question)]
    held = [set(re.findall(r"[a-z']+", text.lower())) for text in texts]
    return np.array([max((len(name & own) / len(name) for name in wanted), default=0.0) for own in held])


def _paragraph(candidates: Sequence[Evidence], sentences: _Sentences) -> dict[str, Array]:
    """How the paragraph stands among the candidates, and who speaks in it."""
    lead = candidates[0].score - candidates[1].score if len(candidates) > 1 else 1.0
    rows = {
        "score below best": [e.score - candidates[0].score for e in candidates],
        "rank": range(len(candidates)),
        "first": [n == 0 for n in range(len(candidates))],
        "lead of the first": [lead] * len(candidates),
        **{f"role {role.value}": [e.role == role for e in candidates] for role in Role},
    }
    return {name: np.array(list(values), dtype=float)[sentences.owner] for name, values in rows.items()}


def _form(sentences: _Sentences) -> dict[str, Array]:
    """Where a sentence stands, how long it is, and whether it leans on the one before."""
    lengths = np.array([len(text.split()) for text in sentences.texts])
    return {
        "place": sentences.place,
        "place share": sentences.place / np.maximum(sentences.count - 1, 1),
        "opens": sentences.before < 0,
        "closes": sentences.after < 0,
        "sentences": sentences.count,
        "length": np.log1p(lengths),
        "scrap": lengths < MIN_SENTENCE_WORDS,
        "leans": np.array([bool(_REFERS_BACK_RE.match(text)) for text in sentences.texts]),
        "quotes": np.array(['"' in text or "“" in text for text in sentences.texts]),
    }


def _question_kind(question: str, sentences: _Sentences) -> dict[str, Array]:
    """What kind of question it is, and what of that kind a sentence has."""
    lower = question.lower()
    kinds = {kind: bool(pattern.search(lower)) for kind, pattern in _QUESTION_RES.items()}
    columns: dict[str, Array] = {}
    for cue, pattern in _ANSWER_RES.items():
        has = np.array([bool(pattern.search(text)) for text in sentences.texts])
        columns[f"has {cue}"] = has
        columns[f"has {cue} as asked"] = has & kinds[cue]
    for kind, present in kinds.items():
        columns[f"asks {kind}"] = np.full(len(sentences.texts), present)
    return columns
