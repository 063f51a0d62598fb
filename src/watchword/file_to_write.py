"""Whether a file can be written, asked before the work that fills it."""

import os
from pathlib import Path


def find_obstacle(file: Path) -> str:
    """Say why nothing can be written to *file*; empty if something can. What stands there stays as it is."""
    if str(file) == "-":
        return "'-' is not a file; write /dev/stdout"
    try:
        if file.is_dir():
            return f"{str(file)!r} is a directory"
        if not file.absolute().parent.is_dir():
            return f"{str(file.parent)!r} is not a directory"
        _try_to_write(file)
    except OSError as error:
        return f"{str(file)!r} cannot be written: {error.strerror}"
    return ""


def _try_to_write(file: Path) -> None:
    """Open a file as it will be written, and leave it as it is; a pipe or a device would tell its reader."""
    is_there = file.exists()
    if is_there and not file.is_file():
        return
    file.open("ab").close()
    if not is_there:
        Path(os.path.realpath(file)).unlink()  # a link that leads nowhere stays
