"""Findings as SARIF 2.1.0, for code scanning: each points at the lines that somebody would look at first."""

import re
from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from functools import cache
from pathlib import Path
from typing import Any

from watchword import __version__
from watchword.contract.examination import Examination
from watchword.contract.finding import Finding
from watchword.contract.lane import roles_in
from watchword.contract.report_parts import write_json
from watchword.contract.verdict import Verdict
from watchword.resources import folder

_LEVELS = {"broken": "error", "differs": "warning", "note": "note", "accepted": "note"}
_BASE = "WATCHWORD"
"""Stands for where the document is installed."""
_OPERATION = re.compile(r"^    operationId: (\S+)$")


def as_sarif(examination: Examination, verdict: Verdict) -> str:
    """A result for each finding, at the person in the bindings, or else at the operation in the document."""
    rules = {
        one.rule: {"id": one.rule, "shortDescription": {"text": one.sentence}, "help": {"text": one.source}}
        for one in examination.findings
    }
    invocation: dict[str, Any] = {"executionSuccessful": not verdict.ended}
    if verdict.ended:
        invocation["toolExecutionNotifications"] = [{"level": "error", "message": {"text": verdict.ended}}]
    return write_log(
        rules.values(),
        [_result(examination, one) for one in examination.findings],
        originalUriBaseIds={_BASE: {"description": {"text": "Where the document of watchword is installed."}}},
        invocations=[invocation],
    )


def write_log(rules: Iterable[Mapping[str, Any]], results: Sequence[Mapping[str, Any]], **more: Any) -> str:
    """
    Write a log of one run.

    Args:
        rules: What *results* refer to with ``ruleId``.
        more: Other properties of the run, by their names in SARIF.
    """
    driver = {"name": "watchword", "version": __version__, "rules": list(rules)}
    run = {"tool": {"driver": driver}, **more, "results": results}
    return write_json({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]})


def _result(examination: Examination, one: Finding) -> Mapping[str, Any]:
    logical: dict[str, Any] = {"logicalLocations": [{"fullyQualifiedName": one.operation, "kind": "function"}]}
    places = [place for place in (_bound(examination.bindings_file, one), _described(one.operation)) if place]
    located: list[dict[str, Any]] = [{"physicalLocation": place, **logical} for place in places] or [logical]
    return {
        "ruleId": one.rule,
        "level": _LEVELS[examination.verdict_of(one)],
        "occurrenceCount": max(1, len(one.scenarios)),
        "message": {
            "text": f"{' '.join(dict.fromkeys((one.headline, one.seen)))} {one.operation}: {one.place} {one.contrast}."
        },
        "partialFingerprints": {"watchword/v1": one.fingerprint},
        "locations": located[:1],
        "relatedLocations": located[1:],
    }


def _bound(file: str, one: Finding) -> Mapping[str, Any] | None:
    """Find the line of the bindings that names a person of the last step; the first line if none does."""
    if not file:
        return None
    roles = sorted(roles_in(one.played[-1])) if one.played else []
    table = re.compile(rf"""\s*\[\s*people\s*\.\s*["']?({"|".join(map(re.escape, roles))})["']?\s*\]""")
    path, lines = Path(file), list[str]()
    if roles:
        with suppress(OSError):  # somebody may have moved it since
            lines = path.read_text(encoding="utf-8").splitlines()
    number = next((number for number, line in enumerate(lines, 1) if table.match(line)), 1)
    return _place({"uri": path.as_uri() if path.is_absolute() else path.as_posix()}, number)


def _described(operation: str) -> Mapping[str, Any] | None:
    """Find the line of the document that describes an operation."""
    found = _lines().get(operation)
    return None if found is None else _place({"uri": f"openapi/{found[0]}", "uriBaseId": _BASE}, found[1])


@cache
def _lines() -> Mapping[str, tuple[str, int]]:
    """Read where each operation stands in the files of the document."""
    root = folder("openapi")
    return {
        match[1]: (file.relative_to(root).as_posix(), number)
        for file in sorted(root.glob("*/paths.yaml"))
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1)
        if (match := _OPERATION.match(line))
    }


def _place(artifact: Mapping[str, str], number: int) -> Mapping[str, Any]:
    return {"artifactLocation": artifact, "region": {"startLine": number}}
