"""Bodies that are difficult for JSON parsers."""

import gzip
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import pytest

from tests.hostile.conftest import Victim
from tests.hostile.targets import ACCEPTED, CANARY, JSON, REFUSED, UPDATE, Sender, Target, every_target
from tests.hostile.wire import connect, whole

SECRET = CANARY.encode()


@dataclass(frozen=True)
class Row:
    """
    What is sent, and the expected outcome.

    Args:
        usual: The outcome for every system that is not in *other*.
    """

    content: bytes
    usual: str | int
    other: Mapping[str, str | int] = field(default_factory=dict)


LITERALS = {
    "not a number": Row(b"NaN", REFUSED),
    "infinity": Row(b"Infinity", REFUSED),
    "minus infinity": Row(b"-Infinity", REFUSED),
    "number beyond floats": Row(b"1e999", REFUSED),
    "integer of 5000 digits": Row(b"9" * 5000, REFUSED),
    "lone high surrogate": Row(rb'"%b\ud800"' % SECRET, REFUSED),
    "lone low surrogate": Row(rb'"%b\udc00"' % SECRET, REFUSED),
    "surrogates the wrong way round": Row(rb'"%b\udc00\ud800"' % SECRET, REFUSED),
    "invalid UTF-8": Row(b'"%b\xff"' % SECRET, REFUSED),
    "overlong UTF-8": Row(b'"%b\xc0\xaf"' % SECRET, REFUSED),
    "surrogate in UTF-8": Row(b'"%b\xed\xa0\x80"' % SECRET, REFUSED),
    "raw NUL": Row(b'"%b\x00"' % SECRET, REFUSED),
    "raw line feed": Row(b'"%b\n"' % SECRET, REFUSED),
    "unknown escape": Row(rb'"%b\x41"' % SECRET, REFUSED),
    "no end": Row(b'"%b' % SECRET, REFUSED),
    "single quotes": Row(b"'%b'" % SECRET, REFUSED),
    "list": Row(b'["%b"]' % SECRET, REFUSED),
    "object": Row(b'{"%b":1}' % SECRET, REFUSED),
    "300 lists in lists": Row(b"[" * 300 + b"]" * 300, REFUSED),
    "number": Row(b"75317531", REFUSED),
    "escaped NUL": Row(rb'"%b\u0000"' % SECRET, ACCEPTED),
    "right to left": Row(f'"{CANARY}\u202e\u05d0\u05d1\u200f"'.encode(), ACCEPTED),
    "zero width": Row(f'"{CANARY}\u200b\u200d\ufeff"'.encode(), ACCEPTED),
    "combining": Row(f'"{CANARY}e{chr(0x301) * 40}"'.encode(), ACCEPTED),
    "outside of the basic plane": Row(f'"{CANARY}\U0001f426"'.encode(), ACCEPTED),
    "a megabyte": Row(b'"%b"' % (SECRET * 55_000)[:1_000_000], REFUSED, {"entrust": ACCEPTED, "admin": ACCEPTED}),
}


