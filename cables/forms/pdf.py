"""PDF files: their text goes on as whatever form it is; scanned pages without text are reported."""

import logging
import struct
import zlib
from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import PurePath

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError

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

        pages = _pages(source.whole(_MAX_PDF_BYTES))
        empty = [number for number, page in enumerate(pages, start=1) if len(page.strip()) < _MIN_PAGE_CHARS]
        if empty:
            yield source.failure(_scanned(empty, len(pages)))
        if len(empty) < len(pages):
            text, name = "\f".join(pages).encode(), f"{PurePath(source.name).stem}.txt"
            yield from read_source(replace(source, name=name, opener=lambda: BytesIO(text)))


def _pages(data: bytes) -> list[str]:
    """The text of each page. Raises UnreadableError where there is none."""
    from pypdf import PdfReader  # late: half a second that only PDF files should cost
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.ERROR)
    try:
        reader = PdfReader(BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableError("locked with a password: save it without one")
        return [page.extract_text() for page in reader.pages]
    except (PyPdfError, *_DAMAGE_ERRORS) as error:
        raise UnreadableError(f"a damaged PDF file ({error}): copy it again") from error


def _scanned(empty: list[int], total: int) -> str:
    pages = "all pages are" if len(empty) == total else f"page {', '.join(map(str, empty[:10]))} of {total}"
    more = " and more" if len(empty) > 10 and len(empty) < total else ""
    return f"{pages}{more} scanned without text: run OCR on the file (such as ocrmypdf) and index the result"
