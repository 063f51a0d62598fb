"""``/__admin/people``."""

from dataclasses import dataclass

from watchword.admin import shapes
from watchword.control.people import (
    change_person,
    find_people,
    find_person,
    make_person,
    read_change,
    read_wish,
    remove_person,
)
from watchword.control.sandboxes import enter_sandbox
from watchword.edge.public_url import path_of
from watchword.sandbox import Sandboxes
from watchword.system import Answer, Call


@dataclass(frozen=True)
class PeopleHandlers:
    """The handlers for the people of the sandbox that a call names."""

    sandboxes: Sandboxes

    def list(self, call: Call) -> Answer:
        """List them; ``system`` and ``situation`` leave out the others."""
        system, situation = call.query.get("system"), call.query.get("situation")
        found = find_people(self.sandboxes, call.sandbox, system=system, situation=situation)
        return Answer(body={"people": [shapes.person(one) for one in found]})

    async def make(self, call: Call) -> Answer:
        """Make one."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        made = await make_person(self.sandboxes, sandbox, call.body["system"], read_wish(call.body))
        place = f"{path_of(call.root_url)}/__admin/people/{made.system}/{made.name}"
        return Answer(201, shapes.person(made), {"Location": place})

    def look(self, call: Call) -> Answer:
        """Look at the one that the path names."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        return Answer(body=shapes.person(find_person(self.sandboxes, sandbox, call.path["system"], call.path["name"])))

    async def change(self, call: Call) -> Answer:
        """Change the one that the path names."""
        sandbox, change = enter_sandbox(self.sandboxes, call.sandbox), read_change(call.body)
        system, name = call.path["system"], call.path["name"]
        return Answer(body=shapes.person(await change_person(self.sandboxes, sandbox, system, name, change)))

    async def remove(self, call: Call) -> Answer:
        """Remove the one that the path names."""
        sandbox = enter_sandbox(self.sandboxes, call.sandbox)
        await remove_person(self.sandboxes, sandbox, call.path["system"], call.path["name"])
        return Answer(204)
