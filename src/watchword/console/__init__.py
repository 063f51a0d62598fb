"""The window: what a test or a person may do to a sandbox, as pages for a browser."""

from watchword.console.admission import Doorkeeper
from watchword.console.console import Console

__all__ = ["Console", "Doorkeeper"]
