"""Weavr Multi's envelopes."""

from typing import Any

from watchword.domain.refusal import Refusal
from watchword.system import Answer
from watchword.systems.weavr import envelope
from watchword.systems.weavr.errors import UserNotFound
from watchword.systems.weavr.settings import WeavrSettings

code_of = envelope.code_of


def render(refusal: Refusal, settings: WeavrSettings) -> Answer:
    """Put *refusal* into the envelope of Weavr Multi."""
    return envelope.render(refusal, _missing, blank=settings.blank_password)


def _missing(refusal: Refusal) -> dict[str, Any]:
    """
    Make the body of 404 and 410: the page's schema has codes for tokens alone, so an unknown user has none.

    Source:
        Documented: vendor page 'Update a password', Multi API 3.63.5, responses 404 and 410.
    """
    return {} if isinstance(refusal, UserNotFound) else {"errorCode": refusal.code}
