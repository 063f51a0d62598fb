"""After hundreds of hostile requests: the server uses no more memory, and its data has not changed."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from tests.hostile.conftest import Victim
from tests.hostile.targets import JSON, TARGETS, Sender
from tests.hostile.test_json import BODIES, LITERALS
from tests.hostile.wire import Reply, whole

MAX_GROWTH = 24 * 1024 * 1024
"""In bytes: a tenth of what hundreds of requests of up to a megabyte would take if they stayed in memory."""
CANNOT_SIGN_IN = frozenset(("no-password", "expired", "locked", "inactive", "machine", "tokenised", "no-permission"))
Person = Mapping[str, Any]


def _attack(victim: Victim, sender: Sender) -> int:
    requests = [sender.request(target, target.body(row.content)) for target in TARGETS for row in LITERALS.values()]
    requests += [sender.request(target, spoil(target.body())) for target in TARGETS for spoil, _ in BODIES.values()]
    for request in requests:
        victim.ask(request)
    return len(requests)


def test_hostile_requests_do_not_increase_memory(victim: Victim, sender: Sender) -> None:
    _attack(victim, sender)
    before = victim.served.resident()
    assert _attack(victim, sender) > 300
    assert victim.served.resident() - before < MAX_GROWTH


def _log_in(path: str) -> Callable[[Person], tuple[str, Any]]:
    return lambda person: (path, {"email": person["login"], "password": {"value": person["password"]}})


def _session(person: Person) -> tuple[str, Any]:
    checks = {"user": {"loginName": person["login"]}, "password": {"password": person["password"]}}
    return "/v2/sessions", {"checks": checks}


def _validate(person: Person) -> tuple[str, Any]:
    return f"/api/web/v1/users/{person['id']}/password/validate", {"password": person["password"]}


SIGN_IN: Mapping[str, tuple[Callable[[Person], tuple[str, Any]], Callable[[Reply], bool]]] = {
    "weavr_multi": (_log_in("/login_with_password"), lambda reply: reply.status == 200),
    "weavr_payment_run": (_log_in("/v1/login_with_password"), lambda reply: reply.status == 200),
    "zitadel": (_session, lambda reply: reply.status == 201),
    # Entrust has no sign-in here; but only the person's own password is in the history.
    "entrust": (_validate, lambda reply: reply.json["passwordHistory"] is False),
}


def test_hostile_requests_change_no_password(victim: Victim, sender: Sender) -> None:
    _attack(victim, sender)
    people: list[Person] = victim.ask(whole("GET", "/__admin/people")).json["people"]
    signed_in = set()
    for person in people:
        if not CANNOT_SIGN_IN.isdisjoint(person["situations"]):
            continue
        request, succeeded = SIGN_IN[person["system"]]
        path, body = request(person)
        reply = victim.ask(whole("POST", path, [*person["headers"].items(), JSON], orjson.dumps(body)))
        assert succeeded(reply), person["name"]
        signed_in.add(person["system"])
    assert signed_in == set(SIGN_IN)


def test_hostile_requests_send_no_mail_and_change_no_setting(victim: Victim, sender: Sender) -> None:
    _attack(victim, sender)
    assert victim.ask(whole("GET", "/__admin/inbox")).json["messages"] == []
    fresh = victim.ask(whole("GET", "/~untouched/__admin/settings")).json
    assert victim.ask(whole("GET", "/__admin/settings")).json == fresh
