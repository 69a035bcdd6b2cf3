"""What tests of this room share: a folder with two small cables, and an archive of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from archives import HARBOR, TIDES, write_cable

from vectorstore.storage import chroma


@pytest.fixture(scope="class")  # for each test, and once for all examples of one that has many
def small_shards() -> Iterator[None]:
    """Vectors go to a further shard after a few: what holds on one must hold on several."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(chroma, "SHARD_VECTORS", 3)
        yield


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with two cables, of two and of one paragraph."""
    folder = tmp_path / "cables"
    folder.mkdir()
    write_cable(folder / "harbor.txt", HARBOR, ["The pier sank. one", "The minister wept. two"])
    write_cable(folder / "tides.txt", TIDES, ["The tide rose. three"], subject="TIDES")
    return folder
