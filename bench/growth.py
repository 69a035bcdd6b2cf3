"""How time grows with a text: every regular expression, every function of one text, every renderer of the page.

    python bench/growth.py [--log FILE] [NAME]

Each is given texts made of one repeated piece. What takes MIN_SECONDS for 12,000 characters is measured with 48,000 too:
time that grows as n log n is four to five times as long for four times the text, and what grows faster is listed, and
the exit code is 1. What takes less stays below 200 ms for 300,000 characters even if it grew as the square.
Whatever takes longer than 200 ms for 300,000 characters is listed as long work, which must not be done where others wait.
NAME limits the walk to what holds it. Only processor time counts, so that a busy machine changes nothing.
"""

import argparse
import functools
import gc
import importlib
import inspect
import math
import pkgutil
import re
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from types import ModuleType
from typing import Any, NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1]))
import settings

settings.offline()

PACKAGES = ("cables", "vectorstore", "qa", "web")
PASSED_OVER = ("ray", "postgres", "sandbox", "torch", "gpu")
"""Modules that need another program, or start one."""
CHARS = 12_000
FACTOR = 4
MAX_GROWTH = 9.0
"""Times longer for FACTOR times the text: linear is 4, squares are 16."""
MIN_SECONDS = 0.0003
"""For CHARS characters: what takes less can grow as it likes."""
MAX_CHARS = 300_000
MAX_HELD_SECONDS = 0.2
"""For MAX_CHARS characters, where others wait for Python's lock."""
MAX_SECONDS = 2
"""After which a single call is ended, and counts as growing too fast."""
PIECES = [
    "a",
    "A",
    "x ",
    "A ",
    "Aa ",
    "a b ",
    "A-",
    "A.",
    "Ab ",
    "aB",
    "1",
    "1.",
    "1. ",
    "1,",
    "0.1 ",
    "$1 ",
    "1,000 ",
    " ",
    "\n",
    " \n",
    "\t",
    "\r\n",
    "-",
    "- ",
    "--\n",
    "_",
    "=",
    "=\n",
    "=20",
    ".",
    ". ",
    "...",
    ", ",
    ",",
    ";",
    "?",
    "? ",
    "!",
    "*",
    "* ",
    "/",
    "//",
    "\\",
    "|",
    "~",
    "^",
    "+",
    "(",
    "()",
    "(S)",
    "(S",
    "(A",
    "(AB) ",
    "[",
    "[1]",
    "[1",
    "{",
    '{"',
    '"',
    '"a" ',
    "'",
    "'s ",
    "’",
    "“",
    "“a” ",
    "<",
    "<a>",
    "<pre>",
    "&",
    "&amp;",
    "&#x",
    "%",
    "%%",
    "@",
    "a@",
    "http://a",
    "a.b.",
    "é",
    "中",
    "𝒳",
    "\u00ad",
    "\u200b",
    "¶",
    "¶1 ",
    "¶1. ",
    "1. (C) a\n",
    "XXX",
    "X ",
    "xxx ",
    "S E C R E T ",
    "SECRET//NOFORN ",
    "NOFORN ",
    "UNCLAS PARIS 1\n",
    "SECTION 01 OF 02 ",
    "PARIS 00001 001.2 OF 002\n",
    "08PARIS1 ",
    "08 PARIS ",
    "10STATE1 ",
    "REF: A. PARIS 1 ",
    "REF ",
    "A. B. ",
    "reftel ",
    "Ref A ",
    "paragraph 2 ",
    "SUBJECT: ",
    "TAGS: ",
    "TAGS: A",
    "END SUMMARY ",
    "COMMENT ",
    "(Comment: ",
    "End comment.) ",
    "Classified By: ",
    "REASON: 1.4 ",
    "(b) ",
    "O P ",
    "Z",
    "FM ",
    "TO RUEHC/A\n",
    "RUEHC/",
    "301200Z APR 08 ",
    "DECL: ",
    "E.O. 12958: ",
    "NNNN\n",
    "2008 ",
    "in 2008 ",
    "April 2008 ",
    "between 2006 and ",
    "from 1 to ",
    "since ",
    "Embassy Paris ",
    "Mr. Smith ",
    "Mr. A ",
    "President ",
    "United States ",
    "the ",
    "of the ",
    "in ",
    "and ",
    "a and ",
    "not ",
    "no ",
    "said ",
    "he said that ",
    "who ",
    "how many ",
    "it ",
    "per cent ",
    "Security Council ",
    "UN (UN) ",
    "Aa Bb (AB) ",
    "![",
    "a+",
    "text:(",
    '"a b"~2 ',
    "AND OR NOT ",
]
SHORT = {
    "qa.understanding.": (1_000, "a question is read up to MAX_READ_CHARS"),
    "qa.text.names._": (500, "a name has at most twelve words"),
    "web.security.passwords.": (200, "a password is judged up to MAX_JUDGED_CHARS"),
    "cables.glossary.name_words._": (500, "a name has at most twelve words"),
    "cables.parsing.signature._TRAILER_RE": (120, "the last _MAX_INLINE_CHARS of a line"),
    "cables.text._ABBREVIATION_RE": (40, "MAX_ABBREVIATION_CHARS before a full stop"),
    "cables.ids._PAGE_NAME_RE": (120, "canonical() looks at 120 characters"),
    "cables.parsing.references._post_at_end": (150, "five words before a number"),
    "cables.repair.broken_words._WORD_BEFORE_RE": (24, "_MAX_WORD_CHARS before a hyphen"),
}
"""What is only ever given short texts, with how long they are and why: that is how long it is tried with."""
BLANKS = re.compile(r"\s+")
BEHIND_REPAIRS = ("cables.parsing.", "cables.marking.", "cables.forms.foia._addresses")
"""What reads texts in which no white space is longer than MAX_BLANKS (`cables.repair.characters`)."""
FRAMES = ("{}", "{}!\x01", "1. (U) The minister spoke. {}\n\n2. End.\n")
CABLE = (
    "VZCZCXRO0001\nPP RUEHC\nDE RUEHFR #0001/01 1211200\nZNR UUUUU ZZH\nP 301200Z APR 08\nFM AMEMBASSY PARIS\n"
    "TO RUEHC/SECSTATE WASHDC PRIORITY 0001\n\nUNCLAS PARIS 090001\n\nSIPDIS\n\nE.O. 12958: N/A\nTAGS: PREL, FR{tags}\n"
    "SUBJECT: WHEAT{subject}\n{reference}\n1. (U) The minister spoke. {body}\n\n2. End.\nSMITH\n"
)


