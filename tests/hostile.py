"""Files that were made to do harm, written anew each time: bombs, ways out, polyglots, nesting, bad text.

`size` is how large the large ones are, in bytes: small for the tests, large for bench/hostile_uploads.py.
"""

import gzip
import io
import json
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator

HEAD = (
    "VZCZCXYZ0001\nPP RUEHC\nDE RUEHLI #1001 0740915\nZNY CCCCC ZZH\nP 150915Z MAR 07\nFM AMEMBASSY LISBON\n"
    "TO RUEHC/SECSTATE WASHDC PRIORITY 1000\n\nC O N F I D E N T I A L LISBON 091001\n\nSIPDIS\n\n"
    "E.O. 12958: DECL: 03/15/2017\nTAGS: PREL, PO\nSUBJECT: {subject}\n\n"
)
PRE = "<html><body><table><tr><th>Reference ID</th></tr><tr><td>07LISBON91001</td></tr></table><pre>{}</pre>"


def zipped(*members: tuple[str, bytes], mode: int = 0) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members:
            info = zipfile.ZipInfo(name)
            info.external_attr = mode << 16
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data)
    return out.getvalue()


def tarred(
    name: str, data: bytes = b"", kind: bytes = tarfile.REGTYPE, link: str = "", mode: str = "w"
) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:  # type: ignore[call-overload]
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, link
        info.size = len(data) if kind == tarfile.REGTYPE else 0
        archive.addfile(info, io.BytesIO(data))
    return out.getvalue()


