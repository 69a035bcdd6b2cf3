"""The wheel is the product: installed outside the checkout it indexes and answers as the checkout does."""

import json
import os
import subprocess
import sys
import sysconfig
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from qa.answer import Question
from qa.chain import Chain
from qa.export.answers import as_json

pytest.importorskip("hatchling", reason="the build backend is not installed: pip install '.[test]'")

ROOT = Path(__file__).parents[1]
QUESTION = "Why did China refuse Japan's bid?"


def run(command: Sequence[str | Path], folder: Path) -> str:
    """What a command prints that is run in `folder` without the checkout on its module path."""
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    build = [sys.executable, "-m", "pip", "wheel", ROOT, "--no-deps", "--no-build-isolation", "-w", folder]
    run(build, folder)
    return next(folder.glob("reftel-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; what the wheel needs is lent by this environment, Reftel is not."""
    folder = tmp_path_factory.mktemp("installed")
    run([sys.executable, "-m", "venv", "--without-pip", folder / "env"], folder)
    python = folder / "env" / "bin" / "python"
    run([sys.executable, "-m", "pip", "--python", python, "install", "--no-deps", wheel], folder)
    packages = next((folder / "env" / "lib").glob("python*/site-packages"))
    # A path in a .pth file is searched, but the .pth files in it are not read: the editable checkout stays out.
    (packages / "lent.pth").write_text(sysconfig.get_path("purelib"))
    return folder


def test_the_wheel_claims_one_name_and_carries_what_was_trained(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    assert {name.split("/")[0] for name in names if ".dist-info" not in name} == {"reftel"}
    assert "reftel/vectorstore/weights/late_interaction.safetensors" in names
    assert "reftel/vectorstore/weights/sentences.npz" in names


def test_the_wheel_holds_every_file_of_the_rooms(wheel: Path) -> None:
    tracked = subprocess.run(
        ["git", "ls-files", "cables", "vectorstore", "qa", "prompts", "web", "cli"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    ).stdout.split()
    held = set(zipfile.ZipFile(wheel).namelist())
    assert tracked
    assert [file for file in tracked if f"reftel/{file}" not in held and (ROOT / file).exists()] == []


def test_installed_it_indexes_and_answers_as_the_checkout_does(installed: Path, chain: Chain) -> None:
    reftel = installed / "env" / "bin" / "reftel"
    run([reftel, "index", ROOT / "samples"], installed)
    answer = json.loads(run([reftel, "ask", QUESTION, "--json"], installed))
    expected = json.loads(json.dumps(as_json(chain.invoke(Question(QUESTION)))))
    assert {**answer, "seconds": None} == {**expected, "seconds": None}


def test_installed_its_modules_are_those_of_the_wheel(installed: Path) -> None:
    code = "import reftel, qa.chain, cables; print(qa.chain.__file__); print(cables.__file__)"
    files = run([installed / "env" / "bin" / "python", "-c", code], installed).split()
    assert all(Path(file).is_relative_to(installed / "env") for file in files)
