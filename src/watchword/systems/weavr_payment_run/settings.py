"""The settings of Weavr Embedded Payment Run."""

from watchword.systems.weavr.settings import WeavrSettings


class Settings(WeavrSettings):
    """The settings of both products. The lifetime of password tokens is a setting of Multi, which makes them."""
