"""Reftel as an installed program: everything it installs lies in this one folder.

The rooms import each other as in the checkout (`from qa.chain import Chain`), so this package puts the folder
they lie in, its own or the checkout, first on the module path. docs/decisions.md says why.
"""

import sys
from pathlib import Path

HOME = next(
    place for place in (Path(__file__).parent, Path(__file__).parents[1]) if (place / "cables").is_dir()
)
"""The folder that holds the rooms: this one where Reftel is installed, the one above in a checkout."""

if str(HOME) not in sys.path:
    sys.path.insert(0, str(HOME))


def main() -> None:
    """The command `reftel`."""
    from cli.main import app

    app()
