"""ZITADEL: passwords in user service v2 and v2beta, and sessions as far as signing in goes."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from watchword.domain.refusal import Violation
from watchword.domain.rule import verify
from watchword.store import Retention
from watchword.system import Quickstart, System
from watchword.systems.zitadel import (
    access,
    assertions,
    cors,
    envelope,
    events,
    gateway,
    handlers,
    headers,
    oidc,
    permissions,
    proofs,
    protojson,
    query_string,
    reset,
    rules,
    security,
    seed_data,
    sessions,
    settings_operations,
    signin,
    states,
    templates,
    token_form,
    user_operations,
    user_queries,
    validation,
)
from watchword.systems.zitadel.effects import EFFECTS
from watchword.systems.zitadel.failures import ArmedFailure
from watchword.systems.zitadel.order import ORDERS
from watchword.systems.zitadel.people import ZitadelRoster
from watchword.systems.zitadel.records import AccessToken, Session
from watchword.systems.zitadel.settings import ZitadelSettings

verify(json.loads((Path(__file__).parent / "verified.json").read_text(encoding="utf-8")))


def decode(raw: bytes, schema: Any) -> Any:
    """
    Decode a body: as a message in JSON, or else not at all, because only the content type says what a form is.

    Args:
        schema: Of JSON in the document; None for an operation without one.
    """
    return raw if schema is None else protojson.decode(raw, schema)


def leave_to_rules(_violations: Sequence[Violation]) -> tuple[Sequence[Violation], Sequence[Violation]]:
    """Answer no violation of the document: rules check types and lengths, because they do so for every protocol."""
    return (), ()


SYSTEM = System(
    name="zitadel",
    title="ZITADEL",
    settings_model=ZitadelSettings,
    handlers=handlers,
    verifiers={"accessToken": security.access_token},
    render=envelope.render,
    code_of=envelope.code_of,
    person_of=security.person_of,
    owners={"accessToken": security.owner_of},
    subject_of=security.subject_of,
    fail_rpc=ArmedFailure,
    triage=leave_to_rules,
    # Sessions never expire, and by default their tokens do not either.
    retention=(
        Retention(Session, expires="created_at", keep_newest=10_000),
        Retention(AccessToken, expires="issued_at", keep_newest=10_000),
    ),
    write_seed_data=seed_data.write_seed_data,
    roster=ZitadelRoster(),
    rules=(
        access,
        assertions,
        events,
        gateway,
        oidc,
        permissions,
        proofs,
        protojson,
        query_string,
        reset,
        rules,
        sessions,
        settings_operations,
        signin,
        states,
        templates,
        token_form,
        user_operations,
        user_queries,
        validation,
    ),
    orders=ORDERS,
    effects=EFFECTS,
    decode=decode,
    read_query=query_string.read_query,
    complete=headers.complete,
    cors=cors.policy,
    admit=gateway.admit,
    empty_last_segment=True,
    resembles=gateway.resembles,
    reroute=gateway.reroute,
    quickstart=Quickstart(
        operation="zitadel.create_session",
        person="login",
        body=lambda _person: {
            "checks": {"user": {"loginName": "mini@mouse.example"}, "password": {"password": "V3ryS3cure!"}}
        },
    ),
)
