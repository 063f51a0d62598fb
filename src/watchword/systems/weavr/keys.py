"""The api-key of a request, and the programme that it belongs to."""

from collections.abc import Mapping

from watchword.domain.refusal import Refusal, Unauthorized, Violation
from watchword.domain.rule import ASSUMED, DOCUMENTED, OBSERVED, rule
from watchword.systems.weavr.errors import Forbidden
from watchword.systems.weavr.records import Programme
from watchword.systems.weavr.settings import ProgrammeSettings

KEY_HEADER = "api-key"
_KEY_HINT = "is required: the secret key of the programme"
_MISSPELT_KEY = "is required; this request has api_key, but the header is called api-key"
_UNKNOWN_KEY = "The api-key is not the key of any programme of this product."


@rule(
    "weavr.key.required",
    OBSERVED,
    "Answers of the real service to calls without the header.",
    compares=lambda headers, empty_is_missing: {
        "present": KEY_HEADER in headers,
        "empty": headers.get(KEY_HEADER) == "",
        "empty_is_missing": empty_is_missing,
    },
    because=lambda headers: (
        "The header api-key is empty."
        if KEY_HEADER in headers
        else "The header is called api-key, not api_key."
        if "api_key" in headers
        else "The header api-key is missing."
    ),
    reports=True,
)
def find_missing_key(headers: Mapping[str, str], *, empty_is_missing: bool = True) -> Violation | None:
    """
    A missing or empty `api-key` is answered 400 with REQUIRED, together with all other violations.

    Args:
        headers: By lower-case name.
        empty_is_missing: False where an empty key is looked up like any other.
    """
    key = headers.get(KEY_HEADER)
    if key or (key is not None and not empty_is_missing):
        return None
    return Violation("header", (KEY_HEADER,), "required", None, _MISSPELT_KEY if "api_key" in headers else _KEY_HINT)


def _accept_any_product(programme: Programme | None, *, product: str) -> Programme:  # noqa: ARG001  # as the rule's
    """Accept a key of the other product; an unknown key still names no programme to act for."""
    if programme is None:
        raise Unauthorized(_UNKNOWN_KEY)
    return programme


@rule(
    "weavr.key.known",
    DOCUMENTED,
    "Vendor page 'Create a password', 401: 'credentials or access token are invalid'.",
    without=_accept_any_product,
    compares=lambda programme, product: {
        "product_of_the_key": programme.product if programme else None,
        "product": product,
    },
    because=lambda programme, product: (
        "No programme has this api-key."
        if programme is None
        else f"The api-key is that of a programme of {programme.product}, and this is {product}."
    ),
)
def require_programme(programme: Programme | None, *, product: str) -> Programme:
    """A key that belongs to no programme of this product is answered 401."""
    if programme is None or programme.product != product:
        raise Unauthorized(_UNKNOWN_KEY)
    return programme


@rule(
    "weavr.programme.suspended",
    ASSUMED,
    "Gives the 403 of the pages a cause; the vendor can switch programmes off.",
    compares=lambda settings: {"suspended": settings.suspended},
)
def refuse_suspended(settings: ProgrammeSettings, *, refusal: type[Refusal] = Forbidden) -> None:
    """Every call with the key of a suspended programme is answered 403."""
    if settings.suspended:
        raise refusal("The programme is suspended: its key is known, but no call is allowed.")
