"""
The rule catalogue: every sentence of business behaviour has an id, a grade, a source and a switch.

A rule is a function of values.
A `RuleRecord` in force also notes that a rule was asked, with what, and what it said.
It runs the alternative of a rule that is switched off or altered.
The record in force is the one ambient value of this code base: otherwise every rule would need an argument
that it does not use.
"""

import inspect
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import Enum, StrEnum
from functools import cached_property, wraps
from types import MappingProxyType, ModuleType
from typing import Any, ParamSpec, TypeVar

from watchword.domain.refusal import Refusal

P = ParamSpec("P")
R = TypeVar("R")
Alternative = Callable[..., Any]
"""What runs in the place of a rule; it takes the rule's arguments."""

_MARK = "__watchword_rule__"
_NOTHING: Mapping[str, Alternative] = MappingProxyType({})
_PLAIN = (bool, int, float, date, datetime, timedelta, Enum)


class Grade(StrEnum):
    """How sure a rule is."""

    DOCUMENTED = "documented"
    """The vendor's page or published description says so."""
    VERIFIED = "verified"
    """Recorded answers of the real service would be others without the rule."""
    OBSERVED = "observed"
    """The real service was publicly seen to do so, or its public source reads so."""
    ASSUMED = "assumed"
    """Nothing public says so; the source gives the reason."""


DOCUMENTED, OBSERVED, ASSUMED = Grade.DOCUMENTED, Grade.OBSERVED, Grade.ASSUMED


@dataclass(frozen=True, slots=True)
class Rule:
    """
    One sentence of business behaviour.

    Args:
        id: ``<system>.<subject>.<what>``; the document's ``x-rules`` use it.
        grade: How sure it is.
        source: Where it is written, who saw it, or why it is assumed.
        sentence: What happens, in one sentence.
        cases: How many recorded cases of each release would be answered otherwise without it.
    """

    id: str
    grade: Grade
    source: str
    sentence: str
    cases: tuple[tuple[str, int], ...] = ()

    @property
    def standing(self) -> str:
        """The grade, for people: with the releases and the number of cases that verify it."""
        told = ", ".join(f"{release}: {number}" for release, number in self.cases)
        return f"{self.grade.value} ({told})" if told else self.grade.value


class Verdict(StrEnum):
    """What a rule said."""

    HELD = "held"
    REFUSED = "refused"
    COMPUTED = "computed"


@dataclass
class RuleFunction:
    """
    A rule and its code.

    Args:
        rule: Its grade rises when recorded answers verify it.
        decide: The function as it was written.
        without: Runs when the rule is switched off.
        compares: Names the values that the rule compares; None for its plain arguments.
        because: Says what was so in a request that the rule refused; None if its refusal says that already.
        reports: The function returns what is wrong, or None, instead of raising a refusal.
    """

    rule: Rule
    decide: Callable[..., Any]
    without: Alternative
    compares: Callable[..., Mapping[str, Any]] | None
    because: Callable[..., str] | None
    reports: bool

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """The names of the function's parameters."""
        return tuple(inspect.signature(self.decide).parameters)

    def bind(self, arguments: Sequence[Any], keywords: Mapping[str, Any]) -> dict[str, Any]:
        """Name the arguments of a call, in the order of the parameters."""
        bound = inspect.signature(self.decide).bind(*arguments, **keywords)
        bound.apply_defaults()
        return bound.arguments

    def call(self, arguments: Mapping[str, Any]) -> Any:
        """Let the function decide, given its arguments by name."""
        return self.decide(**arguments)

    def values(self, arguments: Sequence[Any]) -> dict[str, Any]:
        """
        Name the values that were compared; texts and secrets show only if the rule names them itself.

        Args:
            arguments: In the order of the parameters.
        """
        given = dict(zip(self.parameters, arguments, strict=True))
        if self.compares is None:
            return {name: value for name, value in given.items() if isinstance(value, _PLAIN)}
        return dict(_call_with(self.compares, given))

    def cause(self, arguments: Sequence[Any], said: Any) -> str:
        """
        Say what was so in a request that the rule refused, in a sentence without a secret.

        Args:
            arguments: In the order of the parameters.
            said: What the rule returned or raised.

        Returns:
            Empty if neither the rule nor its refusal says it.
        """
        if self.because is not None:
            return str(_call_with(self.because, {**dict(zip(self.parameters, arguments, strict=True)), "said": said}))
        refusal = _refusal_in(said)
        return "" if refusal is None else refusal.cause


