"""With a random seed everything that is drawn is repeatable, and yet no two people, sandboxes or systems share it."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.client import Api
from tests.conftest import START
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.system.seed_data import Person

Obtain = Callable[[Api, Person], str]
"""Obtains something secret for a person."""


def seeded(random_seed: int = 42) -> Built:
    return build(Options(hashing=Profile.FAST, wall_clock=lambda: START, random_seed=random_seed))


@pytest.fixture(scope="module")
def server() -> Built:
    """A server with a random seed."""
    return seeded()


def weavr_session(api: Api, person: Person) -> str:
    body = {"email": person.login, "password": {"value": person.password}}
    headers = {"api-key": person.headers["api-key"]}
    return str(api.call(f"{person.system}.login_with_password", body=body, headers=headers).body["token"])


def weavr_code(api: Api, person: Person) -> str:
    api.call("admin.change_settings", body={person.system: {"random_codes": True}})
    headers = {"api-key": person.headers["api-key"]}
    api.request("POST", "/multi/passwords/lost_password/start", json={"email": person.login}, headers=headers)
    (message,) = api.call("admin.inbox", query={"to": person.login}).body["messages"]
    return str(message["codes"][0])


def zitadel_session(api: Api, person: Person) -> str:
    body = {"checks": {"user": {"userId": person.id}}}
    return str(api.call("zitadel.create_session", body=body, headers=person.headers).body["sessionToken"])


def zitadel_code(api: Api, person: Person) -> str:
    otto = next(one for one in api.built.imitated.sandboxes.people() if (one.system, one.name) == ("zitadel", "otto"))
    answer = api.request("POST", f"/v2/users/{person.id}/password_reset", json={"returnCode": {}}, headers=otto.headers)
    return str(answer.body["verificationCode"])


def entrust_password(api: Api, person: Person) -> str:
    console = next(one for one in api.built.imitated.sandboxes.people() if one.name == "console")
    body = {"generatePassword": True, "returnPassword": True}
    path = f"/api/web/v1/users/{person.id}/passwords"
    return str(api.request("PUT", path, json=body, headers=console.headers).body["newPassword"])


CASES: Mapping[str, tuple[Obtain, str, str, str]] = {
    "a session of Weavr Multi": (weavr_session, "weavr_multi", "ada", "clara"),
    "a session of Payment Run": (weavr_session, "weavr_payment_run", "bruno", "dinah"),
    "a code of Weavr": (weavr_code, "weavr_multi", "ada", "clara"),
    "a session of ZITADEL": (zitadel_session, "zitadel", "mini", "otto"),
    "a code of ZITADEL": (zitadel_code, "zitadel", "mini", "cora"),
    "a generated password of Entrust": (entrust_password, "entrust", "ben", "carla"),
}


@pytest.mark.parametrize(("obtain", "system", "one", "other"), CASES.values(), ids=CASES)
def test_what_people_and_sandboxes_get_first_differs_and_is_repeatable(
    server: Built, obtain: Obtain, system: str, one: str, other: str
) -> None:
    people = {person.name: person for person in server.imitated.sandboxes.people() if person.system == system}

    def first(sandbox: str, name: str, built: Built = server) -> Any:
        with asyncio.Runner() as runner:
            api = Api(built, runner, sandbox)
            api.call("admin.reset")
            return obtain(api, people[name])

    found = [first("one", one), first("one", other), first("two", one)]
    assert len(set(found)) == 3
    assert first("one", one) == found[0]
    assert first("one", one, seeded()) == found[0]
    assert first("one", one, seeded(43)) != found[0]


def test_the_tokens_of_two_systems_differ(server: Built) -> None:
    people = {(person.system, person.name): person for person in server.imitated.sandboxes.people()}
    with asyncio.Runner() as runner:
        api = Api(server, runner, "systems")
        first = weavr_session(api, people["weavr_multi", "ada"])
        assert first != weavr_session(api, people["weavr_payment_run", "bruno"])
