"""What all commands share: options, the settings, opening the archive, errors in one line."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn, TypeVar

import typer

if TYPE_CHECKING:
    from qa.chain import Chain
    from qa.export.citation_style import CitationStyle
    from settings import Settings
    from vectorstore.archive import Archive


Item = TypeVar("Item")

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="The archive's data directory (REFTEL_DATA).", show_default=False),
]


ColumnsOption = Annotated[
    str,
    typer.Option(
        "--columns", help="Of a table: which column is what, `id=doc_nbr,text=body`.", show_default=False
    ),
]
ReadAsOption = Annotated[
    str,
    typer.Option(
        "--as", help="`document`: take in texts without the marks of a telegram.", show_default=False
    ),
]


def named_columns(given: str) -> dict[str, str]:
    """`id=doc_nbr,text=body` as a dictionary; anything else ends the program with a message."""
    from cables.forms.columns import COLUMN_NAMES

    pairs = [part.partition("=") for part in given.split(",") if part.strip()]
    if any(not value or name.strip() not in COLUMN_NAMES for name, _, value in pairs):
        fail(f"--columns {given}: write id=NAME,text=NAME; known are {', '.join(COLUMN_NAMES)}")
    return {name.strip(): value.strip() for name, _, value in pairs}


def is_document(read_as: str) -> bool:
    """Whether `--as document` was given; any other word ends the program with a message."""
    if read_as not in ("", "document"):
        fail(f"--as {read_as}: only --as document is known")
    return read_as == "document"


def load_settings(data: Path | None = None, port: int | None = None, host: str | None = None) -> "Settings":
    """The settings with the command line's above them; a wrong one ends the command."""
    from tomllib import TOMLDecodeError

    from pydantic import ValidationError

    from settings import Settings

    chosen = {"data": data, "port": port, "host": host}
    given = {name: value for name, value in chosen.items() if value is not None}
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        wrong = error.errors()[0]
        if not wrong["loc"]:
            fail(wrong["msg"].removeprefix("Value error, "))
        name = "REFTEL_" + "_".join(str(part) for part in wrong["loc"]).upper()
        fail(f"the setting {name} is {wrong['input']!r}: {wrong['msg']}")
    except TOMLDecodeError as error:
        fail(f"reftel.toml cannot be read: {error}")


def citation_style(data: Path | None = None) -> "CitationStyle":
    """How citations are written, as the settings say."""
    from qa.export.citation_style import CitationStyle

    return CitationStyle(load_settings(data).citation_style)


def open_for_indexing(data: Path | None) -> "Archive":
    """The archive with the embedder that the settings name; raises EmbedderNotFound."""
    from vectorstore.archive import open_archive

    return open_archive(load_settings(data).archive_config())


def open_for_asking(data: Path | None) -> "Archive":
    """The archive with the embedder that it was built with; raises EmbedderNotFound."""
    from vectorstore.archive import open_to_ask

    return open_to_ask(load_settings(data).archive_config())


def existing_archive(data: Path | None) -> "Archive":
    """The archive, where there is one; raises ArchiveMissing instead of making one."""
    from vectorstore.storage.catalog_view import ArchiveMissing

    archive = open_for_asking(data)
    if not archive.catalog_path.exists():
        raise ArchiveMissing(archive.catalog_path)
    return archive


def open_chain(archive: "Archive") -> "Chain":
    """The chain over the whole archive, with the chat model that the settings name; raises ModelUnavailable."""
    from qa.factory import build_chain
    from vectorstore.access import EVERYTHING

    return build_chain(archive, EVERYTHING, load_settings(archive.data).models())


def read_lines(
    file: Path, read: "Callable[[bytes, int], Item]", example: str, bad: list[int]
) -> "Iterator[Item]":
    """What `read` makes of each line and its number; a line that is not like `example` is reported and kept in `bad`."""
    try:
        lines = file.read_bytes().splitlines()
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield read(line, number)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            bad.append(number)
            warn(f"{file}, line {number}: not like {example} ({error!r})")


@contextmanager
def user_errors() -> Iterator[None]:
    """End the command with one line and exit code 1 on an error that a user can mend."""
    import sqlite3

    from vectorstore.errors import UserError

    try:
        yield
    except UserError as error:
        fail(str(error))
    except sqlite3.OperationalError as error:
        fail(f"the archive's catalog cannot be used ({error}): is its disk full, read-only or not yours?")
    except sqlite3.DatabaseError as error:
        fail(f"the archive's catalog cannot be read ({error}): run `reftel doctor --heal`")
    except OSError as error:
        fail(f"{error.filename}: {error.strerror}" if error.filename else str(error))


def warn(message: str) -> None:
    """Print an error on standard error and go on."""
    typer.secho(message, err=True, fg=typer.colors.RED)


def fail(message: str) -> NoReturn:
    """Print an error on standard error and end the command with exit code 1."""
    warn(message)
    raise typer.Exit(1)
