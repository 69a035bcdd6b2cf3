"""What the tests of forms share."""

from pathlib import Path

import pytest

from cables.forms import Failure, Reading, read
from tests.cables.forms.made_up import Reader


@pytest.fixture
def outcome() -> Reader:
    """Read a file and tell cables from failures."""

    def of(path: Path) -> tuple[list[Reading], list[Failure]]:
        results = list(read(path))
        return (
            [result for result in results if isinstance(result, Reading)],
            [result for result in results if isinstance(result, Failure)],
        )

    return of
