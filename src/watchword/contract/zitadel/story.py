"""What people and service users do in the scenarios of ZITADEL, as sentences that become steps."""

from collections.abc import Iterable
from dataclasses import dataclass

from watchword.contract.telling import Tale
from watchword.contract.zitadel.administrator import Administrator
from watchword.contract.zitadel.machine import Machine
from watchword.contract.zitadel.password_owner import PasswordOwner
from watchword.contract.zitadel.session_user import SessionUser

ZITADEL = "zitadel"


class Actor(PasswordOwner, SessionUser, Administrator, Machine):
    """Somebody in a story, who does everything that users do."""


@dataclass
class Story(Tale):
    """
    A story, as far as it is told.

    Args:
        package: As in `Caller`.
    """

    package: str = ""

    def person(self, role: str) -> Actor:
        """Let somebody enter."""
        return Actor(self.steps, self.package, role)

    def people(self, *roles: str) -> Iterable[Actor]:
        """Let several people enter."""
        return [self.person(role) for role in roles]
