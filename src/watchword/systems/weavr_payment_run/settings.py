"""The settings of Weavr Embedded Payment Run."""

from datetime import timedelta

from pydantic import Field

from watchword.system.settings import Duration
from watchword.systems.weavr.settings import WeavrSettings


class Settings(WeavrSettings):
    """The settings of both products. The lifetime of password tokens is a setting of Multi, which makes them."""

    idempotency_lifetime: Duration = Field(
        default=timedelta(hours=24), gt=timedelta(0), description="How long the answer to an idempotency-ref is kept."
    )
