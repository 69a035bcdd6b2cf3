"""Which of several texts under one id is shown, and that the others are kept."""

from collections.abc import Iterable
from pathlib import Path

from cables import Cable
from cables.versions import is_better
from vectorstore.indexing.report import Report, printable
from vectorstore.keys import text_hash
from vectorstore.storage.catalog import SqliteCatalog


class VersionChoice:
    """Compares what is read with what the catalog shows, and keeps the other text; for one run."""

    def __init__(self, report: Report) -> None:
        self._report = report
        self._begun: list[str] = []
        """Files of which reading has begun since the last batch was written."""
        self._seen: set[str] = set()
        """Ids of the cables read so far of the present file."""
        self._others: list[tuple[Cable, str, str]] = []
        """Texts that are not shown, with their file and place in it."""

    def begin(self, file: str) -> None:
        """Another file is read."""
        self._begun.append(file)
        self._seen = set()

    def replaces(self, cable: Cable, file: str, place: str, catalog: SqliteCatalog) -> bool:
        """Whether a cable takes the place of what the catalog shows under its id."""
        again = cable.id in self._seen
        self._seen.add(cable.id)
        state = catalog.cable_state(cable.id)
        if state is None:
            return True
        known, (known_hash, known_file, corrected) = catalog.cable(cable.id), state
        if known_hash == text_hash(cable.original):
            return known != cable  # the parser has learned something
        elsewhere = file != known_file and (corrected or Path(known_file).exists())
        if known is None or not (elsewhere or (again and file == known_file)):
            return True
        here, there = (cable, file, place), (known, *catalog.origin(cable.id))
        better = is_better(cable, known)
        shown, other = (here, there) if better else (there, here)
        self._others.append(other)
        self._report.note(
            "two texts, one id",
            f"{cable.id}: {printable(shown[1])} {shown[2]} is shown, "
            f"{printable(other[1])} {other[2]} is kept as another version",
        )
        return better

    def write(self, catalog: SqliteCatalog, shown: Iterable[Cable]) -> None:
        """Let the catalog keep the texts that are not shown; inside a transaction."""
        for file in self._begun:
            catalog.versions.drop_file(file)
        for cable in shown:
            catalog.versions.drop(cable)
        for cable, file, place in self._others:
            catalog.versions.put(cable, file, place)
        self._begun, self._others = [], []
