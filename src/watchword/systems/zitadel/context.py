"""What the operations of every service take from a call, and what their answers have in common."""

from datetime import datetime

from watchword.system import Call
from watchword.systems.zitadel.access import Caller
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
