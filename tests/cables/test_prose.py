import pytest

from cables.prose import is_text_line, reads_as_prose


@pytest.mark.parametrize(
    "line",
    [
        "The harbour master told Poloff that it would open.",
        "THE PORT OF SINES WAS CLOSED ON MARCH 3 AND IT WILL NOT OPEN BY MAY",
        "have signalled that they will stop work",
    ],
)
def test_sentences_are_text(line: str) -> None:
    assert is_text_line(line)


@pytest.mark.parametrize(
    "line",
    [
        "RUEHC/SECSTATE WASHDC IMMEDIATE 4711",
        "DEPT FOR EUR/WE; PLEASE PASS TO TREASURY",
        "A. LISBON 498 (NOTAL)",
        "This record is a partial extract of the original cable.",
        "INFO RUEHMD/AMEMBASSY MADRID PRIORITY 0815",
    ],
)
def test_lines_of_a_head_are_no_text(line: str) -> None:
    assert not is_text_line(line)
    assert not reads_as_prose(line) or line.startswith("This")
