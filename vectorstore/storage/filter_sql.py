"""Filters as SQL over the catalog's tables."""

from collections.abc import Sequence
from typing import Any

from vectorstore.database import marks
from vectorstore.query import Filters
from vectorstore.storage import full_text


def filter_condition(filters: Filters) -> tuple[str, list[Any]]:
    """The filters as SQL over `p` (paragraphs) and `c` (cables), with its values."""
    parts: list[str] = []
    values: list[Any] = []
    choices: tuple[tuple[str, Sequence[Any]], ...] = (
        ("c.post IN ({})", filters.posts),
        ("c.level IN ({})", [int(level) for level in filters.classifications]),
        ("c.id IN (SELECT cable FROM tags WHERE code IN ({}))", filters.tags),
        ("p.role IN ({})", [role.value for role in filters.roles]),
        ("c.id IN ({})", filters.cables),
    )
    for sql, chosen in choices:
        if chosen:
            parts.append(sql.format(marks(chosen)))
            values.extend(chosen)
    for sql, day in (("c.day >= ?", filters.since), ("c.day <= ?", filters.until)):
        if day is not None:
            parts.append(sql)
            values.append(day)
    if filters.text:
        sql, own = full_text.paragraph_condition(filters.text)
        parts.append(sql)
        values.extend(own)
    return " AND ".join(parts) or "1", values
