"""The sign-in page, and how many attempts it allows."""

import ipaddress
from urllib.parse import urlsplit

from limits import parse_many, storage, strategies
from markupsafe import Markup

from web.render.templating import render

WRONG = "The name or the password is wrong."
TOO_MANY = "There were too many attempts. Try again in a quarter of an hour."
MAX_PER_NAME_AND_ADDRESS = parse_many("5 per 15 minutes")[0]
MAX_PER_ADDRESS = parse_many("60 per 15 minutes")[0]
MAX_REPORTS_PER_ADDRESS = parse_many("1 per 15 minutes")[0]


class Attempts:
    """Counts attempts to sign in, on names that exist and on those that do not.

    No limit is a name's alone: anybody could then keep its owner out.
    """

    def __init__(self) -> None:
        self._counter = strategies.MovingWindowRateLimiter(storage.MemoryStorage())

    def allowed(self, name: str, address: str) -> bool:
        """Count one more attempt; False where there have been too many.

        An address that is locked leaves nothing behind, whatever names it tries.
        """
        network = network_of(address)
        return self._counter.hit(MAX_PER_ADDRESS, "address", network) and self._counter.hit(
            MAX_PER_NAME_AND_ADDRESS, "pair", name, network
        )

    def worth_reporting(self, address: str) -> bool:
        """Whether an attempt that was not allowed is the first one of its address for a while."""
        return self._counter.hit(MAX_REPORTS_PER_ADDRESS, "reported", network_of(address))

    def succeeded(self, name: str, address: str) -> None:
        """Somebody has signed in: their earlier slips do not count."""
        self._counter.clear(MAX_PER_NAME_AND_ADDRESS, "pair", name, network_of(address))


def network_of(address: str) -> str:
    """What counts as one address: of IPv6, the 64 bits of a network, since its host has all the others."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    return str(ipaddress.ip_network((parsed, 64), strict=False)) if parsed.version == 6 else address


def own_path(address: str) -> str:
    """Where to go after signing in: a path of this site, or its first page for anything else."""
    parts = urlsplit(address)
    plain = address.isprintable() and "\\" not in address and address.startswith("/")
    if not plain or address.startswith("//") or parts.scheme or parts.netloc:
        return "/"
    return address


def render_sign_in(then: str, problem: str = "") -> Markup:
    """The page; `then` is where to go afterwards."""
    return render("sign_in.html", then=then, problem=problem)
