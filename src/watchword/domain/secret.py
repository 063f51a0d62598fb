"""A password or a bearer secret in memory: shown as stars wherever it is shown by mistake."""

from hmac import compare_digest

_SHOWN = "***"


class Secret:
    """
    A text that nobody may read by accident.

    ``repr``, ``str``, ``format`` and so every log line show three stars; JSON encoders refuse it.

    Attributes:
        revealed: The text, for code that hashes it, compares it, or sends it to its owner.
    """

    __slots__ = ("revealed",)

    def __init__(self, text: str) -> None:
        self.revealed = text

    def __repr__(self) -> str:
        return f"Secret({_SHOWN})"

    def __str__(self) -> str:
        return _SHOWN

    def __format__(self, _specification: str) -> str:
        return _SHOWN

    def __bool__(self) -> bool:
        return bool(self.revealed)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        mine, others = (one.encode("utf-8", "surrogatepass") for one in (self.revealed, other.revealed))
        return compare_digest(mine, others)

    def __hash__(self) -> int:
        return hash((Secret, self.revealed))

    def __reduce__(self) -> str:
        raise TypeError("a secret is not written down")
