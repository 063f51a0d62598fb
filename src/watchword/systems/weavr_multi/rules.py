"""The rules that only Weavr Multi has."""

from watchword.domain.rule import ASSUMED, DOCUMENTED, returns_argument, rule
from watchword.systems.weavr.errors import IdentityNotFound
from watchword.systems.weavr.records import Identity, User
from watchword.systems.weavr.requirements import Requirements


@rule(
    "weavr_multi.password.minimum",
    DOCUMENTED,
    "Vendor page 'Update a password', Multi API 3.63.5: '8 characters for end-users (Consumers and Corporates); 12'.",
    without=returns_argument("requirements"),
    compares=lambda user, requirements, others_minimum: {
        "end_user": user.end_user,
        "minimum": requirements.minimum,
        "others_minimum": others_minimum,
    },
)
def raise_minimum(user: User, requirements: Requirements, *, others_minimum: int) -> Requirements:
    """The password of a user who is neither a Consumer nor a Corporate needs at least 12 characters instead of 8."""
    if user.end_user:
        return requirements
    return requirements._replace(minimum=max(requirements.minimum, others_minimum))


@rule(
    "weavr_multi.lost.identity",
    ASSUMED,
    "Vendor page 'Initiate lost password', Multi API 3.63.5, 404: 'The requested resource couldn't be found'.",
    compares=lambda identity: {"identity_found": identity is not None},
)
def require_identity(identity: Identity | None) -> None:
    """A lost password of an account whose identity cannot be found is answered 404."""
    if identity is None:
        raise IdentityNotFound
