"""Every documented answer of the operations on users and settings, over every protocol that can have it."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.outcomes import called
from tests.rpc.test_outcomes import LOGGED_AS
from tests.rpc.wire import PROTOCOLS, RpcApi
from tests.systems.zitadel.test_outcomes import READING, Case
from tests.systems.zitadel.test_user_outcomes import ALL_CASES, zitadel_for


def _cases() -> Iterator[Any]:
    for operation, case in ALL_CASES:
        for protocol in PROTOCOLS:
            if case.name in READING and protocol != "connect-json":
                continue  # only a JSON body can be invalid JSON
            yield pytest.param(
                operation,
                case,
                protocol,
                id=f"{operation} {case.status} {case.name} {protocol}",
                marks=called(operation, case.status, case.name, LOGGED_AS.get(protocol, protocol)),
            )


@pytest.mark.parametrize(("operation", "case", "protocol"), list(_cases()))
def test_the_answer_is_the_example_of_the_document(
    api: Api, people: People, settings: SettingsOf, *, operation: str, case: Case, protocol: str
) -> None:
    settings.patch("zitadel", case.settings)
    answer = case.send(zitadel_for(operation, RpcApi(api, protocol), people))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]
