"""Damaged telegrams and damaged files against the reader, for as long as one likes.

    python bench/fuzz_cables.py [--seconds 300] [--seed 0] [--rounds N]

Each round takes a telegram of samples/, damages it as machines, scanners and people do, and reads it as text
and in one of its forms with bytes changed. Stops at the first error, wrong offset or slow reading, naming the
seed: `--seed N` begins with that very round.
"""

import argparse
import csv
import io
import json
import random
import re
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from html import escape
from pathlib import Path

from cables import Cable, parse_telegram
from cables.forms import Failure, Source, read_source

SAMPLES = sorted(Path(__file__).parents[1].joinpath("samples").glob("*.txt"))
MAX_CHARS = 60_000
MAX_SECONDS, MAX_SECONDS_PER_CHAR = 1.0, 40e-6
"""A reading may take so much processor time; one of quadratic cost takes more."""
WEBSITE_RE = re.compile(
    r"\"?Visit .{0,60}Web ?site.*|(?<!\S)\S*?(?:https?:|gov\.gov)\S*|<[^>\n]*>?|&#?\w+;|This record is a partial extract.*",
    re.IGNORECASE,
)
"""What a page or a post prints beside a cable's own words."""
PIECES = [
    "¶",
    "¶1.",
    "¶B.",
    "1.",
    "12.",
    "(C)",
    "(S/NF)",
    "(SBU",
    "C)",
    "1.4",
    "(b)",
    "SUBJECT:",
    "TAGS:",
    "REF:",
    "A.",
    "E.O.",
    "12958:",
    "DECL:",
    "Classified",
    "By:",
    "SIPDIS",
    "NOFORN",
    "NNNN",
    "-----",
    "=====",
    "--",
    "*",
    "&para;",
    "&#182;",
    "&#x000A;",
    "&amp;",
    "Â¶",
    "[PREL](#)",
    "[¶](#par1)",
    "\\",
    ",s",
    "&quoted8",
    "xxxxxxxxxxxx",
    "LISBON",
    "00000512",
    "002",
    "OF",
    "002",
    "PAGE",
    "02",
    "LISBON",
    "00512",
    "S",
    "E",
    "C",
    "R",
    "E",
    "T",
    "SECTION",
    "02",
    "OF",
    "03",
    "LISBON",
    "000512",
    "VZCZCXRO0417",
    "O",
    "140915Z",
    "MAR",
    "07",
    "FM",
    "AMEMBASSY",
    "TO",
    "RUEHC/SECSTATE",
    "INFO",
    "End",
    "Summary.",
    "COMMENT:",
    "BEGIN",
    "TEXT",
    "END",
    "TEXT",
    "\n",
    "\n\n",
    "  ",
    "\t",
    "\r\n",
    "\x0c",
    "\x00",
    "\ufeff",
    "\u2028",
    "�",
    "é",
    "語",
    "-\n",
    "a" * 70,
]


def damaged(text: str, chance: random.Random) -> str:
    """The text after one to twelve accidents, and now and then lines moved, labels doubled, records joined."""
    if chance.random() < 0.3:
        text = chance.choice((lines_moved, labels_doubled, records_joined, encodings_mixed))(text, chance)
    for _ in range(chance.randint(1, 12)):
        start = chance.randrange(len(text) + 1)
        end = min(len(text), start + chance.choice((0, 1, 3, 20, 200, 2000)))
        piece = chance.choice(PIECES).replace("\t", " ") if chance.random() < 0.9 else chance.choice(PIECES)
        other = chance.choice(SAMPLES).read_text(encoding="utf-8")
        at = chance.randrange(len(other))
        new = chance.choice(
            (
                "",
                piece,
                piece * chance.choice((2, 50, 2000)),
                text[start:end] * 2,
                text[start:end].upper(),
                " ".join(text[start:end].split()),
                other[at : at + 500],
            )
        )
        text = (text[:start] + new + text[end:])[:MAX_CHARS]
    return text


def lines_moved(text: str, chance: random.Random) -> str:
    """One to five lines cut out and put back elsewhere."""
    lines = text.split("\n")
    for _ in range(chance.randint(1, 5)):
        lines.insert(chance.randrange(len(lines)), lines.pop(chance.randrange(len(lines))))
    return "\n".join(lines)


