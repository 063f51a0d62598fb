"""What decided an answer: a rule, a place in the document, a security scheme, a setting or a fault."""

from collections.abc import Mapping
from http import HTTPStatus

from watchword.document import Operation
from watchword.document.references import pointer_step
from watchword.domain.refusal import (
    InternalFailure,
    Maintenance,
    Malformed,
    NotAcceptable,
    NotStored,
    Refusal,
    TooLarge,
    TooManyRequests,
    TooSlow,
    Unanswerable,
    Unauthorized,
    UnknownPath,
    UnsupportedMediaType,
    Violation,
    WrongMethod,
)
from watchword.domain.rule import AskedRule, Verdict
from watchword.edge.availability import FAILING
from watchword.edge.exchange import Exchange
from watchword.journal.entry import Decider, Decision
from watchword.journal.masking import show_name
from watchword.system import Answer

_UNNAMED = "document"
_SETTINGS: Mapping[type[Refusal], str] = {
    NotStored: "--data",  # before the more general one
    Maintenance: "maintenance",
    TooManyRequests: "rate_limits",
    TooLarge: "--max-body",
    TooSlow: "--body-timeout",
}
_ADMISSION = (HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN)
"""What the control API answers whom it does not let in."""


def decide(exchange: Exchange, answer: Answer) -> Decision | None:
    """
    Find what decided *answer*.

    Returns:
        None if nothing was refused: every check held, or there was none; and if somebody else's server has answered.
    """
    if exchange.forwarded:
        return None
    found = exchange.interference
    if found is not None and found.decides:
        return Decision(Decider.FAULT, exchange.fault)
    if exchange.from_document or (found is not None and found.cut is not None):
        return Decision(Decider.FAULT, "Prefer")
    asked = [] if exchange.record is None else exchange.record.asked
    refusal = exchange.refusal
    if refusal is None:
        return _decide_unrefused(exchange, asked, answer)
    rule = _refusing_rule(asked, refusal)
    if rule is not None:
        return Decision(Decider.RULE, rule.rule.id)
    return _decide_without_rule(exchange, refusal, asked)


def refused_by(asked: AskedRule, refusal: Refusal) -> bool:
    """Whether this rule gave *refusal*, or reported what it lists."""
    said = asked.said
    if said is refusal or getattr(said, "refusal", None) is refusal:
        return True
    return isinstance(refusal, Malformed) and isinstance(said, Violation) and said in refusal.violations


def _refusing_rule(asked: list[AskedRule], refusal: Refusal) -> AskedRule | None:
    return next((one for one in reversed(asked) if refused_by(one, refusal)), None)


def _decide_unrefused(exchange: Exchange, asked: list[AskedRule], answer: Answer) -> Decision | None:
    """A handler may answer that something is wrong without refusing it; then the last check that said so decided."""
    if answer.status >= HTTPStatus.BAD_REQUEST:
        spoke = [one for one in asked if one.verdict is not Verdict.HELD]
        checks = _checks_of(exchange)
        last = next((one for one in reversed(spoke) if one.rule.id in checks), spoke[-1] if spoke else None)
        return None if last is None else Decision(Decider.RULE, last.rule.id)
    if exchange.operation is not None and exchange.operation.id not in exchange.api.handlers:
        return Decision(Decider.SCHEMA, f"{place_of(exchange.operation)}/responses/{answer.status}")
    return None


def _checks_of(exchange: Exchange) -> frozenset[str]:
    """List the rules that can refuse the operation: others compute what it answers."""
    operation, system = exchange.operation, exchange.system
    name = "" if operation is None else operation.id.partition(".")[2]
    orders = () if system is None else system.orders
    return frozenset(step.rule for order in orders if order.operation == name for step in order.steps)


def _decide_without_rule(exchange: Exchange, refusal: Refusal, asked: list[AskedRule]) -> Decision:
    operation = exchange.operation
    setting = _setting_of(refusal)
    if setting:
        name = "server" if exchange.system is None else exchange.system.name
        return Decision(Decider.SETTING, setting if setting.startswith("--") else f"{name}.{setting}")
    match refusal:
        case Malformed(violations=(first, *_)):
            return Decision(Decider.SCHEMA, _place_of_violation(operation, first))
        case UnsupportedMediaType():
            return Decision(Decider.SCHEMA, f"{place_of(operation)}/requestBody/content")
        case NotAcceptable() | Unanswerable():
            return Decision(Decider.SCHEMA, f"{place_of(operation)}/responses")
        case UnknownPath() | WrongMethod():
            return Decision(Decider.SCHEMA, "paths")
        case _ if exchange.api.controls and refusal.status in _ADMISSION:
            return Decision(Decider.SETTING, "--admin-token")
        case Unauthorized():
            schemes = [scheme for one in (operation.security if operation else ()) for scheme in one]
            return Decision(Decider.SECURITY, ", ".join(dict.fromkeys(schemes)) or _UNNAMED)
    # Several rules may report what is wrong, and one refusal then lists it.
    reported = next((one for one in reversed(asked) if one.verdict is Verdict.REFUSED), None)
    if reported is not None:
        return Decision(Decider.RULE, reported.rule.id)
    return Decision(Decider.SCHEMA, place_of(operation))


def _setting_of(refusal: Refusal) -> str:
    """Name the setting of the system, or the flag of the server, that refused; empty if neither did."""
    if isinstance(refusal, InternalFailure):
        return "failing" if refusal.reference == FAILING else ""
    return next((name for kind, name in _SETTINGS.items() if isinstance(refusal, kind)), "")


def place_of(operation: Operation | None) -> str:
    """Give the JSON pointer of an operation, without its leading slash."""
    if operation is None:
        return _UNNAMED
    return f"paths/{pointer_step(operation.path)}/{operation.method.lower()}"


def _place_of_violation(operation: Operation | None, violation: Violation) -> str:
    """Give a JSON pointer to what a *violation* is about: the body and the field in it, or a parameter."""
    names = [pointer_step(one) for one in public_names(violation)]
    if violation.where == "body":
        return "/".join((place_of(operation), "requestBody", *names, violation.kind))
    return "/".join((place_of(operation), "parameters", violation.where, *names, violation.kind))


def public_names(violation: Violation) -> list[str]:
    """Give the path of a *violation*, with a star for names that the client chose and that are no words."""
    return [show_name(name) if place in violation.chosen else name for place, name in enumerate(violation.path)]
