"""What Payment Run decides otherwise than its sister."""

from collections.abc import Mapping, Sequence

from watchword.domain.refusal import Violation
from watchword.domain.rule import OBSERVED, rule
from watchword.systems.weavr import access

CREATE = "weavr_payment_run.create_password"


@rule("weavr_payment_run.key.empty", OBSERVED, "Answers of the real service to an empty header.")
def missing_key(operation_id: str, headers: Mapping[str, str]) -> Sequence[Violation]:
    """To create a password with an empty `api-key` is answered 401, not 400 as everywhere else."""
    return access.missing_key(headers, empty_is_missing=operation_id != CREATE)
