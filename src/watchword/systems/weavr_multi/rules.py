"""What Weavr Multi decides otherwise than its sister."""

from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.systems.weavr.errors import IdentityNotFound
from watchword.systems.weavr.passwords import Requirements
from watchword.systems.weavr.records import Identity, User


@rule(
    "weavr_multi.password.minimum",
    DOCUMENTED,
    "Vendor page 'Update a password', Multi API 3.63.5: '8 characters for end-users (Consumers and Corporates); 12'.",
)
def requirements_of(user: User, requirements: Requirements, *, others_minimum: int) -> Requirements:
    """Whoever is neither a Consumer nor a Corporate needs 12 characters at least instead of 8."""
    if user.end_user:
        return requirements
    return requirements._replace(minimum=max(requirements.minimum, others_minimum))


@rule(
    "weavr_multi.lost.identity",
    ASSUMED,
    "Vendor page 'Initiate lost password', Multi API 3.63.5, 404: 'The requested resource couldn't be found'.",
)
def identity_found(identity: Identity | None) -> None:
    """A lost password of an account whose identity cannot be found is answered 404."""
    if identity is None:
        raise IdentityNotFound
