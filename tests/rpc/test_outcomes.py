"""Every documented answer of ZITADEL, over every protocol that can have it."""

from collections.abc import Iterator, Sequence
from typing import Any

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.outcomes import called
from tests.rpc.wire import METHODS, PROTOCOLS, RpcApi
from tests.systems.zitadel.conftest import Zitadel
from tests.systems.zitadel.test_outcomes import ALL_CASES, READING, Case

LOGGED_AS = {"connect-json": "connect", "connect-proto": "connect", "grpc-web-text": "grpc-web"}
"""The name in the log of a protocol that has several forms."""
NEWER = ("v4.2", "v4.6")
"""Releases that do not read gRPC-Web in its text form."""


def _can_arrive(case: Case, protocol: str) -> bool:
    if case.name in READING and protocol != "connect-json":
        return False  # only a JSON body can be invalid JSON
    if case.name == "AUTH-DZG21":
        return False  # origins are checked over REST only
    return protocol != "grpc-web-text" or case.settings.get("zitadel_profile") not in NEWER


def over_each_protocol(cases: Sequence[tuple[str, Case]]) -> Iterator[Any]:
    """Pair the cases of operations with every protocol that can have them."""
    for operation, case in cases:
        for protocol in PROTOCOLS:
            if _can_arrive(case, protocol):
                mark = called(operation, case.status, case.name, LOGGED_AS.get(protocol, protocol))
                name = f"{operation} {case.status} {case.name} {protocol}"
                yield pytest.param(operation, case, protocol, id=name, marks=mark)


@pytest.mark.parametrize(("operation", "case", "protocol"), list(over_each_protocol(ALL_CASES)))
def test_the_answer_is_the_example_of_the_document(
    api: Api, people: People, settings: SettingsOf, *, operation: str, case: Case, protocol: str
) -> None:
    settings.patch("zitadel", {**case.settings, "connect": "always"})
    package = "_v2beta" if operation.endswith("_v2beta") else ""
    answer = case.send(Zitadel(RpcApi(api, protocol), people, package))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.mark.parametrize(
    ("operation", "protocol"),
    [
        pytest.param(one, protocol, marks=called(one, 401, "UNAUTHENTICATED", LOGGED_AS.get(protocol, protocol)))
        for one in METHODS
        for protocol in PROTOCOLS
    ],
)
def test_a_call_without_a_token_is_refused(api: Api, operation: str, protocol: str) -> None:
    answer = RpcApi(api, protocol).rpc(METHODS[operation], {})
    assert answer.body == {"code": 16, "message": "auth header missing"}


@pytest.mark.parametrize(
    ("operation", "protocol"),
    [
        pytest.param(one, protocol, marks=called(one, 429, "RESOURCE_EXHAUSTED", LOGGED_AS.get(protocol, protocol)))
        for one in METHODS
        for protocol in PROTOCOLS
    ],
)
def test_a_rate_limit_refuses_calls(api: Api, settings: SettingsOf, operation: str, protocol: str) -> None:
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    client = RpcApi(api, protocol)
    assert client.rpc(METHODS[operation], {}).status == 401
    answer = client.rpc(METHODS[operation], {})
    assert (answer.status, answer.body["code"]) == (429, 8)
