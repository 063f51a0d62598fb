"""The gateway: reading bodies, the headers of every answer, and requests for no operation."""

import pytest

from tests.conftest import Api, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import NEW, Zitadel, refusal

MINI = "/v2/users/269629023906488501/password"
RESET = "/v2/users/269629023906488501/password_reset"
GOOD = b'{"newPassword":{"password":"Fr3shly-Ch0sen!"},"currentPassword":"V3ryS3cure!"}'


@proves("zitadel.json.mapping")
@pytest.mark.parametrize(
    "content",
    [
        GOOD,
        b'{"new_password":{"password":"Fr3shly-Ch0sen!"},"current_password":"V3ryS3cure!"}',
        GOOD.replace(b"}", b"}", 1).replace(b'"currentPassword"', b'"verificationCode":null,"currentPassword"'),
        GOOD.replace(b'{"newPassword"', b'{"userId":"other","unknown":[{"a":1},null],"newPassword"'),
        GOOD + b" and more",
        b" \n\t" + GOOD,
        GOOD.replace(b"Fr3shly", b"\\u0046r3shly"),
    ],
    ids=["as documented", "underscores", "null", "unknown", "text after it", "blanks before it", "escapes"],
)
def test_equivalent_bodies_set_the_same_password(zitadel: Zitadel, content: bytes) -> None:
    assert zitadel.raw(MINI, content).status == 200
    assert zitadel.sign_in("mini", NEW).status == 201


@pytest.mark.parametrize("kind", ["application/json", "text/plain", "application/grpc", "nonsense", ""])
def test_a_body_of_any_content_type_is_json(zitadel: Zitadel, kind: str) -> None:
    assert zitadel.raw(MINI, GOOD, content_type=kind).status == 200


@pytest.mark.parametrize("content", [b"", b"  ", b"{}"], ids=["nothing", "blanks", "empty object"])
def test_an_empty_body_is_the_empty_message(zitadel: Zitadel, content: bytes) -> None:
    assert zitadel.raw(RESET, content).status == 200
    assert zitadel.raw("/v2/sessions", content).status == 201


@proves("zitadel.json.mapping")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"{", "unexpected EOF"),
        (b'{"a"', "unexpected EOF"),
        (b'{"a":"b', "unexpected EOF"),
        (b"{new", "invalid character 'n' looking for beginning of object key string"),
        (b"x", "invalid character 'x' looking for beginning of value"),
        (b"\xef\xbb\xbf{}", "invalid character 'ï' looking for beginning of value"),
        (b'{"a" 1}', "invalid character '1' after object key"),
        (b'{"a":1 "b"}', "invalid character '\"' after object key:value pair"),
        (b'{"a":[1 2]}', "invalid character '2' after array element"),
        (b'{"a":tru}', "invalid character '}' in literal true (expecting 'e')"),
        (b'{"a":-}', "invalid character '}' in numeric literal"),
        (b'{"a":1.}', "invalid character '}' after decimal point in numeric literal"),
        (b'{"a":1e}', "invalid character '}' in exponent of numeric literal"),
        (b'{"a":01}', "invalid character '1' after object key:value pair"),
        (b'{"a":"\n"}', "invalid character '\\n' in string literal"),
        (b'{"a":"\\x"}', "invalid character 'x' in string escape code"),
        (b'{"a":"\\u12g"}', "invalid character 'g' in \\u hexadecimal character escape"),
        (b"{\"a\":'b'}", "invalid character '\\'' looking for beginning of value"),
        (b"[" * 300, "exceeded max depth"),
        (b"[]", "proto: syntax error (line 1:1): unexpected token ["),
        (b"null", "proto: syntax error (line 1:1): unexpected token null"),
        (b'"secret"', 'proto: syntax error (line 1:1): unexpected token "***"'),
        (b'{\n "newPassword": "secret"}', 'proto: syntax error (line 2:17): unexpected token "***"'),
        (b'{"newPassword":{"password":12345678}}', "proto: (line 1:28): invalid value for string type: ***"),
        (b'{"currentPassword":{}}', "proto: (line 1:20): invalid value for string type: {"),
        (
            '{"ä":1,"newPassword":{"changeRequired":"true"}}'.encode(),
            'proto: (line 1:40): invalid value for bool type: "***"',
        ),
        (b'{"newPassword":{},"new_password":{}}', 'proto: (line 1:19): duplicate field "new_password"'),
        (b'{"newPassword":null,"newPassword":{}}', 'proto: (line 1:21): duplicate field "newPassword"'),
        (
            b'{"currentPassword":"a","verificationCode":"b"}',
            'proto: (line 1:24): error parsing "verificationCode", oneof '
            "zitadel.user.v2.SetPasswordRequest.verification is already set",
        ),
        (b'{"currentPassword":"\xff"}', "proto: syntax error (line 1:20): invalid UTF-8 in string"),
        (b'{"currentPassword":"\\ud800"}', "proto: unexpected EOF"),
        (b'{"ignored":[{"a":"\xff"}]}', "proto: syntax error (line 1:18): invalid UTF-8 in string"),
        (b'{"ignored":"\\udc80"}', "proto: unexpected EOF"),
    ],
)
def test_an_unreadable_body_is_refused_with_its_place_before_the_token(
    zitadel: Zitadel, content: bytes, message: str
) -> None:
    answer = zitadel.raw(MINI, content, by=None)
    assert refusal(answer) == (400, 3, message)
    assert "details" not in answer.body


@proves("zitadel.json.mapping")
def test_the_older_package_names_the_messages_of_its_own(zitadel: Zitadel) -> None:
    answer = zitadel.raw("/v2beta/users/1/password", b'{"currentPassword":"a","verification_code":"b"}')
    assert "oneof zitadel.user.v2beta.SetPasswordRequest.verification is" in answer.body["message"]


