"""Weavr Embedded Payment Run API v1: passwords of the users of buyers."""

from watchword.domain.effect import SAVES
from watchword.systems.weavr.product import Product
from watchword.systems.weavr_payment_run import idempotency, rules
from watchword.systems.weavr_payment_run.errors import login_refused_body, missing_body
from watchword.systems.weavr_payment_run.handlers import Handlers
from watchword.systems.weavr_payment_run.order import ORDERS
from watchword.systems.weavr_payment_run.settings import Settings

SYSTEM = Product(
    name="weavr_payment_run",
    title="Weavr Embedded Payment Run",
    settings_model=Settings,
    handlers=Handlers,
    key_scheme="apiKey",
    token_scheme="authToken",  # noqa: S106  # a name in the document
    missing_body=missing_body,
    login_refused_body=login_refused_body,
    rules=(rules, idempotency),
    orders=ORDERS,
    effects={"validate_invite": SAVES},
    quickstart_person="bruno",
    kinds=("administrator", "buyer"),
    empty_key_is_missing=rules.empty_key_is_missing,
).system()
