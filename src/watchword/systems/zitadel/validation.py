"""Messages by the rules of their description, for every face alike."""

from collections.abc import Mapping
from typing import Any

from watchword.domain.rule import DOCUMENTED, rule
from watchword.systems.zitadel.errors import Invalid
from watchword.systems.zitadel.messages import Message


@rule("zitadel.validate.first", DOCUMENTED, "vendor page 'Change password': lengths; texts: protoc-gen-validate")
def validate(message: Message, body: Mapping[str, Any]) -> None:
    """
    Lengths are judged once the caller is known, in characters, field by field, and only the first is told.

    Raises:
        Invalid: With the field and what would be right.
    """
    reason = message.violation(body)
    if reason is not None:
        raise Invalid(reason)
