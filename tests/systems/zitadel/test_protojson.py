"""Reading messages in JSON: the fast and the exact reader agree."""

from typing import Any

import orjson
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from watchword.systems.zitadel.protojson_exact import read_exactly
from watchword.systems.zitadel.protojson_fast import NotPlainError, read_fast
from watchword.systems.zitadel.request_messages import REQUESTS

NAMES = sorted({name for request in REQUESTS.values() for one in request.fields for name in (one.name, one.proto_name)})
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


@pytest.mark.parametrize("name", sorted(REQUESTS))
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
def test_what_the_fast_reader_reads_the_exact_one_reads_too(name: str, raw: bytes) -> None:
    text = raw.decode("utf-8", "surrogateescape")
    try:
        fields = read_fast(text, REQUESTS[name])
    except NotPlainError:
        return
    assert read_exactly(text, REQUESTS[name]) == fields


def test_the_fast_reader_reads_plain_bodies() -> None:
    name = next(name for name in REQUESTS if "SetPassword" in name)
    text = '{"newPassword":{"password":"a"},"other":[1]}'
    assert read_fast(text, REQUESTS[name]) == {"newPassword": {"password": "a"}}
