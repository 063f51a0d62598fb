"""Who sent which requests: consumers, by the file, the sandbox or a header of their requests."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

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
        requests: Those that the systems answered, in the order in which they were recorded.
    """

    name: str
    requests: tuple[Recorded, ...]


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
    """Sort the requests of *journals* by consumer, in the order in which they come."""
    names = name_journals(list(journals))
    found: dict[str, list[Recorded]] = {}
    for path, entries in journals.items():
        for one in entries:
            if one.is_judged:
                found.setdefault(name_of(names[path], one), []).append(one)
    return tuple(Consumer(name, tuple(requests)) for name, requests in found.items())
