"""``/__admin/health``, ``version`` and ``rules``: what the server says of itself."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from watchword.admin import shapes
from watchword.control.rules import find_rules
from watchword.control.sandboxes import enter_sandbox
from watchword.control.server import check_health, read_version
from watchword.edge.served_api import ServedApi
from watchword.system import Answer, Call


@dataclass(frozen=True)
class ServerInfoHandlers:
    """
    The handlers that read health, version and rules.

    Args:
        wall_clock: For the uptime.
        started_at: When the server started, by *wall_clock*.
    """

    imitated: ServedApi
    version: str
    wall_clock: Callable[[], datetime]
    started_at: datetime

    def health(self, _call: Call) -> Answer:
        """Say that requests are answered, and since when."""
        found = check_health(
            version=self.version,
            proposals=tuple(self.imitated.proposals),
            started_at=self.started_at,
            now=self.wall_clock(),
            watch=self.imitated.watch,
        )
        return Answer(body=shapes.health(found))

    def read_version(self, _call: Call) -> Answer:
        """Say which release this is, and what it imitates."""
        return Answer(body=shapes.version(read_version(self.imitated.sandboxes.systems, version=self.version)))

    def rules(self, call: Call) -> Answer:
        """List the rules; ``system`` and ``operation`` leave out those that decide nothing there."""
        api = self.imitated.of(enter_sandbox(self.imitated.sandboxes, call.sandbox))
        found = find_rules(api, system=call.query.get("system"), operation=call.query.get("operation"))
        return Answer(body={"rules": [shapes.rule(one) for one in found]})
