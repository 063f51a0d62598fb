"""The part of the envelopes that only Payment Run has."""

from watchword.domain.refusal import Refusal


def missing_body(refusal: Refusal) -> dict[str, str]:
    """
    Make the body of 404 and 410.

    Source:
        Documented for create: vendor page 'Create a password', v1, response 404. Assumed to be the same elsewhere.
    """
    return {"code": refusal.code, "message": refusal.message}


def login_refused_body(refusal: Refusal) -> dict[str, str]:
    """
    Make the body of a 403 at log-in.

    Source:
        Documented: the vendor's published document of the operation gives its 403 an ``errorCode``.
    """
    return {"errorCode": refusal.code}
