"""What may be set for Weavr Multi."""

from datetime import timedelta

from pydantic import Field

from watchword.systems.weavr.settings import WeavrSettings


class Settings(WeavrSettings):
    """What both products have, the longer passwords of those who are no end users, and the tokeniser."""

    others_minimum: int = Field(
        default=12, ge=1, le=100, description="Least number of characters for who is neither Consumer nor Corporate."
    )
    password_token_lifetime: timedelta = Field(
        default=timedelta(minutes=30), gt=timedelta(0), description="How long a tokenised password is good (assumed)."
    )
