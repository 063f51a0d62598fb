"""What an earlier run has found, as what somebody lives with."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import orjson

from watchword.contract.accepted import Accepted


class UnusableBaseline(Exception):
    """The file cannot be used; the message says why."""


def read_baseline(path: Path) -> Sequence[Accepted]:
    """
    Accept what an earlier run has found, by its JSON report.

    A sequence still ends there: what comes behind it is not known, and must not fail the next run.

    Raises:
        UnusableBaseline: It is not such a report.
    """
    return [Accepted({"fingerprint": one}, f"in {path.name}", goes_on=False) for one in read_fingerprints(path, "test")]


def read_fingerprints(path: Path, command: str) -> Sequence[str]:
    """
    Read the fingerprints of what an earlier run of a *command* has found, from its JSON report.

    Raises:
        UnusableBaseline: It is not such a report.
    """
    try:
        report = orjson.loads(path.read_bytes())
        writer, found = report["command"], [name for one in report["findings"] for name in _fingerprints(one)]
    except OSError as error:
        raise UnusableBaseline(f"{path}: {error.strerror}") from None
    except (ValueError, KeyError, TypeError):
        raise UnusableBaseline(f"{path} is not a JSON report of watchword {command}") from None
    if writer != command:
        raise UnusableBaseline(f"{path} is a report of watchword {writer}; the baseline is one of watchword {command}")
    return found


def _fingerprints(finding: Mapping[str, Any]) -> Sequence[str]:
    """List the fingerprints of a finding in a report: its own first, and those of others that it explains."""
    return [str(finding["fingerprint"]), *map(str, finding.get("fingerprints", ()))]
