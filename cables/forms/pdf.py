"""PDF files: their text goes on as whatever form it is; scanned pages without text are reported."""

import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from typing import BinaryIO

from cables.forms.base import Failure, Form, Reading, Source

_MAX_PDF_BYTES = 256 * 1024 * 1024
_DAMAGE_ERRORS = (
    *(ValueError, TypeError, LookupError, AttributeError, AssertionError, ArithmeticError, RuntimeError),
    *(struct.error, zlib.error, EOFError),
)
"""What pypdf lets through, beside its own errors, where a file makes no sense to it."""
_MIN_PAGE_CHARS = 20
"""Characters; a page with fewer shows a picture."""


class Pdf(Form):
    """A PDF file with a text layer."""

    name = "PDF"

    def likeness(self, head: bytes) -> int:
        """Certain by its first bytes."""
        return 100 if head[:1024].lstrip().startswith(b"%PDF-") else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The text of all pages, a form feed between them, read as the form that it is."""
        from cables.forms import read_source  # here, because the forms are found by looking into this package

        data = source.whole(_MAX_PDF_BYTES)
        if data is None:
            yield source.failure(f"over {_MAX_PDF_BYTES // 2**20} MB: split it into smaller PDF files")
            return
        pages = _pages(data)
        if isinstance(pages, str):
            yield source.failure(pages)
            return
        empty = [number for number, page in enumerate(pages, start=1) if len(page.strip()) < _MIN_PAGE_CHARS]
        if empty:
            yield source.failure(_scanned(empty, len(pages)))
        text = "\f".join(pages).encode()
        if len(empty) < len(pages):
            yield from read_source(replace(source, name=_stem(source.name), opener=lambda: _opened(text)))


def _pages(data: bytes) -> list[str] | str:
    """The text of each page, or why there is none."""
    from pypdf import PdfReader  # late: half a second that only PDF files should cost
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return "locked with a password: save it without one"
        return [page.extract_text() for page in reader.pages]
    except (PyPdfError, *_DAMAGE_ERRORS) as error:
        return f"a damaged PDF file ({error}): copy it again"


def _scanned(empty: list[int], total: int) -> str:
    pages = "all pages are" if len(empty) == total else f"page {', '.join(map(str, empty[:10]))} of {total}"
    more = " and more" if len(empty) > 10 and len(empty) < total else ""
    return f"{pages}{more} scanned without text: run OCR on the file (such as ocrmypdf) and index the result"


def _stem(name: str) -> str:
    return name.rsplit(".", 1)[0] + ".txt"


def _opened(text: bytes) -> BinaryIO:
    return BytesIO(text)
