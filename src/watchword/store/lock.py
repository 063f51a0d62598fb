"""One server per data directory: a file lock, which the operating system releases when the process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import TextIO

from watchword.store.persistence import UnusableData

NAME = "lock"


def lock_directory(folder: Path) -> TextIO:
    """
    Lock *folder*, until the returned file is closed or this process ends.

    Raises:
        UnusableData: Another process has locked it, or the directory is not writable.
    """
    with ExitStack() as unless_locked:
        try:
            folder.mkdir(0o700, parents=True, exist_ok=True)
            descriptor = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
            file = unless_locked.enter_context(os.fdopen(descriptor, "a+", encoding="ascii"))
        except OSError as error:
            raise UnusableData(f"{folder} cannot be written: {error.strerror}") from error
        file.seek(0)
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            owner = file.read().strip() or "unknown"
            raise UnusableData(
                f"{folder} is in use by another server (process {owner}); stop that server, or use another directory"
            ) from error
        # The number is only for the message above, and a full disk can still be read: its failure is ignored.
        with suppress(OSError):
            file.truncate(0)
            file.write(f"{os.getpid()}\n")
            file.flush()
        unless_locked.pop_all()
    return file


@contextmanager
def keep_servers_out(folder: Path) -> Iterator[None]:
    """
    Let no server use *folder* meanwhile, without changing a byte of it.

    Raises:
        UnusableData: A server uses it, or its lock cannot be read.
    """
    with ExitStack() as locked:
        try:
            file = locked.enter_context((folder / NAME).open("r", encoding="ascii", errors="replace"))
        except FileNotFoundError:
            yield  # Every server leaves one, so none is running.
            return
        except OSError as error:
            raise UnusableData(f"{folder} cannot be read: {error.strerror}") from error
        try:
            fcntl.flock(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError as error:
            owner = file.read().strip() or "unknown"
            raise UnusableData(
                f"{folder} is in use by a running server (process {owner}); stop that server first"
            ) from error
        yield