def _deep(levels: int) -> Callable[[bytes], bytes]:
    return lambda body: body[:-1] + b',"more":' + b'{"a":[' * (levels // 2) + b"]}" * (levels // 2) + b"}"


BODIES: Mapping[str, tuple[Callable[[bytes], bytes], Row]] = {
    "every key twice": (lambda body: b"{%b,%b}" % (body[1:-1], body[1:-1]), Row(b"", ACCEPTED, {"zitadel": REFUSED})),
    "byte order mark": (lambda body: b"\xef\xbb\xbf" + body, Row(b"", REFUSED)),
    "UTF-16": (lambda body: body.decode().encode("utf-16"), Row(b"", REFUSED)),
    "gzip without a header": (gzip.compress, Row(b"", REFUSED)),
    "truncated": (lambda body: body[:-1], Row(b"", REFUSED)),
    "trailing comma": (lambda body: body[:-1] + b",}", Row(b"", REFUSED)),
    "comment": (lambda body: b"/* " + SECRET + b" */" + body, Row(b"", REFUSED)),
    "text after it": (lambda body: body + b" " + SECRET, Row(b"", REFUSED, {"zitadel": ACCEPTED})),
    "list around it": (lambda body: b"[%b]" % body, Row(b"", REFUSED)),
    "null": (lambda _body: b"null", Row(b"", REFUSED)),
    "text": (lambda _body: b'"%b"' % SECRET, Row(b"", REFUSED)),
    "nothing but NULs": (lambda _body: b"\x00" * 1000, Row(b"", REFUSED)),
    "10,000 levels": (_deep(10_000), Row(b"", REFUSED)),
    "100,000 levels": (_deep(100_000), Row(b"", REFUSED)),
    "100,000 levels without an end": (lambda _body: b"[" * 100_000, Row(b"", REFUSED)),
    "100,000 levels of objects": (lambda _body: b'{"a":' * 100_000, Row(b"", REFUSED)),
}


@every_target
@pytest.mark.parametrize("row", [pytest.param(row, id=name) for name, row in LITERALS.items()])
def test_a_hostile_value_is_answered_like_any_other(victim: Victim, sender: Sender, target: Target, row: Row) -> None:
    reply = victim.ask(sender.request(target, target.body(row.content)))
    assert target.agrees(reply, row.other.get(target.system, row.usual)), reply


@every_target
@pytest.mark.parametrize(("spoil", "row"), [pytest.param(*pair, id=name) for name, pair in BODIES.items()])
def test_a_hostile_body_is_refused_in_the_systems_own_format(
    victim: Victim, sender: Sender, target: Target, spoil: Callable[[bytes], bytes], row: Row
) -> None:
    reply = victim.ask(sender.request(target, spoil(target.body())))
    assert target.agrees(reply, row.other.get(target.system, row.usual)), reply


MISTAKES = {
    "unknown settings": ("/__admin/settings", b'{"zitadel":{%b}}', "PATCH"),
    "unknown systems": ("/__admin/settings", b"{%b}", "PATCH"),
    "invalid passwords": ("/simulate/api/secure_session/anon_tokenize", b'{"values":{%b}}', "POST"),
}


@pytest.mark.parametrize(
    ("path", "around", "method"), [pytest.param(*values, id=name) for name, values in MISTAKES.items()]
)
def test_an_answer_lists_a_hundred_of_a_hundred_thousand_violations(
    victim: Victim, sender: Sender, path: str, around: bytes, method: str
) -> None:
    body = around % b",".join(b'"%d":0' % number for number in range(100_000))
    reply = victim.ask(whole(method, path, [*sender.credentials(UPDATE), JSON], body))
    assert reply.status == 400
    assert 1000 < len(reply.raw) < 100_000


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"[" + b"{}," * 300_000 + b"{}]", id="objects in a list"),
        pytest.param(b'{"x":[' + b"{}," * 300_000 + b"{}]}", id="objects in an unknown field"),
        pytest.param(b'{"x":1,"x":1' + b',"y":[]' * 120_000 + b"}", id="members"),
        pytest.param(b'{"x":[1,1' + b",1" * 400_000 + b",}", id="numbers and an error"),
        pytest.param(b'{"newPassword":{"password":"' + b"\xc3\xa4" * 400_000 + b'\\ud800"}}', id="a long text"),
    ],
)
@pytest.mark.parametrize("path", ["/v2/users/1/password", "/zitadel.user.v2.UserService/SetPassword"])
def test_a_large_body_of_nobody_takes_little_time(victim: Victim, path: str, body: bytes) -> None:
    """Nothing else is answered meanwhile, so it is measured how long other requests wait."""
    with connect(victim.port) as attacker, connect(victim.port) as other:
        attacker.send(whole("POST", path, [JSON], body))
        started = time.monotonic()
        for _ in range(20):
            other.send(whole("GET", "/__admin/health"))
            other.reply()
        assert time.monotonic() - started < 1
        if path.startswith("/v2/"):
            assert victim.note(attacker.reply()).status in (400, 401)