def _call_with(function: Callable[..., Any], given: Mapping[str, Any]) -> Any:
    """Call a function with those of the *given* arguments that it has parameters for."""
    return function(**{name: given[name] for name in inspect.signature(function).parameters})


def _refusal_in(said: Any) -> Refusal | None:
    found = getattr(said, "refusal", said)
    return found if isinstance(found, Refusal) else None


class AskedRule:
    """One rule that was asked, as a record noted it."""

    __slots__ = ("_arguments", "_function", "_outcome")

    def __init__(self, function: RuleFunction, arguments: Sequence[Any]) -> None:
        self._function, self._arguments = function, arguments
        self._outcome: Any = None

    def __repr__(self) -> str:
        return f"<{self.rule.id} {self.verdict}>"

    def waits_for(self, function: RuleFunction) -> bool:
        """Whether what *function* returned or raised may be its outcome: a rule does not ask itself."""
        return self._function is function and self._outcome is None

    def tell(self, outcome: Any) -> None:
        """Note what it returned or raised, unless that is None."""
        self._outcome = outcome

    @property
    def rule(self) -> Rule:
        """Which rule it was."""
        return self._function.rule

    @property
    def verdict(self) -> Verdict:
        """What it said."""
        if self._refusal is not None or (self._function.reports and self._outcome is not None):
            return Verdict.REFUSED
        return Verdict.HELD if self._outcome is None else Verdict.COMPUTED

    @property
    def code(self) -> str:
        """The vendor's code of a refusal; empty without one."""
        return "" if self._refusal is None else self._refusal.code

    @property
    def said(self) -> Any:
        """What it returned or raised; it may hold secrets."""
        return self._outcome

    @property
    def values(self) -> dict[str, Any]:
        """The values that were compared, without secrets."""
        return self._function.values(self._arguments)

    @property
    def cause(self) -> str:
        """What was so in this request, in a sentence without a secret; empty if that is not known."""
        return self._function.cause(self._arguments, self._outcome)

    @property
    def _refusal(self) -> Refusal | None:
        return _refusal_in(self._outcome)


@dataclass(frozen=True, slots=True, eq=False)
class _Outcome:
    """Says in a record that what *function* returned or raised comes next."""

    function: RuleFunction


class RuleRecord(list[Any]):
    """
    The rules that were asked, in order, as they noted it themselves; `asked` explains the notes.

    A rule notes its `RuleFunction` and its arguments in order. If it returned or raised something, it then notes its
    `_Outcome`, and what it was. All of it is in one list, without a tuple for each note: every request has a record,
    the journal holds a thousand of them, and in objects that lie far apart in memory they cost more time than noting
    itself.

    Args:
        altered: What runs in the place of some rules, by their ids; None if nothing does.

    Attributes:
        postponed: A refusal that waits for another rule, if an altered rule has ever made one.
    """

    __slots__ = ("altered", "postponed")

    postponed: Refusal | None

    def __init__(self, altered: Mapping[str, Alternative] | None = None) -> None:
        self.altered = altered

    def __repr__(self) -> str:
        return f"<RuleRecord: {self.asked}>"

    @property
    def asked(self) -> list[AskedRule]:
        """What was asked so far."""
        found: list[AskedRule] = []
        place = 0
        while place < len(self):
            noted = self[place]
            if isinstance(noted, _Outcome):
                after = place + 2
                next(one for one in reversed(found) if one.waits_for(noted.function)).tell(self[place + 1])
            else:
                after = place + 1 + len(noted.parameters)
                found.append(AskedRule(noted, self[place + 1 : after]))
            place = after
        return found

    def forget_after(self, count: int) -> None:
        """Forget what came after the record had that length: it belongs to an attempt that did not count."""
        del self[count:]
        self.postponed = None


