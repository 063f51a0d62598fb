"""Sandboxes: listed, made, looked at, reset, forgotten."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.admin.errors import DefaultStays, NoRoom, NoSuchSandbox, SandboxExists
from watchword.domain.chance import Chance
from watchword.sandbox.registry import DEFAULT, Sandboxes, TooManySandboxes
from watchword.system import Answer, Call

_ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True)
class SandboxControl:
    """
    Everything about the set of sandboxes.

    Args:
        chance: For names; not that of a sandbox, whose own sequence would be disturbed.
    """

    sandboxes: Sandboxes
    chance: Chance

    def all(self, _call: Call) -> Answer:
        """List all of them, oldest first."""
        return Answer(body={"sandboxes": [shapes.sandbox(one) for one in self.sandboxes]})

    def make(self, call: Call) -> Answer:
        """Make one from the seed, under the name in the body or a new one."""
        name = (call.body or {}).get("name") or self._new_name()
        if self.sandboxes.get(name) is not None:
            raise SandboxExists(name)
        try:
            made = self.sandboxes.create(name)
        except TooManySandboxes as error:
            raise NoRoom(f"{error}.".capitalize()) from None
        return Answer(201, shapes.sandbox(made), {"Location": f"/__admin/sandboxes/{name}"})

    def look(self, call: Call) -> Answer:
        """Look at one, without making it."""
        name = call.path["name"]
        found = self.sandboxes.get(name)
        if found is None:
            raise NoSuchSandbox(name)
        return Answer(body=shapes.sandbox(found))

    def drop(self, call: Call) -> Answer:
        """Forget one; not the one that requests without a name would make again at once."""
        name = call.path["name"]
        if name == DEFAULT:
            raise DefaultStays(name)
        if not self.sandboxes.drop(name):
            raise NoSuchSandbox(name)
        return Answer(204)

    def reset(self, call: Call) -> Answer:
        """Put the sandbox in question back to its seed."""
        return Answer(body=shapes.sandbox(self.sandboxes.reset(call.sandbox)))

    def _new_name(self) -> str:
        while self.sandboxes.get(name := f"sandbox-{self.chance.text(8, _ALPHABET)}") is not None:
            pass
        return name
