"""Short ways to the operations of Entrust."""

from collections.abc import Mapping
from typing import Any

import pytest
from tests.conftest import Api, People, Response

GOOD = "Copper-Lantern-58-Harbour"
"""Meets the default policy for everybody."""
OTHER = "Silent+Meadow+7720"
"""Meets it too."""


class Entrust:
    """
    The operations of Entrust, called by an application.

    Args:
        caller: The name of the application of the seed that calls.
    """

    def __init__(self, api: Api, people: People, caller: str = "console") -> None:
        self.api, self.people, self.caller = api, people, caller

    def by(self, caller: str) -> "Entrust":
        """Let another application call."""
        return Entrust(self.api, self.people, caller)

    def call(
        self,
        operation: str,
        user: str | None = None,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call *operation* for the *user* of the seed with this name, or this UUID."""
        path = {} if user is None else {"userid": self.id_of(user)}
        sent = self.people["entrust", self.caller].headers if headers is None else headers
        return self.api.call(f"entrust.{operation}", path=path, body=body, headers=sent)

    def id_of(self, user: str) -> str:
        """Find the UUID of somebody of the seed; anything else is one already."""
        found = self.people.get(("entrust", user))
        return user if found is None else found.id

    def password_of(self, user: str) -> str:
        """Find the password of somebody of the seed."""
        found = self.people["entrust", user].password
        assert found is not None
        return found

    def set(self, user: str, **fields: Any) -> Response:
        """Set a password, without a mail unless one is asked for."""
        return self.call("set_password", user, body={"emailPassword": False, **fields})

    def get(self, user: str) -> Response:
        """Get the state of a password."""
        return self.call("get_password", user)

    def delete(self, user: str) -> Response:
        """Delete a password."""
        return self.call("delete_password", user)

    def validate(self, user: str, password: str, **fields: Any) -> Response:
        """Validate a password."""
        return self.call("validate_password", user, body={"password": password, **fields})

    def is_password_of(self, user: str, password: str) -> bool:
        """Whether *password* is one of the user's last ones, the present one included."""
        return not self.validate(user, password).body["passwordHistory"]


@pytest.fixture
def entrust(api: Api, people: People) -> Entrust:
    """The operations, called by the application that may do everything."""
    return Entrust(api, people)
