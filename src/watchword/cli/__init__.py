"""The command line: ``watchword serve``, ``people``, ``rules``, ``export openapi``."""

from watchword.cli.main import cli

__all__ = ["cli"]
