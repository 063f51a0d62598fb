"""Whether a system is available in a sandbox: maintenance, failures and rate limits are settings."""

from watchword.domain.refusal import InternalFailure, Maintenance
from watchword.domain.tokens import digest
from watchword.edge.exchange import Exchange

FAILING = "setting-failing"
"""The reference of a failure that a setting asked for."""


def check_availability(exchange: Exchange) -> None:
    """
    Refuse a request if the settings say so.

    Raises:
        Maintenance, InternalFailure, TooManyRequests: In this order.
    """
    system = exchange.system
    assert system is not None  # noqa: S101  # routed requests have one
    settings = exchange.sandbox.settings.get(system.name)
    if settings is None:
        return
    if settings.maintenance:
        raise Maintenance
    if settings.failing:
        raise InternalFailure(FAILING)
    if settings.rate_limits:
        exchange.keep_sandbox()
        credential = exchange.headers.get("api-key") or exchange.headers.get("authorization") or str(exchange.client)
        caller, limits = f"{system.name}/{digest(credential)}", [one.limit for one in settings.rate_limits]
        limiter = exchange.sandbox.rate_limiter
        exchange.counted = limiter.standing(caller, limits)
        limiter.count_request(caller, limits, now=exchange.sandbox.clock.now())