_in_force: ContextVar[RuleRecord | None] = ContextVar("rule record", default=None)
put_in_force, withdraw, in_force = _in_force.set, _in_force.reset, _in_force.get


class recording:  # noqa: N801  # reads as a verb: with recording(record)
    """Put *record* in force for a ``with`` block; None for no record."""

    __slots__ = ("_before", "_entered")

    def __init__(self, record: RuleRecord | None) -> None:
        self._entered = record

    def __enter__(self) -> None:
        self._before = _in_force.set(self._entered)

    def __exit__(self, *_: object) -> None:
        _in_force.reset(self._before)


class RuleSwitches:
    """
    Which rules are switched off or altered, for one sandbox.

    Attributes:
        altered: What runs in the place of some rules, by their ids; replaced by every change, never changed itself.
    """

    def __init__(self, altered: Mapping[str, Alternative] = _NOTHING) -> None:
        self.altered = altered

    def switch_off(self, rule_id: str) -> None:
        """
        Switch a rule off, so that what holds without it decides.

        Raises:
            KeyError: There is no such rule.
        """
        self.altered = {**self.altered, rule_id: _functions[rule_id].without}

    def alter(self, rule_id: str, alternative: Alternative) -> None:
        """
        Let *alternative*, which takes the same arguments, decide in the place of a rule.

        Raises:
            KeyError: There is no such rule.
        """
        self.altered = {**self.altered, _functions[rule_id].rule.id: alternative}

    @property
    def off(self) -> tuple[str, ...]:
        """The ids of the rules that are switched off; an alternative of somebody's own is none of them."""
        return tuple(
            rule_id
            for rule_id, one in self.altered.items()
            if (known := _functions.get(rule_id)) is not None and one is known.without
        )

    def restore(self) -> None:
        """Let every rule decide again."""
        self.altered = _NOTHING


_functions: dict[str, RuleFunction] = {}


def passes(*_arguments: Any, **_keywords: Any) -> None:
    """What holds without a rule that refuses: nothing is refused."""


def returns(value: Any) -> Alternative:
    """What holds without a rule that computes something: a neutral *value*."""
    return lambda *_arguments, **_keywords: value


def returns_argument(name: str) -> Alternative:
    """What holds without a rule that changes something, or hands it on: the argument called *name* as it is."""

    def argument(decide: Callable[..., Any]) -> Alternative:
        signature = inspect.signature(decide)

        def unchanged(*arguments: Any, **keywords: Any) -> Any:
            bound = signature.bind(*arguments, **keywords)
            bound.apply_defaults()
            return bound.arguments[name]

        return unchanged

    return _Bound(argument)


@dataclass(frozen=True)
class _Bound:
    """An alternative that needs to know the rule's parameters."""

    to: Callable[[Callable[..., Any]], Alternative]

    def __call__(self, *_arguments: Any, **_keywords: Any) -> Any:
        raise TypeError("is bound to a rule first")


