"""A query parameter that an operation of the control API does not have is refused: a mistyped filter finds too much."""

import re

from tests.conftest import Api, Response

WIREMOCKS = re.compile(r"/__admin/(requests|near-misses)\b")


def wrong_parameters(answer: Response) -> set[str]:
    errors = answer.body.get("errors", ()) if isinstance(answer.body, dict) else ()
    return {one["field"] for one in errors if one["in"] == "query"}


def test_every_operation_refuses_a_parameter_that_it_does_not_have_but_for_wiremocks(api: Api) -> None:
    admin = api.built.admin
    assert admin is not None
    for one in admin.document.operations.values():
        path = re.sub(r"\{\w+\}", "1", one.path)
        answer = api.request(one.method, f"{path}?stauts=409&foo")
        if WIREMOCKS.match(path):
            assert not wrong_parameters(answer), one.id
        else:
            assert (answer.status, wrong_parameters(answer)) == (400, {"stauts", "foo"}), one.id


def test_the_refusal_names_the_parameters_that_there_are(api: Api) -> None:
    answer = api.request("GET", "/__admin/inbox?From=ada")
    (wrong,) = answer.body["errors"]
    assert wrong["problem"] == "is not known here; there are: to, since, wait"


def test_reading_the_journal_makes_no_sandbox(api: Api) -> None:
    for path in ("journal", "coverage", "findings", "requests", "requests/unmatched"):
        answer = api.request("GET", f"/~never-made/__admin/{path}", headers={"watchword-sandbox": ""})
        assert answer.status == 200, path
    assert api.call("admin.sandbox", path={"name": "never-made"}).status == 404
    assert api.request("POST", "/~never-made/__admin/reset", headers={"watchword-sandbox": ""}).status == 200
    assert api.call("admin.sandbox", path={"name": "never-made"}).status == 200
    misspelt = api.call("admin.sandbox", path={"name": "never-mad"})
    assert misspelt.body["detail"] == "There is no sandbox 'never-mad'. Nearest: never-made."
