"""Passwords that anybody would try first."""

import pytest

from web.security.passwords import is_common

COMMON = [
    "password123",
    "P@ssw0rd2024",
    "qwertyuiop",
    "1234567890",
    "aaaaaaaaaaaa",
    "iloveyou123",
    "welcome2026!",
    "letmein12345",
    "passwordpassword",
    "abcdefghij",
    "cora19841984",
    "Adm1n12345",
]
FINE = [
    "a long pass phrase",
    "correct horse battery",
    "u9!kQz2#pLm",
    "my winter coat is blue",
    "una-password-1",
]


@pytest.mark.parametrize("password", COMMON)
def test_what_anybody_would_try_is_refused(password: str) -> None:
    assert is_common(password, "cora")


@pytest.mark.parametrize("password", FINE)
def test_several_words_and_chance_are_taken(password: str) -> None:
    assert not is_common(password, "cora")


def test_a_very_long_password_is_judged_by_its_beginning() -> None:
    assert is_common("123456789" * 40_000)
    assert not is_common("correct horse battery staple " * 10_000)