@proves("zitadel.json.mapping")
@pytest.mark.parametrize(
    ("value", "status"),
    [
        (b'"NOTIFICATION_TYPE_Pigeon"', 200),
        (b"7", 200),
        (b"-1", 200),
        (b"1.0", 200),
        (b"2147483647", 200),
        (b"2147483648", 400),
        (b"-2147483649", 400),
        (b"1e999999999", 400),
        (b"1.5", 400),
        (b"true", 400),
    ],
)
def test_unknown_constants_of_an_enumeration_are_ignored(zitadel: Zitadel, value: bytes, status: int) -> None:
    content = b'{"sendLink":{"notificationType":' + value + b"}}"
    assert zitadel.raw(RESET, content).status == status


@proves("zitadel.validate.first")
@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            b'{"newPassword":{"password":""}}',
            "invalid SetPasswordRequest.NewPassword: embedded message failed validation | caused by: invalid"
            " Password.Password: value length must be between 1 and 200 runes, inclusive",
        ),
        (
            b'{"currentPassword":"","newPassword":{"password":"x"}}',
            "invalid SetPasswordRequest.CurrentPassword: value length must be between 1 and 200 runes, inclusive",
        ),
        (
            b'{"verificationCode":"","newPassword":{"password":"x"}}',
            "invalid SetPasswordRequest.VerificationCode: value length must be between 1 and 20 runes, inclusive",
        ),
    ],
)
def test_lengths_are_checked_after_the_token_and_before_the_user(
    zitadel: Zitadel, content: bytes, message: str
) -> None:
    assert zitadel.raw("/v2/users/1/password", content, by=None).status == 401
    answer = zitadel.raw("/v2/users/1/password", content)
    assert answer.status == 400
    assert answer.body == {"code": 3, "message": message}


@proves("zitadel.validate.first")
def test_only_the_first_field_is_reported(zitadel: Zitadel) -> None:
    answer = zitadel.raw(f"/v2/users/{'9' * 201}/password", b'{"newPassword":{},"currentPassword":""}')
    limit = "value length must be between 1 and 200 runes, inclusive"
    assert answer.body["message"] == f"invalid SetPasswordRequest.UserId: {limit}"


@proves("zitadel.validate.first")
def test_lengths_count_characters(zitadel: Zitadel) -> None:
    body = '{"newPassword":{"password":"%s"},"currentPassword":"V3ryS3cure!"}'
    assert zitadel.raw(MINI, (body % ("ä" * 201)).encode()).body["message"].startswith("invalid SetPasswordRequest.New")
    assert zitadel.raw(MINI, (body % ("ä" * 200)).encode()).body["message"].endswith("(DOMAIN-co3Xw)")


@proves("zitadel.validate.first")
@pytest.mark.parametrize(
    ("checks", "message"),
    [
        (
            b'{"user":{"userId":""}}',
            "invalid CreateSessionRequest.Checks: embedded message failed validation | caused by: invalid Checks.User:"
            " embedded message failed validation | caused by: invalid CheckUser.UserId: value length must be between 1"
            " and 200 runes, inclusive",
        ),
        (
            b'{"password":{}}',
            "invalid CreateSessionRequest.Checks: embedded message failed validation | caused by: invalid"
            " Checks.Password: embedded message failed validation | caused by: invalid CheckPassword.Password:"
            " value length must be between 1 and 200 runes, inclusive",
        ),
    ],
)
def test_errors_in_nested_messages_name_the_path_to_the_field(zitadel: Zitadel, checks: bytes, message: str) -> None:
    assert zitadel.raw("/v2/sessions", b'{"checks":' + checks + b"}").body == {"code": 3, "message": message}


def test_an_unknown_path_is_refused_with_the_nearest_paths(api: Api) -> None:
    answer = api.request("POST", "/v2/users/1/passwort", json={})
    assert refusal(answer) == (404, 5, "Not Found")
    assert "/v2/users/{userId}/password" in answer.headers["watchword-hint"]
    assert "details" not in answer.body


def test_a_wrong_method_is_refused_with_the_allowed_ones(api: Api) -> None:
    answer = api.request("GET", "/v2/sessions")
    assert refusal(answer) == (405, 12, "Method Not Allowed")
    assert "POST" in answer.headers["watchword-hint"]
    assert "allow" not in answer.headers


def test_a_body_of_two_megabytes_is_read(zitadel: Zitadel) -> None:
    content = b'{"newPassword":{"password":"Fr3shly-Ch0sen!"},"other":"%s"}' % (b"x" * 2_000_000)
    assert zitadel.raw(MINI, content, by="otto").status == 200


def test_a_body_that_is_too_long_is_refused(api: Api) -> None:
    limit = api.built.imitated.limits.body_bytes
    answer = api.request("POST", MINI, content=b" " * (limit + 1))
    assert (answer.status, answer.body["code"]) == (413, 8)


@pytest.mark.parametrize(
    ("profile", "message"),
    [
        ("v2.65", "proto: (line 1:28): invalid value for string type: ***"),
        ("v4.2", "proto:\N{NO-BREAK SPACE}(line 1:28): invalid value for string field password: ***"),
        ("v4.6", "proto:\N{NO-BREAK SPACE}(line 1:28): invalid value for string field password: ***"),
    ],
)
def test_releases_word_an_unreadable_body_differently(
    zitadel: Zitadel, settings: SettingsOf, profile: str, message: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    assert refusal(zitadel.raw(MINI, b'{"newPassword":{"password":12345678}}')) == (400, 3, message)