def search_all(pattern: re.Pattern[str], text: str) -> int:
    return sum(1 for _ in pattern.finditer(text))


def match_whole(pattern: re.Pattern[str], text: str) -> object:
    """For an expression that is only held against a beginning or a whole."""
    return pattern.match(text), pattern.fullmatch(text)


class TooLong(Exception):
    """A call was ended."""


def modules() -> Iterator[ModuleType]:
    for package in PACKAGES:
        root = importlib.import_module(package)
        for found in pkgutil.walk_packages(root.__path__, f"{package}."):
            if not any(part in found.name.rpartition(".")[2] for part in PASSED_OVER):
                yield importlib.import_module(found.name)


def used_methods(module: ModuleType, name: str) -> set[str]:
    """Methods of a regular expression that the code calls; of a private one, what its own module calls."""
    source = inspect.getsource(module) if name.startswith("_") else _sources()
    found = set(re.findall(rf"\b{name}\.(\w+)\(", source))
    if re.search(rf"\bin [(]?[^\n]*\b{name}\b", source):  # one of several that are tried in a loop
        found |= set(re.findall(r"\bpattern\.(\w+)\(", source))
    return found


@functools.cache
def _sources() -> str:
    root = Path(__file__).parents[1]
    return "\n".join(file.read_text() for package in PACKAGES for file in (root / package).rglob("*.py"))


def patterns(module: ModuleType) -> Iterator[tuple[str, Callable[[str], Any]]]:
    for name, value in vars(module).items():
        values = (
            value.values()
            if isinstance(value, dict)
            else value
            if isinstance(value, list | tuple)
            else [value]
        )
        flat = [x for item in values for x in (item if isinstance(item, list | tuple) else [item])]
        for pattern in flat:
            if isinstance(pattern, re.Pattern) and isinstance(pattern.pattern, str):
                methods = used_methods(module, name)
                anchored = methods and methods <= {"match", "fullmatch"}
                yield f"{module.__name__}.{name}", partial(match_whole if anchored else search_all, pattern)


def functions(module: ModuleType) -> Iterator[tuple[str, Callable[[str], Any]]]:
    """Functions that need one text, and nothing else."""
    for name, value in vars(module).items():
        if not inspect.isfunction(inspect.unwrap(value)) or value.__module__ != module.__name__:
            continue
        needed = [p for p in inspect.signature(value).parameters.values() if p.default is p.empty]
        kinds = {p.kind for p in needed}
        if (
            len(needed) == 1
            and needed[0].annotation in (str, "str")
            and kinds <= {inspect.Parameter.POSITIONAL_OR_KEYWORD}
        ):
            yield f"{module.__name__}.{name}()", value


class View:
    """An archive that holds one cable."""

    def __init__(self, cable: Any) -> None:
        self._cable = cable

    def cable(self, _: str) -> Any:
        return self._cable

    def versions(self, _: str) -> list[Any]:
        return []

    def contains(self, _: object) -> set[str]:
        return set()

    def cited_by(self, _: str) -> list[str]:
        return []


