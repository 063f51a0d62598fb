"""The document: loaded, bundled, overlaid, and everything derived from it at start."""

from watchword.document.document import Document, DocumentError, load
from watchword.document.operations import Operation

__all__ = ["Document", "DocumentError", "Operation", "load"]
