"""Reading settings: whose they are, who may, and what a query string may be."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.conftest import SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, refusal
from tests.systems.zitadel.users import ACME, FORTRESS, give_roles, read_settings

INSTANCE = "RESOURCE_OWNER_TYPE_INSTANCE"
ORGANISATION = "RESOURCE_OWNER_TYPE_ORG"


def _complexity(z: Zitadel, *, by: str = "otto", query: Mapping[str, str] | None = None, org: str | None = None) -> Any:
    headers = {"x-zitadel-orgid": org} if org else None
    answer = read_settings(z, "password_complexity", by=by, query=query, headers=headers)
    return answer.body["settings"] if answer.status == 200 else refusal(answer)


@proves("zitadel.settings.owner")
@pytest.mark.parametrize(
    ("query", "minimum", "owner"),
    [
        ({}, "8", INSTANCE),
        ({"ctx.orgId": ACME}, "8", INSTANCE),
        ({"ctx.orgId": FORTRESS}, "12", ORGANISATION),
        ({"ctx.org_id": FORTRESS}, "12", ORGANISATION),
        ({"ctx.orgId": "123456"}, "8", INSTANCE),
        ({"ctx.orgId": ""}, "8", INSTANCE),
        ({"ctx.instance": "true"}, "8", INSTANCE),
        ({"ctx.instance": "1"}, "8", INSTANCE),
        ({"ctx.foo": "1"}, "8", INSTANCE),
        ({"foo": "1"}, "8", INSTANCE),
    ],
)
def test_whose_settings_are_read(zitadel: Zitadel, query: dict[str, str], minimum: str, owner: str) -> None:
    read = _complexity(zitadel, query=query)
    assert (read["minLength"], read["resourceOwnerType"]) == (minimum, owner)


@proves("zitadel.settings.owner")
def test_without_context_the_organisation_of_the_call_decides(zitadel: Zitadel) -> None:
    assert _complexity(zitadel, by="iris", org=FORTRESS)["minLength"] == "12"
    assert _complexity(zitadel, by="iris", org=FORTRESS, query={"ctx.instance": "true"})["minLength"] == "8"


@proves("zitadel.permission.policy_read")
@pytest.mark.parametrize("by", ["mini", "olga", "cora"])
def test_a_role_is_needed_in_the_organisation_of_the_call(zitadel: Zitadel, by: str) -> None:
    assert _complexity(zitadel, by=by) == (404, 5, "membership not found (AUTHZ-cdgFk)")


@proves("zitadel.permission.policy_read")
def test_the_header_moves_the_call_to_another_organisation(zitadel: Zitadel) -> None:
    missing = (404, 5, "membership not found (AUTHZ-cdgFk)")
    assert _complexity(zitadel, org=FORTRESS) == missing
    assert _complexity(zitadel, org=FORTRESS, query={"ctx.orgId": ACME}) == missing


@proves("zitadel.permission.policy_read")
def test_a_role_for_one_project_is_enough_and_one_without_the_permission_is_not(zitadel: Zitadel) -> None:
    assert _complexity(zitadel, by="petra")["minLength"] == "8"
    give_roles(zitadel, "vera", "IAM_USER_MANAGER")
    assert _complexity(zitadel, by="vera") == (403, 7, "No matching permissions found (AUTH-5mWD2)")


@proves("zitadel.query.mapping")
@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("ctx.instance=x", 'parsing field "instance": strconv.ParseBool: parsing "***": invalid syntax'),
        ("ctx=1", 'parsing field "ctx": unsupported message type: "zitadel.object.v2.RequestContext"'),
        ("ctx.orgId.x=1", 'invalid path: "org_id" is not a message'),
        ("ctx.orgId=1&ctx.instance=true", 'field already set for oneof "resource_owner"'),
        ("ctx.orgId=1&ctx.org_id=2", 'field already set for oneof "resource_owner"'),
        ("ctx.orgId=1&ctx.orgId=2", 'too many values for field "org_id": ***'),
        ("ctx.orgId=%zz", 'invalid URL escape "***"'),
        ("foo=%", 'invalid URL escape "***"'),
        ("a;b", "invalid semicolon separator in query"),
    ],
)
def test_a_query_string_that_is_no_message_is_refused(zitadel: Zitadel, query: str, message: str) -> None:
    answer = zitadel.api.request("GET", f"/v2/settings/login?{query}")
    assert refusal(answer) == (400, 3, message)


def test_general_settings_have_no_parameters_so_nothing_is_wrong_with_them(zitadel: Zitadel) -> None:
    headers = zitadel.person("robot").headers
    answer = zitadel.api.request("GET", "/v2/settings?ctx.orgId=%zz", headers=headers)
    assert (answer.status, answer.body["defaultOrgId"]) == (200, "69629023906488300")


@pytest.mark.parametrize(("profile", "languages"), [("documented", 17), ("v2.65", 17), ("v4.2", 20), ("v4.6", 20)])
def test_what_the_releases_show_differently(
    zitadel: Zitadel, settings: SettingsOf, profile: str, languages: int
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    assert len(read_settings(zitadel, "general").body["supportedLanguages"]) == languages
    login = read_settings(zitadel, "login").body
    assert ("creationDate" in login["details"]) == profile.startswith("v4")
    assert ("allowLocalAuthentication" in login["settings"]) == (profile == "v4.6")
    older = read_settings(Zitadel(zitadel.api, zitadel.people, "_v2beta"), "login").body
    assert ("creationDate" in older["details"]) == profile.startswith("v4")
    assert "allowLocalAuthentication" not in older["settings"]


def test_the_settings_of_the_sandbox_are_those_of_the_instance(zitadel: Zitadel, settings: SettingsOf) -> None:
    complexity, lockout = {"min_length": 10, "symbol": False}, {"max_password_attempts": 5}
    settings.patch("zitadel", {"complexity": complexity, "lockout": lockout})
    read = _complexity(zitadel)
    assert (read["minLength"], "requiresSymbol" in read, read["requiresNumber"]) == ("10", False, True)
    attempts = [
        read_settings(zitadel, "lockout", query=query).body["settings"]["maxPasswordAttempts"]
        for query in ({}, {"ctx.orgId": FORTRESS})
    ]
    assert attempts == ["5", "3"]
