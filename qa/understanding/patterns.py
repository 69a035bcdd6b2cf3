"""What questions look like: the regular expressions of patterns.tsv by their name."""

import re
from functools import cache
from pathlib import Path

from qa.text.wordlists import rows_of

PATTERNS = Path(__file__).with_name("patterns.tsv")


@cache
def pattern(name: str, frame: str = "{}") -> re.Pattern[str]:
    """The alternatives of a name (`fact`: of `fact_signer` and the others too) as one expression, without case.

    `frame` stands around them.
    """
    return re.compile(frame.format(f"(?:{_alternatives(name)})"), re.IGNORECASE)


@cache
def _alternatives(name: str) -> str:
    lines = [expression for own, expression in rows_of(PATTERNS) if own == name or own.startswith(f"{name}_")]
    return re.sub(r"<([A-Z]+)>", lambda match: _alternatives(match[1]), "|".join(lines))
