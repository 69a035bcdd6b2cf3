"""A checked text as HTML: each sentence with its level and its reason, beside the paragraphs that it was held against."""

from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from markupsafe import Markup

from qa.answer import ProofLevel, Usage
from web.render.templating import render
from web.render.text import marked

if TYPE_CHECKING:
    from qa.verification.claims import CheckedClaim

MEANINGS = {
    ProofLevel.VERBATIM: "The paragraph’s own words.",
    ProofLevel.CONFIRMED: "In other words, and so it stands there.",
}
"""What is said of a sentence that has no reason against it."""


def render_checked(claims: "Sequence[CheckedClaim]", usage: Usage, *, done: bool) -> Markup:
    """The sentences so far, or all of them."""
    counts = Counter(claim.check.level.value for claim in claims)
    rows = [(claim, _verdict(claim), _paragraphs(claim)) for claim in claims]
    return render("checked.html", rows=rows, counts=counts, usage=usage, done=done)


def _verdict(claim: "CheckedClaim") -> str:
    said = claim.check.reason or MEANINGS[claim.check.level]
    return f"{said[0].upper()}{said[1:]}"


def _paragraphs(claim: "CheckedClaim") -> list[tuple[object, Markup]]:
    """Its sources, each with its text and in it the words that matter."""
    return [(source, marked(source.text, claim.check.quotes.get(source.key, ()))) for source in claim.sources]
