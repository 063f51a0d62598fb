"""Where results go: JSON, Markdown, and a few lines of the README."""

from pathlib import Path

from tests.bench.written import ROOT
from tests.league.report import NAMES, report, short
from tests.league.results import KEPT, Files
from tests.sections import put_section

PASSING = ROOT / "reports" / "league"
"""Of single mutants: ignored by git."""


def write(files: Files) -> list[Path]:
    """Write results down; only kept ones are shown in the README."""
    found = files.read(NAMES)
    page = files.folder / "results.md"
    page.write_text(report(found), encoding="utf-8")
    if files.folder != KEPT:
        return [page]
    readme = ROOT / "README.md"
    readme.write_text(put_section(readme.read_text(encoding="utf-8"), "league", short(found)), encoding="utf-8")
    return [page, readme]
