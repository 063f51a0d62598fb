"""What tests of the protocols share."""

import pytest

from tests.conftest import Api, People
from tests.rpc.wire import PROTOCOLS, RpcApi

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
