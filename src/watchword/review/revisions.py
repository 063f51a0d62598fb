"""Documents of git revisions."""

import os
import posixpath
import subprocess
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from watchword.domain.alike import suggest

DOCUMENTS = (".yaml", ".yml", ".json")
"""What the names of documents and overlays end with."""
_LINK = "120000"
"""The mode of a symbolic link; its content is where it leads."""


class UnusableRevision(Exception):
    """A revision cannot be read; the message says why."""


class _Entry(NamedTuple):
    """
    What a tree has under a name.

    Args:
        id: Of its content.
    """

    mode: str
    kind: str
    id: str


@contextmanager
def read_revision(revision: str, path: str) -> Iterator[tuple[Path, Path]]:
    """
    Write what a *revision* of the repository around the working directory has of YAML and JSON to a directory.

    The files are those of the tree, whatever attributes say of archives (``export-ignore``).

    Args:
        path: The document in it, from the top of the repository, or from the working directory if it begins with a
            dot; what it refers to may be anywhere.

    Yields:
        The directory, which does not last, and the document in it.

    Raises:
        UnusableRevision: There is no repository, no such revision, or no such file in it.
    """
    top = _git("rev-parse", "--show-toplevel", why="the working directory is in no git repository").decode().strip()
    commit = _commit(revision)
    if commit is None:
        raise UnusableRevision(f"there is no revision {revision!r}{_nearest(revision)}")
    name = _from_top(path, top)
    entries = dict(_entries(top, commit))
    with tempfile.TemporaryDirectory(prefix="watchword-") as folder:
        root = Path(folder).resolve()
        _write(root, top, entries, name)
        if not (root / name).is_file():
            raise UnusableRevision(_missing(revision, name, entries))
        yield root, root / name


def is_revision(text: str) -> bool:
    """Whether the repository around the working directory has such a revision."""
    return _commit(text) is not None


def _nearest(revision: str) -> str:
    """Suggest branches and tags that are like a *revision* that does not exist."""
    known = _git("for-each-ref", "--format=%(refname:short)", why="it cannot be read").decode().split()
    return suggest(revision, known)


def _from_top(path: str, top: str) -> str:
    """Write a path from the top of the repository, as git reads it."""
    if path.startswith("/"):
        inside = f": {posixpath.relpath(path, top)!r}" if Path(path).is_relative_to(top) else ""
        raise UnusableRevision(f"{path!r} begins with a slash, but paths begin at the top of the repository{inside}")
    here = _git("rev-parse", "--show-prefix", why="it cannot be read").decode().strip() if path[0] == "." else ""
    found = posixpath.normpath(here + path)
    if found.startswith(".."):
        raise UnusableRevision(f"{path!r} leads out of the repository")
    return found


def _entries(top: str, commit: str) -> Iterator[tuple[str, _Entry]]:
    """Yield the files and links of a commit by their path."""
    listed = _git("-C", top, "ls-tree", "-r", "-z", "--full-tree", commit, why="it cannot be read")
    for line in filter(None, os.fsdecode(listed).split("\0")):
        about, _, name = line.partition("\t")
        entry = _Entry(*about.split())
        if entry.kind == "blob" and ".." not in name.split("/"):
            yield name, entry


def _write(root: Path, top: str, entries: Mapping[str, _Entry], name: str) -> None:
    """Write the documents among *entries*, the links, and what these lead to."""
    links = {one: entry for one, entry in entries.items() if entry.mode == _LINK}
    targets = dict(zip(links, map(os.fsdecode, _contents(top, links.values())), strict=True))
    # A tree that git has not made can have something below a link; it would be written where that leads.
    below = {one for one in links if any(str(each) in links for each in PurePosixPath(one).parents)}
    inside = {one: led for one, target in targets.items() if one not in below and (led := _led(one, target))}
    wanted = {*inside.values(), name, *(one for one in entries if one.endswith(DOCUMENTS))}
    files = {one: entry for one, entry in entries.items() if one in wanted and one not in links}
    # Links come last, so that nothing is written through one.
    for one, content in zip(files, _contents(top, files.values()), strict=True):
        _folder(root / one).write_bytes(content)
    for one in inside:
        _folder(root / one).symlink_to(targets[one])
    _remove_outward(root, inside)


def _remove_outward(root: Path, links: Iterable[str]) -> None:
    """Remove the links that lead out of *root*: over another link, one can that does not by its own words."""
    for one in links:
        # Path.resolve would raise for a link that leads back to itself.
        if not Path(os.path.realpath(root / one)).is_relative_to(root):
            (root / one).unlink()


def _led(name: str, target: str) -> str | None:
    """Find what a link leads to; None if that is outside of the repository."""
    found = posixpath.normpath(posixpath.join(posixpath.dirname(name), target))
    return None if target.startswith("/") or found.startswith("..") else found


def _folder(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def _contents(top: str, entries: Iterable[_Entry]) -> Sequence[bytes]:
    """Read what files hold, all at once."""
    asked = "".join(f"{one.id}\n" for one in entries).encode()
    told = BytesIO(_git("-C", top, "cat-file", "--batch", given=asked, why="it cannot be read"))
    return [_content(head, told) for head in iter(told.readline, b"")]


def _content(head: bytes, told: BytesIO) -> bytes:
    """
    Read what a file holds, behind the line that says how long it is.

    Raises:
        UnusableRevision: Git does not have it.
    """
    size = head.split()[-1]
    if not size.isdigit():
        raise UnusableRevision("the repository does not have all of its files: fetch them, or clone it anew")
    content = told.read(int(size))
    told.readline()
    return content


def _missing(revision: str, name: str, entries: Mapping[str, _Entry]) -> str:
    """Say why there is no document under a name, and what would be right."""
    inside = [one for one in entries if one.startswith(f"{name}/") and one.endswith(DOCUMENTS)]
    if inside:
        likely = next((one for one in inside if Path(one).stem == "openapi"), inside[0])
        return f"{name!r} is a directory there; name the document in it, such as {revision}:{likely}"
    if name in entries:
        return f"{name!r} is a link there that leads out of the repository, or nowhere"
    return f"{revision} has no file {name!r}; paths begin at the top of the repository"


def _commit(revision: str) -> str | None:
    if revision.startswith("-"):
        return None
    try:
        found = _git("rev-parse", "--verify", "--quiet", f"{revision}^{{commit}}", why="")
    except UnusableRevision:
        return None
    return found.decode().strip()


def _git(*words: str, given: bytes = b"", why: str) -> bytes:
    try:
        ended = subprocess.run(["git", *words], input=given, capture_output=True, check=False)  # noqa: S603, S607  # the user's own git
    except FileNotFoundError:
        raise UnusableRevision("git is not installed") from None
    except OSError as error:
        raise UnusableRevision(f"git cannot be started: {error.strerror}") from None
    if ended.returncode:
        raise UnusableRevision(why)
    return ended.stdout
