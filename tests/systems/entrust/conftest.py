"""A client of the operations of Entrust."""

from collections.abc import Callable, Mapping
from typing import Any

import pytest
from tests.conftest import Api, Observed, People, Response
from tests.systems.entrust.scenario import Sender

from watchword.sandbox import Sandbox

GOOD = "Copper-Lantern-58-Harbour"
"""Meets the default policy for every seed user."""
OTHER = "Silent+Meadow+7720"
"""Another password that meets it."""


class Entrust:
    """
    The operations of Entrust, called by an application.

    Args:
        caller: The name of a seed application.
    """

    def __init__(self, api: Api, people: People, caller: str = "console") -> None:
        self.api, self.people, self.caller = api, people, caller

    def by(self, caller: str) -> "Entrust":
        """Call as another application."""
        return Entrust(self.api, self.people, caller)

    def call(
        self,
        operation: str,
        user: str | None = None,
        *,
        body: Any = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        """Call *operation* for the *user*: the name of a seed user, or any text for the path."""
        path = {} if user is None else {"userid": self.id_of(user)}
        sent = self.people["entrust", self.caller].headers if headers is None else headers
        return self.api.call(f"entrust.{operation}", path=path, body=body, headers=sent)

    def id_of(self, user: str) -> str:
        """Find the UUID of a seed user; any other text is returned as it is."""
        found = self.people.get(("entrust", user))
        return user if found is None else found.id

    def set(self, user: str, **fields: Any) -> Response:
        """Set a password, without a mail unless *fields* ask for one."""
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
        """Whether *password* is in the user's history, which includes the current one."""
        return not self.validate(user, password).body["passwordHistory"]


@pytest.fixture
def entrust(api: Api, people: People) -> Entrust:
    """The operations, called by the application with every permission."""
    return Entrust(api, people)


@pytest.fixture
def sender(api: Api, sandbox: Callable[[], Sandbox], observed: Observed) -> Sender:
    """Send requests with faults."""
    return Sender(api, sandbox, observed)
