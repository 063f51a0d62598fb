"""The error of a document that cannot be used."""

from collections.abc import Sequence


class DocumentError(Exception):
    """The document cannot be used; the message says where and why."""


class PartError(DocumentError):
    """
    A part of a document that cannot be used.

    Args:
        steps: The names that lead to it.
    """

    def __init__(self, steps: Sequence[str], problem: str) -> None:
        super().__init__(problem)
        self.steps = tuple(steps)
