"""One server per directory: a file that the system unlocks when its process ends, however it ends."""

import fcntl
import os
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import TextIO

from watchword.store.keeping import Unusable

NAME = "lock"


def take(folder: Path) -> TextIO:
    """
    Take *folder*, until the returned file is closed or this process ends.

    Raises:
        Unusable: Another process has it, or it cannot be written.
    """
    with ExitStack() as unless_taken:
        try:
            folder.mkdir(parents=True, exist_ok=True)
            file = unless_taken.enter_context((folder / NAME).open("a+", encoding="ascii"))
        except OSError as error:
            raise Unusable(f"{folder} cannot be written: {error.strerror}") from error
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = file.read().strip() or "unknown"
            raise Unusable(
                f"{folder} is in use by another server (process {owner}); stop that one, or give this one"
                " a directory of its own"
            ) from error
        with suppress(OSError):  # The number is for the message above alone: a full disk is no reason not to read.
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        unless_taken.pop_all()
    return file
