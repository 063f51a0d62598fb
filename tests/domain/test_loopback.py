"""Which hosts are this machine alone."""

import pytest

from watchword.domain.loopback import is_loopback


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("127.0.0.1", True),
        ("127.1.2.3", True),
        ("::1", True),
        ("localhost", True),
        ("LOCALHOST.", True),
        ("shop.localhost", True),
        ("::ffff:127.0.0.1", True),
        ("::ffff:192.0.2.1", False),
        ("127.0.0.1.example", False),
        ("0.0.0.0", False),  # noqa: S104  # nothing is bound
        ("::", False),
        ("192.0.2.1", False),
        ("example.com", False),
    ],
)
def test_a_loopback_host_is_reachable_only_from_this_machine(host: str, *, loopback: bool) -> None:
    assert is_loopback(host) is loopback
