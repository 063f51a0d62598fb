"""The time of a sandbox."""

from typing import Any

from watchword.client.connection import Ask


class Clock:
    """The time of a sandbox; every method tells what it shows then, in ISO 8601."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    def now(self) -> str:
        """Read it."""
        return str(self._ask("GET", "/clock")["now"])

    def freeze(self, to: str | None = None) -> str:
        """Stop it, now or at a moment."""
        return self._do(action="freeze", to=to)

    def unfreeze(self) -> str:
        """Let it run on."""
        return self._do(action="unfreeze")

    def set(self, to: str) -> str:
        """Move it to a moment."""
        return self._do(action="set", to=to)

    def advance(self, by: str) -> str:
        """Move it by a duration, such as ``PT61M`` or ``61m``."""
        return self._do(action="advance", by=by)

    def advance_to_next(self) -> str:
        """Move it to the first instant at which an answer differs."""
        return self._do(action="advance", to="next")

    def reset(self) -> str:
        """Let it show the real time again."""
        return self._do(action="reset")

    def _do(self, **change: Any) -> str:
        body = {name: value for name, value in change.items() if value is not None}
        return str(self._ask("PUT", "/clock", body=body)["now"])
