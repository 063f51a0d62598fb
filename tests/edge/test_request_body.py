"""The whole body, within limits of length and time."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from tests.toy import api_of, ask, built, messages, served, toy
from watchword.domain.refusal import TooLarge, TooSlow
from watchword.edge.request_body import ClientGone, read_body
from watchword.edge.served_api import RequestLimits

CHUNKED = {"transfer-encoding": "chunked"}


def read(
    chunks: Sequence[bytes],
    headers: Mapping[str, str] = CHUNKED,
    *,
    most: int = 10,
    seconds: float = 5,
    gone: bool = False,
    stuck: bool = False,
    complete: bool = False,
) -> bytes:
    async def reading() -> bytes:
        heard = messages(chunks, gone=gone, stuck=stuck)
        return await read_body(lambda: anext(heard), headers, most=most, seconds=seconds, complete=complete)

    return asyncio.run(reading())


@pytest.mark.parametrize(
    ("chunks", "headers", "body"),
    [
        ([b"0123456789"], {"content-length": "10"}, b"0123456789"),
        ([b"01234", b"", b"56789"], CHUNKED, b"0123456789"),
        ([b""], {"content-length": "0"}, b""),
        ([b""], {}, b""),
        ([b""], CHUNKED, b""),
        ([b"01", b"23"], {}, b"0123"),
    ],
    ids=["announced", "chunked", "empty", "none", "chunked and empty", "neither announced nor chunked"],
)
def test_a_body_is_read_to_its_end(chunks: list[bytes], headers: dict[str, str], body: bytes) -> None:
    assert read(chunks, headers) == body


def test_a_body_that_is_known_to_be_complete_needs_no_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asyncio, "timeout", None)
    assert read([b"0123456789"], complete=True) == b"0123456789"
    with pytest.raises(TooLarge):
        read([b"0123456789X"], complete=True)
    with pytest.raises(TypeError):
        read([b"0123456789"])


def test_who_was_wrong_about_that_is_waited_for() -> None:
    assert read([b"01234", b"56789"], complete=True) == b"0123456789"
    with pytest.raises(ClientGone):
        read([], complete=True, gone=True)


def test_a_body_that_is_announced_too_long_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match="longer than 10 bytes"):
        read([b"never read"], {"content-length": "11"}, stuck=True, seconds=60)


def test_a_body_that_turns_out_too_long_is_refused_at_once() -> None:
    with pytest.raises(TooLarge):
        read([b"012345", b"6789X"], stuck=True, seconds=60)


def test_a_body_longer_than_it_was_announced_is_refused_too() -> None:
    with pytest.raises(TooLarge):
        read([b"0123456789X"], {"content-length": "1"})


@pytest.mark.parametrize("announced", ["-1", "ten", "²", "1e9", ""])
def test_a_length_that_is_no_number_announces_nothing(announced: str) -> None:
    assert read([b"0123"], {"content-length": announced}) == b"0123"


@pytest.mark.parametrize("headers", [CHUNKED, {"content-length": "9"}], ids=["chunked", "announced"])
def test_a_body_that_does_not_arrive_in_time_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(TooSlow, match=r"within 0\.02 seconds"):
        read([b"0123"], headers, stuck=True, seconds=0.02)


@pytest.mark.parametrize("headers", [CHUNKED, {"content-length": "9"}, {}], ids=["chunked", "announced", "neither"])
def test_a_client_that_hangs_up_is_gone(headers: dict[str, str]) -> None:
    with pytest.raises(ClientGone):
        read([b"01", b"23"], headers, gone=True)


PATHS = """
  /notes:
    post:
      operationId: toy.note
      requestBody: {required: true, content: {application/json: {schema: {type: object}}}}
      responses: {'204': {description: Noted.}}
"""


def test_a_body_that_is_too_long_is_413_in_the_systems_envelope(tmp_path: Path) -> None:
    small = served(api_of(tmp_path, PATHS, toy(), limits=RequestLimits(body_bytes=100)))
    for sent in ({"content": b"x" * 101}, {"chunks": [b"x" * 60, b"x" * 60], "headers": CHUNKED}):
        reply = ask(small, "POST", "/notes", **sent)
        assert (reply.status, reply.json["toy"]) == (413, "too-large")


def test_a_body_of_just_the_greatest_length_is_fine(tmp_path: Path) -> None:
    small = served(api_of(tmp_path, PATHS, toy(), limits=RequestLimits(body_bytes=100)))
    assert ask(small, "POST", "/notes", json={"a": "x" * 92}).status == 204


def test_a_body_that_is_too_slow_is_408_in_the_systems_envelope(tmp_path: Path) -> None:
    hurried = served(api_of(tmp_path, PATHS, toy(), limits=RequestLimits(body_seconds=0.02)))
    reply = ask(hurried, "POST", "/notes", chunks=[b"{"], headers=CHUNKED, stuck=True)
    assert (reply.status, reply.json["toy"]) == (408, "too-slow")


def test_nobody_answers_a_client_that_hung_up(tmp_path: Path) -> None:
    notes = built(tmp_path, PATHS)
    assert ask(notes, "POST", "/notes", chunks=[b"{", b"}"], headers=CHUNKED, gone=True).status == 0
    assert notes.seen == []
