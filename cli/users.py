"""The commands for who may see what: `reftel users` and `reftel groups`."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.common import DataOption, fail, load_settings, user_errors

if TYPE_CHECKING:
    from vectorstore.access import Clearance
    from vectorstore.storage.catalog import SqliteCatalog
    from web.security.accounts import Accounts

users = typer.Typer(help="Accounts: who may sign in, and what they may see and do.", no_args_is_help=True)
groups = typer.Typer(help="Need-to-know groups: cables that only their members see.", no_args_is_help=True)

NameArgument = Annotated[str, typer.Argument(help="The account's name.", show_default=False)]
RoleOption = Annotated[
    str | None, typer.Option("--role", help="reader, editor (may add cables) or admin.", show_default=False)
]
LevelOption = Annotated[
    str | None,
    typer.Option(
        "--clearance",
        show_default=False,
        help="The highest level: UNCLASSIFIED, SBU, CONFIDENTIAL, SECRET, TOP_SECRET.",
    ),
]
CaveatOption = Annotated[
    list[str] | None,
    typer.Option("--caveat", help="A caveat held, such as NOFORN; ALL; NONE. Repeat it.", show_default=False),
]
GroupOption = Annotated[
    list[str] | None,
    typer.Option("--group", help="A group belonged to; ALL; NONE. Repeat it.", show_default=False),
]


@users.command("add")
def add_user(
    name: NameArgument,
    role: RoleOption = None,
    clearance: LevelOption = None,
    caveat: CaveatOption = None,
    group: GroupOption = None,
    no_password: Annotated[
        bool, typer.Option("--no-password", help="Signs in by a proxy or by token only.")
    ] = False,
    data: DataOption = None,
) -> None:
    """Add an account; the password is asked for. Without options it reads what is UNCLASSIFIED."""
    from cables import Level
    from vectorstore.access import EVERYTHING, Clearance
    from web.security.accounts import UserRole

    with user_errors():
        chosen = UserRole(_choice(role or "reader", [str(role) for role in UserRole], "--role"))
        least = EVERYTHING if chosen.edits else Clearance(Level.UNCLASSIFIED)
        held = _clearance(least, clearance, caveat, group)
        accounts = _accounts(data)
        if accounts.find(name):
            fail(f"there is an account {name} already: `reftel users set` changes it")
        accounts.add(name, None if no_password else _password(), chosen, held)
    typer.echo(f"{name} may sign in. A chat that is running asks for it from now on.")


@users.command("set")
def set_user(
    name: NameArgument,
    role: RoleOption = None,
    clearance: LevelOption = None,
    caveat: CaveatOption = None,
    group: GroupOption = None,
    password: Annotated[bool, typer.Option("--password", help="Ask for a new password.")] = False,
    data: DataOption = None,
) -> None:
    """Change an account; lists of caveats and groups are replaced. Open sessions end: the user signs in again."""
    from vectorstore.access import EVERYTHING
    from web.security.accounts import UserRole

    with user_errors():
        accounts = _accounts(data)
        old = accounts.named(name)
        chosen = UserRole(_choice(role, [str(role) for role in UserRole], "--role")) if role else old.role
        least = EVERYTHING if chosen.edits and not old.role.edits else old.clearance
        held = _clearance(least, clearance, caveat, group)
        accounts.change(name, role=chosen, clearance=held, password=_password() if password else None)


@users.command("remove")
def remove_user(name: NameArgument, data: DataOption = None) -> None:
    """Remove an account; who is signed in under it is out at once."""
    with user_errors():
        accounts = _accounts(data)
        accounts.remove(name)
        if not accounts.all():
            typer.echo(
                "That was the last account: nobody can sign in now, and the archive stays closed. "
                f"To open it to this machine again, delete {accounts.path}."
            )


@users.command("token")
def token(name: NameArgument, data: DataOption = None) -> None:
    """Print a new token for programs, which send it as `Authorization: Bearer ...`. It is shown this once."""
    with user_errors():
        typer.echo(_accounts(data).new_token(name))


@users.command("list")
def list_users(data: DataOption = None) -> None:
    """List the accounts."""
    from cli.output.console import out, plain_table

    with user_errors():
        found = _accounts(data).all()
    if not found:
        typer.echo("No accounts yet: `reftel users add NAME` makes the first.")
        return
    table = plain_table("name", "role", "clearance", "caveats", "groups")
    for account in found:
        held = account.clearance
        lists = (_listed(held.caveats), _listed(held.groups))
        table.add_row(account.name, account.role.value, held.level.label, *lists)
    out.print(table)


@groups.command("keep")
def keep(
    name: Annotated[str, typer.Argument(help="The group's name.", show_default=False)],
    folder: Annotated[
        list[Path] | None, typer.Option(help="Cables from this folder.", show_default=False)
    ] = None,
    tag: Annotated[list[str] | None, typer.Option(help="Cables with this TAG.", show_default=False)] = None,
    data: DataOption = None,
) -> None:
    """Keep cables for a group: those of a folder or file, or those with a TAG. It holds at once, for what is
    indexed from there later, too, and for these cables also when the folder is moved."""
    from vectorstore.storage.row_level_security import Rule

    rules = [Rule(name, "folder", str(path.resolve()).rstrip("/")) for path in folder or ()]
    rules += [Rule(name, "tag", code.upper()) for code in tag or ()]
    if not rules:
        fail("say which cables: --folder PATH or --tag CODE")
    with user_errors(), _rules_transaction(data) as catalog:
        kept = [catalog.groups.kept_by(rule) for rule in rules]
        for rule, count in zip(rules, kept, strict=True):
            if not count:
                fail(f"no cable of the archive is kept by {rule.kind} {rule.value}: nothing was changed")
            catalog.groups.put(rule)
    for rule, count in zip(rules, kept, strict=True):
        typer.echo(f"{count} cable{'s' if count != 1 else ''} with {rule.kind} {rule.value} kept for {name}.")


@groups.command("remove")
def remove_group(
    name: Annotated[str, typer.Argument(help="The group's name.", show_default=False)],
    data: DataOption = None,
) -> None:
    """Forget a group: its cables are open to every clearance that their markings allow."""
    with user_errors(), _rules_transaction(data) as catalog:
        if name not in {rule.name for rule in catalog.groups.all()}:
            fail(f"there is no group {name}: `reftel groups list` shows them")
        catalog.groups.drop(name)


@groups.command("list")
def list_groups(data: DataOption = None) -> None:
    """List which cables are kept for which group."""
    with user_errors(), _rules_transaction(data) as catalog:
        rules = catalog.groups.all()
    for rule in rules:
        typer.echo(f"{rule.name}: {rule.kind} {rule.value}")
    if not rules:
        typer.echo("No groups: `reftel groups keep NAME --folder PATH` makes one.")


@contextmanager
def _rules_transaction(data: Path | None) -> "Iterator[SqliteCatalog]":
    from vectorstore.archive import CATALOG
    from vectorstore.archive.index_state import next_generation
    from vectorstore.storage.catalog import SqliteCatalog
    from vectorstore.storage.catalog_view import ArchiveMissing

    path = load_settings(data).data / CATALOG
    if not path.exists():
        raise ArchiveMissing(path)
    catalog = SqliteCatalog(path)
    try:
        with catalog.transaction():
            yield catalog
            next_generation(catalog)
    finally:
        catalog.close()


def _accounts(data: Path | None) -> "Accounts":
    from web.security.accounts import Accounts

    return Accounts.of(load_settings(data).data)


def _clearance(
    least: "Clearance", level: str | None, caveats: list[str] | None, groups: list[str] | None
) -> "Clearance":
    """A clearance with what the options say in place of what it had."""
    from dataclasses import replace

    from cables import Level

    held = least
    if level is not None:
        name = level.upper().replace(" ", "_")
        held = replace(held, level=Level[_choice(name, [known.name for known in Level], "--clearance")])
    if caveats is not None:
        held = replace(held, caveats=_names([caveat.upper() for caveat in caveats]))
    return replace(held, groups=_names(groups)) if groups is not None else held


def _names(names: list[str]) -> frozenset[str]:
    from vectorstore.access import ALL

    if [name.upper() for name in names] == ["ALL"]:
        return ALL
    return frozenset() if [name.upper() for name in names] == ["NONE"] else frozenset(names)


def _listed(names: frozenset[str]) -> str:
    return "all" if "*" in names else ", ".join(sorted(names)) or "none"


def _choice(word: str, known: list[str], option: str) -> str:
    if word not in known:
        fail(f"{option} is one of {', '.join(known)}")
    return word


def _password() -> str:
    return str(typer.prompt("Password", hide_input=True, confirmation_prompt=True))
