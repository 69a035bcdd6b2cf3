"""A paragraph to hold sentences against."""

from collections.abc import Callable

import pytest

from cables import Role
from qa.verification.sources import Source

MakeSource = Callable[..., Source]

TALKS = (
    "The division chief said that China had refused Japan's bid on April 14. Japan pays 16.6 percent of the "
    "budget, against 2.7 percent for China, and spent $30 million on the campaign. The Foreign Minister "
    "denied that a deadline had been discussed. He would not meet Ambassador Tanaka before June."
)


@pytest.fixture
def source() -> MakeSource:
    """Makes a source out of a text; without one, of the talks in Paris."""

    def make(text: str = TALKS, *, role: Role = Role.BODY, cable: str = "", known: bool = True) -> Source:
        header = {"post": "Embassy Paris", "day": 20080417, "subject": "CODEL SMITH AND THE TALKS"}
        return Source(
            "08PARIS90001.2", "08PARIS90001", text, role=role, cable=cable, **(header if known else {})
        )

    return make
