"""Sources as odd as those that people have: each sentence of each ends in a paragraph or a field."""

import codecs
import csv
import gzip
import io
import json
import lzma
import re
from pathlib import Path

import pytest

from cables import Cable
from tests.cables.forms.made_up import Reader

WORD_RE = re.compile(r"mark[a-g]\b", re.IGNORECASE)
"""Stands once in each sentence that must be found again."""


def head(serial: str, *, post: str = "OSLO", fields: str = "TAGS: PREL, NO\nSUBJECT: FISH QUOTAS\n") -> str:
    return (
        f"P 181558Z MAR 08\nFM AMEMBASSY {post}\nTO SECSTATE WASHDC\n\n"
        f"C O N F I D E N T I A L {post} {serial}\n\nSIPDIS\n\n{fields}"
    )


def row(*cells: str) -> str:
    out = io.StringIO()
    csv.writer(out).writerows([["id", "date", "body"], cells])
    return out.getvalue()


SOURCES: dict[str, str | bytes] = {
    "08OSLO90101.txt": head("090101")
    + "\nThe marka minister opened the quay.\n\nSUBJECT: PRESS CONFERENCE\n\nHe spoke markb for an hour about herring.\n",
    "08OSLO90102.txt": head("090102")
    + "REF: A. OSLO 90044\n     B. STATE 12345 (NOTAL)\nThe marka trawlers stayed in port because the ice was thick.\n"
    "Nobody markb complained about it to the harbour office.\n\n1. (C) The markc owners were paid.\n",
    "08OSLO90103.txt": head("090103")
    + "REF: A. 0SL0 9OO44 the marka catch was small this year and\nthe boats markb came back early from the banks.\n",
    "C09990001.txt": "U.S. Department of State Case No. F-2015-00001 Doc No. C09990001 Date: 01/02/2016\n"
    "RELEASE IN FULL\n"
    "From: Berg, Kari\nSent: Monday, May 2, 2011 9:01 AM\nTo: Holm, Ola\nSubject: Re: quay\n\nYes marka we want it.\n\n"
    "From: Holm, Ola\nSent: Sunday, May 1, 2011 8:00 PM\n\nDo you markb want the crane?\n\n> An older markc line.\n",
    "two.txt": head("090105")
    + "\n1. (C) First marka text.\n\n"
    + head("090777", post="RIGA")
    + "\n1. (C) Markb text.\n",
    "record.csv": row(
        "08OSLO90132",
        "2008-03-18",
        head("090132") + "\n1. (C) Marka.\n\n" + head("7", post="RIGA") + "1. Markb.",
    ),
    "08OSLO90108.txt": head("090108")
    + "\nNEWS MARKA\n\n¶\n1. (C) The markb pier.\n\n¶\n2. (C) The markc crane.\n",
    "75OSLO90129.txt": "R 181558Z MAR 75\nFM AMEMBASSY OSLO\nTO SECSTATE WASHDC\nUNCLAS OSLO 90129\nTAGS: EFIS, NO\n"
    "SUBJECT: BOATS\nTHE MARKA BOATS WILL BE SOLD TO THE HIGHEST BIDDER AND THE CREWS WILL BE PAID BY THE STATE.\n",
    "bars.csv": "doc_nbr|date|subject|body\n2008OSLO90113|2008-03-18|FISH|The marka boats sailed.\n".encode(
        "utf-16"
    ),
    "semi.csv": 'ID;date;title;text\n08OSLO90114;18.03.2008;"K\xf8";"Linje marka\nlinje ""markb"" \xe5 si"\n'.encode(
        "latin-1"
    ),
    "rows.jsonl.gz": gzip.compress(
        json.dumps(
            {"_id": {"$oid": "5a"}, "_source": {"mrn": "08OSLO90115", "content": "The marka boat."}}
        ).encode()
    ),
    "rows.json.xz": lzma.compress(
        json.dumps({"results": [{"doc_id": "08OSLO90117", "body": "The marka boat."}]}).encode()
    ),
    "copy.sql": "COPY public.cables (id, authored, body) FROM stdin;\n"
    "08OSLO90119\t2008-03-18\tMarka line\\nsecond\\tmarkb\n\\.\n",
    "insert.sql": "INSERT INTO `m` (`mrn`,`date`,`content`) VALUES "
    "('08OSLO90121','2008-03-18','He ''marka'' (twice), then;\\nmarkb'),"
    "('08OSLO90122',NULL,'markc');\n",
    "outfile.tsv": "1\t2008-03-18 15:58\t08OSLO90123\tEmbassy Oslo\tCONFIDENTIAL\t\t"
    + head("090123").replace("\n", "\\\n")
    + "\t1. (C) The marka text\\\ngoes markb on.\n",
    "cablegram.txt": "Cablegram to Jakarta\nCanberra, 5 March 1975\nSECRET IMMEDIATE\n\n"
    "1. We marka note.\n\n2. He markb agrees.\n",
}


def words_of(cable: Cable) -> set[str]:
    text = [paragraph.text for paragraph in cable.paragraphs]
    text += [paragraph.section or "" for paragraph in cable.paragraphs]
    fields = [
        cable.subject or "",
        cable.signature or "",
        *cable.passing,
        *(reference.text for reference in cable.references),
    ]
    return {word.lower() for word in WORD_RE.findall(" ".join(text + fields))}


@pytest.mark.parametrize("name", SOURCES)
def test_every_sentence_of_an_odd_source_is_found_again(tmp_path: Path, outcome: Reader, name: str) -> None:
    source = SOURCES[name]
    data = source if isinstance(source, bytes) else source.encode()
    (tmp_path / name).write_bytes(data)
    unpack = {".gz": gzip.decompress, ".xz": lzma.decompress}.get(Path(name).suffix, bytes)
    text = unpack(data).decode("utf-16" if data.startswith(codecs.BOM_UTF16_LE) else "latin-1")
    readings, failures = outcome(tmp_path / name)
    assert failures == []
    assert set().union(*(words_of(reading.cable) for reading in readings)) == {
        w.lower() for w in WORD_RE.findall(text)
    }


def test_a_printed_day_dates_a_telegram_without_a_group(tmp_path: Path, outcome: Reader) -> None:
    (tmp_path / "08OSLO90127.txt").write_text(
        "UNCLAS OSLO 090127\n\nSIPDIS\n\nMarch 18, 2008\n\nTAGS: PREL, NO\nSUBJECT: A DAY\n\n1. (U) It is printed.\n"
    )
    (reading,), _ = outcome(tmp_path / "08OSLO90127.txt")
    assert reading.cable.date
    assert f"{reading.cable.date:%Y-%m-%d}" == "2008-03-18"
    assert reading.cable.passing == ()
