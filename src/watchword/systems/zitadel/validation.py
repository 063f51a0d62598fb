"""The constraints of messages, checked for every protocol."""

from collections.abc import Mapping
from typing import Any

from watchword.domain.rule import DOCUMENTED, rule
from watchword.systems.zitadel.errors import Invalid
from watchword.systems.zitadel.messages import Message


@rule(
    "zitadel.validate.first",
    DOCUMENTED,
    "vendor page 'Change password': lengths; texts: protoc-gen-validate",
    compares=lambda message: {"message": message.short_name},
)
def validate(message: Message, body: Mapping[str, Any]) -> None:
    """
    Lengths are checked once the caller is known, in characters, field by field, and only the first error is reported.

    Raises:
        Invalid: It names the field and the constraint.
    """
    reason = message.find_violation(body)
    if reason is not None:
        raise Invalid(reason)
