"""What is done with users and settings: they are read, searched, and change their state."""

from collections.abc import Mapping
from typing import Self

from watchword.contract.values import Kept, Template
from watchword.contract.zitadel.caller import Asked, Caller, id_of, name_of, organisation_of


class Administrator(Caller):
    """Somebody who looks after users, as far as the roles allow it."""

    def reads(self, whom: Self | str) -> Asked:
        """Read a user."""
        keeps = {} if isinstance(whom, str) else _kept(whom.role)
        return self.call(f"reads {name_of(whom)}", "get_user", path={"userId": id_of(whom)}, keeps=keeps)

    def searches(self, *queries: Template, **more: Template) -> Asked:
        """Search for the users who fit all queries."""
        return self.call("searches for users", "list_users", {"queries": list(queries), **more})

    def locks(self, whom: Self | str) -> Asked:
        """Lock a user."""
        return self._on_user("lock", whom)

    def unlocks(self, whom: Self | str) -> Asked:
        """Unlock a user."""
        return self._on_user("unlock", whom)

    def deactivates(self, whom: Self | str) -> Asked:
        """Deactivate a user."""
        return self._on_user("deactivate", whom)

    def reactivates(self, whom: Self | str) -> Asked:
        """Reactivate a user."""
        return self._on_user("reactivate", whom)

    def deletes(self, whom: Self | str) -> Asked:
        """Delete a user."""
        return self._on_user("delete", whom)

    def on_user(self, operation: str, whom: Self | str, body: Template, says: str) -> Asked:
        """Send any body to an operation on a user."""
        return self.call(says, operation, body, path={"userId": id_of(whom)})

    def reads_settings(
        self, kind: str, query: Mapping[str, Template] | str = "", *, organisation: Template = None
    ) -> Asked:
        """Read settings; *organisation* moves the call to another one."""
        headers = {} if organisation is None else {"x-zitadel-orgid": organisation}
        words = kind.replace("_", " ")
        return self.call(f"reads the {words} settings", f"get_{kind}_settings", query=query, headers=headers)

    @property
    def address(self) -> Kept:
        """The mail address that this user was shown with."""
        return Kept(_address_of(self.role))

    def _on_user(self, verb: str, whom: Self | str) -> Asked:
        return self.on_user(f"{verb}_user", whom, None if verb == "delete" else {}, f"{verb}s {name_of(whom)}")


def _kept(role: str) -> Mapping[str, str]:
    return {organisation_of(role): "/details/resourceOwner", _address_of(role): "/user/human/email/email"}


def _address_of(role: str) -> str:
    return f"the address of {role}"
