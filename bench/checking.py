"""How well sentences are checked: false ones that pass, and true ones that are struck.

True sentences are the answers of shared/qa/dev.jsonl, in other words than their cables, with quotes
from the gold paragraph; and sentences of shared/train, in their own words and lightly rewritten. False ones are
made of all three by a seeded script (variants.py): another number, unit, day, month, year, name, title, thing,
quantifier, modal or preposition, names and roles exchanged, a negation put in or taken out, an opposite, a quote
from another cable, a sentence under another cable's paragraph.

    python bench/checking.py [--show KIND] [--seed N]
"""

import argparse
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

from bench.variants import FALSE, PROPER, TRUE
from cables import Cable, Level, Paragraph, forms
from qa.verification.checker import Checker, CitedParagraph
from vectorstore.embedding.cache import VectorCache
from vectorstore.embedding.embedder import SentenceEmbedder
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_view import ParagraphHit

SHARED = (Path(__file__).parents[1] / "../shared").resolve()
TRAIN = 150
"""Sentences of the training set that are tried."""
DRAWN = 50
"""False sentences that are drawn of each way in which a model goes wrong, of those near their sources."""
WAYS = {
    "numbers": {"other_number", "other_number_word", "exchanged_numbers", "day_off_by_one", "other_month", "other_year"},
    "names": {"other_name", "near_name", "exchanged_names", "exchanged_roles", "other_title"},
    "negations": {"negated", "affirmed", "opposite", "other_opposite", "undone"},
    "quotes from other cables": {"foreign_quote"},
}  # fmt: skip
"""Makers of variants by what they swap."""


@dataclass(frozen=True)
class Case:
    """A sentence with what it cites; `true` says whether it should pass."""

    kind: str
    sentence: str
    cited: tuple[CitedParagraph, ...]
    true: bool


def evidence(cable: Cable, paragraph: Paragraph) -> Evidence:
    """A paragraph of a cable as evidence."""
    day = int(cable.date.strftime("%Y%m%d")) if isinstance(cable.date, datetime) else None
    level = cable.classification.level if cable.classification else Level.UNCLASSIFIED
    return Evidence(ParagraphHit(0, cable.id, cable.post, day, cable.subject, level, paragraph), 1.0, 0.6, {})


def read(folder: Path, ids: set[str]) -> dict[str, Cable]:
    """The cables of these ids."""
    readings = [item for cable_id in sorted(ids) for item in forms.read(folder / f"{cable_id}.txt")]
    return {item.cable.id: item.cable for item in readings if isinstance(item, forms.Reading)}


def split(text: str) -> list[str]:
    """Sentences, by a rule of this script's own."""
    return [
        s
        for s in re.split(
            r"(?<=[.!?])\s+(?=[A-Z'\"])(?<!\bMr\. )(?<!\bDr\. )(?<!\bCol\. )(?<!U\.S\. )", text.strip()
        )
        if s
    ]


def claims(sentence: str) -> list[str]:
    """The claims of a sentence, as a model is asked to write them: one a sentence."""
    parts = [part.strip() for part in sentence.split(";")]
    if any(len(part.split()) < 4 for part in parts):
        return [sentence]
    return [part[0].upper() + part[1:].rstrip(".") + "." for part in parts]


def best_quotes(embedder: SentenceEmbedder, sentence: str, text: str) -> list[str]:
    """The sentences of a text that are nearest to the parts of another, in meaning and words, each once."""
    parts = [
        part
        for part in re.split(r"[;:]|, (?=\w+ \w+ \w+)", sentence)
        if len(part.split()) > 3 or re.search(r"\d", part)
    ] or [sentence]
    pieces = [piece for piece in split(" ".join(text.split())) if len(piece.split()) > 3] or [text]
    vectors = embedder.encode([*parts, *pieces])
    nearness = vectors[: len(parts)] @ vectors[len(parts) :].T
    nearest = (nearness + [[shared(part, piece) for piece in pieces] for part in parts]).argmax(axis=1)
    return [pieces[n] for n in dict.fromkeys(nearest.tolist())]


def shared(part: str, piece: str) -> float:
    """The share of a text's longer words and figures that another holds."""
    words = {word.lower()[:6] for word in re.findall(r"\w{5,}|\d+|[A-Z]\w+", part)}
    return len(words & {word.lower()[:6] for word in re.findall(r"\w+", piece)}) / max(1, len(words))


def answers(embedder: SentenceEmbedder, questions: Path, folder: Path) -> list[Case]:
    """The reference answers' sentences, each with quotes from its gold paragraphs."""
    asked = [json.loads(line) for line in questions.read_text(encoding="utf-8").splitlines()]
    asked = [one for one in asked if one["answerable"]]
    cables = read(folder, {gold["cable"] for one in asked for gold in one["gold"]})
    cases = []
    for one in asked:
        gold = [
            evidence(cables[g["cable"]], paragraph)
            for g in one["gold"]
            for paragraph in cables[g["cable"]].paragraphs
            if paragraph.number in g["paragraphs"]
        ]
        for sentence in [claim for s in split(one["answer"]) for claim in claims(s)]:
            cited = tuple(
                CitedParagraph(e, quote) for e in gold for quote in best_quotes(embedder, sentence, e.text)
            )
            cases.append(Case("answer", sentence, cited, true=True))
    return cases


