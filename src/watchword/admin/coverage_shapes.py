"""The JSON of coverage."""

from typing import Any

from watchword.admin.coverage_texts import figures
from watchword.control.coverage_report import CoverageReport, OperationCoverage, RuleCount, SandboxCoverage, Share
from watchword.journal.coverage import Tally
from watchword.journal.findings import Finding


def report(one: CoverageReport) -> dict[str, Any]:
    """Write what was reached."""
    return {
        "requests": one.requests,
        "uncounted": one.uncounted,
        "complete": not one.uncounted,
        "summary": {
            "outcomes": _share(one.outcomes),
            "operations": _share(one.called),
            "rulesBothWays": _share(one.both_ways),
            "sentence": figures(one),
            "systems": {name: _share(share) for name, share in one.systems.items()},
            "leftOut": list(one.left_out),
        },
        "evidence": {grade.value: number for grade, number in one.evidence.items()},
        "operations": [_operation(each) for each in one.operations],
        "rules": [_rule(each) for each in one.rules],
        "sandboxes": [_sandbox(each) for each in one.sandboxes],
        "findings": [_finding(each, count) for each, count in one.findings],
        "moreFindings": one.more_findings,
    }


def findings(one: Tally) -> dict[str, Any]:
    """Write what a gate may forbid."""
    found = [_finding(each, count) for each, count in one.findings.items()]
    return {"findings": found, "moreFindings": one.more_findings.total()}


def _share(one: Share) -> dict[str, Any]:
    return {"reached": one.reached, "of": one.of, "percent": one.percent}


def _operation(one: OperationCoverage) -> dict[str, Any]:
    return {
        "id": one.operation.id,
        "system": one.operation.system,
        "method": one.operation.method,
        "path": one.operation.path,
        "requests": one.requests,
        **_share(one.share),
        "outcomes": [
            {
                "status": each.status,
                "name": each.name or None,
                "count": each.count,
                "unreachable": each.unreachable or None,
                "declared": each.declared,
            }
            for each in one.outcomes
        ],
        "rules": [
            {"id": each.rule.id, "held": each.held, "refused": each.refused, "changed": each.changed}
            for each in one.rules
        ],
    }


def _rule(one: RuleCount) -> dict[str, Any]:
    return {
        "id": one.rule.id,
        "grade": one.rule.grade.value,
        "sentence": one.rule.sentence,
        "canRefuse": one.can_refuse,
        "held": one.held,
        "refused": one.refused,
        "changed": one.changed,
        "bothWays": one.both_ways,
    }


def _sandbox(one: SandboxCoverage) -> dict[str, Any]:
    return {
        "name": one.name or None,
        "requests": one.requests,
        "outcomes": one.outcomes,
        "weakest": one.weakest.value if one.weakest else None,
        "restsOn": {grade.value: list(rules) for grade, rules in one.rests_on.items()},
        "findings": one.findings,
    }


def _finding(one: Finding, count: int) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "what": one.what,
        "operation": one.operation or None,
        "where": one.where or None,
        "pointer": one.pointer or None,
        "message": one.message or None,
        "count": count,
    }
