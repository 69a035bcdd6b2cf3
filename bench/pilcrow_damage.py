"""How often a pilcrow that became a 1 is undone, over a folder of cables damaged so on purpose.

    python bench/pilcrow_damage.py [FOLDER]

Every `¶` before a number or letter at the start of a line becomes a 1, as in copies through an old code page. Repaired
is a cable whose paragraphs then have the numbers and texts that they have undamaged. The same cables with the pilcrow
only taken away must come through without that repair.
"""

import re
import sys
from pathlib import Path

from cables import Cable, parse_telegram

PILCROW = re.compile(r"^([ \t]*)¶[ \t]?(?=\d|[A-Z]\.)", re.MULTILINE)
NOTE = "pilcrows that had become a 1 restored"


def shape(cable: Cable) -> list[tuple[str, str]]:
    return [(paragraph.key, paragraph.text) for paragraph in cable.paragraphs]


def main() -> None:
    default = Path(__file__).parents[1] / "../shared/cables"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default.resolve()
    damaged = repaired = false = 0
    missed = []
    for path in sorted(folder.glob("*.txt")):
        text = path.read_text(encoding="utf-8")
        if not PILCROW.search(text):
            continue
        damaged += 1
        clean = PILCROW.sub(r"\1", text)
        before = parse_telegram(clean, id=path.stem)
        false += NOTE in before.notes
        if shape(parse_telegram(PILCROW.sub(r"\g<1>1", text), id=path.stem)) == shape(before):
            repaired += 1
        else:
            missed.append(path.stem)
    if not damaged:
        sys.exit(f"No cables with pilcrows in {folder}: name a folder of .txt files.")
    print(f"{damaged} cables damaged, {repaired} repaired ({repaired / damaged:.1%}); false repairs: {false}")
    print("not repaired:", ", ".join(missed) or "none")


if __name__ == "__main__":
    main()
