"""What a service user proves itself with: a signed assertion, or its secret in a header."""

from datetime import timedelta

from watchword.contract.values import ClientTime, Kept, Made, Of, Template

ISSUER = "the issuer"
_FRESH, _LASTS = timedelta(minutes=-1), timedelta(minutes=30)
"""Clients sign with their own clocks, which may differ from the server's."""


def assertion(role: str, what: str = "a good assertion", **claims: Template) -> Made:
    """
    Make the assertion of a service user (RFC 7523), for a server that has said what its issuer is.

    Args:
        what: It is, in words.
        claims: Replace the right ones; None leaves one out.
    """
    right = {
        "iss": Of(role, "id"),
        "sub": Of(role, "id"),
        "aud": Kept(ISSUER),
        "iat": ClientTime(_FRESH),
        "exp": ClientTime(_LASTS),
    }
    return Made(f"{what} of {role}", "signed", {"key": Of(role, "key_file"), "claims": {**right, **claims}})


def basic(role: str, *, secret: Template = None) -> Made:
    """Make the header with which a client names itself; *secret* replaces its own."""
    given = Of(role, "secret") if secret is None else secret
    what = f"the header of {role}" if secret is None else f"a header of {role} with another secret"
    return Made(what, "basic", {"id": Of(role, "client"), "secret": given})