def verbatim(questions: Path, folder: Path, chance: random.Random) -> list[Case]:
    """Sentences of training paragraphs in their own words."""
    lines = chance.sample(questions.read_text(encoding="utf-8").splitlines(), TRAIN * 2)
    asked = [json.loads(line) for line in lines]
    cables = read(folder, {one["cable"] for one in asked if (folder / f"{one['cable']}.txt").exists()})
    cases = []
    for one in asked:
        own = [p for p in getattr(cables.get(one["cable"]), "paragraphs", ()) if p.number == one["paragraph"]]
        text = re.sub(r"^\([A-Z/]+\)\s*", "", one["sentences"][one["answer_sentences"][0] - 1])
        if len(own) == 1 and text in " ".join(own[0].text.split()) and len(text.split()) > 5:
            cited = (CitedParagraph(evidence(cables[one["cable"]], own[0]), text),)
            cases.append(Case("verbatim", text, cited, true=True))
    return cases[:TRAIN]


def rewritten(cases: list[Case], chance: random.Random) -> list[Case]:
    """True sentences in slightly other words; each once, changed in up to two ways."""
    found = []
    for case in cases:
        sentence, ways = case.sentence, 0
        for maker in chance.sample(TRUE, len(TRUE)):
            changed = next(maker(sentence, "", chance, []), sentence)
            ways += changed != sentence
            sentence = changed
            if ways == 2:
                break
        if ways:
            found.append(Case("rewritten", sentence, case.cited, true=True))
    return found


def corrupted(cases: list[Case], chance: random.Random) -> list[Case]:
    """False sentences made of true ones, under the same citations; and true ones under false citations."""
    pool = sorted({name for case in cases for name in PROPER.findall(case.sentence)})
    false = []
    for case in cases:
        text = " ".join(cited.evidence.text for cited in case.cited)
        for maker in FALSE:
            for sentence in maker(case.sentence, text, chance, pool):
                if sentence != case.sentence:
                    false.append(Case(f"{case.kind}: {maker.__name__}", sentence, case.cited, true=False))
        other = chance.choice(
            [c for c in cases if c.cited[0].evidence.cable_id != case.cited[0].evidence.cable_id]
        )
        foreign = tuple(CitedParagraph(cited.evidence, other.cited[0].quote) for cited in case.cited)
        false.append(Case(f"{case.kind}: foreign_quote", case.sentence, foreign, true=False))
        false.append(
            Case(
                f"{case.kind}: foreign_paragraph",
                case.sentence,
                (CitedParagraph(other.cited[0].evidence, ""),),
                true=False,
            )
        )
    return false


def drawn(cases: list[Case], way: str, chance: random.Random) -> list[int]:
    """Numbers of false sentences of one way, as a model writes them that keeps to its prompt: near their quotes."""
    near = [
        n
        for n, case in enumerate(cases)
        if not case.kind.startswith("answer") and case.kind.partition(": ")[2] in WAYS[way]
    ]
    return chance.sample(near, min(DRAWN, len(near)))


def main() -> None:
    """Print a table of kinds: how many sentences, how many passed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--show", default="", help="print the sentences of this kind that went wrong")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--cache", type=Path, help="keep vectors here between runs")
    arguments = parser.parse_args()
    chance = random.Random(arguments.seed)
    embedder = SentenceEmbedder(cache=VectorCache(arguments.cache) if arguments.cache else None)
    true = answers(embedder, SHARED / "qa/dev.jsonl", SHARED / "cables")
    own = verbatim(SHARED / "train/questions.jsonl", SHARED / "cables", chance)
    true += own + rewritten(own, chance)
    cases = true + corrupted(true, chance)
    checker = Checker(embedder)
    embedder.encode(sorted({case.sentence for case in cases})) if arguments.cache else None
    clock = time.perf_counter()
    checks = [checker.check(case.sentence, case.cited) for case in cases]
    seconds = time.perf_counter() - clock
    tried, passed = Counter(case.kind for case in cases), Counter[str]()
    for case, check in zip(cases, checks, strict=True):
        passed[case.kind] += check.verified
        if case.kind == arguments.show and check.verified != case.true:
            print(f"- {case.sentence}\n    {check.reason or 'passed'}\n    {[c.quote for c in case.cited]}")
    for kind, count in sorted(tried.items()):
        print(f"{kind:28} {count:5} sentences {passed[kind]:5} verified  {passed[kind] / count:6.1%}")
    false = [kind for kind in tried if ": " in kind]
    wrong = [n for way in WAYS for n in drawn(cases, way, chance)]
    print(
        f"drawn, {DRAWN} each of {', '.join(WAYS)}: {sum(checks[n].verified for n in wrong)} of {len(wrong)} verified"
    )
    for n in wrong:
        if checks[n].verified:
            print(f"    {cases[n].kind}: {cases[n].sentence}")
    struck = [n for n, case in enumerate(cases) if case.kind in ("verbatim", "rewritten")]
    print(f"struck: {sum(not checks[n].verified for n in struck)} of {len(struck)} true ones")
    print(f"false: {sum(passed[k] for k in false)} of {sum(tried[k] for k in false)} verified; "
          f"{1000 * seconds / len(cases):.1f} ms a sentence")  # fmt: skip


if __name__ == "__main__":
    main()
