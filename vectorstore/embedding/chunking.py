"""What is embedded and indexed of a paragraph: its text under a header that says where it comes from.

The header (subject, post, month, section) lets a paragraph be found that does not repeat what its cable is
about; it is the largest cheap gain that was measured (docs/retrieval.md). Paragraphs longer than the model
reads are cut into overlapping windows, each under the same header.
"""

import numpy as np

from cables import Cable, Paragraph

PASSAGES_VERSION = "1"
"""Raised when a passage's text changes: archives built with another version are embedded again."""

WINDOW_WORDS = 150
"""Words a window: with the header about 230 tokens, inside the 256 that MiniLM reads."""
OVERLAP_WORDS = 30
MAX_HEADER_WORDS = 40
"""Words of a header, at most."""


def header(cable: Cable, paragraph: Paragraph) -> str:
    """Where the paragraph stands, in words: `Talks on UN reform (Embassy Beijing, April 2008) - The rebuff`."""
    place = ", ".join(filter(None, (cable.post, f"{cable.date:%B %Y}" if cable.date else None)))
    words = sentence_case(cable.subject or "")
    if place:
        words = f"{words} ({place})".strip()
    if paragraph.section:
        words = f"{words} - {sentence_case(paragraph.section)}"
    return " ".join(words.split()[:MAX_HEADER_WORDS])


def windows(cable: Cable, paragraph: Paragraph) -> list[str]:
    """The passages of a paragraph that are embedded: one, or several overlapping ones for a long text."""
    above = header(cable, paragraph)
    words = paragraph.text.split()
    if len(words) <= WINDOW_WORDS:
        return [f"{above}: {' '.join(words)}"]
    starts = range(0, len(words) - OVERLAP_WORDS, WINDOW_WORDS - OVERLAP_WORDS)
    return [f"{above}: {' '.join(words[start : start + WINDOW_WORDS])}" for start in starts]


def sentence_of_words(text: str, window: int, from_end: np.ndarray, ends: np.ndarray) -> np.ndarray:
    """The sentences in which words of a paragraph's passage stand, -1 for words of the header or behind the last one.

    `from_end` counts words from the last one of the passage `window`; `ends` are the sentences' ends in words.
    """
    total = len(text.split())
    first = window * (WINDOW_WORDS - OVERLAP_WORDS)
    own = min(WINDOW_WORDS, total - first)
    place = own - 1 - from_end.astype(np.int64)
    found = np.searchsorted(ends, first + place, "right")
    return np.where((place < 0) | (found >= len(ends)), -1, found)


def sentence_case(text: str) -> str:
    """`TALKS ON REFORM` as `Talks on reform`; text that has lower case stays as it is."""
    return text.capitalize() if text.isupper() else text
