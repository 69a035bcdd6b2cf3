"""Reading the data files of this folder: `#` lines name the source, then column names, tab-separated."""

from functools import cache
from pathlib import Path

_TABLE_FOLDER = Path(__file__).parent


@cache
def rows(name: str) -> tuple[dict[str, str], ...]:
    """The rows of `NAME.tsv`, each a dictionary by column name; columns missing at a line's end are empty."""
    text = (_TABLE_FOLDER / f"{name}.tsv").read_text(encoding="utf-8")
    lines = [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]
    header = lines[0]
    return tuple(
        dict(zip(header, cells + [""] * (len(header) - len(cells)), strict=True)) for cells in lines[1:]
    )
