"""Reading settings: whose they are, who may, and what a query string may be."""

import pytest

from tests.conftest import SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, refusal
from tests.systems.zitadel.users import read_settings

INSTANCE = "RESOURCE_OWNER_TYPE_INSTANCE"
ORGANISATION = "RESOURCE_OWNER_TYPE_ORG"


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
