"""
Content-Type and Content-Encoding.

Weavr, Entrust and the control API accept JSON in a content type of the document, or without a content type. They answer
415 to any other content type, to charsets other than UTF-8, and to compressed bodies (RFC 9110, section 15.5.16).
ZITADEL's gateway ignores both headers: it reads every body as JSON.
"""

import gzip

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import ACCEPTED, JSON, REFUSED, Sender, Target, one_of_each
from tests.hostile.wire import Header

SERVED = {
    "none": None,
    "capitals": "application/JSON",
    "space before the parameter": "application/json ; charset=utf-8",
    "charset in quotes": 'application/json;charset="UTF-8"',
    "unknown parameter": "application/json; profile=x",
    "long parameter": "application/json; profile=" + "x" * 50_000,
}
NOT_SERVED = {
    "empty": "",
    "nonsense": ";;;=,",
    "bogus charset": "application/json; charset=bogus",
    "UTF-16": "application/json; charset=utf-16",
    "charset of bytes above ASCII": b"application/json; charset=\xff\xfe",
    "plain text": "text/plain",
    "form": "application/x-www-form-urlencoded",
    "multipart": "multipart/form-data; boundary=x",
    "multipart without a boundary": "multipart/form-data",
    "other JSON": "application/vnd.api+json",
    "anything": "*/*",
    "two types": "application/json, text/plain",
}


@one_of_each
@pytest.mark.parametrize("given", [pytest.param(value, id=name) for name, value in SERVED.items()])
def test_json_is_accepted_in_every_spelling_of_its_content_type(
    victim: Victim, sender: Sender, target: Target, given: str | None
) -> None:
    headers: list[Header] = [] if given is None else [("Content-Type", given)]
    assert target.agrees(victim.ask(sender.request(target, target.body(), headers)), ACCEPTED)


@one_of_each
@pytest.mark.parametrize("given", [pytest.param(value, id=name) for name, value in NOT_SERVED.items()])
def test_another_content_type_is_refused(victim: Victim, sender: Sender, target: Target, given: str | bytes) -> None:
    reply = victim.ask(sender.request(target, target.body(), [("Content-Type", given)]))
    assert target.agrees(reply, ACCEPTED if target.system == "zitadel" else 415)


@one_of_each
@pytest.mark.parametrize("coding", ["gzip", "GZIP", "br", "identity, gzip", "x-unknown"])
def test_a_compressed_body_is_refused(victim: Victim, sender: Sender, target: Target, coding: str) -> None:
    body = gzip.compress(target.body())
    reply = victim.ask(sender.request(target, body, [JSON, ("Content-Encoding", coding)]))
    assert target.agrees(reply, REFUSED if target.system == "zitadel" else 415)


@one_of_each
def test_a_decompression_bomb_is_not_decompressed(victim: Victim, sender: Sender, target: Target) -> None:
    """A few kilobytes that would decompress to a hundred megabytes are not decompressed."""
    before = victim.served.resident()
    body = gzip.compress(b" " * 100_000_000, 1)
    reply = victim.ask(sender.request(target, body, [JSON, ("Content-Encoding", "gzip")]))
    assert target.agrees(reply, REFUSED if target.system == "zitadel" else 415)
    assert victim.served.resident() < before + 50_000_000


@one_of_each
def test_a_body_with_content_encoding_identity_is_accepted(victim: Victim, sender: Sender, target: Target) -> None:
    reply = victim.ask(sender.request(target, target.body(), [JSON, ("Content-Encoding", "identity")]))
    assert target.agrees(reply, ACCEPTED)
