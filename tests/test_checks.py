"""`make check` passes: style, types, who may import whom, no dead code, no known hazards."""

import importlib.metadata
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TOOLS = ("ruff", "mypy", "import-linter", "vulture", "bandit")


def checks() -> list[str]:
    """The commands of `make check`; what sets the environment up is left to who runs the tests."""
    listed = subprocess.run(
        ["make", "-n", "check"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    return [line for line in listed.splitlines() if line.startswith(".venv/bin/") and " -m pip " not in line]


def missing() -> list[str]:
    installed = {str(one.name).lower() for one in importlib.metadata.distributions()}
    return [tool for tool in TOOLS if tool not in installed] + [".venv"] * (not (ROOT / ".venv").exists())


@pytest.mark.skipif(bool(missing()), reason=f"the extra 'check' is not installed: {', '.join(missing())}")
@pytest.mark.parametrize("command", checks(), ids=lambda command: command.split()[0].rsplit("/", 1)[-1])
def test_a_check_passes(command: str) -> None:
    done = subprocess.run(command.split(), cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"{command}\n{done.stdout[-4000:]}{done.stderr[-2000:]}"
