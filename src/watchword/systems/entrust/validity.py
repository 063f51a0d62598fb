"""From when to when a password holds."""

from datetime import datetime, timedelta

from watchword.domain.rule import ASSUMED, DOCUMENTED, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import Password, User
from watchword.systems.entrust.settings import PasswordSettings, Settings
from watchword.systems.entrust.timestamps import later

_PAGE = "vendor page 'Set a user password', Administration API"


@rule("entrust.password.expiry-in-future", ASSUMED, "a password that has expired already would be of no use")
def future_expiry(parms: UserPasswordParms, settings: Settings, *, now: datetime) -> None:
    """An expiryTime lies in the future, unless a setting allows others."""
    refused = settings.past_expiry_times_refused
    if refused and parms.expiry_time is not None and parms.expiry_time <= now:
        raise errors.ExpiryTimeInPast(now)


@rule("entrust.password.expiry", DOCUMENTED, f"{_PAGE}, expiryTime; vendor help pages: Lifetime Days")
def expiry(parms: UserPasswordParms, policy: PasswordSettings, *, now: datetime) -> datetime | None:
    """A password expires at expiryTime, else after lifetimeDays; if they are 0, never."""
    if parms.expiry_time is not None:
        return parms.expiry_time
    return later(now, timedelta(days=policy.lifetime_days)) if policy.lifetime_days else None


@rule(
    "entrust.password.expiry-notification",
    ASSUMED,
    f"{_PAGE}, expiryNotificationDate; how long before is assumed",
)
def expiry_notification(password: Password, settings: Settings, *, now: datetime) -> datetime | None:
    """The next notification lies some days before the expiry; there is none once that moment is over."""
    notice = timedelta(days=settings.expiry_notification_days)
    if password.expires_at is None or password.expires_at - now <= notice:
        return None
    return password.expires_at - notice


@rule(
    "entrust.password.force-update",
    DOCUMENTED,
    f"{_PAGE}, forceUpdate; that it is false if left out is assumed",
)
def forced(parms: UserPasswordParms) -> bool:
    """A new password must be changed at its next use if forceUpdate says so."""
    return bool(parms.force_update)


@rule(
    "entrust.password.minimum-lifetime",
    ASSUMED,
    "vendor help page 'Modify password authenticator settings', Minimum Lifetime, speaks of users only",
)
def old_enough(user: User, settings: Settings, *, now: datetime) -> None:
    """A password may not be changed before minimumLifetime days are over."""
    if user.password is None or not settings.minimum_lifetime_for_administrators:
        return
    earliest = later(user.password.changed_at, timedelta(days=settings.password.minimum_lifetime))
    if now < earliest:
        raise errors.PasswordMinimumLifetime(earliest)
