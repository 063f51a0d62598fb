"""ZITADEL: user service v2 and v2beta, passwords, and sessions as far as signing in goes."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from functools import lru_cache
from typing import Any

from watchword.domain.refusal import Violation
from watchword.system import Answer, Finishing, Passing, Showcase, System
from watchword.systems.zitadel import (
    access,
    errors,
    handlers,
    oidc,
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
from watchword.systems.zitadel.records import AccessToken, ClientSecret, MachineKey, Organisation, Session, User
from watchword.systems.zitadel.settings import ZitadelSettings

_UNCACHED = {"Cache-Control": "no-store", "Pragma": "no-cache"}
_GATEWAY = {
    **_UNCACHED,
    "Grpcgateway-Cache-Control": "no-store",
    "Grpcgateway-Content-Type": "application/grpc",
    "Grpcgateway-Pragma": "no-cache",
    "X-Robots-Tag": "none",
}
_BESIDE_THE_GATEWAY = ("zitadel.openid_configuration", "zitadel.token")


def finish(answer: Answer, finishing: Finishing) -> Answer:
    """Add the headers that the service's gateway sends with every answer; tokens are not given by it."""
    if finishing.operation is not None and finishing.operation.id in _BESIDE_THE_GATEWAY:
        return replace(answer, headers={**answer.headers, **_UNCACHED})
    headers = {**answer.headers, **_GATEWAY, "Expires": _http_date(finishing.clock.now().replace(microsecond=0))}
    return answer.but(body=answer.body, headers=headers)


@lru_cache(16)
def _http_date(second: datetime) -> str:
    return format_datetime(second, usegmt=True)


def decode(raw: bytes, schema: Any) -> Any:
    """Read a body: a message if the document has a *schema* of JSON for it, else a form."""
    return oidc.form(raw) if schema is None else protojson.decode(raw, schema)


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
    records=(User, Organisation, AccessToken, ClientSecret, MachineKey, Session),
    # Neither sessions nor, unless they are set to, their tokens ever end.
    passing=(Passing(Session, past="created_at", kept=10_000), Passing(AccessToken, past="issued_at", kept=10_000)),
    plant=seeding.plant,
    people=seeding.people,
    rules=(access, oidc, proofs, protojson, reset, rules, signin, templates, validation),
    decode=decode,
    finish=finish,
    showcase=Showcase(
        operation="zitadel.create_session",
        person="mini",
        body=lambda person: {
            "checks": {"user": {"loginName": person.login}, "password": {"password": person.password}}
        },
    ),
)