def labels_doubled(text: str, chance: random.Random) -> str:
    """A labelled line printed again further down."""
    lines = text.split("\n")
    labelled = [
        line for line in lines if line.startswith(("SUBJECT", "TAGS", "REF", "E.O.", "FM ", "Classified"))
    ]
    if labelled:
        lines.insert(chance.randrange(len(lines)), chance.choice(labelled))
    return "\n".join(lines)


def records_joined(text: str, chance: random.Random) -> str:
    """Another telegram behind it."""
    return f"{text}\n\n{chance.choice(SAMPLES).read_text(encoding='utf-8')}"


def encodings_mixed(text: str, chance: random.Random) -> str:
    """A part of it written as UTF-8 and read as Windows-1252."""
    at = chance.randrange(len(text) + 1)
    return text[:at] + text[at:].encode().decode("cp1252", "replace")


def page(text: str) -> bytes:
    return (
        "<html><h3>Viewing cable 07LISBON512, X</h3><table class='cable'><tr><th>Reference ID</th></tr>"
        f"<tr><td>07LISBON512</td></tr></table><pre>{escape(text)}</pre></html>"
    ).encode(errors="replace")


def table(text: str) -> bytes:
    out = io.StringIO()
    row = ["1", "3/14/2007 9:15", "07LISBON512", "Embassy Lisbon", "SECRET", "", text[:400], text[400:]]
    csv.writer(out, quoting=csv.QUOTE_ALL, doublequote=False, escapechar="\\").writerow(row)
    return out.getvalue().encode(errors="replace")


def rows(text: str) -> bytes:
    return json.dumps([{"doc_id": "07LISBON512", "body": text, "authored": "2007-03-14"}]).encode()


