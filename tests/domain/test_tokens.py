"""Bearer secrets: stored as digests, and valid until a moment."""

from datetime import UTC, datetime, timedelta

import pytest

from watchword.domain.tokens import digest, is_live

NOON = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)


def test_a_digest_is_the_sha_256_of_the_token_in_hexadecimal() -> None:
    assert digest("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_different_tokens_have_different_digests() -> None:
    assert digest("token-1") != digest("token-2")


def test_any_text_that_a_client_can_send_has_a_digest() -> None:
    assert len(digest("\udcff")) == len(digest("")) == len(digest("ä🔑")) == 64


@pytest.mark.parametrize(
    ("now", "expected"),
    [(NOON - timedelta(microseconds=1), True), (NOON, False), (NOON + timedelta(microseconds=1), False)],
    ids=["just before", "at that moment", "just after"],
)
def test_a_token_is_valid_until_it_expires(now: datetime, *, expected: bool) -> None:
    assert is_live(NOON, now=now) is expected


def test_a_token_that_never_expires_is_always_valid() -> None:
    assert is_live(None, now=datetime.max.replace(tzinfo=UTC))
