"""Published clients over a real socket: each changes passwords with every proof, and reads every refusal it can get."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import datetime
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import httpx
import pytest
from zitadel_client.models.user_service_set_password_request import UserServiceSetPasswordRequest
from zitadel_client.transport_options import TransportOptions
from zitadel_client.zitadel import Zitadel as ZitadelSdk

from tests.conftest import People, Response
from tests.rpc.clients import KINDS, Client, ClientApi, Npm, client
from tests.rpc.conftest import MINI, NEW
from tests.rpc.wire import METHODS
from tests.serving import Served, serving
from tests.systems.zitadel.conftest import Zitadel
from tests.systems.zitadel.test_outcomes import ALL_CASES, READING, Case
from watchword.build import Built

_numbers = count(1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in its own process."""
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def clients(served: Served) -> Iterator[Callable[[str], Client]]:
    """The clients; each is started when it is first used, and stays connected until the end of the module."""
    with ExitStack() as running:
        yield cache(lambda kind: running.enter_context(client(kind, served.url)))


@pytest.fixture(params=KINDS)
def any_client(request: pytest.FixtureRequest, clients: Callable[[str], Client]) -> Client:
    """Each client in turn."""
    return clients(request.param)


@pytest.fixture
def api(any_client: Client) -> ClientApi:
    """The client in a fresh sandbox."""
    return ClientApi(any_client, f"clients-{next(_numbers)}")


@pytest.fixture
def zitadel(api: ClientApi, people: People) -> Zitadel:
    """The service in the newest package that the client supports."""
    beta = isinstance(api.client, Npm) and api.client.kind == "node"
    return Zitadel(api, people, "_v2beta" if beta else "")


def can_sign_in(served: Served, api: ClientApi, people: People, password: str) -> bool:
    """Whether mini's password is *password*, by a session over REST."""
    mini = people["zitadel", "mini"]
    checks = {"user": {"userId": mini.id}, "password": {"password": password}}
    headers = {**people["zitadel", "login"].headers, "watchword-sandbox": api.sandbox or ""}
    return httpx.post(f"{served.url}/v2/sessions", json={"checks": checks}, headers=headers).status_code == 201


def is_change(answer: Response) -> bool:
    """Whether *answer* has the details of a change."""
    details = answer.body["details"]
    moment = datetime.fromisoformat(details["changeDate"])
    return moment.tzinfo is not None and int(details["sequence"]) > 1 and len(details["resourceOwner"]) > 10


def test_a_password_is_changed_with_the_current_one(
    served: Served, api: ClientApi, people: People, zitadel: Zitadel
) -> None:
    assert is_change(zitadel.change("mini", currentPassword=MINI))
    assert can_sign_in(served, api, people, NEW)


def test_a_password_is_changed_with_a_code(served: Served, api: ClientApi, people: People, zitadel: Zitadel) -> None:
    assert is_change(zitadel.change("mini", verificationCode=zitadel.code("mini")))
    assert can_sign_in(served, api, people, NEW)


def test_a_password_is_changed_by_an_administrator(
    served: Served, api: ClientApi, people: People, zitadel: Zitadel
) -> None:
    assert is_change(zitadel.set_password("mini", {"newPassword": {"password": NEW}}, by="otto"))
    assert can_sign_in(served, api, people, NEW)


OF_SESSIONS = ("AUTHZ-EGDo3", "AUTHZ-Kl3p0", "QUERY-dsfr3", "QUERY-SFeaa")
"""Answers to the tokens of sessions, which have to be started first."""


def _can_send(kind: str, operation: str, case: Case) -> bool:
    """Whether a client can send the request of a case; clients that send messages cannot send invalid JSON."""
    if case.name in READING or case.name == "AUTH-DZG21":  # origins are checked over REST only
        return False
    if kind == "npm node":  # supports only the older package of the user service
        return operation.endswith("_v2beta") and "password" in operation and case.name not in OF_SESSIONS
    if kind == "zitadel-client" and case.name == "AUTH-toLo1":  # writes the header itself
        return False
    return kind.startswith("grpcio") or not operation.endswith("_v2beta")


