"""A cable as the terminal shows it."""

from rich.text import Text

from cables import Cable, Reference, Role
from cli.output.console import out, paragraph_label, plain_table


def print_cable(cable: Cable, *, notes: bool = False) -> None:
    """A cable's header and numbered paragraphs with section, role and marking."""
    out.print(Text(cable.subject or "(no subject)", style="bold"))
    fields = {
        "Cable": cable.id + (" (corrected copy)" if cable.corrected else ""),
        "From": cable.post or (cable.sender.name if cable.sender else ""),
        "Date": f"{cable.date.day} {cable.date:%B %Y, %H:%M} UTC" if cable.date else "",
        "Classification": cable.marking_words,
        "Captions": ", ".join(cable.captions),
        "TAGS": ", ".join(f"{tag.code} ({tag.name})" if tag.name else tag.code for tag in cable.tags),
        "References": "; ".join(_reference(ref) for ref in cable.references),
        "Also known as": ", ".join(cable.aliases),
        "Classified by": cable.classified_by or "",
        "Signed": cable.signature or "",
    }
    table = plain_table()
    for name, value in fields.items():
        if value:
            table.add_row(Text(name, style="dim", no_wrap=True), Text(value))
    out.print(table)
    section: str | None = None
    for paragraph in cable.paragraphs:
        if paragraph.section and paragraph.section != section:
            out.print()
            out.print(Text(paragraph.section, style="bold"))
        section = paragraph.section
        out.print()
        head = Text(paragraph_label(paragraph), style="bold cyan")
        said = [str(paragraph.marking)] if paragraph.marking else []
        said += [paragraph.role.value] if paragraph.role is not Role.BODY else []
        out.print(head.append(f"  {', '.join(said)}" if said else "", style="not bold dim"))
        out.print(Text(paragraph.text))
    if notes and cable.notes:
        out.print()
        for note in cable.notes:
            out.print(Text(f"note: {note}", style="yellow"))


def _reference(reference: Reference) -> str:
    label = f"{reference.label}: " if reference.label else ""
    return label + (reference.cable_id or reference.text)