def zipped(text: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("07LISBON512.txt", text.encode(errors="replace"))
        archive.writestr("page.html", page(text))
    return out.getvalue()


def tarred(text: str) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz") as archive:
        info = tarfile.TarInfo("07LISBON512.txt")
        data = text.encode(errors="replace")
        info.size = len(data)
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def volume(text: str) -> bytes:
    return (
        '<TEI xmlns="http://www.tei-c.org/ns/1.0" xml:id="v1"><div type="document" n="8" xml:id="d8">'
        f"<head>8. Telegram From the Embassy in Portugal to the Department of State</head><p>{escape(text)}</p>"
        "</div></TEI>"
    ).encode(errors="replace")


def archival(text: str) -> bytes:
    attributes = (
        "Message Attributes\n\nDocument Number: 1976LISBON00512\nTAGS: PFOR, PO\nLocator: TEXT ON-LINE"
    )
    return f"Message Text\n\n{text}\n{attributes}\n<< END OF DOCUMENT >>\n{text}".encode(errors="replace")


def release(text: str) -> bytes:
    stamp = "UNCLASSIFIED U.S. Department of State Case No. F-2016-07743 Doc No. C17980027 Date: 07/31/2017\n"
    return f"{stamp}MRN: 07 LISBON 512\nRELEASE IN PART B1\n{text}\f{stamp}{text}".encode(errors="replace")


FORMS: tuple[Callable[[str], bytes], ...] = (
    *(lambda text: text.encode(errors="replace"), lambda text: text.encode("utf-16", errors="replace")),
    *(page, table, rows, zipped, tarred, volume, archival, release),
    lambda text: b"%PDF-1.4\n" + text.encode(errors="replace"),
)


def changed(data: bytes, chance: random.Random) -> bytes:
    """The bytes with a few of them changed, lost or doubled; now and then none."""
    changing = bytearray(data)
    for _ in range(chance.choice((0, 1, 3, 30))):
        at = chance.randrange(len(changing) + 1)
        length = chance.choice((0, 1, 1, 4, 100))
        changing[at : at + length] = chance.choice(
            (b"", chance.randbytes(3), bytes(changing[at : at + length]) * 2)
        )
    return bytes(changing)


def check(cable: Cable, *, document: bool = False) -> None:
    """Spans lie in the original one behind the other, each holds its paragraph's letters; no sentence is lost."""
    end = 0
    for paragraph in cable.paragraphs:
        span = paragraph.span
        assert end <= span.start <= span.end <= len(cable.original), paragraph.key
        end = span.end
        place = cable.original[span.start : span.end]
        letters = iter(place)
        if "&" not in place:  # an entity stands for another letter
            assert all(c in letters for c in paragraph.text if c.isascii() and c.isalpha()), paragraph.key
    assert len({paragraph.key for paragraph in cable.paragraphs}) == len(cable.paragraphs)
    if document:
        return
    for line in vanished(cable):
        raise AssertionError(f"lost: {line!r}")


def vanished(cable: Cable) -> Iterator[str]:
    """Lines outside of paragraphs with four words in lower case of which no field holds even half.

    Knows nothing of how the parser looks for lost text, which would hide from both what one takes for a field. Words on
    one line with the address of a website go unseen.
    """
    outside = cable.original
    for span in (paragraph.span for paragraph in cable.paragraphs):
        outside = (
            outside[: span.start]
            + re.sub(r"[^\n]", " ", outside[span.start : span.end])
            + outside[span.end :]
        )
    addresses = [address.name for address in (cable.sender, *cable.action, *cable.info) if address]
    references = [f"{one.text} {one.title}" for one in cable.references]
    notes = [
        cable.subject,
        cable.classified_by,
        cable.declassify,
        cable.signature,
        *cable.passing,
        *cable.reasons,
    ]
    sections = [paragraph.section for paragraph in cable.paragraphs]
    tags = [tag.code for tag in cable.tags]
    held = plain(" ".join(str(text) for text in (*addresses, *references, *notes, *sections, *tags)))
    read = plain(" ".join(paragraph.text for paragraph in cable.paragraphs))
    known = set(held.split())
    for line in outside.splitlines():
        words = plain(WEBSITE_RE.sub(" ", line))
        if len(re.findall(r"\b[a-z]{2,}\b", WEBSITE_RE.sub(" ", line))) < 4 or words in read or words in held:
            continue
        if sum(word in known for word in words.split()) < len(words.split()) / 2:
            yield line


def plain(text: str) -> str:
    """Its letters and digits, word by word."""
    return " ".join(re.findall(r"[a-z0-9]+", re.sub(r"&#?\w+;?", " ", text).lower()))


def timed(read: Callable[[], object], size: int, slowest: list[float]) -> None:
    start = time.process_time()
    read()
    spent = time.process_time() - start
    slowest[0] = max(slowest[0], spent)
    assert spent < MAX_SECONDS + size * MAX_SECONDS_PER_CHAR, f"{spent:.1f} s for {size} characters"


def fuzz(seed: int, slowest: list[float]) -> None:
    """One round: a damaged telegram as text, and as a damaged file."""
    chance = random.Random(seed)
    text = damaged(chance.choice(SAMPLES).read_text(encoding="utf-8"), chance)
    timed(lambda: check(parse_telegram(text)), len(text), slowest)
    data = changed(chance.choice(FORMS)(text), chance)
    source = Source(Path("07LISBON512.txt"), "07LISBON512.txt", lambda: io.BytesIO(data))

    def read() -> None:
        for result in read_source(source):
            if isinstance(result, Failure):
                assert result.reason
            else:
                check(result.cable, document=not result.cable.tags and not result.cable.transmission_id)

    timed(read, len(data), slowest)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--seconds", type=float, default=300)
    options.add_argument("--seed", type=int, default=0)
    options.add_argument("--rounds", type=int, default=10**9, help="at most so many, within the seconds")
    chosen = options.parse_args()
    seed, slowest = chosen.seed, [0.0]
    end = time.monotonic() + chosen.seconds
    while time.monotonic() < end and seed - chosen.seed < chosen.rounds:
        try:
            fuzz(seed, slowest)
        except Exception as error:
            error.add_note(f"again with: --seed {seed}")
            raise
        seed += 1
    print(f"{seed - chosen.seed} rounds without an error; the slowest reading took {slowest[0]:.2f} s")


if __name__ == "__main__":
    main()
