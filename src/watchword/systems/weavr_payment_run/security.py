"""The header that Payment Run asks for before it looks anything up."""

from collections.abc import Mapping, Sequence

from watchword.document import Operation
from watchword.domain.refusal import Violation
from watchword.systems.weavr_payment_run import rules


def required_headers(operation: Operation, headers: Mapping[str, str]) -> Sequence[Violation]:
    """Find that `api-key` is absent or empty."""
    return rules.missing_key(operation.id, headers)
