"""
What the document says of every answer, asked with requests that the document allows.

Schemathesis draws the requests from the strict form of the document and judges the answers; who calls, and in whose
place, the subject says.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

import orjson

from watchword.contract.comparison import tell
from watchword.contract.driver import Ability, NoAnswer, Reply, Request, TargetFailed
from watchword.contract.examination import NO_TIME, Examination, TimeLeft, always
from watchword.contract.finding import Finding, fingerprint_of
from watchword.contract.in_step import advance
from watchword.contract.lane import Lane
from watchword.contract.obstacles import lacking
from watchword.contract.oracle import Oracle
from watchword.contract.steps import Call
from watchword.contract.subject import Caller
from watchword.contract.values import Unknown
from watchword.document import Operation
from watchword.domain.rule import Grade

if TYPE_CHECKING:
    from schemathesis import Case

    AnyCase = Case[Any]

_JSON = "application/json"
_SENTENCES: Mapping[str, tuple[str, str]] = {
    "ServerError": ("status", "The server does not fail."),
    "UndefinedStatusCode": ("status", "An answer has a status that the document names."),
    "UndefinedContentType": ("header content-type", "An answer has a media type that the document names."),
    "MissingContentType": ("header content-type", "An answer with a body says what it is."),
    "MalformedMediaType": ("header content-type", "The media type of an answer can be read."),
    "MissingHeaders": ("headers", "An answer has the headers that the document requires."),
    "MalformedJson": ("body", "JSON can be read."),
    "ContentDeserializationError": ("body", "A body can be read as what its media type says."),
    "DiscriminatorMismatch": ("body", "A body is of a kind that the document describes."),
    "JsonSchemaError": ("body", "An answer has the shape that the document describes."),
}
"""By the class of a failure, the worst first: where it shows, and what would be right."""
_OTHER = "answer", "An answer is as the document describes it."


@dataclass(frozen=True)
class _Probe:
    """An operation, and what a request to it has besides what is drawn."""

    operation: Operation
    caller: Caller

    def call(self, case: "AnyCase") -> Call:
        """Make the call of a case: with the caller's credentials, and the caller's own place in the path."""
        path = {name: self.caller.path.get(name, value) for name, value in (case.path_parameters or {}).items()}
        headers = {name.lower(): value for name, value in (case.headers or {}).items()}
        own = {name.lower(): value for name, value in self.caller.headers.items()}
        body = dict(case.body) if isinstance(case.body, Mapping) else None
        says = f"{self.caller.role} calls {self.operation.id.partition('.')[2]} as the document allows"
        return Call(says, self.operation.id, path, dict(case.query or {}), {**headers, **own}, body)


@dataclass(frozen=True)
class _Wrong:
    """
    What is wrong with an answer.

    Args:
        place: As in a finding, but for where *inside* of it that is.
        sentence: What would be right.
        marks: What else tells it from other wrongs at this place.
        should: What should have come, in words.
    """

    place: str
    inside: str
    was: str
    sentence: str
    marks: tuple[str, ...]
    should: str = "as the document says"


def ask_by_document(examination: Examination, *, requests: int, random_seed: int, time_left: TimeLeft = always) -> None:
    """
    Send requests that the document allows to every operation, and judge the answers by it.

    Args:
        requests: How many for each operation.
        time_left: Whether another operation may begin.

    Raises:
        TargetFailed: The server cannot be reached, or a hook does not work.
    """
    oracle, caller = examination.oracle, examination.oracle.subject.caller
    examination.unasked = find_obstacle(examination) if requests else "--document-requests 0"
    if examination.unasked or caller is None:
        return
    before, missing = examination.requests, ""
    try:
        for identifier, drawn in _drawn(examination.stand_in).items():
            operation = oracle.operations[identifier]
            if examination.is_absent(identifier.partition(".")[2]):
                continue
            if not time_left():
                examination.unasked = NO_TIME
                return
            missing = _ask(examination, _Probe(operation, caller), drawn.as_strategy, requests, random_seed) or missing
    finally:
        examination.tell_held_back()
    if examination.requests == before:
        examination.unasked = missing


def ask_again(examination: Examination, calls: Sequence[Call]) -> str:
    """
    Make calls, and judge the answer to the last by the document.

    Returns:
        What is wrong with it; empty for nothing.

    Raises:
        Unknown: A value in a call is not known here.
        TargetFailed: The server cannot be reached, or a hook does not work.
    """
    *before, last = calls
    lane = _enter(examination, before)
    request = lane.prepare(last)
    case = _drawn(examination.stand_in)[last.operation].Case()
    failure = _failure(case, request, _as_vendor(examination, lane.driver.send(request)))
    return "" if failure is None else str(getattr(failure, "title", failure))


def _drawn(oracle: Oracle) -> Mapping[str, Any]:
    """Read the operations as Schemathesis sees them, by their ids."""
    from schemathesis import openapi  # noqa: PLC0415  # only this phase needs it
    from schemathesis.config import SchemathesisConfig  # noqa: PLC0415

    # Otherwise it would take a file of its own from the folder in which somebody runs us.
    document = openapi.from_dict(oracle.closed_document(), config=SchemathesisConfig())
    found = [one.ok() for one in document.get_all_operations()]  # type: ignore[union-attr]  # our own document is right
    return {str(one.definition.raw.get("operationId")): one for one in found}


def find_obstacle(examination: Examination) -> str:
    """Say why nothing can be asked about the document here; empty if something can."""
    caller = examination.oracle.subject.caller
    if caller is None:
        return "no caller"
    if find_spec("schemathesis") is None:
        return "no Schemathesis: pip install 'watchword[document]'"
    if caller.role not in examination.target.personas:
        return f"nobody plays {caller.role}"
    if Ability.RESET not in examination.target.abilities:
        # What scenarios have changed, such as a password, is no longer what the bindings say.
        return lacking(Ability.RESET).reason
    return ""


def _ask(examination: Examination, probe: _Probe, strategy: Callable[..., Any], requests: int, random_seed: int) -> str:
    """
    Ask one operation; every way in which its answers are wrong is found once.

    Returns:
        Why requests could not be sent, or were not answered; empty if all were.

    Raises:
        TargetFailed: The server is gone.
    """
    from hypothesis import HealthCheck, Phase, given, seed, settings  # noqa: PLC0415
    from schemathesis import GenerationMode  # noqa: PLC0415

    lost: list[tuple[TargetFailed, Call]] = []  # Hypothesis would try again what raises
    missing = ""
    try:
        lane = _enter(examination, probe.caller.steps)
    except TargetFailed as error:
        examination.lose(error, None)
        return str(error)
    if probe.caller.steps:
        examination.settle()  # these were answered

    @seed(random_seed)
    @settings(
        max_examples=requests,
        deadline=None,
        database=None,
        print_blob=False,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(case=strategy(generation_mode=GenerationMode.POSITIVE))
    def ask(case: "AnyCase") -> None:
        nonlocal missing
        if lost or not _can_be_sent(case):
            return
        call = probe.call(case)
        try:
            request = lane.prepare(call)
            reply = lane.driver.send(request)
        except Unknown as unknown:
            missing = f"{unknown} is not known"  # the caller has nothing of that kind here
            return
        except TargetFailed as error:
            lost.append((error, call))
            return
        reply = _as_vendor(examination, reply)
        examination.note(call, reply)
        failure = _failure(case, request, reply)
        if failure is not None:
            examination.find_or_hold_back(_finding(examination, probe, call, failure, reply), reply.status)

    ask()
    for failed, call in lost:
        examination.lose(failed, _unanswered(examination, probe, call) if isinstance(failed, NoAnswer) else None)
        missing = missing or str(failed)
    return missing


def _as_vendor(examination: Examination, reply: Reply) -> Reply:
    """Give an answer without what somebody lives with."""
    return examination.own_ways.read(reply, tell(examination.oracle.system, reply))


def _can_be_sent(case: "AnyCase") -> bool:
    """Whether the body is an object in JSON, without numbers of more than 64 bits, or none."""
    if case.media_type != _JSON:
        return case.media_type is None
    try:
        orjson.dumps(case.body)
    except TypeError:
        return False
    return isinstance(case.body, Mapping)


def _enter(examination: Examination, calls: Sequence[Call]) -> Lane:
    examination.target.begin()
    lane = Lane(examination.target, examination.oracle.operations)
    for call in calls:
        advance(lane, call)
    return lane


def _failure(case: "AnyCase", request: Request, reply: Reply) -> Exception | None:
    """Judge an answer, as Schemathesis does; gives the worst that is wrong with it."""
    import requests  # noqa: PLC0415  # comes with it
    from schemathesis import Response, checks  # noqa: PLC0415
    from schemathesis.core.failures import FailureGroup  # noqa: PLC0415
    from schemathesis.specs.openapi import checks as openapi_checks  # noqa: PLC0415

    sent = requests.Request(request.method, f"http://localhost{request.path}").prepare()
    headers = {name: [value] for name, value in reply.headers.items()}
    try:
        case.validate_response(
            Response(reply.status, headers, reply.content, sent, 0.0, verify=True),
            checks=[
                checks.not_a_server_error,
                openapi_checks.status_code_conformance,
                openapi_checks.content_type_conformance,
                openapi_checks.response_headers_conformance,
                openapi_checks.response_schema_conformance,
            ],
        )
    except FailureGroup as found:
        by_name = {type(one).__name__: one for one in reversed(found.exceptions)}
        return next((by_name[name] for name in _SENTENCES if name in by_name), found.exceptions[0])
    return None


def _finding(examination: Examination, probe: _Probe, call: Call, failure: Exception, reply: Reply) -> Finding:
    """Say what is wrong, without a value of the answer: it may be somebody's."""
    kind = type(failure).__name__
    place, sentence = _SENTENCES.get(kind, _OTHER)
    inside = "".join(f"/{step if isinstance(step, str) else '*'}" for step in getattr(failure, "instance_path", ()))
    keyword = next((one for one in reversed(list(getattr(failure, "schema_path", ()))) if isinstance(one, str)), "")
    was = f"{reply.status}, {str(getattr(failure, 'title', kind)).lower()}{f' ({keyword})' if keyword else ''}"
    return _make_finding(examination, probe, call, _Wrong(place, inside, was, sentence, (kind, keyword)))


