"""Who sent which requests: consumers, by the file, the sandbox or a header of their requests."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from watchword.review.use_diff.controls import is_control
from watchword.review.use_diff.recorded import Recorded

_FIRST_WORD = "[^-]+"
"""What stands before the first hyphen of a sandbox's name."""
FORMS = "file, sandbox, sandbox:PATTERN or header:NAME"


class UnusableRule(ValueError):
    """Nobody can be told apart so; the message says why."""


@dataclass(frozen=True)
class Consumer:
    """
    Somebody who calls the API.

    Args:
        steps: Its requests that the systems answered, and calls of the control API for its sandboxes, in the order in
            which they were recorded.
    """

    name: str
    steps: tuple[Recorded, ...]

    @cached_property
    def requests(self) -> tuple[Recorded, ...]:
        """Its requests."""
        return tuple(one for one in self.steps if one.is_judged)


NameOf = Callable[[str, Recorded], str]
"""Names the consumer of a request in a journal, whose own name comes first."""


def read_rule(text: str) -> NameOf:
    """
    Read how consumers are told apart: `FORMS`.

    Raises:
        UnusableRule: It is none of those.
    """
    kind, colon, rest = text.partition(":")
    if kind == "file" and not colon:
        return lambda journal, _request: journal
    if kind == "header" and rest.strip():
        return _by_header(rest.strip().lower())
    if kind == "sandbox" and bool(colon) == bool(rest):
        return _by_sandbox(rest or _FIRST_WORD)
    raise UnusableRule(f"{text!r} tells no consumers apart. Write {FORMS}")


def _by_header(name: str) -> NameOf:
    return lambda journal, request: request.sent.headers.get(name) or journal


def _by_sandbox(written: str) -> NameOf:
    try:
        pattern = re.compile(written)
    except re.error as error:
        raise UnusableRule(f"sandbox:{written} has no regular expression: {error}") from None

    def name(journal: str, request: Recorded) -> str:
        found = pattern.search(request.sandbox)
        return journal if found is None else found[1 if pattern.groups else 0] or journal

    return name


def name_journals(paths: Sequence[Path]) -> Mapping[Path, str]:
    """Name journals by their files, up to the first dot; those that would be called alike by their folders, too."""
    short = {path: path.name.split(".")[0] or path.name for path in paths}
    often = Counter(short.values())
    return {path: name if often[name] == 1 else f"{path.absolute().parent.name}/{name}" for path, name in short.items()}


def find_consumers(journals: Mapping[Path, Sequence[Recorded]], name_of: NameOf) -> tuple[Consumer, ...]:
    """Sort what is in *journals* by consumer, in the order in which they come."""
    names = name_journals(list(journals))
    found: dict[str, list[Recorded]] = {}
    for path, entries in journals.items():
        named = [name_of(names[path], one) if one.is_judged else "" for one in entries]
        users = {(one.sandbox, name) for one, name in zip(entries, named, strict=True) if name}
        for one, name in zip(entries, named, strict=True):
            if name:
                found.setdefault(name, []).append(one)
            elif is_control(one):
                for user in sorted(user for sandbox, user in users if sandbox == one.sandbox):
                    found.setdefault(user, []).append(one)
    return tuple(Consumer(name, tuple(steps)) for name, steps in found.items())
