"""What the gateway answers before it calls the service."""

import pytest

from tests.outcomes import proves
from tests.systems.zitadel.conftest import NEW, Zitadel, refusal

PASSWORD = {"newPassword": {"password": NEW}}


@proves("zitadel.gateway.timeout")
@pytest.mark.parametrize(
    ("timeout", "expected"),
    [
        ("x", (400, 3, "invalid grpc-timeout: ***")),
        ("1", (400, 3, "invalid grpc-timeout: ***")),
        ("123456789S", (400, 3, "invalid grpc-timeout: ***")),
        ("1n", (504, 4, "context deadline exceeded")),
        ("999u", (504, 4, "context deadline exceeded")),
    ],
)
def test_a_timeout_is_a_number_with_a_unit_and_long_enough(
    zitadel: Zitadel, timeout: str, expected: tuple[int, int, str]
) -> None:
    assert refusal(zitadel.set_password("mini", PASSWORD, by="otto", headers={"Grpc-Timeout": timeout})) == expected
    assert zitadel.set_password("mini", PASSWORD, by="otto", headers={"Grpc-Timeout": "1S"}).status == 200


@proves("zitadel.gateway.metadata")
def test_binary_metadata_is_base64(zitadel: Zitadel) -> None:
    answer = zitadel.set_password("mini", PASSWORD, by="otto", headers={"Grpc-Metadata-Foo-Bin": "%%"})
    text = "invalid binary header Grpc-Metadata-Foo-Bin: illegal base64 data at input byte 0"
    assert refusal(answer) == (400, 3, text)
    assert zitadel.set_password("mini", PASSWORD, by="otto", headers={"Grpc-Metadata-Foo-Bin": "YWI"}).status == 200


@proves("zitadel.gateway.printable")
@pytest.mark.parametrize("identifier", ["%C3%A4", "%00", "1%0A"])
def test_a_path_with_other_characters_than_printable_ascii_breaks_the_gateway(
    zitadel: Zitadel, identifier: str
) -> None:
    answer = zitadel.raw(f"/v2/users/{identifier}/password", b"{}")
    text = 'header key "zitadel-activity-path" contains value with non-printable ASCII characters'
    assert refusal(answer) == (500, 13, text)


@proves("zitadel.gateway.printable")
def test_a_token_with_other_characters_than_printable_ascii_breaks_the_gateway(zitadel: Zitadel) -> None:
    answer = zitadel.raw("/v2/users/1/password", b"{}", by=None, authorization="Bearer t\xf6k")
    text = 'header key "authorization" contains value with non-printable ASCII characters'
    assert refusal(answer) == (500, 13, text)


@pytest.mark.parametrize("path", ["/v2/users//password", "/v2/./users/password", "/v2/x/../users/password"])
def test_a_path_with_empty_or_dotted_segments_is_redirected(zitadel: Zitadel, path: str) -> None:
    answer = zitadel.raw(path, b"{}")
    assert (answer.status, answer.headers["location"], answer.content) == (301, "/v2/users/password", b"")
    assert "vary" not in answer.headers


@pytest.mark.parametrize(
    ("profile", "named"),
    [
        ("v2.65", {"cache-control", "pragma", "expires", "grpcgateway-cache-control", "grpcgateway-pragma"}),
        ("v4.2", {"grpcgateway-date"}),
    ],
)
def test_the_headers_tell_who_made_an_answer(zitadel: Zitadel, profile: str, named: set[str]) -> None:
    sandbox = zitadel.api.built.imitated.sandboxes.enter(str(zitadel.api.sandbox))
    sandbox.change_settings({"zitadel": {"zitadel_profile": profile}})
    refused = zitadel.set_password("mini", PASSWORD, headers={"Authorization": ""})
    unread = zitadel.raw("/v2/users/1/password", b"[]")
    done = zitadel.set_password("mini", PASSWORD, by="otto")
    by_all = {"content-length", "content-type", "x-robots-tag", "vary"}
    by_service = {"grpcgateway-content-type", *named}
    success = {"grpcgateway-cache-control", "grpcgateway-pragma", "set-cookie"}
    ours = {"watchword-hint", "watchword-why"}
    assert set(unread.headers) - ours == by_all
    assert set(refused.headers) - ours == by_all | by_service | {"www-authenticate"}
    assert set(done.headers) - ours == by_all | by_service | success
    assert (unread.headers["vary"], done.headers["vary"]) == ("Origin", "Origin, Cookie")
