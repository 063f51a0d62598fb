"""How long a password is valid, and when it may be changed."""

from datetime import datetime, timedelta

from watchword.domain.rule import ASSUMED, DOCUMENTED, returns, rule
from watchword.systems.entrust import errors
from watchword.systems.entrust.parms import UserPasswordParms
from watchword.systems.entrust.records import Password, User
from watchword.systems.entrust.settings import PasswordSettings, Settings
from watchword.systems.entrust.timestamps import add_duration

_PAGE = "vendor page 'Set a user password', Administration API"


@rule(
    "entrust.password.expiry-in-future",
    ASSUMED,
    "a password that has expired already would be of no use",
    compares=lambda parms, settings, now: {
        "expiryTime": parms.expiry_time,
        "now": now,
        "refused": settings.past_expiry_times_refused,
    },
)
def require_future_expiry(parms: UserPasswordParms, settings: Settings, *, now: datetime) -> None:
    """An expiryTime must be in the future, unless a setting allows past ones."""
    refused = settings.past_expiry_times_refused
    if refused and parms.expiry_time is not None and parms.expiry_time <= now:
        raise errors.ExpiryTimeInPast(now)


@rule(
    "entrust.password.expiry",
    DOCUMENTED,
    f"{_PAGE}, expiryTime; vendor help pages: Lifetime Days",
    without=returns(None),
    compares=lambda parms, policy, now: {
        "expiryTime": parms.expiry_time,
        "lifetimeDays": policy.lifetime_days,
        "now": now,
    },
)
def compute_expiry(parms: UserPasswordParms, policy: PasswordSettings, *, now: datetime) -> datetime | None:
    """A password expires at expiryTime, else after lifetimeDays; with lifetimeDays 0 it never expires."""
    if parms.expiry_time is not None:
        return parms.expiry_time
    return add_duration(now, timedelta(days=policy.lifetime_days)) if policy.lifetime_days else None


@rule(
    "entrust.password.expiry-notification",
    ASSUMED,
    f"{_PAGE}, expiryNotificationDate; how long before is assumed",
    without=returns(None),
    compares=lambda password, settings, now: {
        "expires_at": password.expires_at,
        "days_before": settings.expiry_notification_days,
        "now": now,
    },
)
def compute_notification(password: Password, settings: Settings, *, now: datetime) -> datetime | None:
    """The user is notified some days before the expiry; a notification date in the past is not shown."""
    notice = timedelta(days=settings.expiry_notification_days)
    if password.expires_at is None or password.expires_at - now <= notice:
        return None
    return password.expires_at - notice


@rule(
    "entrust.password.force-update",
    DOCUMENTED,
    f"{_PAGE}, forceUpdate; that it is false if left out is assumed",
    without=returns(value=False),
    compares=lambda parms: {"forceUpdate": parms.force_update},
)
def force_update(parms: UserPasswordParms) -> bool:
    """A new password must be changed at its next use if forceUpdate is true."""
    return bool(parms.force_update)


@rule(
    "entrust.password.minimum-lifetime",
    ASSUMED,
    "vendor help page 'Modify password authenticator settings', Minimum Lifetime, speaks of users only",
    compares=lambda user, settings, now: {
        "changed_at": user.password and user.password.changed_at,
        "minimum_days": settings.password.minimum_lifetime,
        "now": now,
        "applies": settings.minimum_lifetime_for_administrators,
    },
)
def require_minimum_age(user: User, settings: Settings, *, now: datetime) -> None:
    """A password may not be changed in its first minimumLifetime days."""
    earliest = find_earliest_change(user, settings)
    if earliest is not None and now < earliest:
        raise errors.PasswordMinimumLifetime(earliest)


def find_earliest_change(user: User, settings: Settings) -> datetime | None:
    """Find the moment from which on the password of *user* may be changed; None for any moment."""
    if user.password is None or not settings.minimum_lifetime_for_administrators:
        return None
    return add_duration(user.password.changed_at, timedelta(days=settings.password.minimum_lifetime))
