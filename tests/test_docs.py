"""The documentation is true: every command in it runs, every link leads somewhere, generated pages are new."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml
from typer.testing import CliRunner

import cables.forms
from cli.main import app
from docs.generate import pages
from qa.answer import Question
from qa.answers.context import AnswerContext
from qa.chain import Chain
from tests.conftest import SAMPLES
from vectorstore.embedding.embedder import SentenceEmbedder

ROOT = Path(__file__).parents[1]
WRITTEN = sorted(
    path for path in (*ROOT.glob("*.md"), *ROOT.glob("docs/*.md")) if path.name != "CHANGELOG.md"
)
FENCE = re.compile(r"^```(\w*)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\]\(([^)\s]+)\)")
OTHERS = {"pip", "source", "curl", "EVENT=$(curl", "docker", "-d", "pre-commit"}
"""What starts a line and is not ours to run: it needs a network, a daemon or a chat that runs (tests/web)."""
SOURCE = {path: path.read_text(encoding="utf-8") for path in WRITTEN}


def blocks(path: Path, *kinds: str) -> list[str]:
    return [text for kind, text in FENCE.findall(SOURCE[path]) if kind in kinds]


def commands(path: Path) -> list[list[str]]:
    """The commands of a page in their order, without comments; a line's words behind `export` come as one each."""
    lines = [line for text in blocks(path, "sh") for line in text.replace("\\\n", " ").splitlines()]
    lines += [line[2:] for text in blocks(path, "console") for line in text.splitlines() if line[:2] == "$ "]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


@pytest.fixture
def home(
    tmp_path: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
    embedder: SentenceEmbedder,
) -> Path:
    """A home with ~/cables (three samples and what the pages name), the pages' files, and the session's model."""
    (tmp_path / "cables" / "riyadh").mkdir(parents=True)
    shutil.copytree(SAMPLES, tmp_path / "samples")
    for name in ("08BEIJING90014", "09MOSCOW90330", "09RIYADH90187"):
        shutil.copy(SAMPLES / f"{name}.txt", tmp_path / "cables")
    made = (SAMPLES / "08TUNIS90066.txt").read_text().replace("TUNIS 090066", "LISBON 000001")
    (tmp_path / "cables" / "08LISBON1.txt").write_text(made.replace("08TUNIS90066", "08LISBON1"))
    (tmp_path / "questions.jsonl").write_text(
        (ROOT / "tests/sample_questions.jsonl").read_text().splitlines()[0]
    )
    runtime, encoder = embedder.backend, embedder._question_encoder
    monkeypatch.setattr(SentenceEmbedder, "_load", lambda self: runtime)
    monkeypatch.setattr(SentenceEmbedder, "_question_encoder", encoder)
    # Pages that index the same cables embed them once.
    monkeypatch.setenv("REFTEL_VECTOR_CACHE", str(tmp_path_factory.getbasetemp() / "vectors.sqlite"))
    monkeypatch.setenv("REFTEL_VECTOR_CACHE_GB", "1")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.chdir(tmp_path)
    # What waits for ever ends at once; everything before it is done.
    monkeypatch.setattr("uvicorn.run", lambda *a, **k: None)
    monkeypatch.setattr("vectorstore.indexing.watch.changes_under", lambda *a, **k: iter(()))
    return tmp_path


