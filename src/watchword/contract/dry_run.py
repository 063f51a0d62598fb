"""Before anything else: is everybody there whom the bindings name, and do the hooks work?"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import timedelta
from difflib import get_close_matches
from fnmatch import fnmatchcase
from typing import Any

import orjson

from watchword.contract.comparison import NO_NAMES
from watchword.contract.driver import Ability, Driver, NoAnswer, Reply, TargetFailed
from watchword.contract.in_step import Leader
from watchword.contract.lane import Lane
from watchword.contract.steps import Call, Expected, Step
from watchword.contract.subject import in_words
from watchword.contract.values import Unknown, at

_A_MOMENT = timedelta(seconds=1)


class _Hung(Exception):
    """An attempt has taken all the patience that there is."""


def find_problems(oracle: Leader, target: Driver) -> Iterator[str]:
    """
    Put the server back, log everybody in, once and with the right password, and try every hook.

    Nothing of that is tried on a server that nobody reaches, because every attempt would say the same, and nothing more
    behind an attempt that was not answered in all the time that there is.

    Returns:
        What is missing, in sentences; nothing if a run can begin.
    """
    if not target.personas:
        first = in_words(oracle.subject.first_roles)
        yield f"Nobody is bound: name {first} in [people] at least (--init writes an example)."
    yield from _unknown_operations(oracle, target)
    if lost := list(_trying(target.reach)):
        yield from lost
        return
    found: dict[str, None] = {}
    with suppress(_Hung):
        for problem in _try_everything(oracle, target):
            found[problem] = None
    yield from found


def _try_everything(oracle: Leader, target: Driver) -> Iterator[str]:
    """Raises `_Hung` behind the first problem that takes all the patience: the others would take as long."""
    yield from _trying(target.begin)
    yield from _log_everybody_in(oracle, target)
    if Ability.CLOCK in target.abilities:
        yield from _trying(lambda: target.advance(_A_MOMENT))
    yield from _trying(target.mails)


def _trying(attempt: Callable[[], object]) -> Iterator[str]:
    try:
        attempt()
    except TargetFailed as error:
        yield from _tell(error)


def _tell(error: TargetFailed) -> Iterator[str]:
    yield f"{error}."
    if error.hung:
        raise _Hung


def _unknown_operations(oracle: Leader, target: Driver) -> Iterator[str]:
    system = oracle.system.name
    names = [one.id.partition(".")[2] for one in oracle.operations.values() if one.system == system]
    for pattern in sorted(target.lacks):
        if not any(fnmatchcase(name, pattern) for name in names):
            near = get_close_matches(pattern.rpartition(".")[2].replace("*", ""), names, cutoff=0.4)
            told = f"the nearest: {', '.join(near)}" if near else f"there are: {', '.join(sorted(names))}"
            yield f'server.lacks: {system} has no operation like "{pattern}"; {told}.'


def _log_everybody_in(oracle: Leader, target: Driver) -> Iterator[str]:
    oracle.begin()
    mine, theirs = Lane(oracle.driver, oracle.operations), Lane(target, oracle.operations)
    try:
        for role, steps in oracle.subject.log_ins.items():
            if role in target.personas:
                try:
                    found = list(_log_in(mine, theirs, role, steps))
                except NoAnswer as error:
                    if error.hung:
                        raise
                    found = list(_log_in(mine, theirs, role, steps))  # it may have closed a connection under the first
                yield from found
    except TargetFailed as error:
        yield from _tell(error)


def _log_in(mine: Lane, theirs: Lane, role: str, steps: Sequence[Step]) -> Iterator[str]:
    for step in steps:
        if not isinstance(step, Call) or step.expected is None:
            continue
        try:
            reply = theirs.send(step)
        except Unknown as missing:
            yield f"people.{role}: {missing.value} is missing."
            return
        right = mine.send(step)
        problem = _differs(step.expected, reply) or _gives_nothing(step, right, reply)
        if problem:
            yield (
                f"people.{role}: log-in was answered {problem}."
                f" Check what [people.{role}] says, and that the path of the address is right."
            )
            return
        yield from _contradictions(role, mine.driver, theirs.driver, right, reply)


def _differs(expected: Expected, reply: Reply) -> str:
    """Say how an answer is another than the one that a log-in states; empty if it is that."""
    if reply.status not in expected.statuses:
        moved = f", to {reply.headers['location']}" if 300 <= reply.status < 400 and "location" in reply.headers else ""
        return f"{reply.status}{moved}, not {' or '.join(map(str, expected.statuses))}"
    for pointer, stated in expected.shows.items():
        if _read(reply, pointer) != stated:
            return f"{reply.status}, but {pointer} is not {orjson.dumps(stated).decode()}"
    return ""


def _gives_nothing(step: Call, right: Reply, reply: Reply) -> str:
    """Say that an answer has no token where the stand-in's has one; empty if it has."""
    if reply.status >= 300:
        return ""
    missing = [pointer for pointer in step.keeps.values() if _read(right, pointer) and not _read(reply, pointer)]
    return f"{reply.status}, but there is nothing at {missing[0]}" if missing else ""


def _contradictions(role: str, mine: Driver, theirs: Driver, right: Reply, reply: Reply) -> Iterator[str]:
    """Say what bindings say of a person otherwise than the answer to the log-in, by what the stand-in's has."""
    known, bound = mine.personas[role].known, theirs.personas[role].known
    for word in sorted(known.keys() & bound.keys() - NO_NAMES):
        for pointer in _places_of(known[word], right.body):
            told = _read(reply, pointer)
            if isinstance(told, str) and told != bound[word]:
                yield f"people.{role}.{word}: the answer to the log-in has another one, at {pointer}."
                break


def _places_of(value: str, body: Any, pointer: str = "") -> Iterator[str]:
    if isinstance(body, Mapping):
        for name, member in body.items():
            yield from _places_of(value, member, f"{pointer}/{name}")
    elif body == value:
        yield pointer


def _read(reply: Reply, pointer: str) -> Any:
    try:
        return at(reply.body, pointer)
    except LookupError:
        return None
