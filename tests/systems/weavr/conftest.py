"""A client per product, and requests that succeed."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, SettingsOf
from tests.systems.weavr.faults import Prepare, attempt
from tests.systems.weavr.products import Product, Weavr
from watchword.sandbox import Sandbox
from watchword.systems.weavr.records import User


@pytest.fixture
def weavr(product: Product, api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """The product that the test is run with."""
    return Weavr(product, api, people, inbox, settings)


@pytest.fixture
def prepare(weavr: Weavr, sandbox: Callable[[], Sandbox], clock: ManualClock) -> Prepare:
    """Prepare a request that succeeds until a fault is added."""
    return lambda operation: attempt(weavr, sandbox(), clock, operation)


@pytest.fixture
def share_address(weavr: Weavr, sandbox: Callable[[], Sandbox]) -> None:
    """Give the head the address of the invited user, as only the vendor's own calls can."""
    tx = sandbox().store.transaction()
    head = tx.get(User, weavr.person("head").id)
    assert head is not None
    tx.put(replace(head, email=weavr.person("invited").login))
    assert tx.commit()