def run(words: list[str], monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a command of the documentation, or prove what can be proven of it without leaving this process."""
    while words and re.fullmatch(r"REFTEL_\w+=.*", words[0]):
        monkeypatch.setenv(*words.pop(0).split("=", 1))
    name, *rest = words
    rest = [str(Path(word).expanduser()) if word.startswith("~") else word for word in rest]
    if name == "export":
        for setting in rest:
            variable, value = setting.split("=", 1)
            # No model answers here: that one is asked is proven in qa/, and that another embedder embeds anew in
            # vectorstore/.
            if not variable.startswith(("REFTEL_MODEL", "REFTEL_EMBEDDER")):
                monkeypatch.setenv(variable, str(Path(value).expanduser()))
    elif name.endswith("reftel"):
        result = CliRunner().invoke(app, rest, input="long enough a word\n" * 2)
        assert result.exit_code == 0, f"{shlex.join(words)}\n{result.output}"
        return result.stdout
    elif name == "make":
        subprocess.run(["make", "-n", *rest], cwd=ROOT, check=True, capture_output=True)
    elif name.endswith(("python", "pytest")):
        script = next((word for word in rest if word.endswith(".py")), None)
        assert script is None or (ROOT / script).exists(), shlex.join(words)
        text = (ROOT / script).read_text() if script and name.endswith("python") else ""
        assert not text or all(word in text for word in rest if word.startswith("--")), shlex.join(words)
    else:
        assert name in OTHERS, f"{shlex.join(words)}: run it here, or say in OTHERS why not"
    return ""


@pytest.mark.parametrize("path", [p for p in WRITTEN if commands(p)], ids=lambda p: p.name)
def test_every_command_of_a_page_runs(path: Path, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = next((words for words in commands(path) if words[0].endswith("reftel")), ["reftel", "ask"])
    if first[1] != "index":
        run(["reftel", "index", "samples"], monkeypatch)
    for words in commands(path):
        run(words, monkeypatch)


def test_the_answer_in_the_readme_is_what_is_printed_today(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (shown,) = blocks(ROOT / "README.md", "console")
    command, _, expected = shown.removeprefix("$ ").partition("\n")
    run(["reftel", "index", "samples"], monkeypatch)
    assert run(shlex.split(command), monkeypatch).split() == expected.split()


@pytest.mark.parametrize("path", WRITTEN, ids=lambda p: p.name)
def test_every_link_leads_somewhere(path: Path) -> None:
    links = [link.split("#")[0] for link in LINK.findall(FENCE.sub("", SOURCE[path])) if "://" not in link]
    assert [link for link in links if link and not (path.parent / link).exists()] == []


@pytest.mark.parametrize("name", ["cli.md", "settings.md"])
def test_generated_pages_are_up_to_date(name: str) -> None:
    assert (ROOT / "docs" / name).read_text() == pages()[name], "run `python docs/generate.py`"


def test_every_page_is_in_the_index() -> None:
    assert {path.name for path in (ROOT / "docs").glob("*.md")} == {
        link for link in LINK.findall(SOURCE[ROOT / "docs/README.md"]) if "/" not in link
    } | {"README.md"}


def test_every_form_is_in_the_table_of_forms() -> None:
    table = SOURCE[ROOT / "docs/cables.md"].lower()
    assert [form.name for form in cables.forms.forms() if form.name.lower() not in table] == []


def test_the_example_of_a_form_reads_its_cables(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lying in the folder is all the registration that the page promises."""
    example, _ = blocks(ROOT / "docs/extending.md", "python")
    (tmp_path / "export.py").write_text(example)
    two = [(SAMPLES / f"{name}.txt").read_text() for name in ("08BEIJING90014", "09MOSCOW90330")]
    named = "ARCHIVE NUMBER 07LISBON90001\n1. (U) The pier sank.\n"
    file = tmp_path / "export.txt"
    file.write_text(
        "TELEGRAM EXPORT\n" + "".join(f"{'=' * 40}\n{text}" for text in [*two, named, "no telegram\n"])
    )
    monkeypatch.setattr(cables.forms, "__path__", [*cables.forms.__path__, str(tmp_path)])
    cables.forms.forms.cache_clear()
    try:
        *readings, failure = cables.forms.read(file)
    finally:
        cables.forms.forms.cache_clear()
    assert [reading.cable.id for reading in readings] == ["08BEIJING90014", "09MOSCOW90330", "07LISBON90001"]
    assert failure.reason.startswith("no id")


def test_the_example_of_an_answer_kind_answers(chain: Chain) -> None:
    _, example = blocks(ROOT / "docs/extending.md", "python")
    module: dict[str, Any] = {}
    exec(example, module)
    answerer = module["LongestAnswerer"](AnswerContext(chain.retriever, chain.quoting))
    request = chain.read(Question("Which is the longest cable from Beijing?"))
    answer = answerer.compose(request, answerer.gather(request))
    assert re.match(r"The longest is \d\dBEIJING\d+, with \d+ paragraphs\.", answer.text)
    assert answer.citations


# Containers and the workflow do what `make` does.


def test_the_image_is_made_by_the_steps_of_make_run() -> None:
    made = subprocess.run(
        ["make", "-Bn", "--no-print-directory", "run"], cwd=ROOT, check=True, capture_output=True, text=True
    ).stdout
    steps = [line.replace("touch .venv/installed", "").strip() for line in made.splitlines()]
    image = re.sub(r"\s+", " ", (ROOT / "Dockerfile").read_text().replace("\\\n", " "))
    image = image.replace(" --no-cache-dir", "").replace('".[$EXTRAS]"', ".")
    served = {
        ".venv/bin/python app.py": "reftel serve",
        ".venv/bin/reftel index samples": "reftel index samples",
    }
    places = [image.find(served.get(step, step)) for step in steps if step]
    assert len(places) == 4
    assert -1 not in places
    assert places == sorted(places)


def test_what_compose_starts_is_reached_from_this_machine_only_and_asks_nobody_for_a_store() -> None:
    services = yaml.safe_load((ROOT / "compose.yaml").read_text())["services"]
    assert set(services) == {"chat"}  # a Chroma server would let in all who reach it
    assert all(port.startswith("127.0.0.1:") for port in services["chat"]["ports"])


def test_the_workflow_calls_targets_that_there_are() -> None:
    jobs = yaml.safe_load((ROOT / ".github/workflows/test.yml").read_text())["jobs"].values()
    steps = [step.get("run", "") for job in jobs for step in job["steps"]]
    targets = [step.split()[1:] for step in steps if step.startswith("make ")]
    assert targets == [["check"], ["test"], ["test-model"]]
    for target in targets:
        subprocess.run(["make", "-n", *target], cwd=ROOT, check=True, capture_output=True)
