"""A client per product."""

import pytest

from tests.conftest import Api, Inbox, People, SettingsOf
from tests.systems.weavr.products import Product, Weavr


@pytest.fixture
def weavr(product: Product, api: Api, people: People, inbox: Inbox, settings: SettingsOf) -> Weavr:
    """The product that the test is run with."""
    return Weavr(product, api, people, inbox, settings)
