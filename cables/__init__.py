"""What a cable is: text in, `Cable` out. Knows no model, no store and no screen."""

from cables.model import (
    Address,
    Cable,
    Level,
    Marking,
    MarkingState,
    Paragraph,
    Reference,
    ReferenceKind,
    Role,
    Span,
    Tag,
    TagKind,
)
from cables.parsing.telegram import parse_telegram

VERSION = "8"
"""Raised when the same text parses differently: files read with another version are read again."""

__all__ = [
    "VERSION",
    "Address",
    "Cable",
    "Level",
    "Marking",
    "MarkingState",
    "Paragraph",
    "Reference",
    "ReferenceKind",
    "Role",
    "Span",
    "Tag",
    "TagKind",
    "parse_telegram",
]
