"""Of many concurrent requests for the same thing, exactly one succeeds."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pytest

from tests.concurrency.conftest import Crowd
from tests.conftest import Response

MANY = 50


@dataclass(frozen=True)
class Weavr:
    """
    One of the two products.

    Args:
        newcomer: A person without a password.
        prefix: What its paths start with.
        create: The path of the operation that creates a password.
    """

    system: str
    person: str
    newcomer: str
    prefix: str
    create: str


PRODUCTS = (
    Weavr("weavr_multi", "ada", "basil", "", "/passwords/{}/create"),
    Weavr("weavr_payment_run", "bruno", "bella", "/v1", "/v1/password/{}"),
)
both = pytest.mark.parametrize("product", [pytest.param(one, id=one.system) for one in PRODUCTS])


def passwords() -> list[str]:
    """Make a valid password for each client."""
    return [f"Lantern-{number}-moss" for number in range(MANY)]


def outcomes(responses: Iterable[Response]) -> Counter[str]:
    """Count the answers by status and code."""
    return Counter(f"{one.status} {_code(one.body)}".strip() for one in responses)


def _code(body: object) -> str:
    if not isinstance(body, Mapping):
        return ""
    details = body.get("details")
    return str(body.get("errorCode") or (details[0]["id"] if isinstance(details, list) else ""))


def winning_password(responses: Iterable[Response]) -> str:
    """Return the password of the only client that was answered 200."""
    ((_, password),) = [pair for pair in zip(responses, passwords(), strict=True) if pair[0].status == 200]
    return password


def sign_in(crowd: Crowd, product: Weavr, name: str, password: str) -> int:
    """Try to log in, and return the status."""
    person = crowd.people[product.system, name]
    body = {"email": person.login, "password": {"value": password}}
    return crowd.api.request("POST", f"{product.prefix}/login_with_password", json=body, headers=person.headers).status


@both
def test_a_nonce_can_be_redeemed_by_one_of_many(crowd: Crowd, product: Weavr) -> None:
    person = crowd.people[product.system, product.person]
    path = f"{product.prefix}/passwords/lost_password"
    started = crowd.api.request("POST", f"{path}/start", json={"email": person.login}, headers=person.headers)
    assert started.status == 204
    responses = crowd.together(
        *(
            crowd.api.arequest(
                "POST",
                f"{path}/resume",
                json={"email": person.login, "nonce": "123456", "newPassword": {"value": password}},
                headers=person.headers,
            )
            for password in passwords()
        )
    )
    assert outcomes(responses) == {"200": 1, "409 INVALID_NONCE_OR_EMAIL": MANY - 1}
    assert sign_in(crowd, product, product.person, winning_password(responses)) == 200
    mails = crowd.api.request("GET", "/__admin/inbox").body["messages"]
    assert [mail["subject"] for mail in mails].count("Your Password Has Been Changed") == 1


@both
def test_a_password_is_created_by_one_of_many(crowd: Crowd, product: Weavr) -> None:
    person = crowd.people[product.system, product.newcomer]
    responses = crowd.together(
        *(
            crowd.api.arequest(
                "POST", product.create.format(person.id), json={"password": {"value": one}}, headers=person.headers
            )
            for one in passwords()
        )
    )
    assert outcomes(responses) == {"200": 1, "409 PASSWORD_ALREADY_CREATED": MANY - 1}
    assert sign_in(crowd, product, product.newcomer, winning_password(responses)) == 200


@both
def test_an_old_password_can_be_replaced_by_one_of_many(crowd: Crowd, product: Weavr) -> None:
    person = crowd.people[product.system, product.person]
    responses = crowd.together(
        *(
            crowd.api.arequest(
                "POST",
                f"{product.prefix}/passwords/update",
                json={"oldPassword": {"value": person.password}, "newPassword": {"value": password}},
                headers=person.headers,
            )
            for password in passwords()
        )
    )
    assert outcomes(responses) == {"200": 1, "409 PASSWORD_INCORRECT": MANY - 1}
    assert sign_in(crowd, product, product.person, winning_password(responses)) == 200


@both
def test_every_wrong_password_is_counted(crowd: Crowd, product: Weavr) -> None:
    """Five wrong passwords lock the account, and the other requests are answered 423."""
    person = crowd.people[product.system, product.person]
    responses = crowd.together(
        *(
            crowd.api.arequest(
                "POST",
                f"{product.prefix}/login_with_password",
                json={"email": person.login, "password": {"value": password}},
                headers=person.headers,
            )
            for password in passwords()
        )
    )
    refused = {"weavr_multi": "403", "weavr_payment_run": "403 INSUFFICIENT_PERMISSIONS"}[product.system]
    assert outcomes(responses) == {refused: 5, "423": MANY - 5}


def _set(crowd: Crowd, proof: Mapping[str, str]) -> list[Response]:
    mini = crowd.people["zitadel", "mini"]
    return crowd.together(
        *(
            crowd.api.arequest(
                "POST",
                f"/v2/users/{mini.id}/password",
                json={"newPassword": {"password": password}, **proof},
                headers=mini.headers,
            )
            for password in passwords()
        )
    )


def _session(crowd: Crowd, password: str) -> int:
    mini = crowd.people["zitadel", "mini"]
    checks = {"user": {"loginName": mini.login}, "password": {"password": password}}
    return crowd.api.request("POST", "/v2/sessions", json={"checks": checks}, headers=mini.headers).status


def test_a_code_can_be_redeemed_by_one_of_many(crowd: Crowd) -> None:
    mini = crowd.people["zitadel", "mini"]
    reset = crowd.api.request(
        "POST", f"/v2/users/{mini.id}/password_reset", json={"returnCode": {}}, headers=mini.headers
    )
    responses = _set(crowd, {"verificationCode": reset.body["verificationCode"]})
    assert outcomes(responses) == {"200": 1, "400 COMMAND-2M9fs": MANY - 1}
    assert _session(crowd, winning_password(responses)) == 201


def test_a_current_password_can_be_replaced_by_one_of_many(crowd: Crowd) -> None:
    responses = _set(crowd, {"currentPassword": str(crowd.people["zitadel", "mini"].password)})
    assert outcomes(responses) == {"200": 1, "400 COMMAND-3M0fs": MANY - 1}
    assert _session(crowd, winning_password(responses)) == 201


def test_of_many_codes_only_the_newest_is_valid(crowd: Crowd) -> None:
    mini = crowd.people["zitadel", "mini"]
    path = f"/v2/users/{mini.id}/password_reset"
    resets = crowd.together(
        *(crowd.api.arequest("POST", path, json={"returnCode": {}}, headers=mini.headers) for _ in range(MANY))
    )
    newest = max(resets, key=lambda reset: int(reset.body["details"]["sequence"]))
    sequences = {reset.body["details"]["sequence"] for reset in resets}
    assert len(sequences) == MANY
    responses = _set(crowd, {"verificationCode": newest.body["verificationCode"]})
    assert outcomes(responses)["200"] == 1


def test_many_administrators_can_set_a_password_at_the_same_time(crowd: Crowd) -> None:
    ada = crowd.people["entrust", "ada"]
    path = f"/api/web/v1/users/{ada.id}"
    chosen = [f"Copper-Lantern-{number:02}-Moss" for number in range(20)]
    responses = crowd.together(
        *(crowd.api.arequest("PUT", f"{path}/passwords", json={"password": one}, headers=ada.headers) for one in chosen)
    )
    assert outcomes(responses) == {"200": len(chosen)}
    mails = crowd.api.request("GET", "/__admin/inbox").body["messages"]
    assert len(mails) == len(chosen)


def test_the_ids_of_mails_have_no_gaps(crowd: Crowd) -> None:
    person = crowd.people["weavr_multi", "ada"]
    crowd.together(
        *(
            crowd.api.arequest(
                "POST", "/passwords/lost_password/start", json={"email": person.login}, headers=person.headers
            )
            for _ in range(MANY)
        )
    )
    mails = crowd.api.request("GET", "/__admin/inbox").body["messages"]
    assert sorted(mail["id"] for mail in mails) == list(range(1, MANY + 1))
