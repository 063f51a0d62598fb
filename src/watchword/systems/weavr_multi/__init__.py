"""Weavr Multi API 3.63.5: passwords of the users of Consumers and Corporates."""

from watchword.domain.effect import SAVES
from watchword.systems.weavr.product import Product
from watchword.systems.weavr_multi import rules
from watchword.systems.weavr_multi.errors import missing_body
from watchword.systems.weavr_multi.handlers import Handlers, raise_requirements
from watchword.systems.weavr_multi.order import ORDERS
from watchword.systems.weavr_multi.settings import Settings

SYSTEM = Product(
    name="weavr_multi",
    title="Weavr Multi",
    settings_model=Settings,
    handlers=Handlers,
    key_scheme="api-key",
    token_scheme="auth_token",  # noqa: S106  # a name in the document
    missing_body=missing_body,
    rules=(rules,),
    orders=ORDERS,
    effects={"simulate_tokenise": SAVES, "tokenise": SAVES},
    quickstart_person="ada",
    kinds=("back-office", "consumer", "corporate"),
    raise_requirements=raise_requirements,
    makes_password_tokens=True,
).system()
