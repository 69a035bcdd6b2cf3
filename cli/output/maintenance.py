"""What doctor, backup and restore show."""

from pathlib import Path

from rich.text import Text

from cli.output.console import out, plural
from vectorstore.maintenance.backup import BackupSummary
from vectorstore.maintenance.doctor import Finding


def print_findings(
    findings: list[Finding], *, healed: bool = False, counts: tuple[int, int, int] | None = None
) -> None:
    """What the archive's checker found, or that all is well."""
    for finding in findings:
        out.print(Text(f"{'mended' if healed else 'found'}: {finding}", style="green" if healed else "red"))
    if counts and not findings:
        cables, paragraphs, vectors = counts
        line = f"{plural(cables, 'cable')}, {plural(paragraphs, 'paragraph')}, {plural(vectors, 'vector')}"
        out.print(Text(f"Catalog, vectors and words agree: {line}.", style="green"))
    elif findings and not healed:
        out.print("`reftel doctor --heal` writes again from the catalog what does not agree.")


def print_backup(done: str, backed: BackupSummary, file: Path) -> None:
    """What a backup holds, said when it is made and when it is put back."""
    counts = {"cable": backed.cables, "paragraph": backed.paragraphs, "vector": backed.vectors}
    held = ", ".join(plural(count, noun) for noun, count in counts.items())
    size = f"{file.stat().st_size / 1e6:,.1f} MB, made {backed.made}"
    out.print(Text(f"{done}: {held} ({file}, {size})", style="green"), soft_wrap=True)
