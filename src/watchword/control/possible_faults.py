"""Which faults are possible: those that can meet a request, and can give what they promise there."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace

from watchword.control.errors import SettingViolation
from watchword.document import Operation
from watchword.domain.alike import tell_alike
from watchword.edge.fault_matching import path_pattern, wishes_for
from watchword.edge.mock.prefer import can_answer, example_names
from watchword.edge.served_api import ServedApi
from watchword.sandbox.faults import DeclaredAnswer, FaultPlan, Match
from watchword.system.seed_data import Person

FindPeople = Callable[[str | None], Sequence[Person]]
"""Finds the people of the system of this name, or of all systems."""


def find_impossible(api: ServedApi, find_people: FindPeople | None, plan: FaultPlan) -> list[SettingViolation]:
    """
    List why *plan* can meet no request, each time with what would be possible; empty if it can.

    Args:
        find_people: Finds those whom it may concern; None if it may concern anybody.
    """
    match, operations = plan.match, list(api.document.operations.values())
    found = [*_unknown_names(api, match), *([] if find_people is None else _unknown_person(find_people, match))]
    if found:
        return found
    operations = [one for one in operations if _is_meant(one, match)]
    if match.path is not None:
        path = match.path
        here = [one for one in operations if any(_may_be(path, served) for served in served_paths(one))]
        if not here:
            return [SettingViolation(("match", "path"), _no_path(api, path, operations))]
        operations = here
    if not operations:
        return [SettingViolation(("match", "system"), _no_operation(api, match))]
    return [*_impossible_rpc(api, plan, operations), *_impossible_answer(api, plan.fault.answer, operations)]


def served_paths(operation: Operation) -> tuple[str, ...]:
    """List the paths of an operation: the template under every base path, and the path of its RPC."""
    rpc = operation.raw.get("x-rpc")
    templates = (f"{base}{operation.path}" for base in ("", *operation.base_paths))
    return (*templates, *(() if rpc is None else (f"/{rpc['method']}",)))


def _unknown_names(api: ServedApi, match: Match) -> Iterator[SettingViolation]:
    if match.system is not None and match.system not in api.systems:
        yield SettingViolation(("match", "system"), f"is not known; there are: {', '.join(api.systems)}")
    if match.operation is not None and match.operation not in api.document.operations:
        known = [one for one in api.document.operations if match.system in (None, one.partition(".")[0])]
        yield SettingViolation(("match", "operation"), f"is not known; {tell_alike(match.operation, known)}")


def _unknown_person(find_people: FindPeople, match: Match) -> Iterator[SettingViolation]:
    if match.person is None:
        return
    system = match.system or (match.operation.partition(".")[0] if match.operation else None)
    people = find_people(system)
    if not any(match.person in (one.name, one.login, one.id) for one in people):
        near = tell_alike(match.person, list(dict.fromkeys(one.name for one in people)))
        yield SettingViolation(("match", "person"), f"is nobody here; {near}")


def _is_meant(operation: Operation, match: Match) -> bool:
    return match.operation in (None, operation.id) and match.system in (None, operation.system)


def _no_operation(api: ServedApi, match: Match) -> str:
    named = api.document.operations.get(match.operation or "")
    return "has no operation in this document" if named is None else f"does not have this operation, {named.system} has"


def _may_be(path: str, served: str) -> bool:
    """Whether a request at *path*, which may have wildcards, can be one at the template *served*."""
    ours, theirs = path.split("/"), served.split("/")
    return len(ours) == len(theirs) and all(
        path_pattern(one).fullmatch(other) or path_pattern(other).fullmatch(one)
        for one, other in zip(ours, theirs, strict=True)
    )


def _no_path(api: ServedApi, path: str, operations: Sequence[Operation]) -> str:
    meant = {one.id for one in operations}
    near = [one for one in api.nearest.to(path) if one.id in meant] or list(operations[:5])
    shown = ", ".join(dict.fromkeys(one.path for one in near))
    return f"is the path of no operation that is meant; nearest: {shown or 'none'}"


def _impossible_rpc(api: ServedApi, plan: FaultPlan, operations: Sequence[Operation]) -> Iterator[SettingViolation]:
    if plan.fault.rpc is not None and all(api.systems[one.system].fail_rpc is None for one in operations):
        speak = ", ".join(name for name, one in api.systems.items() if one.fail_rpc is not None)
        yield SettingViolation(("fault", "rpc"), f"is for systems that are called over RPC: {speak}")


def _impossible_answer(
    api: ServedApi, answer: DeclaredAnswer | None, operations: Sequence[Operation]
) -> Iterator[SettingViolation]:
    if answer is None:
        return
    wishes, declared = wishes_for(answer), [api.declared_answers(one) for one in operations]
    if any(can_answer(one, wishes) for one in declared):
        return
    with_status = [one for one in declared if not wishes.code or can_answer(one, replace(wishes, example=""))]
    if not with_status:
        statuses = ", ".join(dict.fromkeys(status for one in declared for status in one))
        yield SettingViolation(("fault", "answer", "status"), f"is not declared; there are: {statuses}")
        return
    names = dict.fromkeys(name for one in with_status for name in example_names(one, wishes))
    yield SettingViolation(("fault", "answer", "example"), f"is not declared; {_possible(wishes.example, list(names))}")


def _possible(example: str, names: Sequence[str]) -> str:
    """Say which of the examples called *names* could stand in the place of an *example* that does not exist."""
    return tell_alike(example, names) if names else "there are no named examples here"
