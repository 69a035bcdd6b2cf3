"""How many attempts to sign in are allowed, and to whom."""

from web.security.sign_in import Attempts, network_of


def test_five_attempts_on_a_name_lock_it_for_their_address_alone() -> None:
    attempts = Attempts()
    assert [attempts.allowed("cora", "203.0.113.1") for _ in range(6)] == [True] * 5 + [False]
    assert attempts.allowed("cora", "203.0.113.2")


def test_nobody_keeps_an_owner_out_from_elsewhere() -> None:
    attempts = Attempts()
    for n in range(500):
        attempts.allowed("cora", f"198.51.100.{n % 200}")
    assert attempts.allowed("cora", "203.0.113.1")


def test_an_address_that_is_locked_leaves_nothing_behind_and_is_reported_once() -> None:
    attempts = Attempts()
    allowed = [attempts.allowed(f"name{n}", "203.0.113.1") for n in range(1_000)]
    assert allowed.count(True) == 60
    assert len(attempts._counter.storage.events) <= 61
    assert [attempts.worth_reporting("203.0.113.1") for _ in range(3)] == [True, False, False]


def test_the_addresses_of_one_ipv6_network_count_as_one() -> None:
    assert network_of("2001:db8::1") == network_of("2001:db8::ffff:1") != network_of("2001:db8:0:1::1")
    assert network_of("203.0.113.1") == "203.0.113.1"


def test_signing_in_takes_back_earlier_slips() -> None:
    attempts = Attempts()
    for _ in range(5):
        attempts.allowed("cora", "203.0.113.1")
    attempts.succeeded("cora", "203.0.113.1")
    assert attempts.allowed("cora", "203.0.113.1")
