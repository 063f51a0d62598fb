"""Seals: a password that can only be read with the token that stands for it."""

from base64 import b64decode, b64encode

import pytest

from watchword.domain.secret import Secret
from watchword.systems.weavr.sealing import BrokenSeal, seal, unseal

TOKEN, OTHER_TOKEN = Secret("A1b2C3d4E5f6G7h8I9j0K1l2"), Secret("B1b2C3d4E5f6G7h8I9j0K1l2")
PLAIN = Secret("Lantern-42-ämber")
STORED = "2:0iwAxubYB/y6PnV7gXywEUpYl5+mN97Nvx/vQ08QjxRz"
MASKED = "i4P82HH/Wf8RJI3vSIb0EjY="
"""As the first releases stored it."""


@pytest.mark.parametrize("plain", ["Lantern-42-amber", "Päss-1!", "密码-Aa1", "x" * 100, ""])
def test_a_seal_opens_with_its_token(plain: str) -> None:
    assert unseal(TOKEN, seal(TOKEN, Secret(plain))) == Secret(plain)


def test_a_seal_shows_neither_the_password_nor_the_token() -> None:
    sealed = seal(TOKEN, PLAIN)
    raw = b64decode(sealed.removeprefix("2:"))
    for secret in (PLAIN, TOKEN):
        assert secret.reveal() not in sealed
        assert secret.reveal().encode() not in raw


@pytest.mark.parametrize("sealed", [STORED, MASKED], ids=["AES-GCM", "mask of the first releases"])
def test_a_stored_seal_still_opens(sealed: str) -> None:
    assert unseal(TOKEN, sealed) == PLAIN


def test_new_seals_have_the_form_of_those_that_are_stored() -> None:
    assert seal(TOKEN, PLAIN) == STORED


def test_every_token_makes_another_seal() -> None:
    assert seal(TOKEN, PLAIN) != seal(OTHER_TOKEN, PLAIN)


@pytest.mark.parametrize("sealed", [STORED, MASKED], ids=["AES-GCM", "mask of the first releases"])
def test_another_token_does_not_open_a_seal(sealed: str) -> None:
    with pytest.raises(BrokenSeal):
        unseal(OTHER_TOKEN, sealed)


@pytest.mark.parametrize("place", range(len(b64decode(STORED.removeprefix("2:")))))
def test_a_seal_with_any_changed_byte_is_broken(place: int) -> None:
    raw = bytearray(b64decode(STORED.removeprefix("2:")))
    raw[place] ^= 1
    with pytest.raises(BrokenSeal):
        unseal(TOKEN, "2:" + b64encode(raw).decode())


@pytest.mark.parametrize(
    "sealed", ["2:", "2:AAAA", STORED[:-4], "2:not base64", "not base64", "3:" + STORED.removeprefix("2:")]
)
def test_what_is_not_a_whole_seal_is_broken(sealed: str) -> None:
    with pytest.raises(BrokenSeal):
        unseal(TOKEN, sealed)


def test_a_broken_seal_repeats_neither_the_token_nor_the_seal() -> None:
    with pytest.raises(BrokenSeal) as caught:
        unseal(OTHER_TOKEN, STORED)
    assert OTHER_TOKEN.reveal() not in str(caught.value)
    assert STORED not in str(caught.value)
