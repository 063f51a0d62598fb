"""Another commit of this repository, unpacked beside the present one."""

import io
import os
import subprocess
import tarfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_MANIFEST = "pyproject.toml"
_SERVED = ("src", "openapi", "fixtures")
"""The folders that make up what is measured."""


class NoCommit(Exception):
    """There is nothing to compare with; the message says why, in one sentence."""


@dataclass(frozen=True)
class Commit:
    """
    A commit and its files.

    Args:
        name: Its hash, shortened.
    """

    name: str
    tree: Path

    @property
    def path(self) -> str:
        """Where Python finds its modules."""
        return str(self.tree / "src")


def present() -> Commit:
    """Take the files as they lie here, committed or not."""
    name = _git("rev-parse", "--short", "HEAD").decode().strip()
    changed = _git("status", "--porcelain", "--", *_SERVED)
    return Commit(f"{name} with changes" if changed else name, _ROOT)


def unpacked(revision: str, tree: Path) -> Commit:
    """
    Unpack the commit that *revision* names into *tree*, an empty folder.

    Nothing of it stays in the repository, as the record of a worktree would if this process were killed.

    Raises:
        NoCommit: This repository has none of that name, or that one has no server.
    """
    try:
        name = _git("rev-parse", "--verify", "--quiet", "--short", "--end-of-options", f"{revision}^{{commit}}")
    except subprocess.CalledProcessError as error:
        why = " ".join(error.stderr.decode().split())
        raise NoCommit(f"{revision!r} is no commit of this repository{f': {why}' if why else '.'}") from None
    commit = Commit(name.decode().strip(), tree)
    with tarfile.open(fileobj=io.BytesIO(_git("archive", "--format=tar", commit.name))) as files:
        files.extractall(tree, filter="data")
    # Else Python would go on looking and find the present one.
    if not (tree / "src" / "watchword" / "__main__.py").is_file():
        raise NoCommit(f"{revision!r} has no server: there is no src/watchword/__main__.py in it.")
    return commit


def unlike_dependencies(this: Commit, that: Commit) -> str:
    """Say which dependencies only one of two commits declares; empty if they agree."""
    ours, theirs = (_dependencies((one.tree / _MANIFEST).read_text(encoding="utf-8")) for one in (this, that))
    return difference(ours, theirs)


def difference(ours: set[str], theirs: set[str]) -> str:
    """Say in one sentence what only this commit depends on and what only that one; empty if they agree."""
    sides = {"this": ours - theirs, "that": theirs - ours}
    named = [f"only {side} commit declares {', '.join(sorted(alone))}" for side, alone in sides.items() if alone]
    return f"Dependencies differ, and both run with those installed here: {'; '.join(named)}." if named else ""


def _dependencies(manifest: str) -> set[str]:
    return set(tomllib.loads(manifest)["project"]["dependencies"])


def _git(*arguments: str) -> bytes:
    # A hook's repository, of which git tells its children, need not be this one.
    kept = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    return subprocess.run(  # noqa: S603  # our own arguments
        ["git", *arguments],  # noqa: S607  # whichever git there is
        cwd=_ROOT,
        env=kept,
        capture_output=True,
        check=True,
    ).stdout
