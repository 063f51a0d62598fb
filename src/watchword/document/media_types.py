"""Media types: their essence, and which of them are JSON."""

JSON = "application/json"


def essence(media_type: str) -> str:
    """Give *media_type* in lower case and without its parameters."""
    return media_type.partition(";")[0].strip().lower()


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (``application/json``, ``…+json``)."""
    plain = essence(media_type)
    return plain == JSON or plain.endswith("+json")
