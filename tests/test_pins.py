"""What is installed is named by version and hash, and the two lists agree."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
_PIN_RE = re.compile(r"^([A-Za-z0-9._-]+)==([^\s;]+)[^\n]*((?:\n +--hash=[^\n]+)*)", re.MULTILINE)


def pins(file: str) -> dict[str, tuple[str, str]]:
    """Version and hashes by normalised name."""
    found = _PIN_RE.findall((ROOT / file).read_text())
    return {re.sub(r"[-_.]+", "-", name).lower(): (version, hashes) for name, version, hashes in found}


def test_every_requirement_has_hashes_and_the_version_that_the_tests_run_with() -> None:
    required, tested = pins("requirements.txt"), pins("constraints.txt")
    assert [name for name, (_, hashes) in required.items() if "sha256:" not in hashes] == []
    assert {name for name in required.keys() & tested if required[name][0] != tested[name][0]} == set()
    assert len(required.keys() & tested) > 100


def test_the_image_and_the_actions_are_named_by_digest_and_commit() -> None:
    images = re.findall(r"^FROM (\S+)", (ROOT / "Dockerfile").read_text(), re.MULTILINE)
    actions = re.findall(r"uses: (\S+)", (ROOT / ".github/workflows/test.yml").read_text())
    assert [image for image in images if not re.search(r"@sha256:[0-9a-f]{64}$", image)] == []
    assert [action for action in actions if not re.search(r"@[0-9a-f]{40}$", action)] == []
