"""A stand-in for the password APIs of Weavr, ZITADEL and Entrust."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("watchword")
except PackageNotFoundError:  # run from a source tree without an installation
    __version__ = "0+source"

__all__ = ["__version__"]
