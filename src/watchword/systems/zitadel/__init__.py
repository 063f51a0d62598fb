"""ZITADEL: user service v2 and v2beta, passwords, and sessions as far as signing in goes."""

from collections.abc import Sequence
from typing import Any

from watchword.domain.refusal import Violation
from watchword.store import Retention
from watchword.system import Quickstart, System
from watchword.systems.zitadel import (
    access,
    envelope,
    handlers,
    headers,
    oidc,
    proofs,
    protojson,
    reset,
    rules,
    security,
    seed_data,
    signin,
    templates,
    validation,
)
from watchword.systems.zitadel.records import AccessToken, Session
from watchword.systems.zitadel.settings import ZitadelSettings


def decode(raw: bytes, schema: Any) -> Any:
    """Read a body: a message if the document has a *schema* of JSON for it, else a form."""
    return oidc.form(raw) if schema is None else protojson.decode(raw, schema)


def left_to_rules(_violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Judge nothing by the document: types are judged by decoding, lengths by validation, for every protocol alike."""
    return (), ()


SYSTEM = System(
    name="zitadel",
    title="ZITADEL",
    settings=ZitadelSettings,
    handlers=handlers,
    verifiers={"accessToken": security.access_token},
    render=envelope.render,
    code_of=envelope.code_of,
    triage=left_to_rules,
    # Neither sessions nor, unless they are set to, their tokens ever end.
    retention=(
        Retention(Session, expires="created_at", keep_newest=10_000),
        Retention(AccessToken, expires="issued_at", keep_newest=10_000),
    ),
    write_seed_data=seed_data.write_seed_data,
    people=seed_data.people,
    rules=(access, oidc, proofs, protojson, reset, rules, signin, templates, validation),
    decode=decode,
    complete=headers.complete,
    quickstart=Quickstart(
        operation="zitadel.create_session",
        person="mini",
        body=lambda person: {
            "checks": {"user": {"loginName": person.login}, "password": {"password": person.password}}
        },
    ),
)