def _unanswered(examination: Examination, probe: _Probe, call: Call) -> Finding:
    wrong = _Wrong("answer", "", "none", "A request is answered.", (), should="an answer")
    return _make_finding(examination, probe, call, wrong)


def _make_finding(examination: Examination, probe: _Probe, call: Call, wrong: _Wrong) -> Finding:
    oracle, operation = examination.oracle, probe.operation
    steps = (*probe.caller.steps, call)
    gained = [frozenset(getattr(step, "keeps", ())) for step in steps]
    identifier = f"{operation.id}/{wrong.place.replace(' ', '-')}"
    is_form = wrong.place not in ("status", "answer")
    where = () if is_form else (operation.id, identifier)
    place, sentence = f"{wrong.place}{wrong.inside}", wrong.sentence
    fingerprint = fingerprint_of(oracle.system.name, *where, place, *wrong.marks)
    return Finding(
        "document",
        "A request that the document allows.",
        operation.id,
        identifier,
        Grade.DOCUMENTED,
        f"{operation.method} {operation.path}: {sentence[:1].lower()}{sentence[1:]}",
        "The document",
        place,
        wrong.was,
        wrong.should,
        tuple(step.says for step in steps),
        examination.replay(steps, gained),
        fingerprint,
        is_form=is_form,
        rules=frozenset({identifier}),
        fingerprints=frozenset({fingerprint}),
        played=steps,
    )
