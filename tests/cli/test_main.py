"""The terminal: every command as a user types it, and every kind of bad input in one clear line."""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from cli.main import app
from qa.verification.answerability import Thresholds, keep_thresholds, thresholds_of
from tests.conftest import SAMPLES
from tests.vectorstore.archives import cable_text
from vectorstore.access import EVERYTHING
from vectorstore.archive import Archive
from vectorstore.embedding import embedder
from vectorstore.embedding.embedder import SentenceEmbedder

ROOT = Path(__file__).parents[2]
BID = "Why did China refuse Japan's bid?"
GOOD = "07LISBON91001"
NOBODY = 65534


@pytest.fixture(autouse=True)
def _one_model(embedder: SentenceEmbedder, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Commands share the session's model instead of loading it, and find no settings lying about."""
    runtime, encoder = embedder.backend, embedder._question_encoder
    monkeypatch.setattr(SentenceEmbedder, "_load", lambda self: runtime)
    monkeypatch.setattr(SentenceEmbedder, "_question_encoder", encoder)
    monkeypatch.chdir(tmp_path)


def reftel(*arguments: object) -> Result:
    return CliRunner().invoke(app, [str(a) for a in arguments], catch_exceptions=False)


def indexed(file: Path) -> tuple[Result, Path]:
    """A file indexed together with a good cable into a new archive: the result, and the data directory."""
    (file.parent / "good.txt").write_text(cable_text(GOOD, ["The pier sank."]))
    data = file.parent.parent / "data"
    return reftel("index", file.parent, "--data", data), data


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "cables").mkdir()
    return tmp_path / "cables"


# index


def test_index_reports_what_is_new_and_again_what_is_unchanged(tmp_path: Path) -> None:
    first, second = (reftel("index", SAMPLES, "--data", tmp_path / "data") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)
    assert "18  new cables" in first.stdout
    assert "18  unchanged" in second.stdout
    assert "0 paragraphs embedded" in second.stdout


