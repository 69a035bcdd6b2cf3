"""The terminal: the program `reftel` with its commands.

A command imports what it needs when it runs, so that `reftel --help` answers at once.
"""

import sys

import typer

from cli import asking, checking, dossiers, evaluation, indexing, maintenance, searching, users

app = typer.Typer(
    name="reftel",
    help="Ask an archive of diplomatic cables; every sentence is proven by its numbered paragraph.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    context_settings={"max_content_width": 110},
    rich_markup_mode=None,  # drawing help in boxes would double its time
)


@app.callback()
def _start() -> None:
    import logging

    from settings import offline

    offline()
    logging.basicConfig(level=logging.WARNING, format="%(message)s", stream=sys.stderr)


app.command()(indexing.index)
app.command()(indexing.watch)
app.command()(asking.ask)
app.command()(searching.find)
app.command()(dossiers.dossier)
app.command()(checking.check)
app.command("eval")(evaluation.evaluate)
app.command()(asking.show)
app.command()(asking.parse)
app.command()(asking.serve)
app.command()(indexing.withdraw)
app.command()(indexing.runs)
app.command()(maintenance.doctor)
app.command()(maintenance.backup)
app.command()(maintenance.restore)
app.add_typer(users.users, name="users")
app.add_typer(users.groups, name="groups")
