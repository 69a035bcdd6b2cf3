"""Chosen sentences set as an answer: who speaks, each with its citation, citations numbered as they come."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cables import Role
from cables.glossary.posts import DEPARTMENT_OF_STATE
from cables.ids import year_of
from cables.text import day_in_words
from qa.answer import Answer, Block, BlockKind, Citation, Outcome, ProofLevel, Sentence, banner
from qa.text.speaker_attribution import role_at, voiced
from vectorstore.retrieval.evidence import Evidence, ScoredSentence

Chosen = tuple[Evidence, ScoredSentence]

LEADS = {
    Role.BODY: "{post}{date}:",
    Role.SUMMARY: "{post}{date}, summary:",
    Role.COMMENT: "{post}{date}, comment:",
    Role.ACTION: "{post}{date}, action requested:",
    Role.QUOTED: "{post}{date}, quoting:",
}
LEADS_ON = {
    Role.BODY: "Report:",
    Role.SUMMARY: "Summary:",
    Role.COMMENT: "Comment:",
    Role.ACTION: "Action requested:",
    Role.QUOTED: "Quoting:",
}
"""Where the words before are of the same cable, but in another voice."""


@dataclass(slots=True)
class AnswerBuilder:
    """An answer as it is put together: statements and quoted sentences, citations numbered as they come."""

    sentences: list[Sentence] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    quotes: dict[str, list[str]] = field(default_factory=dict)
    evidence: dict[str, Evidence] = field(default_factory=dict)

    def state(self, text: str) -> None:
        """Say something that the catalog knows: counted, not quoted."""
        self.sentences.append(Sentence(text, (), ProofLevel.CATALOG))

    def quote(
        self,
        chosen: Sequence[Chosen],
        title: str = "",
        *,
        leads: Sequence[str] = (),
        kind: BlockKind = BlockKind.PROSE,
    ) -> None:
        """Quote sentences under a title; `leads`, one each, stand in the place of who speaks."""
        start = len(self.sentences)
        for n, (evidence, sentence) in enumerate(chosen):
            self.evidence.setdefault(evidence.key, evidence)
            self.quotes.setdefault(evidence.key, []).append(sentence.piece.text)
            self.sentences.append(
                Sentence(
                    " ".join(sentence.piece.text.split()),
                    (list(self.evidence).index(evidence.key) + 1,),
                    ProofLevel.VERBATIM,
                    lead=leads[n] if leads else sentence_lead(chosen, n),
                    elided=not leads and _leaves_out(chosen, n),
                )
            )
        if chosen and (title or kind is not BlockKind.PROSE):
            self.blocks.append(Block(kind, title, start, len(self.sentences)))

    def append(self, answer: Answer, title: str) -> None:
        """Put another answer under a title behind what stands, its citations numbered on."""
        start = len(self.sentences)
        numbers = {}
        for citation in answer.citations:
            key = citation.evidence.key
            self.evidence.setdefault(key, citation.evidence)
            self.quotes.setdefault(key, []).extend(citation.quotes)
            numbers[citation.n] = list(self.evidence).index(key) + 1
        for sentence in answer.sentences:
            self.sentences.append(replace(sentence, citations=tuple(numbers[n] for n in sentence.citations)))
        self.blocks.append(Block(BlockKind.PROSE, title, start, len(self.sentences)))

    def answer(self, draft: Answer, outcome: Outcome = Outcome.ANSWERED) -> Answer:
        """The finished answer."""
        citations = tuple(
            Citation(n, evidence, tuple(self.quotes[key]), ProofLevel.VERBATIM)
            for n, (key, evidence) in enumerate(self.evidence.items(), 1)
        )
        known = {evidence.key for evidence in draft.evidence}
        return replace(
            draft,
            outcome=outcome,
            evidence=(*draft.evidence, *(e for key, e in self.evidence.items() if key not in known)),
            sentences=tuple(self.sentences),
            blocks=tuple(self.blocks),
            citations=citations,
            banner=banner(citations),
            done=True,
        )


def _leaves_out(chosen: Sequence[Chosen], n: int) -> bool:
    """Whether something of the paragraph stands between a sentence and the one quoted before it."""
    if n == 0 or chosen[n - 1][0].key != chosen[n][0].key:
        return False
    return chosen[n][1].place > chosen[n - 1][1].place + 1


def readable(evidence: Evidence) -> list[ScoredSentence]:
    """The scored sentences without the page around them; those of which nothing is left are gone."""
    chances = {one.piece.end: one.chance for one in evidence.sentences}
    found, ends = [], sorted(chances)
    for place, (piece, _) in enumerate(voiced(evidence.text, evidence.role)):
        n = bisect_left(ends, piece.end)
        if n < len(ends):
            found.append(ScoredSentence(piece, place, chances[ends[n]]))
    return found


def in_reading_order(chosen: Sequence[Chosen]) -> list[Chosen]:
    """Cables and paragraphs as they were first chosen, sentences in their order."""
    cables = list(dict.fromkeys(e.cable_id for e, _ in chosen))
    keys = list(dict.fromkeys(e.key for e, _ in chosen))
    return sorted(chosen, key=lambda c: (cables.index(c[0].cable_id), keys.index(c[0].key), c[1].place))


def sentence_lead(chosen: Sequence[Chosen], n: int) -> str:
    """What a reader must be told before a sentence: nothing where the one before it has the same voice."""
    one, before = chosen[n], chosen[n - 1] if n else None
    role = _role(one)
    if before is None or before[0].cable_id != one[0].cable_id:
        return lead(one[0], role)
    return "" if _role(before) is role else LEADS_ON[role]


def _role(one: Chosen) -> Role:
    return role_at(one[0].text, one[0].role, one[1].piece.start)


def lead(evidence: Evidence, role: Role | None = None) -> str:
    """Where, when and in which voice: `Embassy Beijing, 17 April 2008, comment:`."""
    date = day_in_words(evidence.found.day) or year_of(evidence.cable_id)
    words = LEADS[role or evidence.role].format(post=sender(evidence), date=f", {date}" if date else "")
    return words[0].upper() + words[1:]


def sender(evidence: Evidence) -> str:
    """Who sent the cable, as one says it: `Embassy Rome`, `the State Department`."""
    post = evidence.found.post
    if not post:
        return f"cable {evidence.cable_id}"
    if post == DEPARTMENT_OF_STATE:
        return "the State Department"
    return post if post.startswith(("Embassy", "Consulate", "Branch")) else f"the {post}"
