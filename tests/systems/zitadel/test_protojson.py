"""Bodies to messages: the fast way and the exact way say the same."""

from typing import Any
from unittest import mock

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tests.outcomes import proves
from watchword.systems.zitadel import protojson
from watchword.systems.zitadel.errors import Unreadable
from watchword.systems.zitadel.messages import BODIES

NAMES = sorted({name for body in BODIES.values() for one in body.fields for name in (one.name, one.text_name)})
VALUES: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=2)
        | st.dictionaries(st.sampled_from([*NAMES, "password", "unknown"]), inner, max_size=3)
    ),
    max_leaves=8,
)
TEXTS = VALUES.map(orjson.dumps) | st.builds(
    lambda text, at, cut, put: text[:at] + put + text[at + cut :],
    VALUES.map(orjson.dumps),
    st.integers(0, 40),
    st.integers(0, 3),
    st.binary(max_size=3) | st.sampled_from([b"NaN", b'"', b"{}", b",", b"\\ud800", b"[" * 260]),
)


def outcome(raw: bytes, name: str) -> object:
    try:
        return protojson.read(raw, BODIES[name])
    except Unreadable as error:
        return error.message


@proves("zitadel.json.mapping")
@pytest.mark.parametrize("name", sorted(BODIES))
@given(raw=TEXTS)
@example(raw=b'{"newPassword":{"password":"a"},"newPassword":{"password":"b"}}')
@example(raw=b'{"newPassword":{"password":"a"},"new_password":{"password":"b"}}')
@example(raw=b'{"currentPassword":"a","verificationCode":"b"}')
@example(raw=b'{"currentPassword":null,"verificationCode":"b"}')
@example(raw=b'{"sendLink":{"notificationType":1}}')
@example(raw=b'{"sendLink":{"notificationType":"NOTIFICATION_TYPE_SMS"},"returnCode":null}')
@example(raw=b'{"sendLink":{"notificationType":"nonsense"}}')
@example(raw=b'{"unknown":"\\ud83d\\ude00","currentPassword":"\\ud83d"}')
@example(raw=b'{"unknown":NaN}')
@example(raw=b'{"unknown":1' + b"0" * 5000 + b"}")
@example(raw=b'{"unknown":' + b"[" * 260 + b"]" * 260 + b"}")
@example(raw=b"\xef\xbb\xbf{}")
@example(raw=b'{"currentPassword":"\xff"}')
@example(raw=b"{} and more")
def test_both_ways_of_reading_say_the_same(name: str, raw: bytes) -> None:
    quick = outcome(raw, name)
    with mock.patch.object(protojson, "_object", side_effect=protojson._NotPlain):
        assert outcome(raw, name) == quick


def test_what_is_plain_is_read_without_the_exact_reader() -> None:
    name = next(name for name in BODIES if "SetPassword" in name)
    with mock.patch.object(protojson, "first_value", side_effect=AssertionError):
        assert outcome(b'{"newPassword":{"password":"a"},"other":[1]}', name) == {"newPassword": {"password": "a"}}
