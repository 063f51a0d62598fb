"""Several sandboxes at the same time, and one that is reset while requests run."""

from tests.concurrency.conftest import Crowd
from tests.conftest import Api

MANY = 20


def _boxes(crowd: Crowd) -> list[Api]:
    api = crowd.api
    return [Api(api.built, api.runner, f"{api.sandbox}-{number}") for number in range(MANY)]


def test_two_sandboxes_never_see_each_other(crowd: Crowd) -> None:
    """The same person gets a different password in each sandbox, and has only that one there."""
    ada = crowd.people["weavr_multi", "ada"]
    boxes = _boxes(crowd)

    def update(number: int) -> dict[str, object]:
        return {"oldPassword": {"value": ada.password}, "newPassword": {"value": f"Lantern-{number}-moss"}}

    changed = crowd.together(
        *(
            box.arequest("POST", "/passwords/update", json=update(number), headers=ada.headers)
            for number, box in enumerate(boxes)
        )
    )
    assert {response.status for response in changed} == {200}
    tokens = [response.body["token"] for response in changed]
    for shift, status in ((0, 200), (1, 403)):
        signed_in = crowd.together(
            *(
                box.arequest(
                    "POST",
                    "/login_with_password",
                    json={"email": ada.login, "password": {"value": f"Lantern-{(number + shift) % MANY}-moss"}},
                    headers=ada.headers,
                )
                for number, box in enumerate(boxes)
            )
        )
        assert {response.status for response in signed_in} == {status}
    stolen = crowd.together(
        *(
            box.arequest(
                "POST", "/logout", headers={**ada.headers, "Authorization": f"Bearer {tokens[(number + 1) % MANY]}"}
            )
            for number, box in enumerate(boxes)
        )
    )
    assert {response.status for response in stolen} == {401}
    inboxes = crowd.together(*(box.arequest("GET", "/__admin/inbox") for box in boxes))
    assert [len(inbox.body["messages"]) for inbox in inboxes] == [1] * MANY


def test_every_sandbox_has_its_own_clock_and_settings(crowd: Crowd) -> None:
    ada = crowd.people["weavr_multi", "ada"]
    here, there = _boxes(crowd)[:2]
    crowd.together(
        here.arequest("PUT", "/__admin/clock", json={"action": "freeze", "to": "2031-05-05T00:00:00Z"}),
        here.arequest("PATCH", "/__admin/settings", json={"weavr_multi": {"maintenance": True}}),
    )
    body = {"password": {"value": "Lantern-8-moss"}}
    answers = crowd.together(
        *(box.arequest("POST", "/passwords/validate", json=body, headers=ada.headers) for box in (there,) * 10)
    )
    assert {answer.status for answer in answers} == {204}
    assert there.request("GET", "/__admin/clock").body["frozen"] is False
    assert here.request("GET", "/__admin/settings").body["weavr_multi"]["maintenance"] is True
    assert here.request("GET", "/__admin/clock").body["now"] == "2031-05-05T00:00:00.000Z"


def test_a_sandbox_can_be_reset_while_requests_run(crowd: Crowd) -> None:
    """Every request changes either the sandbox before a reset or the one after it, never both."""
    ada, mini = crowd.people["weavr_multi", "ada"], crowd.people["zitadel", "mini"]
    api = crowd.api

    requests = []
    for number in range(40):
        update = {"oldPassword": {"value": ada.password}, "newPassword": {"value": f"Lantern-{number}-moss"}}
        password = {"newPassword": {"password": f"Lantern-{number}-moss"}, "currentPassword": mini.password}
        requests += [
            api.arequest("POST", "/passwords/update", json=update, headers=ada.headers),
            api.arequest("POST", f"/v2/users/{mini.id}/password", json=password, headers=mini.headers),
            api.arequest("POST", "/passwords/lost_password/start", json={"email": ada.login}, headers=ada.headers),
        ]
        if number % 4 == 0:
            requests.append(api.arequest("POST", "/__admin/reset"))
    assert {response.status for response in crowd.together(*requests)} <= {200, 204, 400, 409}
    assert api.request("POST", "/__admin/reset").status == 200
    log_in = {"email": ada.login, "password": {"value": ada.password}}
    assert api.request("POST", "/login_with_password", json=log_in, headers=ada.headers).status == 200
    assert api.request("GET", "/__admin/inbox").body["messages"] == []


def test_a_sandbox_that_many_name_first_is_made_once(crowd: Crowd) -> None:
    ada = crowd.people["weavr_multi", "ada"]
    box = Api(crowd.api.built, crowd.api.runner, f"{crowd.api.sandbox}-new")
    crowd.together(
        *(
            box.arequest("POST", "/passwords/lost_password/start", json={"email": ada.login}, headers=ada.headers)
            for _ in range(MANY)
        )
    )
    assert len(box.request("GET", "/__admin/inbox").body["messages"]) == MANY
