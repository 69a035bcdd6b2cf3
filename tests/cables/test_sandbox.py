"""Reading in a bounded process: what a hostile file costs, and what it leaves behind."""

import os
import resource
import tempfile
from pathlib import Path

import pytest
from hostile import files

from cables import forms
from cables.forms import Failure, Reading
from cables.sandbox import SandboxedReader, SandboxLimits

SAMPLES = Path(__file__).parents[2] / "samples"


def test_it_reads_what_forms_read(tmp_path: Path) -> None:
    with SandboxedReader() as reader:
        for file in sorted(SAMPLES.glob("*.txt"))[:6]:
            assert list(reader(file)) == list(forms.read(file))


def test_who_stops_reading_a_file_gets_the_next_one_whole(tmp_path: Path) -> None:
    first, second = sorted(SAMPLES.glob("*.txt"))[:2]
    with SandboxedReader() as reader:
        next(iter(reader(first)))
        assert list(reader(second)) == list(forms.read(second))


def test_a_process_with_many_open_files_reads_as_well() -> None:
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)
    if limit[1] < 2_000:
        pytest.skip("this user may not open so many files")
    resource.setrlimit(resource.RLIMIT_NOFILE, (max(limit[0], 2_000), limit[1]))
    opened = [os.dup(0) for _ in range(1_100)]
    try:
        with SandboxedReader() as reader:
            file = next(SAMPLES.glob("*.txt"))
            assert list(reader(file)) == list(forms.read(file))
    finally:
        for number in opened:
            os.close(number)
        resource.setrlimit(resource.RLIMIT_NOFILE, limit)


def test_hostile_files_cost_little_leave_nothing_and_are_answered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    hostile = files(4_000)
    assert len(hostile) > 60
    answers = []
    with SandboxedReader(SandboxLimits(cpu_seconds=20)) as reader:
        for n, (_, content) in enumerate(hostile):
            path = tmp_path / f"{n}"
            path.write_bytes(content)
            answers.append(list(reader(path)))
    silent = [name for (name, _), answer in zip(hostile, answers, strict=True) if not answer]
    assert silent == ["way-9.zip", "remote.xml"]  # nothing but hidden files; nothing at all
    said = str([item.reason for answer in answers for item in answer if isinstance(item, Failure)])
    assert "root:" not in said
    read = [item.cable.original for answer in answers for item in answer if isinstance(item, Reading)]
    assert not any("root:x:" in original for original in read)
    assert list(temporary.iterdir()) == []
    assert not Path("/tmp/reftel-harmed").exists()
    assert not Path("/tmp/out.txt").exists()


@pytest.mark.parametrize(
    "limits",
    [SandboxLimits(wall_seconds=0.01), SandboxLimits(memory_bytes=90_000_000)],
    ids=["time", "memory"],
)
def test_a_file_that_takes_too_much_ends_its_process_and_the_next_is_read(
    tmp_path: Path, limits: SandboxLimits
) -> None:
    large, cable = tmp_path / "large.txt", min(SAMPLES.glob("[0-9]*.txt"))
    large.write_text("A line of a file that is far too long\n" * 800_000)
    with SandboxedReader(limits) as reader:
        (answer,) = reader(large)
        assert isinstance(answer, Failure)
        assert answer.reason.startswith("reading it took more than it may")
        reader.limits = SandboxLimits(memory_bytes=limits.memory_bytes)
        assert isinstance(next(iter(reader(cable))), Reading)
