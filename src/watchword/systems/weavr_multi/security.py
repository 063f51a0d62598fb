"""The header that Weavr Multi asks for before it looks anything up."""

from collections.abc import Mapping, Sequence

from watchword.document import Operation
from watchword.domain.refusal import Violation
from watchword.systems.weavr import access


def required_headers(operation: Operation, headers: Mapping[str, str]) -> Sequence[Violation]:
    """Find that `api-key` is absent or empty; the tokeniser needs none."""
    return access.missing_key(headers) if operation.security else ()
