"""Bytes to text, in the encodings in which cables come."""

import codecs

_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BINARY_KINDS = {
    b"\xff\xd8\xff": "a JPEG picture",
    b"\x89PNG": "a PNG picture",
    b"GIF8": "a GIF picture",
    b"II*\x00": "a TIFF picture",
    b"MM\x00*": "a TIFF picture",
    b"BM": "a BMP picture",
    b"\xd0\xcf\x11\xe0": "an old Office document",
    b"\x7fELF": "a program",
    b"MZ": "a program",
    b"SQLite format 3": "a database",
    b"7z\xbc\xaf": "a 7-Zip archive",
    b"Rar!": "a RAR archive",
}

NOT_UTF8_NOTE = "not UTF-8: bytes read as Windows-1252"
"""The note on a cable whose bytes were not all valid UTF-8."""

WINDOWS_FALLBACK = "cables.windows"
"""The error handler that reads bytes which are no UTF-8 as Windows-1252, for streams."""


def decode(data: bytes) -> tuple[str, str | None]:
    """The text of `data`, and a note where its encoding had to be guessed. Never raises.

    UTF-8 and UTF-16 by their byte order marks, else UTF-8; bytes that are none are read as Windows-1252. Line
    ends become `\\n`.
    """
    note = None
    encoding = next((name for mark, name in _BYTE_ORDER_MARKS if data.startswith(mark)), "utf-8")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        note = NOT_UTF8_NOTE
        text = data.decode(encoding, WINDOWS_FALLBACK if encoding != "utf-16" else "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n"), note


def _as_windows(error: UnicodeError) -> tuple[str, int]:
    if not isinstance(error, UnicodeDecodeError):
        raise error
    wrong = error.object[error.start : error.end]
    return wrong.decode("latin-1").translate(_WINDOWS_CHARACTERS), error.end


def binary_kind(head: bytes) -> str | None:
    """What a source is that holds no text: "a JPEG picture", "binary data"; None for text."""
    if any(head.startswith(mark) for mark, name in _BYTE_ORDER_MARKS):
        return None
    has_nul = b"\0" in head
    for magic, kind in _BINARY_KINDS.items():
        if head.startswith(magic) and (has_nul or not _looks_like_text(head)):
            return kind
    return "binary data" if has_nul else None


def _looks_like_text(head: bytes) -> bool:
    odd = sum(byte < 32 and byte not in b"\t\n\r\f\x1a" for byte in head)
    return odd * 100 <= len(head)


def _windows_table() -> dict[int, str]:
    table = {}
    for byte in range(0x80, 0xA0):
        try:
            table[byte] = bytes([byte]).decode("cp1252")
        except UnicodeDecodeError:
            continue
    return table


_WINDOWS_CHARACTERS = _windows_table()
codecs.register_error(WINDOWS_FALLBACK, _as_windows)
