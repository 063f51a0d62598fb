"""Symbolic links: where they lead, and those that lead back to themselves."""

import os
from errno import ELOOP
from pathlib import Path

IN_A_CIRCLE = "is a symbolic link that leads back to itself; let it lead to a file"


def real_path(path: Path) -> Path:
    """Give *path* without symbolic links, as far as they lead somewhere: `Path.resolve` refuses circles of them."""
    return Path(os.path.realpath(path))


def leads_to_itself(path: Path) -> bool:
    """Whether following the symbolic links of *path* never ends."""
    try:
        path.stat()
    except OSError as error:
        return error.errno == ELOOP
    return False
