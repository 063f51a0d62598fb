"""The headers of a request as text."""

from collections.abc import Mapping

from starlette.types import Scope


class Texts(dict[bytes, str]):
    """
    Names and values of headers that clients have sent, as text.

    Clients send the same ones with every request, and the journal keeps a thousand requests. This way all of them have
    the same texts, which is less to keep and quicker to make. When there are too many, it begins anew.

    Attributes:
        most: How many it remembers.
        longest: So many bytes a text has that it remembers.
    """

    most, longest = 4_096, 256

    def __missing__(self, raw: bytes) -> str:
        text = raw.decode("latin-1")
        if len(raw) <= self.longest:
            if len(self) >= self.most:
                self.clear()
            self[raw] = text
        return text


_texts = Texts()


def read_headers(scope: Scope) -> Mapping[str, str]:
    """Read headers by lower-case name; the values of a repeated one are joined by commas."""
    headers = {_texts[name]: _texts[value] for name, value in scope["headers"]}
    if len(headers) == len(scope["headers"]):
        return headers
    headers.clear()
    for raw, value in scope["headers"]:
        name, text = _texts[raw], _texts[value]
        headers[name] = f"{headers[name]},{text}" if name in headers else text
    return headers
