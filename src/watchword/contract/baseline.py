"""Differences that somebody lives with."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import orjson


class UnusableBaseline(Exception):
    """The file cannot be used; the message says why."""


@dataclass(frozen=True)
class Accepted:
    """A difference that somebody lives with, by its fingerprint; *until* this day, or for good."""

    fingerprint: str
    reason: str
    until: date | None


def read_baseline(path: Path) -> Sequence[Accepted]:
    """
    Accept what an earlier run has found, by its JSON report.

    Raises:
        UnusableBaseline: It is not such a report.
    """
    try:
        findings = orjson.loads(path.read_bytes())["findings"]
        return [Accepted(one["fingerprint"], f"in {path.name}", None) for one in findings]
    except OSError as error:
        raise UnusableBaseline(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UnusableBaseline(f"{path} is not a JSON report of watchword test") from None
