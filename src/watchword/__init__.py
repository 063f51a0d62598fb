"""A stand-in for the password APIs of Weavr, ZITADEL and Entrust."""

__all__ = ["__version__"]

__version__: str


def __getattr__(name: str) -> str:
    """Read the version when somebody asks for it: every run of pytest imports this package."""
    if name != "__version__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib.metadata import PackageNotFoundError, version  # noqa: PLC0415  # slow

    try:
        return version("watchword")
    except PackageNotFoundError:  # run from a source tree without an installation
        return "0+source"
