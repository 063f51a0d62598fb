"""Where the OpenAPI document and the fixtures are: in the installed package, or next to ``src`` in a checkout."""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).parent


@cache
def folder(name: str) -> Path:
    """
    Find a folder with data files.

    Args:
        name: ``openapi`` or ``fixtures``.

    Raises:
        FileNotFoundError: The installation is incomplete.
    """
    for candidate in (_PACKAGE / name, _PACKAGE.parent.parent / name):
        if candidate.is_dir():
            return candidate
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation of watchword")
