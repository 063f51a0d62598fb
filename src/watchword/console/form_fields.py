"""The fields of a form as a browser sends it, with or without files."""

from io import BytesIO
from urllib.parse import parse_qsl

from python_multipart.multipart import Field, File, parse_form

from watchword.document.media_types import MULTIPART

_MOST_FIELDS = 1_000


def read_fields(body: bytes, content_type: str) -> dict[str, str]:
    """Read the fields, the last of each name; a file is its text. A form that cannot be read has none."""
    if content_type.partition(";")[0].strip().lower() == MULTIPART:
        return _parts(body, content_type)
    text = body.decode("utf-8", "replace")
    return dict(parse_qsl(text, keep_blank_values=True, max_num_fields=_MOST_FIELDS))


def _parts(body: bytes, content_type: str) -> dict[str, str]:
    found: dict[str, str] = {}

    def add(name: bytes | None, value: bytes) -> None:
        found[(name or b"").decode("utf-8", "replace")] = value.decode("utf-8", "replace")

    def on_file(one: File) -> None:
        one.file_object.seek(0)
        add(one.field_name, one.file_object.read())
        one.close()

    def on_field(one: Field) -> None:
        add(one.field_name, one.value or b"")

    try:
        parse_form({"Content-Type": content_type.encode("latin-1", "replace")}, BytesIO(body), on_field, on_file)
    except ValueError:
        return {}
    return found
