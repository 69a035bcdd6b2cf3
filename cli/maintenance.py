"""The commands for the archive's upkeep: doctor, backup, restore."""

from pathlib import Path
from typing import Annotated

import typer

from cli.common import DataOption, existing_archive, load_settings, user_errors


def doctor(
    data: DataOption = None,
    heal: Annotated[bool, typer.Option("--heal", help="Write again what does not agree.")] = False,
) -> None:
    """Prove that catalog, vectors and words agree; with --heal, make them agree."""
    from cli.output.maintenance import print_findings
    from vectorstore.maintenance import doctor as checker

    with user_errors():
        archive = existing_archive(data)
        if heal:
            print_findings(checker.heal(archive), healed=True)
        remaining = checker.check(archive)
    if not heal or remaining:
        print_findings(remaining, counts=archive.catalog.counts())
    if remaining:
        raise typer.Exit(1)


def backup(
    file: Annotated[Path, typer.Argument(help="The backup to write, a ZIP file.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Write the whole archive to one file; questions go on being answered."""
    from cli.output.maintenance import print_backup
    from vectorstore.maintenance.backup import backup as write

    with user_errors():
        print_backup("Backed up", write(load_settings(data).data, file), file)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `reftel backup` wrote.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Put a backup in the archive's place; a chat that is running answers from it at once."""
    from cli.output.maintenance import print_backup
    from vectorstore.maintenance.restore import restore as put_back

    with user_errors():
        print_backup("Restored", put_back(load_settings(data).data, file), file)
