"""What large hostile files cost: `python bench/hostile_uploads.py --size 2000000`

Reads every file of tests/hostile.py as an upload is read and tells what it cost, and whether anything was
harmed: a file written elsewhere, this process's own memory, a good file that is not read afterwards.
"""

import argparse
import resource
import sys
import tempfile
import time
from pathlib import Path

sys.path[:0] = [str(Path(__file__).parents[1])]
sys.path.append(str(Path(__file__).parents[1] / "tests"))

from hostile import cable_text, files  # noqa: E402

from cables.forms import Failure, Reading  # noqa: E402
from cables.sandbox import SandboxedReader, SandboxLimits  # noqa: E402


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--size", type=int, default=2_000_000)
    options.add_argument("--seconds", type=int, default=20)
    chosen = options.parse_args()
    harm: list[str] = []
    ended = 0
    with (
        tempfile.TemporaryDirectory() as folder,
        SandboxedReader(SandboxLimits(cpu_seconds=chosen.seconds)) as reader,
    ):
        good = Path(folder) / "good.txt"
        good.write_text(cable_text("A good cable"))
        hostile = files(chosen.size)
        for n, (name, content) in enumerate(hostile):
            path = Path(folder) / str(n)
            path.write_bytes(content)
            clock, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
            answer = list(reader(path))
            over = any(isinstance(item, Failure) and "more than it may" in item.reason for item in answer)
            ended += over
            spent = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before
            kinds = f"{sum(isinstance(item, Reading) for item in answer)} read of {len(answer)}"
            print(
                f"{name[:40]:40} {len(content):>10,} bytes  {time.monotonic() - clock:6.1f} s  {kinds}"
                f"{f', ended after {spent:.0f} s of work' if over else ''}",
                flush=True,
            )
            path.unlink()
            if not isinstance(next(iter(reader(good)), None), Reading):
                harm.append(f"after {name} nothing is read any more")
    harm += [str(path) for path in (Path("/tmp/out.txt"), Path("/tmp/reftel-harmed")) if path.exists()]
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(f"\n{len(hostile)} files, {ended} readings ended, {len(harm)} harmed {harm}")
    print(f"memory: {memory} MB at most in the reading process, {own} MB in this one")
    sys.exit(bool(harm))


if __name__ == "__main__":
    main()
