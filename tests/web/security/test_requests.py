"""What proxies say of where a request comes from."""

from typing import Any

import pytest

from web.security.requests import apply_forwarding, was_forwarded, without_headers


def scope(*headers: tuple[str, str]) -> dict[str, Any]:
    raw = [(name.lower().encode(), value.encode()) for name, value in headers]
    return {"type": "http", "client": ("10.0.0.1", 1), "scheme": "http", "headers": raw}


def test_the_last_address_that_is_no_proxys_counts_over_all_lines() -> None:
    addresses = ("127.0.0.1", "198.51.100.9, 203.0.113.5", "10.0.0.2")
    lines = [("X-Forwarded-For", address) for address in addresses]
    request = scope(*lines, ("X-Forwarded-Proto", "http"), ("X-Forwarded-Proto", "https"))
    apply_forwarding(request, ("10.0.0.1", "10.0.0.2"))
    assert (request["client"][0], request["scheme"]) == ("203.0.113.5", "https")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host"])
def test_whatever_a_proxy_adds_tells_that_there_is_one_and_goes_no_further(name: str) -> None:
    request = scope((name, "127.0.0.1"), ("Host", "localhost"))
    assert was_forwarded(request)
    without_headers(request, "X-Remote-User")
    assert [key for key, _ in request["headers"]] == [b"host"]
