"""Who sent a request."""

from typing import ClassVar

import pytest

from vectorstore.access import EVERYTHING
from web.errors import NotAllowedError
from web.security.access import PRINCIPAL_KEY, Principal, clearance_of
from web.security.accounts import UserRole


class Request:
    scope: ClassVar = {PRINCIPAL_KEY: Principal("1", "cora", UserRole.READER, EVERYTHING)}


def test_a_request_that_was_not_authenticated_sees_nothing() -> None:
    for request in (None, object(), type("R", (), {"scope": {}})()):
        with pytest.raises(NotAllowedError):
            clearance_of(request)
    assert clearance_of(Request()) == EVERYTHING
