"""Sessions, as far as no scenario states it: ids, tokens, whole answers, texts and delays."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel
from tests.systems.zitadel.virtual_time import VirtualTime
from watchword.sandbox import Sandbox

MINI = "V3ryS3cure!"
WRONG = "Wr0ng-One!"


@pytest.fixture(params=["", "_v2beta"], ids=["v2", "v2beta"])
def sessions(request: pytest.FixtureRequest, zitadel: Zitadel) -> Zitadel:
    """Both packages."""
    return Zitadel(zitadel.api, zitadel.people, request.param)


def test_a_session_has_an_id_and_a_token_and_belongs_to_the_instance(zitadel: Zitadel) -> None:
    body = zitadel.sign_in("mini", MINI).body
    assert body["details"] == {
        "sequence": "4",
        "changeDate": "2026-01-15T12:00:00Z",
        "resourceOwner": "269629023906488000",
    }
    assert body["sessionId"].isdigit()
    assert len(body["sessionId"]) == 18
    assert len(body["sessionToken"]) == 43


def test_login_names_are_found_in_any_case(zitadel: Zitadel) -> None:
    assert zitadel.session({"checks": {"user": {"loginName": "MINI@Mouse.Example"}}}).status == 201


@proves("zitadel.current.tarpit")
def test_many_failures_delay_the_answer(zitadel: Zitadel, settings: SettingsOf, virtual_time: VirtualTime) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    with virtual_time.measure() as at_once:
        for count in range(1, 10):
            assert zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] == count
    with virtual_time.measure() as later:
        assert zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] == 10
    assert at_once.seconds == 0
    assert later.seconds == pytest.approx(1)


def test_a_frozen_clock_delays_no_answer(
    zitadel: Zitadel, settings: SettingsOf, sandbox: Callable[[], Sandbox], virtual_time: VirtualTime
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    sandbox().clock.freeze()
    with virtual_time.measure() as waited:
        counts = [zitadel.sign_in("mini", WRONG).body["details"][0]["failedAttempts"] for _ in range(12)]
    assert (counts[-1], waited.seconds) == (12, 0)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ({"lifetime": "0s"}, "invalid CreateSessionRequest.Lifetime: value must be greater than 0s"),
        ({"lifetime": "-1s"}, "invalid CreateSessionRequest.Lifetime: value must be greater than 0s"),
        ({"lifetime": "x"}, 'proto: (line 1:13): invalid google.protobuf.Duration value "***"'),
        ({"lifetime": "315576000001s"}, 'proto: (line 1:13): invalid google.protobuf.Duration value "***"'),
        ({"lifetime": 60}, "proto: syntax error (line 1:13): unexpected token ***"),
        ({"metadata": {"a": "%"}}, 'proto: (line 1:18): invalid value for bytes type: "***"'),
        ({"metadata": ["a"]}, "proto: syntax error (line 1:13): unexpected token ["),
        ({"metadata": {"a": 5}}, "proto: (line 1:18): invalid value for bytes type: ***"),
    ],
)
@proves("zitadel.json.mapping", "zitadel.validate.first")
def test_unreadable_and_empty_lifetimes_and_unreadable_metadata_are_refused(
    zitadel: Zitadel, body: dict[str, Any], message: str
) -> None:
    assert zitadel.session(body).body["message"] == message


def test_a_session_shows_what_was_checked_and_said(sessions: Zitadel) -> None:
    agent = {"fingerprintId": "f1", "ip": "192.0.2.7", "description": "browser", "header": {"x": {"values": ["1"]}}}
    told = {"metadata": {"a": "aGk=", "b": "eA"}, "userAgent": agent, "lifetime": "3600s"}
    made = sessions.session(
        {"checks": {"user": {"loginName": "mini@mouse.example"}, "password": {"password": MINI}}, **told}
    ).body
    session_id, token = made["sessionId"], made["sessionToken"]
    now = "2026-01-15T12:00:00Z"
    assert sessions.on_session("get", session_id, token=token).body == {
        "session": {
            "id": session_id,
            "creationDate": now,
            "changeDate": now,
            "sequence": "6",
            "factors": {
                "user": {
                    "verifiedAt": now,
                    "id": sessions.person("mini").id,
                    "loginName": "mini@mouse.example",
                    "displayName": "mini x",
                    "organizationId": "69629023906488334",
                },
                "password": {"verifiedAt": now},
            },
            "metadata": {"a": "aGk=", "b": "eA=="},
            "userAgent": agent,
            "expirationDate": "2026-01-15T13:00:00Z",
        }
    }
