"""Coverage as one page that needs nothing else: no script, no network."""

from base64 import b64encode
from functools import cache
from hashlib import sha256
from pathlib import Path

from jinja2 import Template
from markupsafe import Markup

from watchword.admin.coverage_texts import remarks, sentence
from watchword.control.coverage_report import CoverageReport
from watchword.edge.templating import templates

_HERE = Path(__file__).parent / "templates"


def write_page(report: CoverageReport) -> str:
    """Write the page; it has its policy in it, for when it is opened as a file."""
    notes = list(remarks(report))
    return _template().render(report=report, notes=notes, sentence=sentence, style=Markup(_style()), policy=policy())  # noqa: S704  # a file of ours


@cache
def policy() -> str:
    """Let a browser use the page's own style and nothing else."""
    digest = b64encode(sha256(_style().encode()).digest()).decode()
    return f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"


@cache
def _style() -> str:
    return (_HERE / "coverage.css").read_text(encoding="utf-8")


@cache
def _template() -> Template:
    return templates(_HERE).get_template("coverage.html")
