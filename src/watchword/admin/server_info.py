"""What the server says of itself: health, version, people, rules."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from watchword.admin import shapes
from watchword.edge.served_api import ServedApi
from watchword.system import Answer, Call


@dataclass(frozen=True)
class About:
    """
    Questions whose answers no sandbox changes.

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
        uptime = max(0, int((self.wall_clock() - self.started_at).total_seconds()))
        return Answer(body={"status": "healthy", "version": self.version, "uptimeInSeconds": uptime})

    def tell_version(self, _call: Call) -> Answer:
        """Say which release this is, and what it imitates."""
        systems = [{"name": one.name, "title": one.title} for one in self.imitated.sandboxes.systems]
        return Answer(body={"name": "watchword", "version": self.version, "systems": systems})

    def people(self, call: Call) -> Answer:
        """List the seed people; ``system`` and ``situation`` leave out the others."""
        system, situation = call.query.get("system"), call.query.get("situation")
        found = [
            one.as_json()
            for one in self.imitated.sandboxes.people(call.sandbox)
            if system in (None, one.system) and (situation is None or situation in one.situations)
        ]
        return Answer(body={"people": found})

    def rules(self, call: Call) -> Answer:
        """List the rules; ``system`` and ``operation`` leave out those that decide nothing there."""
        system, operation = call.query.get("system"), call.query.get("operation")
        found: list[dict[str, Any]] = [
            shapes.rule(rule, operations)
            for rule, operations in self.imitated.rules()
            if (operation is None or operation in operations)
            and (system is None or any(self._system(one) == system for one in operations))
        ]
        return Answer(body={"rules": found})

    def _system(self, operation: str) -> str:
        return self.imitated.document.operations[operation].system
