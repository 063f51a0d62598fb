"""Files that are written whole or not at all."""

import os
import tempfile
from contextlib import suppress
from pathlib import Path


def write_whole(path: Path, content: bytes) -> None:
    """
    Write a file that only its owner can read; what stood there before stays if that fails.

    Raises:
        OSError: It cannot be written.
    """
    number, name = tempfile.mkstemp(dir=path.absolute().parent, prefix=f".{path.name}-")
    temporary = Path(name)
    try:
        with os.fdopen(number, "wb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
