"""What the operations of every service take from a call, and what their answers have in common."""

from datetime import datetime

from watchword.domain.hashing import Candidate
from watchword.domain.secret import Secret
from watchword.system import Call
from watchword.systems.zitadel.access import Caller
from watchword.systems.zitadel.proofs import EffectivePolicies
from watchword.systems.zitadel.records import ComplexityPolicy, Organisation, User
from watchword.systems.zitadel.settings import ZitadelSettings


def caller_of(call: Call) -> Caller:
    """Find who calls."""
    caller = call.callers["accessToken"]
    assert isinstance(caller, Caller)  # noqa: S101  # what our verifier returns
    return caller


def settings_of(call: Call) -> ZitadelSettings:
    """Find the settings of the sandbox."""
    settings = call.settings
    assert isinstance(settings, ZitadelSettings)  # noqa: S101  # what our system declares
    return settings


def details_of(sequence: int, moment: datetime, owner: str) -> dict[str, str]:
    """Make the details of an object, or of a change to it."""
    return {"sequence": str(sequence), "changeDate": timestamp(moment), "resourceOwner": owner}


def timestamp(moment: datetime) -> str:
    """Write *moment*, with no, three or six decimals."""
    fraction = (
        "seconds" if moment.microsecond == 0 else "milliseconds" if moment.microsecond % 1000 == 0 else "microseconds"
    )
    return f"{moment.replace(tzinfo=None).isoformat(timespec=fraction)}Z"


def policies_of(call: Call, user: User | None) -> EffectivePolicies:
    """Find the policies that apply to *user*; those of the instance without one."""
    settings = settings_of(call)
    organisation = call.tx.get(Organisation, user.organisation) if user else None
    attempts = organisation.max_password_attempts if organisation else None
    return EffectivePolicies(
        effective_complexity(organisation, settings),
        settings.lockout.max_password_attempts if attempts is None else attempts,
        settings.zitadel_profile,
        hash_limit=settings.hash_limit,
    )


def effective_complexity(organisation: Organisation | None, settings: ZitadelSettings) -> ComplexityPolicy:
    """Find the password policy of an organisation, which may be the instance's."""
    own = organisation.complexity if organisation else None
    return own or ComplexityPolicy(**settings.complexity.model_dump())


def candidate_of(call: Call, password: str) -> Candidate:
    """Make something to compare with hashes."""
    return call.hasher.candidate(Secret(password))
