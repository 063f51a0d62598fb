"""Payment Run's envelopes."""

from watchword.domain.refusal import Refusal
from watchword.system import Answer
from watchword.systems.weavr import envelope
from watchword.systems.weavr.settings import WeavrSettings

code_of = envelope.code_of


def render(refusal: Refusal, settings: WeavrSettings) -> Answer:
    """Put *refusal* into the envelope of Payment Run."""
    return envelope.render(refusal, _missing, blank=settings.blank_password)


def _missing(refusal: Refusal) -> dict[str, str]:
    """
    Make the body of 404 and 410.

    Source:
        Documented for create: vendor page 'Create a password', v1, response 404. Assumed to be the same elsewhere.
    """
    return {"code": refusal.code, "message": refusal.message}
