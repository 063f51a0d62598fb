"""The document: bundled, changed by overlays, checked, and compiled at the start."""

from watchword.document.document import Document
from watchword.document.errors import DocumentError
from watchword.document.loading import load, load_stages
from watchword.document.operations import Operation

__all__ = ["Document", "DocumentError", "Operation", "load", "load_stages"]
