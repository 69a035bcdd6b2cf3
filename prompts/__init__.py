"""What is said to chat models: one file a prompt, read by one loader."""

from functools import cache
from pathlib import Path
from string import Template


@cache
def load(name: str) -> Template:
    """The prompt `name` with its `$blanks`; what fills them is never read for blanks again."""
    return Template((Path(__file__).parent / f"{name}.md").read_text(encoding="utf-8").strip())
