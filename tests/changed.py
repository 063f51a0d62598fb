"""Which files have changed since this branch left the main one, committed or not, and which rules are defined there."""

import ast
import os
import subprocess
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

BASES = ("upstream/HEAD", "origin/HEAD", "origin/main", "main", "@{upstream}", "HEAD")
"""What a branch is compared with: the first that exists. With the last one, only what is not committed has changed."""


class NotComparable(Exception):
    """There is nothing to compare with; the reason is a part of a sentence."""


class GitFailed(Exception):
    """Git could not do what it was asked for; the reason is its own."""


@dataclass(frozen=True)
class Changes:
    """
    What has changed.

    Args:
        since: The commit that was compared with, for people.
        files: Absolute paths; files that were removed are among them.
    """

    since: str
    files: frozenset[Path]


def find_changes(root: Path, since: str | None = None, *, git: str = "git") -> Changes:
    """
    List what differs from the last commit that HEAD has in common with another revision.

    Args:
        root: The top of the checkout.
        since: That revision; None for the first of `BASES` that exists.
        git: The program.

    Raises:
        NotComparable: There is no git, no checkout, or no such commit.
        GitFailed: Git cannot compare.
    """
    checkout = _Checkout(root, git)
    checkout.require_top()
    base, name = checkout.find_base((since,) if since else BASES)
    changed = checkout.ask("diff", "--name-only", "--no-renames", "-z", base)
    untracked = checkout.ask("ls-files", "--others", "--exclude-standard", "-z")
    names = filter(None, (changed + untracked).split("\0"))
    return Changes(f"{name} ({base[:7]})", frozenset(root / one for one in names))


@dataclass(frozen=True)
class _Checkout:
    root: Path
    git: str

    def require_top(self) -> None:
        try:
            prefix = self.ask("rev-parse", "--show-prefix").strip()
        except FileNotFoundError:
            raise NotComparable("git is not installed") from None
        except GitFailed as error:
            raise NotComparable(str(error)) from None
        if prefix:
            raise NotComparable(f"{self.root} is inside another checkout")

    def find_base(self, names: Iterable[str]) -> tuple[str, str]:
        """Find the last commit in common with the first of *names* that exists, and that name."""
        name = next((one for one in names if self._exists(one)), None)
        if name is None:
            raise NotComparable(f"there is no commit {' or '.join(names)}")
        try:
            return self.ask("merge-base", name, "HEAD").strip(), name
        except GitFailed as error:
            raise NotComparable(str(error) or f"HEAD and {name} have no commit in common") from None

    def _exists(self, name: str) -> bool:
        try:
            self.ask("rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
        except GitFailed:
            return False
        return True

    def ask(self, *words: str) -> str:
        """
        Ask git about the checkout of the folder, whichever a hook of git has in the environment.

        Raises:
            FileNotFoundError: It is not installed.
            GitFailed: It failed; the reason is its first line.
        """
        asked = subprocess.run(  # noqa: S603  # our own words, and a revision that a developer typed
            [self.git, *words],
            cwd=self.root,
            capture_output=True,
            check=False,
            env=environment(),
            encoding="utf-8",
            errors="surrogateescape",
        )
        if asked.returncode:
            raise GitFailed((asked.stderr.splitlines() or [""])[0].removeprefix("fatal: "))
        return asked.stdout


def environment() -> dict[str, str]:
    """Copy the environment without what git itself puts there."""
    return {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}


def rules_defined_in(paths: Iterable[Path]) -> Iterator[str]:
    """List the ids of the rules that Python files define, read without importing them; missing files define none."""
    for path in paths:
        if path.suffix == ".py" and path.is_file():
            for node in ast.walk(ast.parse(path.read_bytes(), str(path))):
                if isinstance(node, ast.FunctionDef):
                    yield from _rules_of(node)


def _rules_of(function: ast.FunctionDef) -> Iterator[str]:
    for decorator in function.decorator_list:
        match decorator:
            case ast.Call(func=ast.Name(id="rule"), args=[ast.Constant(value=str() as identifier), *_]):
                yield identifier
