"""The map in tests/README.md names only files and tests that exist."""

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
TEXT = (HERE / "README.md").read_text(encoding="utf-8")
NAMED = re.findall(r"`([\w/]+\.py)(?:::(\w+))?`", TEXT)
FOLLOWING = re.findall(r"`([\w/]+\.py)(?:::\w+)?`((?:[^`|]*`::\w+`)+)", TEXT)


@pytest.mark.parametrize(("file", "test"), NAMED)
def test_a_named_test_exists(file: str, test: str) -> None:
    source = (HERE / file).read_text(encoding="utf-8")
    assert not test or f"def {test}(" in source


@pytest.mark.parametrize(("file", "tests"), FOLLOWING)
def test_a_test_named_after_its_file_exists_there(file: str, tests: str) -> None:
    source = (HERE / file).read_text(encoding="utf-8")
    assert all(f"def {test}(" in source for test in re.findall(r"::(\w+)", tests))
