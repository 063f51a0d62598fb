"""What goes wrong in a sandbox on purpose."""

from collections.abc import Mapping
from typing import Any

from watchword.client.connection import Ask


class Faults:
    """What goes wrong in a sandbox on purpose."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def add(self, fault: Mapping[str, Any], *, match: Mapping[str, Any] | None = None, **more: Any) -> str:
        """
        Arm a fault.

        Args:
            fault: One of ``answer``, ``delay``, ``connection``, ``rpc``, as the control API has them.
            match: ``operation``, ``system``, ``path``, ``person``; everything without it.
            more: ``times``, ``after``, ``probability``, ``when``.

        Returns:
            Its id.
        """
        return str(self._ask("POST", "/faults", body={"match": match or {}, "fault": fault, **more})["id"])

    def all(self) -> list[Mapping[str, Any]]:
        """List those that are armed, with how often they hit."""
        found: list[Mapping[str, Any]] = self._ask("GET", "/faults")["faults"]
        return found

    def clear(self) -> None:
        """Disarm them."""
        self._ask("DELETE", "/faults")
