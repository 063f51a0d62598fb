"""The error of a document that cannot be used."""


class DocumentError(Exception):
    """The document cannot be used; the message says where and why."""
