"""ZITADEL: user service v2 and v2beta, passwords, and sessions as far as signing in goes."""

from collections.abc import Sequence
from dataclasses import replace
from email.utils import format_datetime

from watchword.domain.refusal import Violation
from watchword.system import Answer, Finishing, Passing, Showcase, System
from watchword.systems.zitadel import (
    access,
    errors,
    handlers,
    proofs,
    protojson,
    reset,
    rules,
    security,
    seeding,
    signin,
    templates,
    validation,
)
from watchword.systems.zitadel.records import AccessToken, Organisation, Session, User
from watchword.systems.zitadel.settings import ZitadelSettings

_ALWAYS = {
    "Cache-Control": "no-store",
    "Pragma": "no-cache",
    "Grpcgateway-Cache-Control": "no-store",
    "Grpcgateway-Content-Type": "application/grpc",
    "Grpcgateway-Pragma": "no-cache",
    "X-Robots-Tag": "none",
}


def finish(answer: Answer, finishing: Finishing) -> Answer:
    """Add the headers that the service's gateway sends with every answer."""
    expires = format_datetime(finishing.now, usegmt=True)
    return replace(answer, headers={**answer.headers, **_ALWAYS, "Expires": expires})


def left_to_rules(_violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Judge nothing by the document: types are judged by decoding, lengths by validation, both for every face."""
    return (), ()


SYSTEM = System(
    name="zitadel",
    title="ZITADEL",
    settings=ZitadelSettings,
    handlers=handlers,
    verifiers={"accessToken": security.access_token},
    render=errors.render,
    code_of=errors.code_of,
    triage=left_to_rules,
    records=(User, Organisation, AccessToken, Session),
    # Neither sessions nor, unless they are set to, their tokens ever end.
    passing=(Passing(Session, past="created_at", kept=10_000), Passing(AccessToken, past="issued_at", kept=10_000)),
    plant=seeding.plant,
    people=seeding.people,
    rules=(access, proofs, protojson, reset, rules, signin, templates, validation),
    decode=protojson.decode,
    finish=finish,
    showcase=Showcase(
        operation="zitadel.create_session",
        person="mini",
        body=lambda person: {
            "checks": {"user": {"loginName": person.login}, "password": {"password": person.password}}
        },
    ),
)
