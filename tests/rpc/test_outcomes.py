"""Every documented answer of ZITADEL, over every protocol that can carry it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.outcomes import called
from tests.rpc.wire import METHODS, PROTOCOLS, RpcApi
from tests.systems.zitadel.conftest import Zitadel
from tests.systems.zitadel.test_outcomes import ALL_CASES, READING, Case

SPOKEN = {"connect-json": "connect", "connect-proto": "connect", "grpc-web-text": "grpc-web"}
"""What the log calls a protocol in several forms."""


def _cases() -> Iterator[Any]:
    for operation, case in ALL_CASES:
        for protocol in PROTOCOLS:
            if case.name in READING and protocol != "connect-json":
                continue  # what is no JSON can be said in JSON alone
            yield pytest.param(
                operation,
                case,
                protocol,
                id=f"{operation} {case.status} {case.name} {protocol}",
                marks=called(operation, case.status, case.name, SPOKEN.get(protocol, protocol)),
            )


@pytest.mark.parametrize(("operation", "case", "protocol"), list(_cases()))
def test_the_answer_is_reached_and_means_what_the_documents_example_says(
    api: Api, people: People, settings: SettingsOf, *, operation: str, case: Case, protocol: str
) -> None:
    settings.patch("zitadel", case.settings)
    package = "_v2beta" if operation.endswith("_v2beta") else ""
    answer = case.way(Zitadel(RpcApi(api, protocol), people, package))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]


@pytest.mark.parametrize(
    ("operation", "protocol"),
    [
        pytest.param(one, protocol, marks=called(one, 401, "UNAUTHENTICATED", SPOKEN.get(protocol, protocol)))
        for one in METHODS
        for protocol in PROTOCOLS
    ],
)
def test_without_a_token_nobody_comes_in(api: Api, operation: str, protocol: str) -> None:
    answer = RpcApi(api, protocol).rpc(METHODS[operation], {})
    assert answer.body == {"code": 16, "message": "auth header missing"}


@pytest.mark.parametrize(
    ("operation", "protocol"),
    [
        pytest.param(one, protocol, marks=called(one, 429, "RESOURCE_EXHAUSTED", SPOKEN.get(protocol, protocol)))
        for one in METHODS
        for protocol in PROTOCOLS
    ],
)
def test_a_limit_can_be_set(api: Api, settings: SettingsOf, operation: str, protocol: str) -> None:
    settings.patch("zitadel", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    client = RpcApi(api, protocol)
    assert client.rpc(METHODS[operation], {}).status == 401
    answer = client.rpc(METHODS[operation], {})
    assert (answer.status, answer.body["code"]) == (429, 8)
