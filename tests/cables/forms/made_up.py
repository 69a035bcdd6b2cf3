"""Cables made up for the tests of forms."""

from collections.abc import Callable
from pathlib import Path

from cables.forms import Failure, Reading

Reader = Callable[[Path], tuple[list[Reading], list[Failure]]]


def telegram(post: str = "NIAMEY", serial: int = 417, *, day: str = "12", header: bool = True) -> str:
    """A made-up cable with two numbered paragraphs."""
    top = (
        f"VZCZCXRO0001\nRR RUEHMA\nDE RUEHNM #{serial:04d}/01 0431200\nZNY CCCCC ZZH\nR {day}1200Z FEB 08\n"
        f"FM AMEMBASSY {post}\nTO RUEHC/SECSTATE WASHDC 4411\n\n"
    )
    return (top if header else "") + (
        f"C O N F I D E N T I A L {post} {serial:06d}\n\nSIPDIS\n\n"
        "E.O. 12958: DECL: 02/12/2018\nTAGS: PREL, EAID, NG\nSUBJECT: A WELL AND ITS PUMP\n\n"
        "REF: STATE 30122\n\nClassified By: DCM Ada Lindqvist for reasons 1.4 (b).\n\n"
        "1. (C) Summary: The pump arrived late and without its handle. End Summary.\n\n"
        "2. (C) The minister said that the handle was “still at sea”.\n\nHALVORSEN\n"
    )
