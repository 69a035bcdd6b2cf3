"""Poisoned cables in the chat's HTML: their words stay words, whatever they hold."""

import json
import re
from pathlib import Path

import pytest

from cables import Level, Paragraph, Span
from qa.answer import Answer, Citation, ProofLevel, Sentence
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import ParagraphHit
from web.render.answer import render_live
from web.services.conversation import Conversation, Exchange

FILE = Path(__file__).parents[2] / "qa/verification/redteam/cases.jsonl"
CASES = [json.loads(line) for line in FILE.read_text(encoding="utf-8").splitlines()]
MORE = [
    '"><script>alert(1)</script>',
    "' onmouseover='alert(1)",
    "<img src=x onerror=alert(1)>",
    "</div><iframe src=//x>",
    "[x](javascript:alert(1))",
    "![x](https://collect.example/x.png)",
    "<style>*{display:none}</style>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<a href='https://collect.example'>here</a>",
]


def shown(poison: str) -> str:
    """An exchange in which everything that is not ours is poisoned."""
    own = Paragraph("08PARIS1.2", 2, poison, Span(0, len(poison)))
    evidence = Evidence(
        ParagraphHit(0, "08PARIS1", poison, 20080417, poison, Level.SECRET, own), 1.0, 0.7, {"words": 1.0}
    )
    citation = Citation(1, evidence, (poison,), level=ProofLevel.VERBATIM)
    sentences = (
        Sentence(poison, (1,), level=ProofLevel.VERBATIM, lead=poison),
        Sentence(poison, (1,), level=ProofLevel.REFUTED, reason=poison),
    )
    answer = Answer(
        poison,
        sentences=sentences,
        citations=(citation,),
        evidence=(evidence,),
        notice=poison,
        absent=(poison,),
        interpretation=poison,
        model=poison,
    )
    return render_live(Conversation(exchanges=(Exchange(poison, answer),)))


@pytest.mark.parametrize("poison", [*(case["poison"] for case in CASES), *MORE])
def test_no_tag_no_handler_and_no_foreign_link_comes_out_of_a_cable(poison: str) -> None:
    plain = shown("Nothing special.")
    tags = re.findall(r"<[^>]*>", shown(poison))
    names = {re.match(r"</?([\w-]+)", tag)[1] for tag in tags}  # type: ignore[index]
    assert names <= {re.match(r"</?([\w-]+)", tag)[1] for tag in re.findall(r"<[^>]*>", plain)}  # type: ignore[index]
    outside = [re.sub(r'"[^"]*"', '""', tag) for tag in tags]
    assert not any(re.search(r"\son\w+\s*=|\ssrc\s*=", tag) for tag in outside)
    links = [link for tag in tags for link in re.findall(r'\shref="([^"]*)"', tag)]
    assert all(link.startswith(("?cable=08PARIS1", "data:text/", "data:application/json")) for link in links)
