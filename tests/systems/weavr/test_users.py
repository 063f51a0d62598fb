"""The users that others have made: one, and the list."""

import pytest

from tests.outcomes import outcome, proves
from tests.systems.weavr.products import MULTI, PAYMENT_RUN, Weavr, both, cases, codes, reaching

LIST, GET = "list_users", "get_user"
MADE = {
    MULTI: ["dario", "kira", "lars", "mira", "tessa", "sven", "uma"],
    PAYMENT_RUN: ["dinah", "mabel", "theo", "silas", "ugo"],
}
"""The users that the head has made, the oldest first."""
DARIO = {
    "id": "111046735421947907",
    "identity": {"type": "CORPORATE", "id": "111046735421882370"},
    "name": "Dario",
    "surname": "Rossi",
    "email": "dario@multi.example",
    "active": True,
    "mobile": {"countryCode": "+44", "number": "7700900101"},
    "dateOfBirth": {"year": 1988, "month": 4, "day": 12},
    "roles": ["CARDS_MANAGEMENT_ROLE", "FUNDS_MANAGEMENT_ROLE"],
    "tag": "cards",
    "countryOfResidence": "GB",
    "locale": "en",
    "brand": "watchword",
}
DINAH = {
    "id": "110747174434635818",
    "buyerId": "110747174434570281",
    "name": "Dinah",
    "surname": "Katz",
    "email": "dinah@buyers.example",
    "active": True,
    "mobile": {"countryCode": "+44", "number": "7700900101"},
    "dateOfBirth": {"year": 1988, "month": 4, "day": 12},
    "roles": ["CREATOR"],
    "addedBy": {"rolesNames": ["ADMIN"], "userId": "110747174434570281"},
}


def names(weavr: Weavr, **query: str) -> list[str]:
    """List who is on a page."""
    return [one["name"].lower() for one in weavr.list_users(**query).body["users"]]


@pytest.mark.parametrize(
    ("product", "shown"),
    [
        pytest.param(MULTI, DARIO, marks=outcome("weavr_multi.get_user", 200, "authorised")),
        pytest.param(PAYMENT_RUN, DINAH, marks=outcome("weavr_payment_run.get_user", 200, "authorised")),
    ],
    ids=str,
)
def test_a_user_is_shown_with_everything_that_the_product_knows(weavr: Weavr, shown: object) -> None:
    answer = weavr.get_user(of="colleague")
    assert (answer.status, answer.body) == (200, shown)


@proves("weavr.users.listed")
@reaching(LIST, 200, "page")
def test_the_list_has_the_users_of_the_identity_without_its_root_user_the_oldest_first(weavr: Weavr) -> None:
    answer = weavr.list_users()
    made = MADE[weavr.product]
    assert [one["email"].partition("@")[0] for one in answer.body["users"]] == made
    assert (answer.body["count"], answer.body["responseCount"]) == (len(made), len(made))


@proves("weavr.users.listed")
@both
def test_the_list_is_cut_into_pages_that_count_all_users(weavr: Weavr) -> None:
    made = MADE[weavr.product]
    page = weavr.list_users(offset="1", limit="2").body
    assert weavr.list_users(offset="1.0", limit="20e-1").body == page
    assert ([one["name"].lower() for one in page["users"]], page["count"], page["responseCount"]) == (
        made[1:3],
        len(made),
        2,
    )
    assert weavr.list_users(offset="50").body == {"users": [], "count": len(made), "responseCount": 0}


@proves("weavr.users.listed")
@both
def test_the_list_can_be_filtered(weavr: Weavr) -> None:
    inactive = weavr.person("invited-inactive")
    assert names(weavr, active="false") == [inactive.name]
    assert names(weavr, active="true") == [one for one in MADE[weavr.product] if one != inactive.name]
    assert names(weavr, email=inactive.login.upper()) == [inactive.name]
    assert names(weavr, email="nobody@nowhere.example") == []


@proves("weavr.users.listed")
@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_the_list_of_multi_can_be_filtered_by_tag(weavr: Weavr) -> None:
    assert names(weavr, tag="cards") == ["dario"]
    assert names(weavr, tag="other") == []


@cases(
    "query, expected",
    [
        ({"offset": "-1", "limit": "0"}, {("offset", "AT_LEAST"), ("limit", "AT_LEAST")}, LIST, 400, "AT_LEAST"),
        ({"limit": "101"}, {("limit", "AT_MOST")}, LIST, 400, "AT_MOST"),
        ({"email": "no address"}, {("email", "REGEX")}, LIST, 400, "REGEX"),
    ],
)
def test_a_parameter_of_the_list_out_of_its_bounds_is_invalid(
    weavr: Weavr, query: dict[str, str], expected: object
) -> None:
    assert {(name, error) for _, name, error in codes(weavr.list_users(**query))} == expected


@reaching(LIST, 400, "UNREADABLE")
def test_a_parameter_of_the_list_with_another_type_is_answered_by_a_message(weavr: Weavr) -> None:
    assert weavr.list_users(limit="many").body == {"message": "Invalid request: limit must be of type integer"}


@cases("operation", [(one, one, 400, "REGEX") for one in (GET, "invite_user")])
def test_a_user_id_with_letters_is_invalid(weavr: Weavr, operation: str) -> None:
    assert codes(weavr.attempt(operation, user_id="abc")) == [([], "user_id", "REGEX")]


@proves("weavr.users.found")
@cases("operation", [(one, one, 404, "USER_NOT_FOUND") for one in (GET, "invite_user")])
def test_a_root_user_is_not_found_among_users(weavr: Weavr, operation: str) -> None:
    refused = weavr.attempt(operation, user_id=weavr.person("head").id)
    assert refused.status == 404
    assert "root user" in refused.body["message"]


@both
def test_a_user_of_another_programme_is_not_found(weavr: Weavr) -> None:
    assert weavr.get_user(by="neighbour").status == 404


@pytest.mark.parametrize("product", [MULTI], ids=str)
def test_every_user_of_multi_may_read_and_invite_the_users_of_the_identity(weavr: Weavr) -> None:
    assert weavr.list_users(by="colleague").body["count"] == 7
    assert (weavr.get_user(by="colleague").status, weavr.invite(by="colleague").status) == (200, 204)


@proves("weavr_payment_run.users.key")
@pytest.mark.parametrize(("product", "status"), [(MULTI, 403), (PAYMENT_RUN, 401)], ids=str)
@pytest.mark.parametrize("operation", [LIST, GET, "invite_user"])
def test_the_key_of_another_programme_is_forbidden_and_unauthorized_in_payment_run(
    weavr: Weavr, operation: str, status: int
) -> None:
    key = weavr.person("neighbour").headers["api-key"]
    assert weavr.attempt(operation, headers={"api-key": key}).status == status


@both
def test_what_is_shown_of_a_user_follows_the_settings(weavr: Weavr) -> None:
    weavr.settings.patch(weavr.product.name, {"deactivated": [weavr.person("invited").id]})
    assert weavr.get_user().body["active"] is False
