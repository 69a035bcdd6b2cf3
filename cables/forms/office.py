"""Word-processor files, e-books and mail: their text goes on as whatever form it is."""

import mailbox
import re
import tempfile
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from email.message import Message
from email.parser import BytesParser
from email.policy import default
from io import BytesIO
from pathlib import Path, PurePath, PurePosixPath
from urllib.parse import unquote

from cables.forms.base import Failure, Form, Reading, Source, UnreadableError
from cables.forms.container import DAMAGE_ERRORS
from cables.forms.decoding import decode
from cables.forms.plain_text import MAX_TEXT_BYTES
from cables.forms.web_page import shown_text

_WORD_NAMESPACE = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_BREAK_TAGS = (f"{_WORD_NAMESPACE}br", f"{_WORD_NAMESPACE}cr")
_MAIL_RE = re.compile(rb"(?:From \S+ .*\r?\n)?(?:[A-Z][A-Za-z-]+: .*\r?\n(?:[ \t]+.*\r?\n)*){3,}")
_MAIL_FIELD_RE = re.compile(rb"^(?:Message-ID|MIME-Version|Received|Return-Path|Content-Type):", re.I | re.M)


class WordDocument(Form):
    """A DOCX file."""

    name = "Word document"

    def likeness(self, head: bytes) -> int:
        """Certain where the first member of the ZIP archive is the list of content types."""
        return 101 if head.startswith(b"PK\x03\x04") and b"word/document.xml" in head else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The document's paragraphs, a line each."""
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError, fromstring

        try:
            with source.open() as stream, zipfile.ZipFile(stream) as archive:
                body = fromstring(_member(archive, "word/document.xml"))
        except (KeyError, ParseError, DefusedXmlException, *DAMAGE_ERRORS) as error:
            raise UnreadableError(
                f"no Word document that can be read ({error}): save it as plain text"
            ) from error
        lines = ["".join(_pieces(paragraph)) for paragraph in body.iter(f"{_WORD_NAMESPACE}p")]
        yield from _text(source, "\n\n".join(lines))


class ElectronicBook(Form):
    """An EPUB file."""

    name = "EPUB book"

    def likeness(self, head: bytes) -> int:
        """Certain by the first member of the ZIP archive, which names the type."""
        return 101 if head.startswith(b"PK\x03\x04") and b"mimetypeapplication/epub+zip" in head[:100] else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The chapters' text in reading order."""
        from defusedxml.common import DefusedXmlException
        from defusedxml.ElementTree import ParseError

        try:
            with source.open() as stream, zipfile.ZipFile(stream) as archive:
                chapters = [shown_text(decode(chapter)[0]) for chapter in _chapters(archive)]
        except (KeyError, ParseError, DefusedXmlException, *DAMAGE_ERRORS) as error:
            raise UnreadableError(f"no EPUB that can be read ({error}): save it as plain text") from error
        yield from _text(source, "\n\n".join(chapters))


class RichText(Form):
    """An RTF file."""

    name = "RTF document"

    def likeness(self, head: bytes) -> int:
        """Certain by its first characters."""
        return 100 if head.startswith(b"{\\rtf") else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """The document's text."""
        from striprtf.striprtf import rtf_to_text  # late: few files need it

        data = source.whole(MAX_TEXT_BYTES)
        try:
            text = str(rtf_to_text(data.decode("latin-1"), errors="ignore"))  # type: ignore[no-untyped-call]
        except (ValueError, LookupError, RecursionError) as error:
            raise UnreadableError(f"no RTF that can be read ({error}): save it as plain text") from error
        yield from _text(source, text)


class Mail(Form):
    """A message, or a mailbox of them."""

    name = "mail"

    def likeness(self, head: bytes) -> int:
        """Sure where it begins with the lines of a mail's header, one of them only mail has."""
        match = _MAIL_RE.match(head)
        return 88 if match and _MAIL_FIELD_RE.search(match[0]) else 0

    def read(self, source: Source) -> Iterator[Reading | Failure]:
        """Each message by its own text, as whatever form that is."""
        stem = PurePath(source.name).stem
        messages = list(_messages(source.whole(8 * MAX_TEXT_BYTES)))
        for number, message in enumerate(messages, start=1):
            name, where = (f"{stem}-{number}", f"message {number}") if len(messages) > 1 else (stem, "")
            inner = replace(source, where=source.inside(where), name=f"{name}.txt", as_document=True)
            yield from _text(inner, _message_text(message))


def _pieces(paragraph: object) -> Iterator[str]:
    for node in paragraph.iter():  # type: ignore[attr-defined]
        if node.tag == f"{_WORD_NAMESPACE}t":
            yield node.text or ""
        elif node.tag == f"{_WORD_NAMESPACE}tab":
            yield "\t"
        elif node.tag in _BREAK_TAGS:
            yield "\n"


def _chapters(archive: zipfile.ZipFile) -> Iterator[bytes]:
    """The pages of a book in the order of its spine."""
    from defusedxml.ElementTree import fromstring

    names = archive.namelist()
    container = fromstring(_member(archive, "META-INF/container.xml"))
    package = next(node.attrib["full-path"] for node in container.iter() if node.tag.endswith("}rootfile"))
    nodes = list(fromstring(_member(archive, package)).iter())
    href = {node.attrib["id"]: node.attrib["href"] for node in nodes if node.tag.endswith("}item")}
    for node in nodes:
        if node.tag.endswith("}itemref"):
            path = str(PurePosixPath(package).parent / unquote(href[node.attrib["idref"]]))
            yield _member(archive, path) if path in names else b""


def _member(archive: zipfile.ZipFile, name: str) -> bytes:
    """A member of a document; raises UnreadableError where it is too large."""
    info = archive.getinfo(name)
    if info.file_size > MAX_TEXT_BYTES:
        raise UnreadableError(f"over {MAX_TEXT_BYTES // 2**20} MB of text: split the file")
    return archive.read(info)


def _messages(data: bytes) -> Iterator[Message]:
    parser = BytesParser(policy=default)
    if not data.startswith(b"From "):
        yield parser.parsebytes(data)
        return
    with tempfile.TemporaryDirectory(prefix="reftel-") as folder:
        path = Path(folder) / "box"
        path.write_bytes(data)
        box = mailbox.mbox(path)
        for key in box.iterkeys():
            yield parser.parsebytes(box.get_bytes(key))
        box.close()


def _message_text(message: Message) -> str:
    """From, date, addressee and subject, then the message's plain text."""
    head = [f"{name}: {value}" for name in ("From", "Date", "To", "Subject") if (value := message.get(name))]
    parts = [part for part in message.walk() if part.get_content_type() == "text/plain"]
    bodies = [part.get_payload(decode=True) for part in parts[:1]]
    text = bodies[0].decode("utf-8", "replace") if bodies and isinstance(bodies[0], bytes) else ""
    return "\n".join(head) + "\n\n" + text.replace("\r\n", "\n")


def _text(source: Source, text: str) -> Iterator[Reading | Failure]:
    from cables.forms import read_source  # here, because the forms are found by looking into this package

    if not text.strip():
        raise UnreadableError("no text in it: save it as plain text and look what is there")
    data, name = text.encode("utf-8", "replace"), f"{PurePath(source.name).stem}.txt"
    yield from read_source(replace(source, name=name, opener=lambda: BytesIO(data)))
