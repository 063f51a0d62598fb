"""Every documented answer of the operations on users and settings, over every protocol that can have it."""

import pytest

from tests.conftest import Api, People, SettingsOf
from tests.rpc.test_outcomes import over_each_protocol
from tests.rpc.wire import RpcApi
from tests.systems.zitadel.test_outcomes import Case
from tests.systems.zitadel.test_user_outcomes import ALL_CASES, zitadel_for


@pytest.mark.parametrize(("operation", "case", "protocol"), list(over_each_protocol(ALL_CASES)))
def test_the_answer_is_the_example_of_the_document(
    api: Api, people: People, settings: SettingsOf, *, operation: str, case: Case, protocol: str
) -> None:
    settings.patch("zitadel", case.settings)
    answer = case.send(zitadel_for(operation, RpcApi(api, protocol), people))
    assert answer.status == case.status
    if "-" in case.name:
        shape = api.built.imitated.document.operations[operation].responses[str(case.status)]
        assert answer.body == shape.examples[case.name]