def rule(
    identifier: str,
    grade: Grade,
    source: str,
    *,
    without: Alternative | None = None,
    compares: Callable[..., Mapping[str, Any]] | None = None,
    because: Callable[..., str] | None = None,
    reports: bool = False,
) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """
    Name the rule that a function decides; the first paragraph of its docstring is the sentence.

    Args:
        without: What holds without the rule; it takes the function's arguments. If it is left out,
            nothing is refused or reported; a function that computes a result has to give it.
        compares: Names the values that the rule compares, given the arguments that it has parameters for.
        because: Says in a sentence, without a secret, what was so in a request that the rule refused, given the same
            and *said*, what the rule returned or raised. Left out if each of its refusals has one cause only, and says
            it (`Refusal.cause`).
        reports: The function returns what is wrong, or None.

    Raises:
        ValueError: The function has no docstring, or does not say what holds without it; or the id is taken.
    """

    def mark(function: Callable[P, R]) -> Callable[P, R]:
        sentence = " ".join((inspect.getdoc(function) or "").split("\n\n")[0].split())
        if not sentence:
            raise ValueError(f"rule {identifier} has no sentence: its function needs a docstring")
        returned = function.__annotations__.get("return")
        if without is None and not reports and returned not in (None, "None"):
            raise ValueError(f"rule {identifier} does not say what holds without it")
        alternative = without or passes
        if isinstance(alternative, _Bound):
            alternative = alternative.to(function)
        found = Rule(identifier, grade, source, sentence)
        entry = RuleFunction(found, function, alternative, compares, because, reports)
        known = _functions.setdefault(identifier, entry)
        if known.decide.__qualname__ != function.__qualname__ or known.decide.__module__ != function.__module__:
            raise ValueError(f"two rules are called {identifier}")

        asked = wraps(function)(_recordable(entry))
        setattr(asked, _MARK, entry)
        return asked

    return mark


def verify(cases: Mapping[str, Mapping[str, int]]) -> None:
    """
    Raise the grade of rules that recorded answers of the real service decide.

    Args:
        cases: By the id of the rule: how many cases of each release would be answered otherwise without it.

    Raises:
        KeyError: There is no such rule.
    """
    for identifier, releases in cases.items():
        entry = _functions[identifier]
        entry.rule = replace(entry.rule, grade=Grade.VERIFIED, cases=tuple(sorted(releases.items())))


def _recordable(entry: RuleFunction) -> Callable[..., Any]:
    """
    Make the function that callers of a rule call: it notes the rule in the record in force, if there is one.

    It is compiled with the rule's own parameters, because a call through ``*args`` and ``**kwargs`` costs three
    times as much, and a request asks a dozen rules.
    """
    parameters = inspect.signature(entry.decide).parameters.values()
    named = [one.name for one in parameters if one.kind is one.KEYWORD_ONLY]
    plain = [one.name for one in parameters if one.kind is one.POSITIONAL_OR_KEYWORD]
    if len(named) + len(plain) < len(parameters):
        raise ValueError(f"rule {entry.rule.id}: a rule has parameters with names")
    heading = ", ".join([*plain, *(["*", *named] if named else [])])
    handed_on = ", ".join([*plain, *(f"{name}={name}" for name in named)])
    arguments = ", ".join(["_entry", *plain, *named])
    source = f"""
def asked({heading}):
    _record = _current()
    if _record is None:
        return _decide({handed_on})
    _record += ({arguments},)
    try:
        _outcome = (_record.altered.get(_rule, _decide) if _record.altered is not None else _decide)({handed_on})
    except _Refusal as _refusal:
        _record += (_said, _refusal)
        raise
    if _outcome is not None:
        _record += (_said, _outcome)
    return _outcome
"""
    namespace: dict[str, Any] = {
        "_current": _in_force.get,
        "_decide": entry.decide,
        "_entry": entry,
        "_rule": entry.rule.id,
        "_said": _Outcome(entry),
        "_Refusal": Refusal,
    }
    exec(source, namespace)  # noqa: S102  # made of parameter names only
    asked: Callable[..., Any] = namespace["asked"]
    asked.__defaults__ = entry.decide.__defaults__
    asked.__kwdefaults__ = entry.decide.__kwdefaults__
    return asked


def find_function(identifier: str) -> RuleFunction:
    """
    Find the code of a rule.

    Raises:
        KeyError: There is no such rule.
    """
    return _functions[identifier]


def catalogue(modules: Iterable[ModuleType]) -> tuple[Rule, ...]:
    """List the rules that *modules* define or import, by id."""
    found = {
        entry.rule.id: entry.rule
        for module in modules
        for thing in vars(module).values()
        if isinstance(entry := getattr(thing, _MARK, None), RuleFunction)
    }
    return tuple(found[key] for key in sorted(found))
