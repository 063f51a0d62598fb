"""Searching and reading users, and changing their state."""

from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import ManualClock, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import Zitadel, refusal
from tests.systems.zitadel.test_user_outcomes import nested
from tests.systems.zitadel.users import ACME, FORTRESS, found, give_roles, ids, on_user, search

RELEASES = ("v2.65", "v4.2", "v4.6")
PEOPLE = ("mini", "cora", "olga", "robot")
METHOD = "TEXT_QUERY_METHOD_"
OTHERS = "Wr0ng-One!"


def _login(text: str, method: str = "EQUALS") -> dict[str, Any]:
    return {"loginNameQuery": {"loginName": text, "method": f"{METHOD}{method}"}}


@proves("zitadel.users.query")
@pytest.mark.parametrize(
    ("query", "who"),
    [
        (_login("mini@mouse.example"), ["mini"]),
        (_login("MINI@mouse.example"), []),
        (_login("MINI@mouse.example", "EQUALS_IGNORE_CASE"), ["mini"]),
        (_login("mini", "STARTS_WITH"), ["mini"]),
        (_login("MINI", "STARTS_WITH"), []),
        (_login("MINI", "STARTS_WITH_IGNORE_CASE"), ["mini"]),
        (_login("ini@", "CONTAINS"), ["mini"]),
        (_login("INI@", "CONTAINS_IGNORE_CASE"), ["mini"]),
        (_login("@mouse.example", "ENDS_WITH"), ["cora", "mini"]),
        (_login("@MOUSE.example", "ENDS_WITH_IGNORE_CASE"), ["cora", "mini"]),
        (_login("%", "CONTAINS"), []),
        (_login("m_ni", "CONTAINS"), []),
        (_login("\\", "CONTAINS"), []),
        ({"userNameQuery": {"userName": "robot-service"}}, ["robot"]),
        ({"firstNameQuery": {"firstName": "mini"}}, ["mini"]),
        ({"lastNameQuery": {"lastName": "x"}}, ["cora", "olga", "mini"]),
        ({"nickNameQuery": {"nickName": "x"}}, []),
        ({"displayNameQuery": {"displayName": "cora x"}}, ["cora"]),
        ({"emailQuery": {"emailAddress": "mini@mouse.example"}}, ["mini"]),
        ({"emailQuery": {}}, []),
        ({"emailQuery": {"method": f"{METHOD}CONTAINS"}}, ["olga", "cora", "mini"]),
        ({"inUserEmailsQuery": {"userEmails": ["mini@mouse.example", "olga@fortress.example"]}}, ["olga", "mini"]),
        ({"organizationIdQuery": {"organizationId": FORTRESS}}, ["olga"]),
        ({"typeQuery": {"type": "TYPE_MACHINE"}}, ["robot"]),
        ({"typeQuery": {}}, []),
        ({"stateQuery": {"state": "USER_STATE_ACTIVE"}}, ["olga", "cora", "robot", "mini"]),
        ({"stateQuery": {"state": 1}}, ["olga", "cora", "robot", "mini"]),
        ({"stateQuery": {"state": "USER_STATE_DELETED"}}, []),
        ({"stateQuery": {"state": "anything else"}}, []),
        ({"notQuery": {"query": _login("mini", "STARTS_WITH")}}, ["olga", "cora", "robot"]),
        # A machine has no given name, which is neither equal nor unequal.
        ({"notQuery": {"query": {"firstNameQuery": {"firstName": "mini"}}}}, ["olga", "cora"]),
        ({"orQuery": {"queries": [_login("robot-service"), _login("mini", "STARTS_WITH")]}}, ["robot", "mini"]),
        ({"andQuery": {"queries": [_login("mini", "CONTAINS"), {"typeQuery": {"type": "TYPE_HUMAN"}}]}}, ["mini"]),
        (nested(20), ["mini"]),
    ],
)
def test_a_query_finds_who_fits(zitadel: Zitadel, query: dict[str, Any], who: list[str]) -> None:
    listed = found(zitadel, ids(zitadel, *PEOPLE), query, by="iris")
    order = ["olga", "cora", "robot", "mini"]
    assert listed == sorted(who, key=order.index)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({}, "invalid SearchQuery.Query: value is required"),
        (
            {"loginNameQuery": {"loginName": ""}},
            "invalid SearchQuery.LoginNameQuery: embedded message failed validation"
            " | caused by: invalid LoginNameQuery.LoginName: value length must be between 1 and 200 runes, inclusive",
        ),
        (
            {"emailQuery": {"emailAddress": "x" * 201}},
            "invalid SearchQuery.EmailQuery: embedded message failed validation"
            " | caused by: invalid EmailQuery.EmailAddress: value length must be at most 200 runes",
        ),
        (
            {"typeQuery": {"type": 7}},
            "invalid SearchQuery.TypeQuery: embedded message failed validation"
            " | caused by: invalid TypeQuery.Type: value must be one of the defined enum values",
        ),
        (
            {"orQuery": {"queries": [_login("a"), {}]}},
            "invalid SearchQuery.OrQuery: embedded message failed validation | caused by: invalid OrQuery.Queries[1]: "
            "embedded message failed validation | caused by: invalid SearchQuery.Query: value is required",
        ),
    ],
)
def test_a_query_that_is_not_valid_is_named_by_its_place(zitadel: Zitadel, query: dict[str, Any], message: str) -> None:
    where = "invalid ListUsersRequest.Queries[1]: embedded message failed validation | caused by: "
    assert refusal(search(zitadel, _login("a"), query)) == (400, 3, f"{where}{message}")


