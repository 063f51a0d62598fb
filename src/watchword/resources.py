"""Where the hand-written document and the seed people are: in the wheel, or beside ``src``."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """
    Find the data folder *name*.

    Args:
        name: ``openapi`` or ``fixtures``.

    Returns:
        The folder inside the installed package, or the one of the source tree.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation of watchword")
