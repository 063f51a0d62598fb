"""Our judgement of each change of `seeded`, beside oasdiff's: into docs/diff-peers.md, and a line of README."""

import json
import re
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from tests.review.seeded import SEEDS, Parts, Seed, read_parts
from watchword.document.writer import write_yaml
from watchword.review.document_diff.documents import compare_documents
from watchword.review.level import Level

ROOT = Path(__file__).parents[2]
OASDIFF = ROOT / "tests" / "review" / "bin" / "oasdiff"
PAGE = ROOT / "docs" / "diff-peers.md"
_LEVELS = {3: Level.BREAKING, 2: Level.RISKY, 1: Level.HARMLESS}
_BEGIN, _END = "<!-- diff-peers -->", "<!-- /diff-peers -->"

_ROW = re.compile(r"^\| `(.+?)` \| (.*?) \| (.*?) \| (?:same|other) \|$", re.MULTILINE)

Judgement = tuple[Level | None, Sequence[str]]
"""The gravest level, and the categories; None and nothing if nothing was found."""


def read_levels() -> Mapping[str, tuple[Level | None, Level | None]]:
    """Read what the page says: the gravest level of ours and of oasdiff's, by the name of the change."""
    rows = _ROW.findall(PAGE.read_text(encoding="utf-8"))
    return {name.replace("\\|", "|"): (_level(ours), _level(theirs)) for name, ours, theirs in rows}


def _level(told: str) -> Level | None:
    word = told.partition(":")[0]
    return next((one for one in Level if one.value == word), None)


def _ours(parts: Parts, seed: Seed) -> Judgement:
    base = parts[seed.system]
    found = compare_documents(base, seed.apply(base))
    names = sorted({one.category for one in (*found.changes, *found.not_judged)})
    return min((one.level for one in found.changes), key=lambda one: one.rank, default=None), names


def _theirs(parts: Parts, seed: Seed, folder: Path) -> Judgement:
    base = parts[seed.system]
    files = [folder / "base.yaml", folder / "head.yaml"]
    for file, content in zip(files, (base, seed.apply(base)), strict=True):
        file.write_text(write_yaml(content), encoding="utf-8")
    ended = subprocess.run(  # noqa: S603  # the tool that is compared
        [OASDIFF, "changelog", *files, "--format", "json"], capture_output=True, text=True, check=True
    )
    found = json.loads(ended.stdout or "[]") or []
    level = max((one["level"] for one in found), default=0)
    return _LEVELS.get(level), sorted({one["id"] for one in found})


def _row(seed: Seed, ours: Judgement, theirs: Judgement) -> str:
    def told(judgement: Judgement) -> str:
        level, names = judgement
        return f"{level or 'not judged'}: {', '.join(names)}" if names else "nothing"

    what = f"`{seed.name}`".replace("|", "\\|")
    return f"| {what} | {told(ours)} | {told(theirs)} | {'same' if ours[0] == theirs[0] else 'other'} |"


def main() -> int:
    """Compare, and write both."""
    if not OASDIFF.exists():
        sys.stderr.write("oasdiff is not installed: make oasdiff\n")
        return 2
    parts = read_parts()
    with tempfile.TemporaryDirectory() as folder:
        judged = [(seed, _ours(parts, seed), _theirs(parts, seed, Path(folder))) for seed in SEEDS]
    counted = Counter(
        "the same level"
        if ours[0] == theirs[0]
        else "nothing from oasdiff"
        if theirs[0] is None
        else "nothing from us"
        if ours[0] is None
        else "another level"
        for _, ours, theirs in judged
    )
    (version,) = re.findall(r"oasdiff@(\S+)", (ROOT / "Makefile").read_text(encoding="utf-8"))
    summary = ", ".join(f"{number} × {name}" for name, number in counted.most_common())
    head = "| change | watchword | oasdiff | level |\n|---|---|---|---|\n"
    _write(PAGE, head + "\n".join(_row(*one) for one in judged))
    each = f"{summary} ([each of them](docs/diff-peers.md))"
    line = f"Beside oasdiff {version}, on {len(SEEDS)} changes of one line: {each}."
    _write(ROOT / "README.md", line)
    print(summary)  # noqa: T201  # for who runs it
    return 0


def _write(page: Path, text: str) -> None:
    before, _, rest = page.read_text(encoding="utf-8").partition(_BEGIN)
    after = rest.partition(_END)[2]
    page.write_text(f"{before}{_BEGIN}\n{text}\n{_END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
