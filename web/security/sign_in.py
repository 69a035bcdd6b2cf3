"""The sign-in page, and the attempts that it allows. Pure, but for the counting of attempts."""

from urllib.parse import urlsplit

from limits import parse_many, storage, strategies
from markupsafe import Markup

from web.render.templating import render

WRONG = "The name or the password is wrong."
LATER = "There were too many attempts. Try again in a quarter of an hour."
_EACH = parse_many("5 per 15 minutes")[0]
"""Attempts on one name from one address."""
_NAME = parse_many("50 per hour")[0]
"""Attempts on one name from anywhere: too few to guess, too many for shutting somebody out in jest."""
_ADDRESS = parse_many("60 per 15 minutes")[0]
"""Attempts from one address on any names."""


class Attempts:
    """Counts attempts to sign in, on names that exist and on those that do not."""

    def __init__(self) -> None:
        self._counter = strategies.MovingWindowRateLimiter(storage.MemoryStorage())

    def allowed(self, name: str, address: str) -> bool:
        """Count one more attempt; False where there have been too many."""
        keys = [(_EACH, (name, address)), (_NAME, ("name", name)), (_ADDRESS, ("address", address))]
        counted = [
            self._counter.hit(limit, *key) for limit, key in keys
        ]  # each counts, whatever the others say
        return all(counted)

    def succeeded(self, name: str, address: str) -> None:
        """Somebody has signed in: their earlier slips do not count."""
        self._counter.clear(_EACH, name, address)


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


def render_visitor(name: str) -> Markup:
    """Who is signed in, with a button to sign out; nothing to be seen where there are no accounts."""
    return render("visitor.html", name=name)
