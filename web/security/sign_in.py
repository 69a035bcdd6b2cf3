"""The sign-in page, and the attempts that it allows. Pure, but for the counting of attempts."""

from urllib.parse import urlsplit

from limits import parse_many, storage, strategies

from web.render.markup import NOTHING, fill

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


def render_sign_in(then: str, problem: str = "", oauth: str = "") -> str:
    """The page; `then` is where to go afterwards, `oauth` the name of another way in."""
    other = fill('<p class="other"><a href="/sign-in/with?next={}">Sign in with {}</a></p>', then, oauth)
    return fill(
        '<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Sign in to Reftel</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark">'
        '<link rel="stylesheet" href="/static/reftel/css/sign-in.css"></head><body><main>'
        '<h1>Reftel</h1><p class="what">Diplomatic cables, with proof.</p>{}'
        '<form method="post" action="/sign-in"><input type="hidden" name="next" value="{}">'
        '<label>Name<input name="name" autocomplete="username" autocapitalize="none" required autofocus>'
        '</label><label>Password<input name="password" type="password" autocomplete="current-password" '
        "required></label>"
        "<button>Sign in</button></form>{}</main></body></html>",
        fill('<p class="problem" role="alert">{}</p>', problem) if problem else NOTHING,
        then,
        other if oauth else NOTHING,
    )


def render_visitor(name: str) -> str:
    """Who is signed in, with a button to sign out; nothing to be seen where there are no accounts."""
    if not name:
        return fill('<span class="nobody" hidden></span>')
    return fill(
        '<form class="visitor" method="post" action="/sign-out"><span title="Signed in">{}</span>'
        '<button class="tool">Sign out</button></form>',
        name,
    )
