"""Where results go: JSON, Markdown, a picture, and a few lines of the README."""

import json
import re
from pathlib import Path

from tests.bench.measure import Measures
from tests.bench.plot import plot
from tests.bench.report import Results, report, short

ROOT = Path(__file__).parents[2]
KEPT = Path(__file__).parent / "results"
PASSING = ROOT / "reports" / "bench"
"""Of quick runs: ignored by git, so that they never take the place of the kept ones."""
_SECTION = re.compile(r"(?<=<!-- bench -->\n).*?(?=<!-- /bench -->)", re.DOTALL)


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


def with_section(page: str, text: str) -> str:
    """Put *text* between the marks of *page*; without marks the page stays as it is."""
    section = f"{text}\n\n[All figures](tests/bench/results/results.md) · [picture](tests/bench/results/plot.svg)\n"
    return _SECTION.sub(lambda _found: section, page)


def read(folder: Path = KEPT) -> Results:
    """Read the results of a former run."""
    values = json.loads((folder / "results.json").read_text(encoding="utf-8"))
    return Results(**{**values, "measures": Measures.from_json(values["measures"])})
