"""Real clients over a real socket: each changes passwords in all three ways and reads every refusal it can provoke."""

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
    """A server as a user starts it."""
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module")
def clients(served: Served) -> Iterator[Callable[[str], Client]]:
    """The clients, each begun when it is first asked for and kept as long as a program would keep it."""
    with ExitStack() as running:
        yield cache(lambda kind: running.enter_context(client(kind, served.url)))


@pytest.fixture(params=KINDS)
def speaking(request: pytest.FixtureRequest, clients: Callable[[str], Client]) -> Client:
    """Each client in turn."""
    return clients(request.param)


@pytest.fixture
def api(speaking: Client) -> ClientApi:
    """The client in a fresh sandbox."""
    return ClientApi(speaking, f"clients-{next(_numbers)}")


@pytest.fixture
def zitadel(api: ClientApi, people: People) -> Zitadel:
    """The service, in the newest package that the client has."""
    beta = isinstance(api.client, Npm) and api.client.kind == "node"
    return Zitadel(api, people, "_v2beta" if beta else "")


def signs_in(served: Served, api: ClientApi, people: People, password: str) -> bool:
    """Ask over REST whether mini has this password now."""
    mini = people["zitadel", "mini"]
    checks = {"user": {"userId": mini.id}, "password": {"password": password}}
    headers = {**mini.headers, "watchword-sandbox": api.sandbox or ""}
    return httpx.post(f"{served.url}/v2/sessions", json={"checks": checks}, headers=headers).status_code == 201


def changed(answer: Response) -> bool:
    """Whether an answer is that of a change, with all that it tells."""
    details = answer.body["details"]
    moment = datetime.fromisoformat(details["changeDate"])
    return moment.tzinfo is not None and int(details["sequence"]) > 1 and len(details["resourceOwner"]) > 10


def test_a_password_is_changed_with_the_current_one(
    served: Served, api: ClientApi, people: People, zitadel: Zitadel
) -> None:
    assert changed(zitadel.change("mini", currentPassword=MINI))
    assert signs_in(served, api, people, NEW)


def test_a_password_is_changed_with_a_code(served: Served, api: ClientApi, people: People, zitadel: Zitadel) -> None:
    assert changed(zitadel.change("mini", verificationCode=zitadel.code("mini")))
    assert signs_in(served, api, people, NEW)


def test_a_password_is_changed_by_an_administrator(
    served: Served, api: ClientApi, people: People, zitadel: Zitadel
) -> None:
    assert changed(zitadel.set_password("mini", {"newPassword": {"password": NEW}}, by="otto"))
    assert signs_in(served, api, people, NEW)


def _carries(kind: str, operation: str, case: Case) -> bool:
    """Whether a client can say what leads to an answer: those that make messages send no JSON that is none."""
    if case.name in READING:
        return False
    if kind == "npm node":  # has the older package of the user service alone
        return operation.endswith("_v2beta")
    if kind == "zitadel-client" and case.name == "AUTH-toLo1":  # makes its header itself
        return False
    return kind.startswith("grpcio") or not operation.endswith("_v2beta")


@pytest.mark.parametrize(
    ("speaking", "operation", "case"),
    [
        pytest.param(kind, operation, case, id=f"{kind} {operation} {case.status} {case.name}")
        for kind in KINDS
        for operation, case in ALL_CASES
        if _carries(kind, operation, case)
    ],
    indirect=["speaking"],
)
def test_every_answer_is_read_with_its_details(  # fixtures
    served: Served, api: ClientApi, people: People, built: Built, *, operation: str, case: Case
) -> None:
    if case.settings:
        headers = {"watchword-sandbox": api.sandbox or ""}
        settings = {"zitadel": dict(case.settings)}
        httpx.patch(f"{served.url}/__admin/settings", json=settings, headers=headers).raise_for_status()
    package = "_v2beta" if operation.endswith("_v2beta") else ""
    answer = case.way(Zitadel(api, people, package))
    assert answer.status == case.status
    if "-" in case.name:
        shape = built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.fixture
def machine(people: People, tmp_path: Path) -> dict[str, Any]:
    """The machine of the seed, with its key in a file, as the service's console gives it."""
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


@pytest.mark.parametrize("way", ["personal access token", "client credentials", "private key"])
def test_zitadel_client_signs_in_in_its_three_ways(
    served: Served, people: People, machine: dict[str, Any], way: str
) -> None:
    options = {"transport_options": TransportOptions(default_headers={"watchword-sandbox": f"ways-{next(_numbers)}"})}
    with_ = ZitadelSdk
    match way:
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
    assert changed(answer)


def test_a_token_of_one_protocol_is_good_in_another(served: Served, people: People, machine: dict[str, Any]) -> None:
    form = {"grant_type": "client_credentials", "client_id": machine["id"], "client_secret": machine["secret"]}
    sandbox = {"watchword-sandbox": f"token-{next(_numbers)}"}
    given = httpx.post(f"{served.url}/oauth/v2/token", data=form, headers=sandbox).json()["access_token"]
    with client("grpcio", served.url) as made:
        body = {"userId": people["zitadel", "mini"].id, "newPassword": {"password": NEW}}
        headers = {**sandbox, "authorization": f"Bearer {given}"}
        assert changed(made.call(METHODS["zitadel.set_password"], body, headers))
