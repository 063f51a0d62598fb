"""How a system treats pages of other origins."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class CorsPolicy:
    """
    What pages of any origin may send and read.

    Args:
        methods: That a page may use.
        request_headers: That a page may send, in lower case.
        exposed: The headers of answers that a page may read.
        varies: What decides about the answer to a preflight, besides the headers of the preflight.
        preflight_headers: What the answer to every preflight has besides.
    """

    methods: frozenset[str]
    request_headers: frozenset[str]
    exposed: tuple[str, ...]
    varies: tuple[str, ...] = ()
    preflight_headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def exposing(self) -> dict[str, str]:
        """The header that names what a page may read; ``edge/cors.py`` adds our own."""
        return {"Access-Control-Expose-Headers": ", ".join(self.exposed)}
