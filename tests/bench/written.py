"""Where results go: JSON, Markdown, a picture, and a few lines of the README."""

import json
import re
from pathlib import Path

from tests.bench.measure import Measures
from tests.bench.plot import plot
from tests.bench.report import Results, report, short
from tests.bench.verdicts import Comparison, compared
from tests.sections import put_section

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "results"
PASSING = ROOT / "reports" / "bench"
"""Of quick runs and of comparisons: ignored by git, so that they never take the place of the kept ones."""
_UNSAFE = re.compile(r"[^\w.-]+")


def write(results: Results) -> list[Path]:
    """Write *results* down; only those of a full run are kept, and shown in the README."""
    folder = PASSING if results.quick else KEPT
    folder.mkdir(parents=True, exist_ok=True)
    values = {**vars(results), "measures": results.measures.as_json()}
    texts = {
        folder / "results.json": json.dumps(values, indent=1, ensure_ascii=False) + "\n",
        folder / "results.md": report(results),
        folder / "plot.svg": plot(results),
    }
    readme = ROOT / "README.md"
    if not results.quick:
        texts[readme] = with_section(readme.read_text(encoding="utf-8"), short(results))
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def write_comparison(comparison: Comparison, revision: str) -> list[Path]:
    """Write *comparison* with the commit that the user calls *revision* down."""
    texts = comparison_texts(comparison, revision)
    PASSING.mkdir(parents=True, exist_ok=True)
    for path, text in texts.items():
        path.write_text(text, encoding="utf-8")
    return list(texts)


def comparison_texts(comparison: Comparison, revision: str) -> dict[Path, str]:
    """Make the texts of a comparison by where they go: never in the place of kept results."""
    name = f"against-{_UNSAFE.sub('-', revision)}"
    values = {**vars(comparison), "measures": comparison.measures.as_json()}
    return {
        PASSING / f"{name}.json": json.dumps(values, indent=1, ensure_ascii=False) + "\n",
        PASSING / f"{name}.md": compared(comparison),
    }


def with_section(page: str, text: str) -> str:
    """Put *text* between the marks of *page*; without marks the page stays as it is."""
    links = "[All figures](tests/bench/results/results.md) · [picture](tests/bench/results/plot.svg)"
    return put_section(page, "bench", f"{text}\n\n{links}")


def read(folder: Path = KEPT) -> Results:
    """Read the results of a former run."""
    values = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return Results(**{**values, "measures": Measures.from_json(values["measures"])})
