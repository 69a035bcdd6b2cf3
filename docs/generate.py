"""Writes docs/cli.md and docs/settings.md from the code, so that they cannot drift: `python docs/generate.py`."""

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import typer
from pydantic import SecretStr
from pydantic.fields import FieldInfo
from typer.main import get_command

DOCS = Path(__file__).parent
sys.path.insert(0, str(DOCS.parent))  # the modules of the root folder, where Reftel is not installed

from cli.main import app  # noqa: E402 - found by the line above
from settings import Settings  # noqa: E402


def pages() -> dict[str, str]:
    """Every generated page, by its file's name in docs/."""
    return {"cli.md": "\n".join(_commands()), "settings.md": "\n".join(_settings())}


def _commands() -> Iterator[str]:
    yield "# Commands\n"
    yield "Made from the code by `python docs/generate.py`. `reftel COMMAND --help` says the same.\n"
    root = get_command(app)
    yield f"{root.help}\n"
    yield from _group(root, "reftel")


def _group(group: Any, path: str) -> Iterator[str]:
    for name, command in group.commands.items():
        deeper = f"{path} {name}"
        yield from _group(command, deeper) if hasattr(command, "commands") else _command(command, deeper)


def _command(command: Any, path: str) -> Iterator[str]:
    """A command with its arguments and options; of Click, or of what Typer has in its place."""
    arguments = [one for one in command.params if one.param_type_name == "argument"]
    options = [one for one in command.params if one.param_type_name == "option"]
    words = [_argument(argument) for argument in arguments] + ["[OPTIONS]"] * bool(options)
    yield f"## {path}\n"
    yield f"    {' '.join([path, *words])}\n"
    yield f"{' '.join((command.help or '').split())}\n"
    described = [(f"`{_argument(argument)}`", argument.help or "") for argument in arguments]
    described += [(f"`{_option(command, option)}`", option.help or "") for option in options]
    if described:
        yield from _table(("argument or option", "what it does"), described)


def _argument(argument: Any) -> str:
    name = argument.name.upper() + "..." * (argument.nargs == -1)
    return name if argument.required else f"[{name}]"


def _option(command: Any, option: Any) -> str:
    return ", ".join(option.opts) + (
        "" if option.is_flag else f" {option.display_type(typer.Context(command)).upper()}"
    )


def _settings() -> Iterator[str]:
    yield "# Settings\n"
    yield "Made from the code by `python docs/generate.py`.\n"
    yield (
        "A setting is an environment variable, a line of `.env`, or a line of `reftel.toml` in the folder where Reftel\n"
        "is started; the first of these that has it counts, and an option of the command line before all of them. In\n"
        '`reftel.toml` names are small and without the prefix: `port = 8000`, `model = "ollama:llama3.2"`.\n'
    )
    rows = [
        (f"`REFTEL_{name.upper()}`", _default(field), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    yield from _table(("variable", "default", "what it sets"), rows)


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    return f"`{value}`" if value not in ("", None, ()) else ""


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(heads)} |"
    yield "|" + "---|" * len(heads)
    for row in rows:
        yield "| " + " | ".join(cell.replace("|", "\\|") for cell in row) + " |"
    yield ""


if __name__ == "__main__":
    for name, text in pages().items():
        (DOCS / name).write_text(text, encoding="utf-8")
