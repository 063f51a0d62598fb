"""A client per product, and requests that succeed."""

from collections.abc import Callable

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.systems.weavr.faults import Prepare, attempt
from tests.systems.weavr.products import Product, Weavr
from watchword.sandbox import Sandbox


@pytest.fixture
def weavr(product: Product, api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """The product that the test is run with."""
    return Weavr(product, api, people, inbox, settings)


@pytest.fixture
def prepare(weavr: Weavr, sandbox: Callable[[], Sandbox], clock: ManualClock) -> Prepare:
    """Prepare a request that succeeds until a fault is added."""
    return lambda operation: attempt(weavr, sandbox(), clock, operation)
