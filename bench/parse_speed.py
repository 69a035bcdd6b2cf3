"""How many cables a second one core reads, over a folder of cables as text.

    python bench/parse_speed.py [FOLDER]

Prints the best of three rounds in processor time. Where the public parser cablemap is
installed, its time over the same texts is printed beside it.
"""

import importlib.util
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cables import parse_telegram

ROUNDS = 3


def best_rate(parse: Callable[[str, str], object], texts: list[tuple[str, str]]) -> float:
    """Cables a second in the best round."""
    times = []
    for _ in range(ROUNDS):
        start = time.process_time()
        for name, text in texts:
            parse(name, text)
        times.append(time.process_time() - start)
    return len(texts) / min(times)


def cablemap_parser() -> Callable[[str, str], object] | None:
    """The public parser on text; None where it is not installed."""
    if importlib.util.find_spec("cablemap") is None:
        return None
    from cablemap.core import cable_from_html  # type: ignore[import-not-found]

    return lambda name, text: cable_from_html(f"<pre>{text}</pre>", name)


def main() -> None:
    default = Path(__file__).parents[1] / "../shared/cables"
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else default.resolve()
    texts = [(path.stem, path.read_text(encoding="utf-8")) for path in sorted(folder.glob("*.txt"))]
    if not texts:
        sys.exit(f"No cables in {folder}: name a folder of .txt files.")
    size = sum(len(text) for _, text in texts) / 1e6
    print(f"{len(texts)} cables, {size:.1f} million characters")
    print(
        f"reftel    {best_rate(lambda name, text: parse_telegram(text, id=name), texts):8.0f} cables a second"
    )
    other = cablemap_parser()
    print(f"cablemap  {best_rate(other, texts):8.0f} cables a second" if other else "cablemap  not installed")


if __name__ == "__main__":
    main()
