"""Filters as SQL over the catalog's tables."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from vectorstore.database import marks
from vectorstore.query import Filters, TextQuery
from vectorstore.storage import full_text


def paragraph_filter(filters: Filters) -> tuple[str, list[Any]]:
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


def cable_filter(filters: Filters) -> tuple[str, list[Any]]:
    """SQL over `c` alone: cables that pass the filters and, with roles, have such a paragraph."""
    condition, values = paragraph_filter(replace(filters, roles=(), tags=(), text=TextQuery()))
    if filters.tags:  # looked up cable by cable: a list of all cables with a common code takes seconds
        codes = marks(filters.tags)
        condition += f" AND EXISTS (SELECT 1 FROM tags t WHERE t.cable = c.id AND t.code IN ({codes}))"
        values += filters.tags
    if filters.roles:
        condition += f" AND c.id IN (SELECT cable FROM paragraphs WHERE role IN ({marks(filters.roles)}))"
        values += [role.value for role in filters.roles]
    if filters.text:
        sql, own = full_text.cable_condition(filters.text)
        condition += f" AND {sql}"
        values += own
    return condition, values
