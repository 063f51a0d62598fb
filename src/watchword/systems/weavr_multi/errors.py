"""The part of the envelopes that only Weavr Multi has."""

from watchword.domain.refusal import Refusal
from watchword.systems.weavr.errors import UserNotFound


def missing_body(refusal: Refusal) -> dict[str, str]:
    """
    Make the body of 404 and 410: the page's schema has codes only for tokens, so an unknown user has none.

    Source:
        Documented: vendor page 'Update a password', Multi API 3.63.5, responses 404 and 410.
    """
    return {} if isinstance(refusal, UserNotFound) else {"errorCode": refusal.code}