def test_a_dry_run_says_so_and_makes_no_archive(tmp_path: Path) -> None:
    result = reftel("index", SAMPLES, "--data", tmp_path / "data", "--dry-run")
    assert "would be embedded; nothing was changed" in result.stdout
    assert not (tmp_path / "data").exists()


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty.txt": (b"", "empty"),
    "program.txt": (b"\x7fELF\x02\x01\x01\0" + bytes(range(256)) * 50, "a program"),
    "photograph.txt": (
        b"\xff\xd8\xff\xe0\0\x10JFIF\0\x01" + os.urandom(5000),
        "photograph|picture|image|JPEG",
    ),
    "recipe.txt": (b"Take two eggs.\nAdd flour.\n" * 20, "no sign of a cable"),
    "large.txt": (b"A line that is no cable.\n" * 2_100_000, "MB|large"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_clear_line_and_the_good_one_beside_it_is_taken(folder: Path, name: str) -> None:
    content, words = BAD_FILES[name]
    (folder / name).write_bytes(content)
    result, data = indexed(folder / name)
    lines = [line for line in result.stderr.splitlines() if name in line]
    assert result.exit_code == 1
    assert len(lines) == 1
    assert re.search(words, lines[0], re.IGNORECASE)
    assert reftel("show", GOOD, "--data", data).exit_code == 0


def test_a_cable_that_is_not_utf_8_is_read_all_the_same(folder: Path) -> None:
    text = cable_text("07LISBON91002", ["The café owner wept."]).encode("cp1252")
    (folder / "07LISBON91002.txt").write_bytes(text)
    result, data = indexed(folder / "07LISBON91002.txt")
    assert result.exit_code == 0
    assert "café" in reftel("show", "07LISBON91002", "--data", data).stdout


def test_the_archive_may_lie_in_the_folder_that_it_indexes(folder: Path) -> None:
    (folder / "good.txt").write_text(cable_text(GOOD, ["The pier sank."]))
    first, second = (reftel("index", folder, "--data", folder / "data") for _ in range(2))
    assert (first.exit_code, second.exit_code) == (0, 0)


def test_a_folder_without_cables_is_told(folder: Path) -> None:
    result = reftel("index", folder, "--data", folder / "data")
    assert (result.exit_code, "No cables in" in result.stderr) == (1, True)


def test_a_path_that_is_not_there_is_told(tmp_path: Path) -> None:
    result = reftel("index", tmp_path / "nowhere", "--data", tmp_path / "data")
    assert (result.exit_code, "nowhere does not exist" in result.stderr.replace("\n", "")) == (1, True)


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that everyone may enter; those of pytest are closed to others."""
    with tempfile.TemporaryDirectory() as made:
        Path(made).chmod(0o755)
        yield Path(made)


def test_a_file_without_permission_is_told(public: Path) -> None:
    (public / "closed.txt").write_text(cable_text(GOOD, ["The pier sank."]))
    (public / "closed.txt").chmod(0)
    (public / "data").mkdir()
    (public / "data").chmod(0o777)
    result = without_rights(public, "index", public / "closed.txt", "--data", public / "data")
    assert (result.returncode, "no permission" in result.stderr) == (1, True), result.stderr


def test_a_data_directory_without_permission_is_told(public: Path) -> None:
    (public / "good.txt").write_text(cable_text(GOOD, ["The pier sank."]))
    (public / "data").mkdir(mode=0o555)
    result = without_rights(public, "index", public / "good.txt", "--data", public / "data")
    assert (result.returncode, "data/indexing.lock: Permission denied" in result.stderr) == (1, True), (
        result.stderr
    )
    assert "Traceback" not in result.stderr


def without_rights(public: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run a command as someone who may not read everything, as root may.

    Another runs before it with rights, since an account without them may not even read Python's libraries.
    """
    (public / "first.txt").write_text(cable_text("07LISBON91009", ["The tide rose."]))
    first = ["index", str(public / "first.txt"), "--data", str(public / "first")]
    code = (
        "import os, sys\n"
        "from cli.main import app\n"
        f"app({first}, standalone_mode=False)\n"
        "if os.getuid() == 0:\n"
        f"    os.setgroups([]), os.setgid({NOBODY}), os.setuid({NOBODY})\n"
        "app(sys.argv[1:])\n"
    )
    command = [sys.executable, "-c", code, *map(str, arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)


# ask


def test_ask_prints_markers_citations_and_the_banner(archive: Archive) -> None:
    result = reftel("ask", BID, "--data", archive.data)
    assert result.exit_code == 0
    assert "[1]" in result.stdout
    assert "08BEIJING90014 ¶" in result.stdout
    assert "2008-04-18" in result.stdout
    assert "as marked at the time" in result.stdout


def test_ask_json_prints_one_object_of_the_contract(archive: Archive) -> None:
    answer = json.loads(reftel("ask", BID, "--data", archive.data, "--json").stdout)
    assert answer.keys() >= {"answer", "refused", "citations", "evidence", "banner", "seconds"}
    assert answer["citations"][0].keys() >= {"n", "cable", "paragraph", "key", "quote", "verified"}
    assert answer["evidence"][0].keys() >= {"cable", "paragraph", "key", "score"}
    assert len(answer["evidence"]) == 10


def test_ask_jsonl_answers_a_file_in_order_with_the_ids_given(archive: Archive, tmp_path: Path) -> None:
    history = [
        {"role": "user", "content": BID},
        {"role": "assistant", "content": "Its public was against it."},
    ]
    rows = [
        {"id": "b", "question": BID, "history": []},
        {"id": "a", "question": "And what did they say about India?", "history": history},
        {"question": "How do Kenyans send money?"},
    ]
    (tmp_path / "questions.jsonl").write_text("\n".join(json.dumps(row) for row in rows) + "\n\n")
    result = reftel("ask", "--jsonl", tmp_path / "questions.jsonl", "--data", archive.data)
    answers = [json.loads(line) for line in result.stdout.splitlines()]
    assert result.exit_code == 0
    assert [answer["id"] for answer in answers] == ["b", "a", 3]
    assert all(len(answer["evidence"]) == 10 for answer in answers)


def test_lines_that_are_no_questions_are_told_and_the_others_answered(
    archive: Archive, tmp_path: Path
) -> None:
    lines = [
        b'{"id": 1, "question": "Why did China refuse?"}',
        b"no json",
        b'["a list"]',
        b'{"id": 4}',
        b'{"id": 5, "question": 7}',
        b'{"id": 6, "question": "\xff"}',
        b'{"id": 7, "question": "  "}',
        b'{"id": 8, "question": "Why?", "history": "none"}',
        '{"id": 9, "question": "Who\u2028spoke?"}'.encode(),
    ]
    (tmp_path / "questions.jsonl").write_bytes(b"\r\n".join(lines))
    result = reftel("ask", "--jsonl", tmp_path / "questions.jsonl", "--data", archive.data)
    reported = [line for line in result.stderr.splitlines() if "questions.jsonl, line" in line]
    assert result.exit_code == 1
    assert [json.loads(line)["id"] for line in result.stdout.splitlines()] == [1, 9]
    assert [line.partition(", line ")[2].partition(":")[0] for line in reported] == list("2345678")


def test_a_missing_question_file_is_told(archive: Archive, tmp_path: Path) -> None:
    result = reftel("ask", "--jsonl", tmp_path / "nowhere.jsonl", "--data", archive.data)
    assert (result.exit_code, "cannot be read" in result.stderr) == (1, True)


@pytest.mark.parametrize("arguments", [[], ["  "], ["a question", "--jsonl", "and-a-file"]])
def test_ask_wants_a_question_or_a_file(archive: Archive, arguments: list[str]) -> None:
    result = reftel("ask", *arguments, "--data", archive.data)
    assert (result.exit_code, "give a question" in result.stderr) == (1, True)


def test_ask_saves_answers_with_footnotes_by_the_ending_of_the_file(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "answer.md"
    assert reftel("ask", BID, "--data", archive.data, "--save", file).exit_code == 0
    assert ", telegram 08BEIJING90014, 18 April 2008, Confidential, ¶" in file.read_text()
    wrong = reftel("ask", BID, "--data", archive.data, "--save", tmp_path / "answer.docx")
    assert (wrong.exit_code, ".md, .html, .json" in wrong.stderr) == (1, True)


def test_a_refusal_names_the_nearest_cables(archive: Archive) -> None:
    result = reftel("ask", "What is the recipe for Zanzibari pilau?", "--data", archive.data)
    assert "The archive does not answer this." in result.stdout
    assert "Nearest cables:" in result.stdout


# Without an archive, with wrong settings, with a broken archive


@pytest.mark.parametrize(
    "command", [["ask", "Why?"], ["show", GOOD], ["runs"], ["doctor"], ["withdraw", GOOD]]
)
def test_without_an_archive_every_command_says_how_to_make_one(tmp_path: Path, command: list[str]) -> None:
    result = reftel(*command, "--data", tmp_path / "none")
    assert result.exit_code == 1
    assert "reftel index" in result.stderr
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    ("name", "value"), [("REFTEL_PORT", "seven"), ("REFTEL_MODEL_TIMEOUT", "-1"), ("REFTEL_PORT", "99999")]
)
def test_a_wrong_setting_is_named(
    monkeypatch: pytest.MonkeyPatch, archive: Archive, name: str, value: str
) -> None:
    monkeypatch.setenv(name, value)
    result = reftel("show", "08BEIJING90014", "--data", archive.data)
    assert (result.exit_code, name in result.stderr, "Traceback" in result.stderr) == (1, True, False)


def test_a_settings_file_that_cannot_be_read_is_named(archive: Archive) -> None:
    Path("reftel.toml").write_text("port = = 1")
    result = reftel("show", "08BEIJING90014", "--data", archive.data)
    assert (result.exit_code, "reftel.toml" in result.stderr) == (1, True)


def test_an_unknown_embedder_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def refuse(*arguments: object) -> None:
        raise embedder.EmbedderNotFound("the embedder 'no-such-model' cannot be loaded")

    monkeypatch.setattr(SentenceEmbedder, "_load", refuse)
    result = reftel("index", SAMPLES, "--data", tmp_path / "data")
    assert (result.exit_code, "'no-such-model' cannot be loaded" in result.stderr) == (1, True)


def test_asking_with_another_embedder_answers_with_the_archives_and_says_so(
    monkeypatch: pytest.MonkeyPatch, archive: Archive, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("REFTEL_EMBEDDER", "another-model")
    result = reftel("ask", BID, "--data", archive.data)
    assert (result.exit_code, "[1]" in result.stdout) == (0, True)
    assert "`reftel index` changes to another-model" in caplog.text


def test_a_backup_is_made_and_restored_from_the_terminal(archive: Archive, tmp_path: Path) -> None:
    kept, again = tmp_path / "kept.zip", tmp_path / "again"
    made = reftel("backup", kept, "--data", archive.data)
    back = reftel("restore", kept, "--data", again)
    assert (made.exit_code, back.exit_code) == (0, 0)
    assert made.stdout.startswith("Backed up: 18 cables")
    assert reftel("doctor", "--data", again).exit_code == 0


def test_restoring_what_is_no_backup_says_so(tmp_path: Path) -> None:
    (tmp_path / "kept.zip").write_text("no backup")
    result = reftel("restore", tmp_path / "kept.zip", "--data", tmp_path / "data")
    assert (result.exit_code, "is no whole backup" in result.stderr) == (1, True)


def test_a_broken_catalog_is_told(own_archive: Archive) -> None:
    own_archive.catalog_path.write_bytes(b"no database " * 1000)
    for beside in own_archive.data.glob("catalog.sqlite-*"):
        beside.unlink()
    for command in (["ask", BID], ["index", SAMPLES], ["doctor"], ["show", GOOD]):
        result = reftel(*command, "--data", own_archive.data)
        assert (result.exit_code, "catalog" in result.stderr) == (1, True)


# show, parse


@pytest.mark.parametrize("written", ["08BEIJING90014", "08 Beijing 90014", "08beijing90014"])
def test_show_finds_a_cable_however_its_id_is_written(archive: Archive, written: str) -> None:
    result = reftel("show", written, "--data", archive.data)
    assert "BEIJING AND TOKYO TALK PAST EACH OTHER" in result.stdout
    assert "¶8" in result.stdout


def test_show_original_prints_the_file_as_it_came(archive: Archive) -> None:
    result = reftel("show", "08BEIJING90014", "--original", "--data", archive.data)
    assert result.stdout == (SAMPLES / "08BEIJING90014.txt").read_text(encoding="utf-8")


def test_an_unknown_cable_is_told(archive: Archive) -> None:
    result = reftel("show", "08BEIJING99999", "--data", archive.data)
    assert (result.exit_code, "no cable 08BEIJING99999" in result.stderr) == (1, True)


def test_brackets_in_a_cable_are_its_own(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(cable_text(GOOD, ["He wrote [red]no[/red] and [/] and [link=x]y."]))
    assert "[red]no[/red] and [/] and [link=x]y." in reftel("parse", tmp_path / "a.txt").stdout


def test_parse_shows_paragraphs_and_what_was_odd() -> None:
    result = reftel("parse", SAMPLES / "09NEWDELHI90052.txt")
    assert "¶7" in result.stdout
    assert "note: " in result.stdout


def test_parse_shows_where_each_line_went() -> None:
    lines = reftel("parse", SAMPLES / "09NEWDELHI90052.txt", "--lines").stdout.splitlines()
    assert any("SUBJECT:" in line and line.rstrip().endswith("subject") for line in lines)
    assert any(line.rstrip().endswith("¶7") for line in lines)


def test_parse_json_prints_one_object_a_cable() -> None:
    rows = reftel("parse", SAMPLES / "09NEWDELHI90052.txt", "--json").stdout.splitlines()
    assert [json.loads(row)["id"] for row in rows] == ["09NEWDELHI90052"]


def test_parse_writes_a_page_of_each_line_and_where_it_went(tmp_path: Path) -> None:
    page = tmp_path / "read.html"
    result = reftel("parse", SAMPLES / "09NEWDELHI90052.txt", "--html", page)
    assert result.exit_code == 0
    html = page.read_text(encoding="utf-8")
    assert "09NEWDELHI90052.1" in html
    assert '<tr class="lost">' not in html


def test_parse_is_told_the_columns_of_a_table_and_to_read_a_document(tmp_path: Path) -> None:
    (tmp_path / "table.csv").write_text(
        "number,words,when\n08NIAMEY417,1. (C) The pump is late.,2008-02-12\n"
    )
    assert reftel("parse", tmp_path / "table.csv").exit_code == 1
    reported = reftel("parse", tmp_path / "table.csv", "--columns", "id=number,text=words")
    assert "The pump is late." in reported.stdout
    (tmp_path / "list.txt").write_text("Milk and a new pump for the well.\n")
    assert reftel("parse", tmp_path / "list.txt").exit_code == 1
    assert "new pump" in reftel("parse", tmp_path / "list.txt", "--as", "document").stdout


def test_parse_tells_why_a_file_is_no_cable(tmp_path: Path) -> None:
    (tmp_path / "empty.txt").write_text("")
    result = reftel("parse", tmp_path / "empty.txt")
    assert (result.exit_code, "empty" in result.stderr) == (1, True)


# Upkeep


def test_withdraw_takes_a_cable_out_and_says_where_its_file_is(own_archive: Archive) -> None:
    result = reftel("withdraw", "08 Tunis 90066", "--data", own_archive.data)
    assert "08TUNIS90066 withdrawn" in result.stdout
    assert "08TUNIS90066.txt is still there" in result.stdout.replace("\n", "")
    assert reftel("show", "08TUNIS90066", "--data", own_archive.data).exit_code == 1


def test_withdrawing_what_is_not_there_is_told(own_archive: Archive) -> None:
    result = reftel("withdraw", "08TUNIS99999", "--data", own_archive.data)
    assert (result.exit_code, "not in the archive: 08TUNIS99999" in result.stderr) == (1, True)


def test_runs_lists_runs_and_shows_one_whole(folder: Path) -> None:
    (folder / "empty.txt").write_text("")
    _, data = indexed(folder / "empty.txt")
    listed, one = reftel("runs", "--data", data), reftel("runs", 1, "--data", data)
    assert "started (UTC)" in listed.stdout
    assert "empty.txt" in one.stderr
    assert reftel("runs", 99, "--data", data).exit_code == 1


def test_runs_tells_the_forms_of_files_and_where_each_thing_was_noted(folder: Path) -> None:
    file = folder / "odd.txt"
    file.write_text(cable_text("07LISBON91009", ["The pier sank."]).replace("SUBJECT:", ""))
    result, data = indexed(file)
    assert "plain text (2)" in result.stdout
    shown = reftel("runs", "show", "--notes", "--data", data).stdout
    assert "plain text (2)" in shown
    assert f"{file.resolve()}:1" in shown


def test_doctor_proves_that_all_agrees(archive: Archive) -> None:
    result = reftel("doctor", "--data", archive.data)
    assert (result.exit_code, "Catalog, vectors and words agree: 18 cables" in result.stdout) == (0, True)


def test_doctor_finds_a_fault_and_heals_it(own_archive: Archive) -> None:
    own_archive.vectors.drop(["08BEIJING90014.3"])
    found, healed = (reftel("doctor", *option, "--data", own_archive.data) for option in ([], ["--heal"]))
    assert (found.exit_code, healed.exit_code) == (1, 0)
    assert "found: paragraphs without all of their vectors (1): 08BEIJING90014.3" in found.stdout.replace(
        "\n", " "
    )
    assert "mended: paragraphs without all of their vectors (1)" in healed.stdout


def test_watch_indexes_what_arrives_and_ends_with_ctrl_c(own_archive: Archive, folder: Path) -> None:
    command = [sys.executable, "-u", "-c", "from cli.main import app; app()", "watch", str(folder)]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "COLUMNS": "200"}
    watching = subprocess.Popen(
        [*command, "--data", str(own_archive.data)], stdout=subprocess.PIPE, text=True, env=environment
    )
    assert watching.stdout is not None
    try:
        assert "Watching" in watching.stdout.readline()
        (folder / "a.txt").write_text(cable_text(GOOD, ["The pier sank."]))
        assert f"new: {GOOD}" in watching.stdout.readline()
    finally:
        watching.send_signal(signal.SIGINT)
    assert watching.wait(30) == 0


def test_an_interrupt_ends_the_watch_even_where_its_exception_was_lost(
    own_archive: Archive, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As it is where the signal comes while Python lets go of an object."""

    def arrivals(report: object, known: set[str]) -> set[str]:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
        return known

    monkeypatch.setattr("cli.output.indexing.print_arrivals", arrivals)
    assert reftel("watch", folder, "--data", own_archive.data).exit_code == 0


# The program itself


HELP = """
import contextlib, io, sys
from cli import main as cli
with contextlib.redirect_stdout(io.StringIO()), contextlib.suppress(SystemExit):
    cli.app(["--help"])
print({"pydantic", "numpy", "chromadb", "torch", "langchain_core", "rich", "settings"} & set(sys.modules))
"""


def test_help_loads_nothing_that_takes_time() -> None:
    done = subprocess.run([sys.executable, "-c", HELP], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_help_lists_every_command() -> None:
    text = reftel("--help").stdout
    commands = ("index", "watch", "ask", "show", "parse", "serve", "withdraw", "runs", "doctor")
    assert all(command in text for command in commands)


QUESTIONS = Path(__file__).parents[1] / "sample_questions.jsonl"


def test_eval_prints_figures_by_type_and_its_reports_can_be_compared(
    archive: Archive, tmp_path: Path
) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    result = reftel("eval", QUESTIONS, "--data", archive.data, "--report", first)
    assert result.exit_code == 0
    assert "mrr@10" in result.stdout
    assert "95% confidence" in result.stdout
    figures = json.loads(first.read_text())
    figures["results"][0]["rank"] = 7
    second.write_text(json.dumps(figures))
    compared = reftel("eval", "--compare", first, second)
    assert "→ 7" in compared.stdout
    assert "0 better, 1 worse" in compared.stdout
    for wrong, reason in ((tmp_path / "nowhere.json", "No such file"), (QUESTIONS, "no report")):
        refused = reftel("eval", "--compare", first, wrong)
        assert (refused.exit_code, reason in refused.stderr) == (1, True)


def test_eval_needs_questions_with_their_gold_paragraphs(archive: Archive, tmp_path: Path) -> None:
    file = tmp_path / "questions.jsonl"
    file.write_text('{"question": "Why?"}')
    result = reftel("eval", file, "--data", archive.data)
    assert (result.exit_code, "line 1" in result.stderr) == (1, True)


def test_calibration_is_kept_with_the_archive_and_decides_from_then_on(own_archive: Archive) -> None:
    before = json.loads(reftel("ask", BID, "--json", "--data", own_archive.data).stdout)
    result = reftel("eval", QUESTIONS, "--calibrate", "--data", own_archive.data)
    assert "refuse below a support of" in result.stdout
    view = own_archive.view(EVERYTHING)
    kept = thresholds_of(own_archive, view, reranked=True)
    assert kept != Thresholds()
    keep_thresholds(own_archive, Thresholds(answer=1000.0, closest=999.0), reranked=True)
    after = json.loads(reftel("ask", BID, "--json", "--data", own_archive.data).stdout)
    assert (before["refused"], after["refused"]) == (False, True)