@pytest.mark.parametrize(
    ("any_client", "operation", "case"),
    [
        pytest.param(kind, operation, case, id=f"{kind} {operation} {case.status} {case.name}")
        for kind in KINDS
        for operation, case in ALL_CASES
        if _can_send(kind, operation, case)
    ],
    indirect=["any_client"],
)
def test_every_answer_arrives_with_its_details(  # fixtures
    served: Served, api: ClientApi, people: People, built: Built, *, operation: str, case: Case
) -> None:
    if case.settings:
        headers = {"watchword-sandbox": api.sandbox or ""}
        settings = {"zitadel": {**case.settings, "connect": "always"}}
        httpx.patch(f"{served.url}/__admin/settings", json=settings, headers=headers).raise_for_status()
    package = "_v2beta" if operation.endswith("_v2beta") else ""
    answer = case.send(Zitadel(api, people, package))
    assert answer.status == case.status
    if "-" in case.name:
        shape = built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.fixture
def machine(people: People, tmp_path: Path) -> dict[str, Any]:
    """The seed machine, with its key in a file as the service's console exports it."""
    robot = people["zitadel", "robot"]
    key_file = tmp_path / "key.json"
    key_file.write_text(json.dumps(robot.credentials["key"]))
    return {
        "token": robot.headers["Authorization"].removeprefix("Bearer "),
        "id": robot.credentials["clientId"],
        "secret": robot.credentials["clientSecret"],
        "file": str(key_file),
        "key": robot.credentials["key"],
    }


@pytest.mark.parametrize("credential", ["personal access token", "client credentials", "private key"])
def test_zitadel_client_signs_in_with_each_of_its_credentials(
    served: Served, people: People, machine: dict[str, Any], credential: str
) -> None:
    options = {
        "transport_options": TransportOptions(default_headers={"watchword-sandbox": f"credentials-{next(_numbers)}"})
    }
    with_ = ZitadelSdk
    match credential:
        case "personal access token":
            made = with_.with_access_token(served.url, machine["token"], **options)
        case "client credentials":
            made = with_.with_client_credentials(served.url, machine["id"], machine["secret"], **options)
        case _:
            made = with_.with_private_key(served.url, machine["file"], **options)
    request = UserServiceSetPasswordRequest.from_dict(
        {"userId": people["zitadel", "mini"].id, "newPassword": {"password": NEW}}
    )
    details = made.users.set_password(request).details
    assert details is not None
    assert details.resource_owner == "69629023906488334"


def test_a_service_account_of_zitadel_node_signs_in_with_its_key(
    served: Served, people: People, machine: dict[str, Any]
) -> None:
    path = METHODS["zitadel.set_password_v2beta"]
    body = {"userId": people["zitadel", "mini"].id, "newPassword": {"password": NEW}}
    with client("npm node", served.url) as made:
        assert isinstance(made, Npm)
        answer = made.ask(path, {"path": path, "body": body, "key": machine["key"], "headers": {}})
    assert is_change(answer)


def test_a_token_from_rest_is_valid_over_grpc(served: Served, people: People, machine: dict[str, Any]) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine["id"], "client_secret": machine["secret"]}
    form["scope"] = "urn:zitadel:iam:org:project:id:zitadel:aud"
    sandbox = {"watchword-sandbox": f"token-{next(_numbers)}"}
    given = httpx.post(f"{served.url}/oauth/v2/token", data=form, headers=sandbox).json()["access_token"]
    with client("grpcio", served.url) as made:
        body = {"userId": people["zitadel", "mini"].id, "newPassword": {"password": NEW}}
        headers = {**sandbox, "authorization": f"Bearer {given}"}
        assert is_change(made.call(METHODS["zitadel.set_password"], body, headers))
