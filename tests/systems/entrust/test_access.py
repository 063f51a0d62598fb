"""What only our own applications have: tokens without an end, and rate limits of their own."""

from datetime import timedelta

from tests.conftest import ManualClock, SettingsOf
from tests.systems.entrust.conftest import Entrust


def test_seed_tokens_do_not_expire(entrust: Entrust, clock: ManualClock) -> None:
    clock.advance(timedelta(days=400))
    assert entrust.get("ada").status == 200


def test_rate_limits_count_each_credential_separately(entrust: Entrust, settings: SettingsOf) -> None:
    settings.patch("entrust", {"rate_limits": [{"requests": 1, "seconds": 60}]})
    assert entrust.get("ada").status == 200
    assert entrust.get("ada").status == 429
    assert entrust.by("auditor").get("ada").status == 200
