"""What may be set for Weavr Embedded Payment Run."""

from watchword.systems.weavr.settings import WeavrSettings


class Settings(WeavrSettings):
    """What both products have. How long tokenised passwords are good is a setting of Multi, which mints them."""
