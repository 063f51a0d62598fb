"""What clients read with the makers' own messages, whose numbers and names are not ours, is what REST answers."""

from collections.abc import Iterator
from itertools import count
from typing import Any

import httpx
import pytest

from tests.conftest import People
from tests.rpc.clients import Client, client
from tests.rpc.wire import METHODS
from tests.serving import Served, serving
from tests.systems.zitadel.users import ACME, FORTRESS
from watchword.systems.zitadel.settings import Profile

KINDS = ("npm grpc", "npm grpc-web", "npm connect", "npm connect-proto")
METHOD = "TEXT_QUERY_METHOD_ENDS_WITH_IGNORE_CASE"
SEARCHES: tuple[Any, ...] = (
    {},
    {"query": {"limit": 4, "offset": "1", "asc": True}, "sortingColumn": "USER_FIELD_NAME_USER_NAME"},
    {"queries": [{"loginNameQuery": {"loginName": "@MOUSE.example", "method": METHOD}}]},
    {"queries": [{"stateQuery": {"state": "USER_STATE_LOCKED"}}]},
    {"queries": [{"typeQuery": {"type": "TYPE_MACHINE"}}]},
    {"queries": [{"organizationIdQuery": {"organizationId": FORTRESS}}]},
    {
        "queries": [
            {
                "orQuery": {
                    "queries": [
                        {"emailQuery": {"emailAddress": "mini@mouse.example"}},
                        {"notQuery": {"query": {"displayNameQuery": {"displayName": "o", "method": METHOD}}}},
                    ]
                }
            }
        ]
    },
)
SETTINGS = {
    "login": "login",
    "password_complexity": "password/complexity",
    "password_expiry": "password/expiry",
    "domain": "domain",
    "lockout": "lockout",
}
NEWER_THAN_THE_CLIENTS = "allowLocalAuthentication"
"""A field that the messages of the clients do not have yet."""
_numbers = count(1)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    """A server in its own process."""
    with serving(tmp_path_factory.mktemp("served")) as running:
        yield running


@pytest.fixture(scope="module", params=KINDS)
def reader(request: pytest.FixtureRequest, served: Served) -> Iterator[Client]:
    """Each client that has messages of its own."""
    with client(request.param, served.url) as made:
        yield made


class Both:
    """A sandbox whose clock stands still, over REST and through a client."""

    def __init__(self, served: Served, reader: Client, headers: dict[str, str]) -> None:
        self._reader = reader
        self._headers = {**headers, "watchword-sandbox": f"messages-{next(_numbers)}"}
        self._rest = httpx.Client(base_url=served.url, headers=self._headers)

    def close(self) -> None:
        """Close the connection."""
        self._rest.close()

    def prepare(self, profile: str) -> None:
        """Become a release, with a clock that stands still."""
        settings = {"zitadel": {"zitadel_profile": profile, "connect": "always"}}
        self._rest.patch("/__admin/settings", json=settings).raise_for_status()
        self._rest.put("/__admin/clock", json={"action": "freeze"}).raise_for_status()

    def rest(self, method: str, url: str, body: Any = None) -> Any:
        """Read over REST."""
        return self._rest.request(method, url, json=body).json()

    def call(self, operation: str, body: Any) -> Any:
        """Call through the client."""
        return self._reader.call(METHODS[f"zitadel.{operation}"], body, self._headers).body


@pytest.fixture(params=[Profile.V2_65, Profile.V4_6])
def both(request: pytest.FixtureRequest, served: Served, reader: Client, people: People) -> Iterator[Both]:
    """Both ways to a sandbox, for an owner of the instance."""
    made = Both(served, reader, dict(people["zitadel", "iris"].headers))
    made.prepare(request.param)
    yield made
    made.close()


def test_lists_of_users(both: Both) -> None:
    for search in SEARCHES:
        answer = both.rest("POST", "/v2/users", search)
        assert both.call("list_users", search) == answer
        assert answer["result"]


def test_users(both: Both, people: People) -> None:
    for person in people.values():
        if person.system == "zitadel":
            assert both.call("get_user", {"userId": person.id}) == both.rest("GET", f"/v2/users/{person.id}")


def test_settings(both: Both) -> None:
    assert both.call("get_general_settings", {}) == both.rest("GET", "/v2/settings")
    for name, path in SETTINGS.items():
        for query, context in (
            ("", {}),
            ("?ctx.instance=true", {"ctx": {"instance": True}}),
            (f"?ctx.orgId={ACME}", {"ctx": {"orgId": ACME}}),
            (f"?ctx.orgId={FORTRESS}", {"ctx": {"orgId": FORTRESS}}),
        ):
            answer = both.rest("GET", f"/v2/settings/{path}{query}")
            answer["settings"].pop(NEWER_THAN_THE_CLIENTS, None)
            assert both.call(f"get_{name}_settings", context) == answer


def test_states(both: Both, people: People) -> None:
    user_id = people["zitadel", "mini"].id
    for verb, state in (("lock", "LOCKED"), ("unlock", "ACTIVE"), ("deactivate", "INACTIVE"), ("reactivate", "ACTIVE")):
        changed = both.call(f"{verb}_user", {"userId": user_id})
        user = both.rest("GET", f"/v2/users/{user_id}")["user"]
        assert user["state"] == f"USER_STATE_{state}"
        assert changed["details"]["changeDate"] == user["details"]["changeDate"]
    assert both.call("delete_user", {"userId": user_id})["details"]
    assert both.rest("GET", f"/v2/users/{user_id}")["code"] == 5