def test_the_older_package_wants_an_address_that_looks_like_one(zitadel: Zitadel) -> None:
    older = Zitadel(zitadel.api, zitadel.people, "_v2beta")
    answer = search(older, {"emailQuery": {"emailAddress": "mini"}})
    assert answer.body["message"].endswith(
        "invalid EmailQuery.EmailAddress: value must be a valid email address"
        " | caused by: mail: missing '@' or angle-addr"
    )
    assert found(older, {"emailQuery": {"emailAddress": "mini@mouse.example"}}) == ["mini"]


@pytest.mark.parametrize("depth", [60, 120])
def test_the_deepest_queries_that_can_be_read_are_judged(zitadel: Zitadel, depth: int) -> None:
    assert search(zitadel, nested(depth)).body["details"][0]["id"] == "USER-zsQ97"


@proves("zitadel.users.page")
@pytest.mark.parametrize(
    ("page", "listed"),
    [
        ({}, ["phil", "cora", "nora", "mini"]),
        ({"asc": True}, ["mini", "nora", "cora", "phil"]),
        ({"limit": 2}, ["phil", "cora"]),
        ({"limit": "2", "asc": True}, ["mini", "nora"]),
        ({"offset": "1", "asc": True}, ["nora", "cora", "phil"]),
        ({"offset": 1, "limit": 2, "asc": True}, ["nora", "cora"]),
        ({"limit": 0}, ["phil", "cora", "nora", "mini"]),
    ],
)
def test_a_page_is_cut_from_the_list(zitadel: Zitadel, page: dict[str, Any], listed: list[str]) -> None:
    everybody = ids(zitadel, "mini", "nora", "cora", "phil")
    assert found(zitadel, everybody, query=page) == listed
    assert search(zitadel, everybody, query=page).body["details"]["totalResult"] == "4"


@proves("zitadel.users.page")
@pytest.mark.parametrize(
    ("column", "listed"),
    [
        ("USER_NAME", ["cora", "mini", "nora", "robot"]),
        ("FIRST_NAME", ["cora", "mini", "nora", "robot"]),
        ("DISPLAY_NAME", ["cora", "mini", "nora", "robot"]),
        ("EMAIL", ["cora", "mini", "nora", "robot"]),
        ("LAST_NAME", ["mini", "nora", "cora", "robot"]),
        ("TYPE", ["mini", "nora", "cora", "robot"]),
        ("CREATION_DATE", ["mini", "robot", "nora", "cora"]),
        ("UNSPECIFIED", ["mini", "robot", "nora", "cora"]),
    ],
)
def test_a_list_is_sorted_by_a_column_and_equal_ones_by_their_ids(
    zitadel: Zitadel, column: str, listed: list[str]
) -> None:
    people = ids(zitadel, "mini", "nora", "cora", "robot")
    assert found(zitadel, people, sortingColumn=f"USER_FIELD_NAME_{column}", query={"asc": True}) == listed


