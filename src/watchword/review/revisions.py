"""Documents of git revisions."""

import subprocess
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path

_DOCUMENTS = (":(glob)**/*.yaml", ":(glob)**/*.yml", ":(glob)**/*.json")


class UnusableRevision(Exception):
    """A revision cannot be read; the message says why."""


@contextmanager
def read_revision(revision: str, path: str) -> Iterator[Path]:
    """
    Write what a *revision* of the repository around the working directory has of YAML and JSON to a directory.

    Args:
        path: The document in it, from the top of the repository; what it refers to may be anywhere.

    Yields:
        The directory, which does not last.

    Raises:
        UnusableRevision: There is no repository, no such revision, or no such file in it.
    """
    top = _git("rev-parse", "--show-toplevel", why="the working directory is in no git repository").decode().strip()
    commit = _commit(revision)
    if commit is None:
        raise UnusableRevision(f"there is no revision {revision!r}")
    within = ("-C", top)
    if not _git(*within, "ls-tree", "--name-only", commit, "--", path, why=f"{revision} cannot be read").strip():
        raise UnusableRevision(f"{revision} has no file {path!r}; paths begin at the top of the repository")
    packed = _git(*within, "archive", "--format=tar", commit, "--", *_wanted(top, commit), why="it cannot be unpacked")
    with tempfile.TemporaryDirectory(prefix="watchword-") as folder:
        with tarfile.open(fileobj=BytesIO(packed)) as archive:
            archive.extractall(folder, filter="data")
        yield Path(folder).resolve()


def is_revision(text: str) -> bool:
    """Whether the repository around the working directory has such a revision."""
    return _commit(text) is not None


def _wanted(top: str, commit: str) -> list[str]:
    """List the pathspecs that match anything: git refuses one that does not."""
    names = _git("-C", top, "ls-tree", "-r", "--name-only", commit, why="it cannot be read").decode().splitlines()
    return [one for one in _DOCUMENTS if any(name.endswith(one.rpartition("*")[2]) for name in names)]


def _commit(revision: str) -> str | None:
    if revision.startswith("-"):
        return None
    try:
        found = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", why="")
    except UnusableRevision:
        return None
    return found.decode().strip()


def _git(*words: str, why: str) -> bytes:
    try:
        ended = subprocess.run(["git", *words], capture_output=True, check=False)  # noqa: S603, S607  # the user's own git
    except OSError:
        raise UnusableRevision("git is not installed") from None
    if ended.returncode:
        raise UnusableRevision(why)
    return ended.stdout
