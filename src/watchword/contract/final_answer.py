"""The answer to a request, behind the interim ones before it."""

from http import HTTPStatus
from http.client import HTTPResponse

_INTERIM = range(100, 200)


class FinalAnswer(HTTPResponse):
    """
    An answer that is not an interim one (RFC 9110, section 15.2): those are about the connection.

    The standard library skips 100 only; it takes any other for the answer, and the answer for that of the next request.
    """

    def begin(self) -> None:
        """Read the head."""
        super().begin()
        while self.status in _INTERIM and self.status != HTTPStatus.SWITCHING_PROTOCOLS:
            self.headers = None  # type: ignore[assignment]  # so that the next head is read, from the same buffer
            super().begin()