@proves("zitadel.users.page")
def test_users_without_the_value_come_first_in_a_descending_list(zitadel: Zitadel) -> None:
    people = ids(zitadel, "mini", "cora", "robot")
    assert found(zitadel, people, sortingColumn="USER_FIELD_NAME_EMAIL") == ["robot", "mini", "cora"]


@pytest.mark.parametrize("profile", RELEASES)
def test_the_creation_is_shown_since_v4_and_not_in_the_older_package(
    zitadel: Zitadel, settings: SettingsOf, profile: str
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    since = profile != "v2.65"
    body = on_user(zitadel, "get_user", "mini").body
    assert ("creationDate" in body["details"]) == ("creationDate" in body["user"]["details"]) == since
    older = on_user(Zitadel(zitadel.api, zitadel.people, "_v2beta"), "get_user", "mini").body
    assert "creationDate" not in older["details"]


def test_what_is_shown_of_people_and_machines(zitadel: Zitadel) -> None:
    names = ("ines", "nora", "phil", "fabian", "robot")
    users = {name: on_user(zitadel, "get_user", name).body["user"] for name in names}
    assert users["ines"]["state"] == "USER_STATE_INITIAL"
    assert users["ines"]["human"]["email"] == {"email": "ines@mouse.example"}
    assert "passwordChanged" not in users["nora"]["human"]
    assert users["nora"]["human"]["phone"] == {}
    assert users["phil"]["human"]["phone"] == {"phone": "+41791234567", "isVerified": True}
    assert users["fabian"]["human"]["passwordChangeRequired"] is True
    assert users["robot"]["machine"] == {"name": "robot", "hasSecret": True}


def test_a_new_password_shows_but_readers_do_not_count_its_event(zitadel: Zitadel, clock: ManualClock) -> None:
    before = on_user(zitadel, "get_user", "nora").body
    clock.advance(timedelta(hours=1))
    new = {"newPassword": {"password": OTHERS, "changeRequired": True}}
    assert zitadel.set_password("nora", new, by="otto").status == 200
    after = on_user(zitadel, "get_user", "nora").body
    assert after["details"] == before["details"]
    assert after["user"]["human"]["passwordChangeRequired"] is True
    assert "passwordChanged" in after["user"]["human"]


@pytest.mark.parametrize(
    ("operation", "of", "state"),
    [
        ("lock_user", "mini", "LOCKED"),
        ("unlock_user", "lars", "ACTIVE"),
        ("deactivate_user", "lars", "INACTIVE"),
        ("reactivate_user", "dora", "ACTIVE"),
    ],
)
def test_a_change_of_the_state_is_an_event_that_readers_count(
    zitadel: Zitadel, clock: ManualClock, *, operation: str, of: str, state: str
) -> None:
    before = on_user(zitadel, "get_user", of).body["details"]
    clock.advance(timedelta(hours=1))
    changed = on_user(zitadel, operation, of).body["details"]
    read = on_user(zitadel, "get_user", of).body
    assert read["user"]["state"] == f"USER_STATE_{state}"
    assert read["details"] == changed != before


def test_a_lock_after_wrong_passwords_is_seen_by_readers(zitadel: Zitadel, clock: ManualClock) -> None:
    before = on_user(zitadel, "get_user", "olga", by="iris").body["details"]
    clock.advance(timedelta(hours=1))
    for _ in range(2):
        zitadel.sign_in("olga", OTHERS, by="iris")
    assert on_user(zitadel, "get_user", "olga", by="iris").body["details"] == before
    zitadel.sign_in("olga", OTHERS, by="iris")
    locked = on_user(zitadel, "get_user", "olga", by="iris").body
    assert locked["user"]["state"] == "USER_STATE_LOCKED"
    assert locked["details"]["changeDate"] > before["changeDate"]


def test_users_with_the_role_may_delete_themselves(zitadel: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v4.6"})
    give_roles(zitadel, "mini", "ORG_USER_SELF_MANAGER", organisation=ACME)
    assert on_user(zitadel, "delete_user", "cora", by="mini").status == 403
    assert on_user(zitadel, "delete_user", "mini", by="mini").status == 200
