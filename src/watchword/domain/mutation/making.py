"""The mutants of one rule."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, get_origin, get_type_hints

from watchword.domain.mutation.code import read_code
from watchword.domain.mutation.mutant import Kind, Mutant, new_mutant
from watchword.domain.mutation.perturbations import Perturbation, perturb, perturbations_of
from watchword.domain.mutation.places import Place, change_place, fields_of, find_places, with_field
from watchword.domain.mutation.raised import find_refusals
from watchword.domain.mutation.refusals import disguise, disguise_outcome, with_other_code, with_other_status
from watchword.domain.refusal import Refusal
from watchword.domain.rule import Alternative, RuleFunction


def make_mutants(function: RuleFunction) -> tuple[Mutant, ...]:
    """List the ways in which a rule can be broken, by id; the first is that it is gone."""
    found = {one.id: one for one in _mutants(function)}
    return tuple(found.values())


def _mutants(function: RuleFunction) -> Iterator[Mutant]:
    yield _mutant(function, "gone", Kind.GONE, "The rule is gone.", function.without)
    code = read_code(function.decide)
    for place in find_places(function.decide, code.names):
        for one in perturbations_of(place.annotation):
            if place.asked and one.kind is not Kind.UNSEEN:
                continue
            says = f"`{place}` {one.says}."
            yield _mutant(function, f"{place}-{one.suffix}", one.kind, says, _misled(function, place, one))
    yield from _wrong_results(function)
    for kind in find_refusals(function.decide):
        yield from _wrong_refusals(function, kind)


def _wrong_results(function: RuleFunction) -> Iterator[Mutant]:
    hints = get_type_hints(function.decide)
    returned = hints.pop("return", None)
    if function.reports:
        return
    for one in perturbations_of(returned):
        says = f"What the rule says {one.says}."
        yield _mutant(function, f"result-{one.suffix}", one.kind, says, _misheard(function, one))
    fields = {} if get_origin(returned) is Sequence else fields_of(returned)  # a list has no fields of its own
    given = next((name for name, annotation in hints.items() if annotation == returned), None)
    keywords = read_code(function.decide).keywords
    for name in fields if given else ():
        if name in keywords:
            says = f"`{name}` stays as it was."
            yield _mutant(function, f"keeps-{name}", Kind.EFFECT, says, _half_done(function, str(given), name))


def _wrong_refusals(function: RuleFunction, kind: type[Refusal]) -> Iterator[Mutant]:
    name = kind.code or kind.__name__
    for suffix, what, disguised in (
        ("status", Kind.STATUS, with_other_status(kind)),
        ("code", Kind.CODE, with_other_code(kind)),
    ):
        if disguised is not None:
            instead = str(disguised.status) if what is Kind.STATUS else disguised.code
            says = f"{name} is answered with {instead} instead of {kind.status if what is Kind.STATUS else name}."
            alternative = _disguised(function, kind, disguised)
            yield _mutant(function, f"{kind.__name__}-{suffix}", what, says, alternative)


def _mutant(function: RuleFunction, how: str, kind: Kind, says: str, alternative: Alternative) -> Mutant:
    identifier = function.rule.id
    return new_mutant(identifier, how, kind, says, {identifier: alternative})


def _misled(function: RuleFunction, place: Place, one: Perturbation) -> Alternative:
    """Let the rule decide on a false value."""
    name, *rest = place.path

    def alternative(*arguments: Any, **keywords: Any) -> Any:
        given = function.bind(arguments, keywords)
        given[name] = change_place(given[name], rest, one.change)
        return function.call(given)

    return alternative


def _misheard(function: RuleFunction, one: Perturbation) -> Alternative:
    """Let the rule decide, and say something else."""
    return _after(function, lambda outcome, _: perturb(outcome, one.change))


def _half_done(function: RuleFunction, given: str, field: str) -> Alternative:
    """Let the rule change a record, but for one field."""

    def undo(outcome: Any, arguments: dict[str, Any]) -> Any:
        before = arguments[given]
        return outcome if before is None else with_field(outcome, field, getattr(before, field))

    return _after(function, undo)


def _disguised(function: RuleFunction, kind: type[Refusal], disguised: type[Refusal]) -> Alternative:
    """Let the rule refuse, and change how that is told."""

    def alternative(*arguments: Any, **keywords: Any) -> Any:
        try:
            outcome = function.decide(*arguments, **keywords)
        except Refusal as refusal:
            raise disguise(refusal, kind, disguised) from None
        return disguise_outcome(outcome, kind, disguised)

    return alternative


def _after(function: RuleFunction, change: Callable[[Any, dict[str, Any]], Any]) -> Alternative:
    def alternative(*arguments: Any, **keywords: Any) -> Any:
        given = function.bind(arguments, keywords)
        return change(function.call(given), given)

    return alternative
