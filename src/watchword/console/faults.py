"""The page of faults: what is armed, armed and disarmed."""

from collections.abc import Mapping, Sequence
from typing import Any

from watchword.console.site import Site
from watchword.console.visit import Page, Redirect, Visit
from watchword.control.faults import arm_fault, disarm_fault, disarm_faults, list_faults
from watchword.document.outcomes import NO_BODY, named_outcomes
from watchword.sandbox.fault_words import ANSWERS, BROKEN, tell_effect, tell_match, tell_occasions

_KINDS: Mapping[str, tuple[tuple[str, str], ...]] = {
    "Slow": (
        ("delay:1s", "answers after 1 s"),
        ("delay:3s", "answers after 3 s"),
        ("delay:30s", "answers after 30 s"),
        ("lognormal:800ms", "answers slowly, each time differently (median 800 ms)"),
    ),
    "Broken connection": tuple((f"connection:{name}", label) for name, label in BROKEN.items()),
    "Documented answer": tuple(
        (f"answer:{status}", f"{status} {ANSWERS.get(status, '')}".rstrip())
        for status in ("401", "403", "404", "409", "429", "500", "503")
    ),
}
"""What can go wrong, by group: the value of a choice, and how it is called."""


def show(site: Site, visit: Visit) -> Page | Redirect:
    """List what is armed; forms arm and disarm."""
    sandbox = visit.sandbox
    if visit.changes:
        match visit.form.get("do"):
            case "disarm":
                disarm_fault(sandbox, visit.form.get("id", ""))
            case "disarm-all":
                disarm_faults(sandbox)
            case _:
                arm_fault(site.imitated, sandbox, site.check("admin.arm_fault", _plan(visit.form)))
        return Redirect("faults")
    operations: dict[str, list[str]] = {}
    examples: dict[str, list[str]] = {}
    document = site.imitated.of(sandbox).document
    for one in document.operations.values():
        operations.setdefault(one.system, []).append(one.id)
        for outcome in named_outcomes(document, one):
            if outcome.status >= 400 and outcome.name != NO_BODY:
                examples.setdefault(f"{outcome.status} {outcome.name}", []).append(one.id)
    listed = [
        (one, tell_effect(one.plan.fault), tell_match(one.plan.match), list(tell_occasions(one.plan)))
        for one in list_faults(sandbox)
    ]
    values = {"faults": listed, "kinds": _KINDS, "operations": operations, "titles": site.titles}
    return Page("faults.html", {**values, "examples": dict(sorted(examples.items()))})


def _plan(form: Mapping[str, str]) -> dict[str, Any]:
    plan: dict[str, Any] = {"fault": _effect(form.get("kind", ""))}
    if form.get("example", "").strip():
        plan["fault"] = {"answer": _answer(form["example"].split())}
    match = {name: form[name] for name in ("operation", "person") if form.get(name)}
    if match:
        plan["match"] = match
    if form.get("times"):
        plan["times"] = int(form["times"]) if form["times"].isdecimal() and len(form["times"]) < 10 else form["times"]
    if form.get("when") == "after":
        plan["when"] = "after"
    return plan


def _answer(words: Sequence[str]) -> dict[str, str]:
    """Read an answer as it is listed, a status and a name, or one of them alone."""
    status = [one for one in words[:1] if one.isascii() and one.isdigit()]
    name = words[len(status) :]
    return {**({"status": status[0]} if status else {}), **({"example": " ".join(name)} if name else {})}


def _effect(kind: str) -> dict[str, Any]:
    name, _, value = kind.partition(":")
    match name:
        case "delay":
            return {"delay": {"fixed": value}}
        case "lognormal":
            return {"delay": {"lognormal": {"median": value, "sigma": 0.6}}}
        case "answer":
            return {"answer": {"status": value}}
        case _:
            return {"connection": value}