def overlapping(count: int) -> bytes:
    """A ZIP whose directory names one packed member many times over."""
    packed = zipped(("a.txt", b"0" * 50_000))
    end = packed.rfind(b"PK\x05\x06")
    start = struct.unpack("<I", packed[end + 16 : end + 20])[0]
    entries = packed[start:end] * count
    tail = struct.pack("<4sHHHHIIH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)
    return packed[:start] + entries + tail


def pdf(*objects: bytes) -> bytes:
    body = b"%PDF-1.7\n" + b"".join(b"%d 0 obj\n%s\nendobj\n" % (n, o) for n, o in enumerate(objects, 1))
    return body + b"trailer << /Root 1 0 R /Size %d >>\nstartxref\n0\n%%%%EOF" % (len(objects) + 1)


def bombs(size: int) -> Iterator[tuple[str, bytes]]:
    zeros = bytes(size * 20)
    yield "flat.zip", zipped(("07LISBON91001.txt", zeros))
    inner = zipped(("x.txt", zeros))
    yield "nested.zip", zipped(*((f"{n}.zip", inner) for n in range(10)))
    yield "deep.zip", zipped(("a.zip", zipped(("b.zip", zipped(("c.zip", inner))))))
    yield "members.zip", zipped(*((f"{n}.txt", b"x") for n in range(min(size // 100, 25_000))))
    yield "overlapping.zip", overlapping(min(size // 1000, 20_000))
    yield "bomb.tar.gz", gzip.compress(tarred("x.txt", zeros))
    yield "bomb.tar.xz", lzma.compress(tarred("x.txt", zeros))
    yield "bomb.tar.bz2", tarred("x.txt", zeros, mode="w:bz2")
    yield (
        "lies.zip",
        zipped(("x.txt", b"y" * 1000)).replace(struct.pack("<I", 1000), struct.pack("<I", 4_000_000_000)),
    )
    yield "cut.zip", zipped(("x.txt", zeros))[:-30]
    stream = zlib.compress(zeros)
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(stream)
    yield (
        "bomb.pdf",
        pdf(
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
            b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R >>",
            head + stream + b"\nendstream",
        ),
    )
    yield (
        "loop.pdf",
        pdf(b"<< /Type /Catalog /Pages 2 0 R >>", b"<< /Type /Pages /Kids [2 0 R 2 0 R] /Count 9 >>"),
    )
    yield "deep.pdf", pdf(b"[" * (size // 10) + b"]" * (size // 10))
    yield (
        "xref.pdf",
        b"%PDF-1.4\nxref\n0 4294967295\n" + b"0000000000 65535 f \n" * 50 + b"startxref\n9\n%%EOF",
    )


def ways_out(size: int) -> Iterator[tuple[str, bytes]]:
    cable = cable_text("A way out").encode()
    for n, name in enumerate(
        (
            "../../../../tmp/out.txt",
            "/etc/cron.d/out",
            "C:\\out.txt",
            "..\\..\\out.txt",
            "a/../../b",
            "\u202etxt.exe",
            "x" * 5_000,
            "nul\x00byte.txt",
            "-rf",
            "~/.ssh/authorized_keys",
        )
    ):
        yield f"way-{n}.zip", zipped((name, cable))
    yield "link.zip", zipped(("07LISBON91001.txt", b"/etc/passwd"), mode=0o120777)
    yield "up.tar", tarred("../../../../tmp/out.txt", cable)
    yield "symlink.tar", tarred("07LISBON91001.txt", kind=tarfile.SYMTYPE, link="/etc/passwd")
    yield "hardlink.tar", tarred("07LISBON91001.txt", kind=tarfile.LNKTYPE, link="/etc/passwd")
    yield "device.tar", tarred("07LISBON91001.txt", kind=tarfile.CHRTYPE)
    yield "fifo.tar", tarred("07LISBON91001.txt", kind=tarfile.FIFOTYPE)
    for name in (
        "CON.txt",
        "aux",
        ".htaccess",
        "..",
        "<img src=x onerror=alert(1)>.txt",
        "a;rm -rf ~;.txt",
        "%2e%2e%2fup.txt",
    ):
        yield name, b"no cable"


def polyglots(size: int) -> Iterator[tuple[str, bytes]]:
    inside = zipped(("07LISBON91001.txt", cable_text("In a picture").encode()))
    yield "picture.gif", b"GIF89a\x01\x00\x01\x00/*" + inside + b"*/<script>alert(1)</script>"
    yield "page.pdf", b"%PDF-1.4\n<html><script>alert(1)</script>" + inside
    yield "program.txt", b"MZ\x90\x00" + bytes(2000) + cable_text("A program").encode()
    yield "elf", b"\x7fELF\x02\x01\x01" + bytes(size // 10)
    yield (
        "pickle.txt",
        b"\x80\x04\x95\x1e\x00\x00\x00\x00\x00\x00\x00\x8c\x05posix\x94\x8c\x06system\x94\x93\x94\x8c\x02id\x94",
    )
    yield (
        "shell.txt",
        b"#!/bin/sh\ntouch /tmp/reftel-harmed\n" + cable_text("$(touch /tmp/reftel-harmed)").encode(),
    )
    yield "office.docx", zipped(("[Content_Types].xml", b"<x/>"), ("word/document.xml", b"<w/>"))
    yield "database.sqlite", b"SQLite format 3\x00" + bytes(4096)


def nesting(size: int) -> Iterator[tuple[str, bytes]]:
    levels = size // 10
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    yield "laughs.xml", f'<!DOCTYPE frus [<!ENTITY l0 "ha">{laughs}]><frus>&l11;</frus>'.encode()
    yield "entity.xml", b'<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]><TEI><text>&e;</text></TEI>'
    yield (
        "remote.xml",
        b'<!DOCTYPE x SYSTEM "http://127.0.0.1:9/x.dtd"><TEI xmlns="http://www.tei-c.org/ns/1.0"/>',
    )
    yield "parameter.xml", b'<!DOCTYPE x [<!ENTITY % p SYSTEM "file:///etc/passwd"> %p;]><TEI/>'
    yield (
        "include.xml",
        b'<TEI xmlns:xi="http://www.w3.org/2001/XInclude"><xi:include href="/etc/passwd" parse="text"/></TEI>',
    )
    yield "deep.xml", b"<TEI>" + b"<div>" * levels + b"</div>" * levels + b"</TEI>"
    yield (
        "quadratic.xml",
        b'<!DOCTYPE x [<!ENTITY a "' + b"A" * levels + b'">]><TEI>' + b"&a;" * levels + b"</TEI>",
    )
    yield "deep.json", b'{"doc_id": ' + b"[" * levels + b"]" * levels + b', "body": "x"}'
    yield "objects.json", b'{"doc_id":' * levels
    yield "number.json", b'{"doc_id": "x", "body": ' + b"9" * size + b"}"
    yield (
        "surrogate.json",
        json.dumps({"doc_id": "07LISBON91001", "body": cable_text("\ud800 half")}).encode(),
    )
    yield "open.json", b'{"doc_id": "x", "body": "' + b"a" * size
    yield "deep.html", b"<html><pre>" + b"<b>" * levels + cable_text("Deep").encode()
    yield "lessthan.html", b"<html>" + b"<" * size
    yield "comment.html", b"<html><!--" + b"-" * size
    yield "script.html", PRE.format(cable_text("<script>alert(1)</script>")).encode()
    yield "entities.html", ("<html><pre>" + "&#x110000;&#0;&amp;" * (size // 20)).encode()


def text(size: int) -> Iterator[tuple[str, bytes]]:
    cable = cable_text("Odd letters")
    for encoding in ("utf-7", "utf-16", "utf-16-le", "utf-32", "utf-8-sig", "cp037"):
        yield f"{encoding}.txt", cable.encode(encoding)
    yield "overlong.txt", cable.encode().replace(b"/", b"\xc0\xaf")
    yield "invalid.txt", cable.encode() + bytes(range(128, 256)) * (size // 500)
    yield "zeros.txt", bytes(size)
    yield "bidi.txt", cable_text("\u202e\u2066\u200b\ufeff hidden").encode()
    for name, piece in (
        ("line", "A"),
        ("spaces", " "),
        ("dashes", "-"),
        ("newlines", "\n"),
        ("brackets", "("),
        ("numbers", "1. (C) "),
        ("subjects", "SUBJECT: "),
        ("refs", "REF: A. 07 LISBON 1\n"),
        ("eo", "E.O. 12958: "),
        ("dtg", "P 150915Z MAR 07\nFM A\n"),
        ("pilcrows", "¶"),
        ("markers", "[1] "),
        ("tabs", "\t"),
        ("returns", "\r"),
        ("dots", "."),
        ("quotes", "'"),
        ("xs", "x" * 12 + " "),
    ):
        yield (
            f"07LISBON9{size % 10}{len(name)}{len(piece)}.{name}.txt",
            (HEAD.format(subject="X") + piece * (size // len(piece))).encode(),
        )
    yield (
        "paragraphs.txt",
        (HEAD.format(subject="Many") + "".join(f"{n}. (C) A.\n\n" for n in range(size // 20))).encode(),
    )
    yield "wide.csv", b"doc_id,body" + b",x" * (size // 10) + b"\n" + b"1," * (size // 10) + b"\n"
    yield "quote.csv", b'1,"1/1/2007 0:00","07LISBON91001","Embassy Lisbon","CONFIDENTIAL","","' + b"x" * size
    yield "formula.csv", b"doc_id,body\n07LISBON91001,\"=cmd|' /C calc'!A0\"\n"
    yield "id.txt", cable.replace("LISBON 091001", "../../ETC 000001").encode()


def cable_text(subject: str) -> str:
    return (
        HEAD.format(subject=subject)
        + "1. (C) Summary: Nothing happened. End summary.\n\n2. (C) It did not.\n\nOAK\n"
    )


def files(size: int) -> list[tuple[str, bytes]]:
    """(name, content) of each."""
    return [file for kind in (bombs, ways_out, polyglots, nesting, text) for file in kind(size)]
