"""The rules that only Payment Run has."""

from watchword.domain.rule import OBSERVED, returns, rule

CREATE = "weavr_payment_run.create_password"


@rule(
    "weavr_payment_run.key.empty",
    OBSERVED,
    "Answers of the real service to an empty header.",
    without=returns(True),  # noqa: FBT003  # the rule's answer
    compares=lambda operation_id: {"operation": operation_id},
)
def empty_key_is_missing(operation_id: str) -> bool:
    """Creating a password with an empty `api-key` is answered 401, not 400 as everywhere else."""
    return operation_id != CREATE
