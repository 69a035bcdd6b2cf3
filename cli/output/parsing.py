"""A file's original beside what was read of it: in the terminal, and as a page for a browser."""

from collections.abc import Sequence

import jinja2
from rich.table import Table
from rich.text import Text

from cables import Cable
from cables.audit import unread_markings
from cables.placement import Place, place_lines
from cli.output.console import out

_PAGE_TEMPLATE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><title>What was read</title>
<style>
body { font: 14px/1.4 sans-serif; margin: 1rem }
table { border-collapse: collapse; width: 100%; table-layout: fixed }
td { border-bottom: 1px solid #ddd; padding: 1px 6px; vertical-align: top; overflow-wrap: anywhere }
td.text { font-family: monospace; white-space: pre-wrap; width: 55% }
tr.lost { background: #ffd6d6 } tr.debris { color: #888 } tr.field { background: #eef4ff }
p.note { color: #a05a00 }
</style>
{% for cable in cables %}
<h1>{{ cable.id or "no id" }}: {{ cable.subject or "no subject" }}</h1>
<p>{{ cable.post or "" }} {{ cable.date or "no date" }}, {{ cable.classification or "no marking" }}
({{ cable.marking_state }})</p>
{% for note in cable.notes %}<p class="note">{{ note }}</p>{% endfor %}
{% for problem in problems(cable) %}<p class="note">marking: {{ problem }}</p>{% endfor %}
<table>
{% for line in lines(cable) %}
<tr class="{{ line.place }}"><td class="text">{{ cable.original[line.start:line.end].rstrip() }}</td>
<td>{{ line.number }} {{ line.name or line.place }}</td></tr>
{% endfor %}
</table>
<h2>As it is read</h2>
{% for paragraph in cable.paragraphs %}
<h3>{{ paragraph.key }} {{ paragraph.section or "" }} {{ paragraph.marking or "" }} {{ paragraph.role }}</h3>
<p>{{ paragraph.text }}</p>
{% endfor %}
{% endfor %}
</html>
"""


def reading_page(cables: Sequence[Cable]) -> str:
    """HTML that shows each line of each original with the field or paragraph that it went to."""
    environment = jinja2.Environment(autoescape=True, undefined=jinja2.StrictUndefined)
    return environment.from_string(_PAGE_TEMPLATE).render(
        cables=cables, lines=place_lines, problems=unread_markings
    )


_STYLE_BY_PLACE = {
    Place.PARAGRAPH: "default",
    Place.FIELD: "blue",
    Place.DEBRIS: "dim",
    Place.LOST: "bold red",
}


def print_lines(cable: Cable) -> None:
    """Each line of a cable's original with the field or paragraph that it went to."""
    out.print(Text(f"{cable.id or 'no id'}: {cable.subject or 'no subject'}", style="bold"))
    table = Table(box=None, show_header=False, pad_edge=False)
    table.add_column(justify="right", style="dim", no_wrap=True)
    table.add_column(ratio=1)
    table.add_column(no_wrap=True)
    for line in place_lines(cable):
        printed = Text(cable.original[line.start : line.end].rstrip(), style=_STYLE_BY_PLACE[line.place])
        where = line.name.removeprefix(f"{cable.id}.") if line.place is Place.PARAGRAPH else line.name
        table.add_row(
            str(line.number), printed, f"¶{where}" if line.place is Place.PARAGRAPH else where or line.place
        )
    out.print(table)
    for note in (*cable.notes, *(f"marking: {problem}" for problem in unread_markings(cable))):
        out.print(Text(f"note: {note}", style="yellow"))
