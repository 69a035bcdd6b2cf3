"""What the tests of qa share: paragraphs made up on the spot, and a scripted chat model."""

from collections.abc import Callable, Iterator

import pytest

from cables import Level, Paragraph, Role, Span
from tests.model_server import ModelServer, serving
from vectorstore.retrieval.evidence import Evidence
from vectorstore.storage.catalog_rows import ParagraphHit

Make = Callable[..., Evidence]


@pytest.fixture
def paragraph() -> Make:
    """Makes evidence out of a text."""

    def make(
        text: str,
        *,
        cable: str = "08PARIS90001",
        number: int = 2,
        role: Role = Role.BODY,
        subject: str = "TALKS",
        post: str = "Embassy Paris",
        day: int | None = 20080417,
    ) -> Evidence:
        own = Paragraph(f"{cable}.{number}", number, text, Span(0, len(text)), role=role)
        return Evidence(ParagraphHit(0, cable, post, day, subject, Level.CONFIDENTIAL, own), 1.0, 0.7, {})

    return make


@pytest.fixture
def model() -> Iterator[ModelServer]:
    """A scripted chat model behind a real server."""
    with serving() as server:
        yield server
