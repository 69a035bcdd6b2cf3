"""How many small faults in the code the tests find: mutation testing with cosmic-ray's operators.

    pip install cosmic-ray
    python bench/mutants.py [MODULE ...]

Without names: the modules whose faults would do most harm, each against its own tests. Prints every mutant that
no test noticed, and the share that was. Each mutant runs in a fork of a process that has loaded what is slow to
load, so that one takes about a second. The working tree is not touched.
"""

import importlib.util
import io
import os
import re
import signal
import sys
from collections.abc import Iterator
from contextlib import redirect_stderr, redirect_stdout
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import CodeType, ModuleType

from cosmic_ray.mutating import mutate_code  # type: ignore[import-not-found]
from cosmic_ray.plugins import get_operator  # type: ignore[import-not-found]

ROOT = Path(__file__).parents[1]
TESTS = {
    "cables.parsing.numbering": [
        "tests/cables/parsing/test_numbering.py",
        "tests/cables/parsing/test_body.py",
        "tests/cables/parsing/test_telegram.py",
        "-k",
        "not long_texts",
    ],
    "qa.verification.checker": [
        "tests/qa/verification/test_checker.py",
        "tests/qa/verification/test_reading.py",
    ],
    "vectorstore.access": [
        "tests/vectorstore/storage/test_row_level_security.py",
        "tests/cables/parsing/test_tags.py",
    ],
    "vectorstore.storage.row_level_security": ["tests/vectorstore/storage/test_row_level_security.py"],
}
COMPARISON_MUTATIONS = (
    "Eq_NotEq",
    "NotEq_Eq",
    "Lt_LtE",
    "Lt_GtE",
    "LtE_Lt",
    "LtE_Gt",
    "Gt_GtE",
    "Gt_LtE",
    "GtE_Gt",
    "GtE_Lt",
    "Is_IsNot",
    "IsNot_Is",
)
ARITHMETIC_MUTATIONS = ("Add_Sub", "Sub_Add", "Mul_Div", "Div_Mul", "FloorDiv_Mul", "Mod_Add", "BitAnd_BitOr")
OPERATORS = (
    *(f"core/ReplaceComparisonOperator_{name}" for name in COMPARISON_MUTATIONS),
    *(f"core/ReplaceBinaryOperator_{name}" for name in ARITHMETIC_MUTATIONS),
    "core/AddNot",
    "core/ReplaceAndWithOr",
    "core/ReplaceOrWithAnd",
    "core/ReplaceTrueWithFalse",
    "core/ReplaceFalseWithTrue",
    "core/ReplaceBreakWithContinue",
    "core/ReplaceContinueWithBreak",
    "core/ZeroIterationForLoop",
    "core/NumberReplacer",
    "core/ExceptionReplacer",
)
SQL_MUTATIONS = (
    (" <= ", " < "),
    (">=", ">"),
    (" < ", " <= "),
    (" <> ", " = "),
    ("NOT EXISTS", "EXISTS"),
    ("NOT IN", "IN"),
    (" AND ", " OR "),
    ("NOT LIKE", "LIKE"),
    ("WHERE 0", "WHERE 1"),
    ("IN ('', ", "IN ("),
)
"""What is put in each other's place in row-level security, whose rule is written in SQL."""
_WEIGHT_RE = re.compile(r"\d+: (?:@|_[A-Z_]+(?:, _[A-Z_]+)* = |-?[\d.]+,)")
MAX_SECONDS = 180
"""After which a mutant counts as noticed: it runs for ever."""


class Mutated(MetaPathFinder, Loader):
    """Gives a module another source."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        origin = str(ROOT / f"{name.replace('.', '/')}.py")
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, origin, loader=self)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        return None

    def exec_module(self, module: ModuleType) -> None:
        exec(self.code, module.__dict__)


def mutants(module: str, source: str) -> Iterator[tuple[str, str]]:
    """(operator, source) of every mutant but of decorators and of weights, which real cables chose, not logic."""
    for own, other in SQL_MUTATIONS if module == "vectorstore.storage.row_level_security" else ():
        for place in (match.start() for match in re.finditer(re.escape(own), source)):
            yield "SQL", source[:place] + other + source[place + len(own) :]
    for name in OPERATORS:
        place = 0
        while (mutant := mutate_code(source, get_operator(name)(), place)) is not None:
            place += 1
            if not _WEIGHT_RE.match(difference(source, mutant)):
                yield name.removeprefix("core/"), mutant


def noticed(module: str, source: str, tests: list[str]) -> bool:
    """Whether a test fails, in a process of its own."""
    child = os.fork()
    if child == 0:
        signal.alarm(MAX_SECONDS)
        os._exit(_run(module, source, tests))
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) != 0


def _run(module: str, source: str, tests: list[str]) -> int:
    import pytest

    try:
        code = compile(source, str(ROOT / f"{module.replace('.', '/')}.py"), "exec")
    except SyntaxError:
        return 1
    sys.meta_path.insert(0, Mutated(module, code))
    with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
        return int(pytest.main(["-x", "-q", "-p", "no:faulthandler", *tests]))


def difference(source: str, mutant: str) -> str:
    """The lines that a mutant changes."""
    lines = list(zip(source.splitlines(), mutant.splitlines(), strict=False))
    number = next((n for n, (own, other) in enumerate(lines) if own != other), 0)
    return f"{number + 1}: {lines[number][0].strip()}  ->  {lines[number][1].strip()}"


def main() -> None:
    os.chdir(ROOT)
    sys.path.insert(0, str(ROOT))
    os.environ["HF_HUB_OFFLINE"] = "1"
    for heavy in (
        "numpy",
        "hypothesis",
        "pytest",
        "langchain_core.retrievers",
        "chromadb",
        "tantivy",
        "openvino",
    ):
        importlib.import_module(heavy)
    for module in sys.argv[1:] or TESTS:
        source = (ROOT / f"{module.replace('.', '/')}.py").read_text(encoding="utf-8")
        assert not noticed(module, source, TESTS[module]), f"the tests of {module} fail without a mutant"
        found = total = 0
        for name, mutant in mutants(module, source):
            total += 1
            if noticed(module, mutant, TESTS[module]):
                found += 1
            else:
                print(f"  {module} {name} {difference(source, mutant)}", flush=True)
        print(f"{module}: {found} of {total} noticed ({found / total:.0%})", flush=True)


if __name__ == "__main__":
    main()
