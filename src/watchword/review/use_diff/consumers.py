"""Who sent which requests: consumers, by the file, the sandbox or a header of their requests."""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from watchword.review.use_diff.controls import is_control
from watchword.review.use_diff.recorded import ADMIN, Recorded, is_hidden

_FIRST_WORD = "[^-]+"
"""What stands before the first hyphen of a sandbox's name."""
_SHOWN_HEADERS = "show User-Agent, and headers of your own that begin with Watchword-"
_MOST_NAMED = 3
FORMS = "file, sandbox, sandbox:PATTERN or header:NAME"


class UnusableRule(ValueError):
    """Nobody can be told apart so; the message says why."""


@dataclass(frozen=True)
class Consumer:
    """
    Somebody who calls the API.

    Args:
        steps: What it sent, and calls of the control API for its sandboxes, in the order in which they were recorded.
    """

    name: str
    steps: tuple[Recorded, ...]

    @cached_property
    def requests(self) -> tuple[Recorded, ...]:
        """Its requests that the systems answered."""
        return tuple(one for one in self.steps if one.is_judged)


class Rule(Protocol):
    """How consumers are told apart."""

    def name(self, request: Recorded) -> str:
        """Name the consumer of a request; empty if it is its journal's."""

    def why_none(self, requests: Sequence[Recorded]) -> str:
        """Say why none of *requests* has a name, and what would be right; empty if that is as it should be."""


class _ByFile:
    """By the journal alone."""

    def name(self, request: Recorded) -> str:  # noqa: ARG002  # as the others
        """Leave it to the journal."""
        return ""

    def why_none(self, requests: Sequence[Recorded]) -> str:  # noqa: ARG002  # as the others
        """Nothing is wrong with that."""
        return ""


@dataclass(frozen=True)
class _ByHeader:
    """
    By what requests have in a header.

    Args:
        written: Its name, as the user wrote it.
    """

    written: str

    @property
    def header(self) -> str:
        """Its name as journals write it."""
        return self.written.lower()

    def name(self, request: Recorded) -> str:
        """Read the header; stars name nobody."""
        value = request.sent.headers.get(self.header, "")
        return "" if is_hidden(value) else value

    def why_none(self, requests: Sequence[Recorded]) -> str:
        """Tell a header that is masked from one that is not there."""
        if any(self.header in one.sent.headers for one in requests):
            return f"journals mask the header {self.written}, and {_SHOWN_HEADERS}"
        return f"no request has a header {self.written}; journals {_SHOWN_HEADERS}"


@dataclass(frozen=True)
class _BySandbox:
    """By what a regular expression finds in the name of their sandbox, or by its first group."""

    pattern: re.Pattern[str]

    def name(self, request: Recorded) -> str:
        """Search the name of its sandbox."""
        found = self.pattern.search(request.sandbox)
        return "" if found is None else found[1 if self.pattern.groups else 0] or ""

    def why_none(self, requests: Sequence[Recorded]) -> str:
        """Say what the sandboxes are called."""
        names = list(dict.fromkeys(one.sandbox for one in requests if one.sandbox))
        told = f"they are called {', '.join(names[:_MOST_NAMED])}" if names else "no request has one"
        return f"{self.pattern.pattern} finds nothing in the name of a sandbox; {told}"


def read_rule(text: str) -> Rule:
    """
    Read how consumers are told apart: `FORMS`.

    Raises:
        UnusableRule: It is none of those.
    """
    kind, colon, rest = text.partition(":")
    if kind == "file" and not colon:
        return _ByFile()
    if kind == "header" and rest.strip():
        return _ByHeader(rest.strip())
    if kind == "sandbox" and bool(colon) == bool(rest):
        return _by_sandbox(rest or _FIRST_WORD)
    raise UnusableRule(f"{text!r} tells no consumers apart. Write {FORMS}")


def _by_sandbox(written: str) -> Rule:
    try:
        return _BySandbox(re.compile(written))
    except re.error as error:
        raise UnusableRule(f"sandbox:{written} has no regular expression: {error}") from None


def name_journals(paths: Sequence[Path]) -> Mapping[Path, str]:
    """Name journals by their files, up to the first dot; those that would be called alike by their folders, too."""
    short = {path: path.name.split(".")[0] or path.name for path in paths}
    often = Counter(short.values())
    return {path: name if often[name] == 1 else f"{path.absolute().parent.name}/{name}" for path, name in short.items()}


def find_consumers(journals: Mapping[Path, Sequence[Recorded]], rule: Rule) -> tuple[Consumer, ...]:
    """
    Sort what is in *journals* by consumer, in the order in which they come.

    Raises:
        UnusableRule: It names the consumer of no request.
    """
    requests = [one for entries in journals.values() for one in entries if one.is_judged]
    if requests and not any(map(rule.name, requests)) and (why := rule.why_none(requests)):
        raise UnusableRule(f"{', '.join(map(str, journals))}: --consumer-by tells no consumers apart: {why}")
    names = name_journals(list(journals))
    found: dict[str, list[Recorded]] = {}
    for path, entries in journals.items():
        named = ["" if one.system == ADMIN else (rule.name(one) or names[path]) for one in entries]
        users = {(one.sandbox, name) for one, name in zip(entries, named, strict=True) if name}
        for one, name in zip(entries, named, strict=True):
            if name:
                found.setdefault(name, []).append(one)
            elif is_control(one):
                for user in sorted(user for sandbox, user in users if sandbox == one.sandbox):
                    found.setdefault(user, []).append(one)
    consumers = (Consumer(name, tuple(steps)) for name, steps in found.items())
    return tuple(one for one in consumers if one.requests)
