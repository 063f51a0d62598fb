"""General checks: Spectral's ruleset for OpenAPI, if Spectral is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import orjson

from watchword.document import Document
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found

SPECTRAL = "spectral:"
"""What the ids of its checks begin with here."""
_SEVERITIES = (Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.INFO)
"""By Spectral's numbers: error, warning, information, hint."""
_RULESET = "extends: ['spectral:oas']\n"
_FOUND_SOMETHING = 1
_MOST_SECONDS = 300


class CannotAsk(Exception):
    """Spectral is not there, or fails; the message says why."""


def find_spectral(here: Path) -> Path | None:
    """Find Spectral where npx does: in ``node_modules`` of a directory or of one around it, or on the path."""
    for folder in (here, *here.parents):
        installed = folder / "node_modules" / ".bin" / "spectral"
        if installed.is_file():
            return installed
    found = shutil.which("spectral")
    return None if found is None else Path(found)


def ask_spectral(command: Path, document: Document) -> Sequence[tuple[Check, Found]]:
    """
    Have Spectral look at a *document*, in one file.

    Raises:
        CannotAsk: It fails.
    """
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "openapi.json").write_bytes(orjson.dumps(document.content))
        (folder / "ruleset.yaml").write_text(_RULESET, encoding="utf-8")
        words = [str(command), "lint", "openapi.json", "--ruleset", "ruleset.yaml", "--format", "json", "--quiet"]
        try:
            ended = subprocess.run(  # noqa: S603  # the program that the user has installed
                words, cwd=folder, capture_output=True, check=False, timeout=_MOST_SECONDS
            )
        except (OSError, subprocess.TimeoutExpired) as error:
            raise CannotAsk(f"{command}: {error}") from None
        if ended.returncode not in (0, _FOUND_SOMETHING):
            raise CannotAsk(f"{command} fails: {ended.stderr.decode(errors='replace').strip()[:500]}")
        return list(_read(command, ended.stdout))


def _read(command: Path, printed: bytes) -> Iterator[tuple[Check, Found]]:
    try:
        results: list[Any] = orjson.loads(printed)
        checks: dict[str, Check] = {}
        for one in results:
            code = f"{SPECTRAL}{one['code']}"
            check = checks.setdefault(code, Check(code, _SEVERITIES[one["severity"]], "A rule of Spectral's."))
            yield check, Found(tuple(map(str, one["path"])), " ".join(str(one["message"]).split()))
    except (ValueError, KeyError, TypeError, IndexError):
        raise CannotAsk(f"{command} prints what is not Spectral's JSON") from None
