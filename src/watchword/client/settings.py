"""The settings of a sandbox."""

from collections.abc import Mapping
from typing import Any

from watchword.client.connection import Ask


class Settings:
    """The settings of a sandbox, by system."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def get(self, system: str) -> Mapping[str, Any]:
        """Read those of a system."""
        found: Mapping[str, Any] = self._ask("GET", "/settings")[system]
        return found

    def patch(self, system: str, change: Mapping[str, Any]) -> None:
        """Change some of them: what *change* does not name stays."""
        self._ask("PATCH", "/settings", body={system: change})
