"""The fixtures of the protocols' tests."""

import pytest

from tests.certificate import certificate
from tests.conftest import Api, People
from tests.rpc.wire import PROTOCOLS, RpcApi
from tests.systems.zitadel.conftest import virtual_runner, virtual_time

__all__ = ["certificate", "virtual_runner", "virtual_time"]

SET_PASSWORD = "/zitadel.user.v2.UserService/SetPassword"
NEW = "Fr3shly-Ch0sen!"
MINI = "V3ryS3cure!"


@pytest.fixture(params=PROTOCOLS)
def rpc(request: pytest.FixtureRequest, api: Api) -> RpcApi:
    """A client of each protocol in turn."""
    return RpcApi(api, request.param)


@pytest.fixture
def token(people: People) -> dict[str, str]:
    """Mini's token."""
    return dict(people["zitadel", "mini"].headers)
