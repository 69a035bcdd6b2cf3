"""Checked sentences on the terminal."""

from collections import Counter
from collections.abc import Iterable

from rich.padding import Padding
from rich.text import Text

from cli.output.console import out
from qa.answer import ProofLevel
from qa.llm.streaming import Meter
from qa.verification.claims import CheckedClaim

LEVEL_STYLES = {
    ProofLevel.VERBATIM: "green",
    ProofLevel.CONFIRMED: "green",
    ProofLevel.CITED: "yellow",
    ProofLevel.REFUTED: "red",
}


def print_checked(claims: Iterable[CheckedClaim], meter: Meter) -> None:
    """Each sentence with its level, the reason, and the paragraph's own words."""
    counts: Counter[ProofLevel] = Counter()
    for claim in claims:
        level = claim.check.level
        counts[level] += 1
        out.print(Text.assemble((f"{level.value:9} ", LEVEL_STYLES[level]), claim.sentence))
        if claim.check.reason:
            out.print(Padding(Text(claim.check.reason, style="dim"), (0, 0, 0, 10)))
        for source in claim.sources:
            words = " [...] ".join(claim.check.quotes.get(source.key, ()))
            out.print(Padding(Text.assemble((source.key, "cyan"), f"  {words}"), (0, 0, 0, 10)))
    out.print(", ".join(f"{counts[level]} {level.value}" for level in LEVEL_STYLES))
    if meter.usage.calls:
        usage = meter.usage
        out.print(
            f"second reading: {usage.calls} calls, {usage.tokens_in + usage.tokens_out:,} tokens", style="dim"
        )
