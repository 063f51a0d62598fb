"""What goes wrong when the control API is called."""

from collections.abc import Mapping
from typing import Any
from urllib.error import URLError


class WatchwordError(Exception):
    """
    What the control API refuses, what does not come in time, or a server that does not answer.

    Args:
        code: What is wrong, in one word that programs can compare.
        status: Of the answer; 0 if there was none.
        problem: The problem details (RFC 9457) of the answer.
    """

    def __init__(self, message: str, code: str, status: int = 0, problem: Mapping[str, Any] | None = None) -> None:
        super().__init__(message)
        self.code, self.status, self.problem = code, status, dict(problem or {})

    def __reduce__(self) -> tuple[type["WatchwordError"], tuple[str, str, int, dict[str, Any]]]:
        """Let it be sent to another process, as pytest-xdist and multiprocessing do."""
        return type(self), (str(self), self.code, self.status, self.problem)


def reason_of(error: Exception) -> str:
    """Say why a server was not reached, in the words of the system and without the number that it has for them."""
    cause = error.reason if isinstance(error, URLError) else error
    words = cause.strerror if isinstance(cause, OSError) else ""
    return words or str(cause) or type(cause).__name__


def tell(problem: Mapping[str, Any]) -> str:
    """
    Say what *problem* says, and a line for each place of the request that is wrong.

    Raises:
        KeyError, TypeError, AttributeError: These are no problem details.
    """
    places = [f"  {one['in']} {one['field']}: {one['problem']}" for one in problem.get("errors", ())]
    return "\n".join((str(problem["detail"]), *places))
