"""
``python -m tests.goldens``: record today's answers in the place of those that differ, and name the cases.

Run it when answers have changed on purpose, and read what it names.
"""

import asyncio
import gzip
import json
import sqlite3
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from tests.goldens.replay import FOLDER, answered, cases, play, server, surface


def main() -> None:
    """Record."""
    built = server()
    with asyncio.Runner() as runner:
        with gzip.GzipFile(FOLDER / "answers.jsonl.gz.new", "wb", mtime=0) as lines:
            for case in cases():
                ours = built if "capacity" not in case else server(max_sandboxes=case["capacity"])
                answers = [now for now, _ in play(ours, runner, case)]
                steps = [_renewed(step, answers) for step in case["steps"]]
                if steps != case["steps"]:
                    sys.stdout.write(f"{case['name']}\n")
                lines.write(json.dumps({**case, "steps": steps}, separators=(",", ":")).encode() + b"\n")
        (FOLDER / "answers.jsonl.gz.new").replace(FOLDER / "answers.jsonl.gz")
        _record_data(runner)
    (FOLDER / "surface.json").write_text(json.dumps(surface(built), indent=1) + "\n", encoding="utf-8")


def _renewed(step: dict[str, Any], answers: list[Any]) -> dict[str, Any]:
    return {**step, "answer": answers.pop(0)} if "request" in step else step


def _record_data(runner: asyncio.Runner) -> None:
    """Record what is answered from the data directory of the earlier server."""
    with TemporaryDirectory() as temporary:
        folder = Path(temporary)
        with closing(sqlite3.connect(folder / "watchword.sqlite3")) as connection:
            connection.executescript((FOLDER / "data.sql").read_text(encoding="utf-8"))
        built = server(data=folder)
        steps = json.loads((FOLDER / "data.json").read_text(encoding="utf-8"))
        renewed = [{**step, "answer": runner.run(answered(built, step["request"]))} for step in steps]
        built.imitated.sandboxes.persistence.close()
    (FOLDER / "data.json").write_text(json.dumps(renewed, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
