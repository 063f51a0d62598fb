"""The settings of Weavr Multi."""

from datetime import timedelta

from pydantic import Field

from watchword.system.settings import Duration
from watchword.systems.weavr.settings import WeavrSettings


class Settings(WeavrSettings):
    """The settings of both products, the longer passwords of users who are not end users, and the tokeniser."""

    others_minimum: int = Field(
        default=12,
        ge=1,
        le=100,
        description="Minimum number of characters for a user who is neither a Consumer nor a Corporate.",
    )
    password_token_lifetime: Duration = Field(
        default=timedelta(minutes=30), gt=timedelta(0), description="How long a tokenised password is valid (assumed)."
    )