def read_and_rendered(place: str) -> Callable[[str], Any]:
    """Reads a cable with the text in one place of it, and makes the reader's page of it."""
    from cables import forms
    from web.panes.reader import read

    def run(text: str) -> Any:
        filled = dict.fromkeys(("tags", "subject", "reference", "body"), "")
        if place == "reference":
            text = f"\nREF: {text}\n"
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / "08PARIS90001.txt"
            file.write_text(CABLE.format(**filled | {place: text}), "utf-8", errors="replace")
            cables = [item.cable for item in forms.read(file) if isinstance(item, forms.Reading)]
        return [read(View(cable), cable.id) for cable in cables]  # type: ignore[arg-type]

    return run


def seconds(call: Callable[[str], Any], text: str) -> float:
    """Processor time, the least of two; infinite where it was ended."""
    best = float("inf")
    for _ in range(2):
        clock = time.thread_time()
        signal.setitimer(signal.ITIMER_PROF, MAX_SECONDS)
        try:
            call(text)
        except TooLong:
            return float("inf")
        except Exception:  # noqa: BLE001 - what a function makes of nonsense is not asked here
            return 0.0
        finally:
            signal.setitimer(signal.ITIMER_PROF, 0)
        best = min(best, time.thread_time() - clock)
        if best < MIN_SECONDS:
            break
    return best


class Slow(NamedTuple):
    """Of what takes long: times longer for FACTOR times the text, seconds for MAX_CHARS, the repeated piece."""

    times: float
    seconds: float
    piece: str


def text_of(piece: str, frame: str, chars: int) -> str:
    return frame.format((piece * (chars // len(piece) + 1))[:chars])


def growth(call: Callable[[str], Any], piece: str, frame: str) -> tuple[float, float] | None:
    """Times longer for FACTOR times the text, and seconds for that; None where nobody can feel it."""
    short = seconds(call, text_of(piece, frame, CHARS))
    if short < MIN_SECONDS:
        return None
    long = seconds(call, text_of(piece, frame, FACTOR * CHARS)) if short < MAX_SECONDS else math.inf
    return long / min(short, MAX_SECONDS), long


def max_chars(name: str) -> int | None:
    """How long a text is that something is ever given, where that is short."""
    return next((chars for prefix, (chars, _) in SHORT.items() if name.startswith(prefix)), None)


def worst(name: str, call: Callable[[str], Any], frames: tuple[str, ...]) -> Slow | None:
    """The first text with which time grows too fast, else the one that takes longest; one shows enough."""
    if short := max_chars(name):
        tried = [(seconds(call, text_of(p, frame, short)), p) for p in PIECES for frame in frames]
        return Slow(1.0, *max(tried))
    slowest: tuple[float, float, str, str] | None = None
    for piece in PIECES:
        if BLANKS.fullmatch(piece) and name.startswith(BEHIND_REPAIRS):
            continue
        for frame in frames:
            times, long = growth(call, piece, frame) or (0.0, 0.0)
            if times > MAX_GROWTH:
                return Slow(times, long, piece)
            if times and (slowest is None or long > slowest[0]):
                slowest = long, times, piece, frame
    if slowest is None:
        return None
    _, times, piece, frame = slowest
    return Slow(times, seconds(call, text_of(piece, frame, MAX_CHARS)), piece)


def _end(*_: object) -> None:
    raise TooLong


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("name", nargs="?", default="")
    options.add_argument("--log", type=Path, help="what every one of them took")
    chosen = options.parse_args()
    signal.signal(signal.SIGPROF, _end)
    gc.disable()  # collections come as often as objects are made, and each looks at all of them
    found = [item for module in modules() for item in (*patterns(module), *functions(module))]
    found += [
        (f"cable with {place}", read_and_rendered(place))
        for place in ("tags", "subject", "reference", "body")
    ]
    found = [(name, call) for name, call in found if chosen.name in name]
    fast = 0
    for name, call in found:
        slow = worst(
            name, call, FRAMES[:1] if name.startswith("cable with") else FRAMES[: 3 if "()" in name else 2]
        )
        if slow and (slow.times > MAX_GROWTH or slow.seconds > MAX_HELD_SECONDS):
            what = "grows too fast" if slow.times > MAX_GROWTH or max_chars(name) else "long work"
            print(
                f"{what}: {name}: {slow.times:.0f} times for {slow.piece!r}, {slow.seconds:.3f} s", flush=True
            )
            fast += what == "grows too fast"
        if chosen.log:
            with chosen.log.open("a") as log:
                log.write(f"{name} {slow}\n")
    print(f"{len(found)} expressions, functions and pages; {fast} grow too fast")
    return 1 if fast else 0


if __name__ == "__main__":
    sys.exit(main())
