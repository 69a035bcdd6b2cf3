"""What a cable is: text in, `Cable` out. Knows no model, no store and no screen."""

from cables.model import (
    Address,
    Cable,
    Level,
    Marking,
    Paragraph,
    Reference,
    ReferenceKind,
    Role,
    Span,
    Tag,
    TagKind,
)
from cables.telegram import parse_telegram

__all__ = [
    "Address",
    "Cable",
    "Level",
    "Marking",
    "Paragraph",
    "Reference",
    "ReferenceKind",
    "Role",
    "Span",
    "Tag",
    "TagKind",
    "parse_telegram",
]
