"""Proposals: other documents for the imitated systems, in the same process; a sandbox chooses one."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.admin.test_sandboxes import no_room
from tests.conftest import Api, Observed
from tests.outcomes import outcome
from tests.proposals import server_with_proposals
from watchword.build import Built
from watchword.sandbox import Sandbox

KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}


@pytest.fixture(scope="session")
def built(observed: Observed, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A server with two proposals: an overlay and a whole document."""
    return server_with_proposals(tmp_path_factory.mktemp("proposals"), observed)


@pytest.fixture(autouse=True)
def _only_its_own(built: Built, api: Api) -> Iterator[None]:
    """Drop the further sandboxes that the test makes."""
    yield
    for one in built.imitated.sandboxes:
        if one.name not in ("default", api.sandbox):
            built.imitated.sandboxes.drop(one.name)


def choose(api: Api, proposal: str | None) -> Mapping[str, Any]:
    assert api.sandbox is not None
    chosen = api.call("admin.choose_proposal", path={"name": api.sandbox}, body={"proposal": proposal})
    assert chosen.status == 200, chosen.body
    body: Mapping[str, Any] = chosen.body
    return body


def judged(api: Api, password: str = "Quiet-river-42") -> Any:  # noqa: S107  # a password of the seed data
    answer = api.call("weavr_multi.validate_password", body={"password": {"value": password}}, headers=KEY)
    return answer.body["errorCode"] if answer.body else answer.status


def portal(api: Api, url: str) -> None:
    assert api.call("admin.change_settings", body={"weavr_multi": {"portal_url": url}}).status == 200


@outcome("admin.choose_proposal", 200, "chosen")
def test_a_sandbox_that_chooses_a_proposal_is_answered_by_its_document_and_its_settings(api: Api) -> None:
    assert (judged(api), api.request("GET", "/countries").status) == (204, 404)
    assert choose(api, "next")["proposal"] == "next"
    assert (judged(api), api.request("GET", "/countries").body) == ("PASSWORD_TOO_SHORT", ["NO", "SE"])


def test_other_sandboxes_notice_nothing_of_it(api: Api) -> None:
    choose(api, "next")
    assert api.request("GET", "/~other/countries").status == 404


def test_a_sandbox_goes_back_to_todays_document(api: Api) -> None:
    choose(api, "next")
    assert choose(api, None)["proposal"] is None
    assert (judged(api), api.request("GET", "/countries").status) == (204, 404)


def test_a_whole_document_is_a_proposal_too(api: Api) -> None:
    choose(api, "whole")
    assert api.request("GET", "/countries").body == ["DK"]
    assert api.request("POST", "/multi/passwords/validate", json={}, headers=KEY).status == 404


def test_what_the_sandbox_has_stays_when_it_chooses(api: Api) -> None:
    api.call("weavr_multi.start_lost_password", body={"email": "ada@multi.example"}, headers=KEY)
    choose(api, "next")
    assert len(api.call("admin.inbox").body["messages"]) == 1


def test_a_setting_that_the_sandbox_has_changed_stays_when_it_chooses_and_goes_back(api: Api) -> None:
    portal(api, "http://localhost:5173")
    for proposal in ("next", None):
        choose(api, proposal)
        assert api.call("admin.settings").body["weavr_multi"]["portal_url"] == "http://localhost:5173"
    assert judged(api) == 204


@outcome("admin.choose_proposal", 409, "contradiction")
def test_changed_settings_that_do_not_fit_the_proposal_refuse_it(api: Api) -> None:
    api.call("admin.change_settings", body={"entrust": {"password": {"maximum_length": 60, "minimum_length": 30}}})
    api.call("admin.change_settings", body={"entrust": {"password": {"maximum_length": None}}})
    refused = api.call("admin.choose_proposal", path={"name": str(api.sandbox)}, body={"proposal": "next"})
    assert (refused.status, refused.body["code"]) == (409, "contradiction")
    assert judged(api) == 204


def test_a_reset_keeps_the_proposal_and_brings_its_settings_back(api: Api) -> None:
    choose(api, "next")
    api.call("admin.change_settings", body={"weavr_multi": {"programme": {"root_profile": {"minimum": 4}}}})
    assert judged(api) == 204
    assert api.call("admin.reset").body["proposal"] == "next"
    assert judged(api) == "PASSWORD_TOO_SHORT"


@outcome("admin.make_sandbox", 201, "made")
def test_a_sandbox_is_made_with_a_proposal(api: Api) -> None:
    made = api.call("admin.make_sandbox", body={"name": "made", "proposal": "next"})
    assert (made.status, made.body["proposal"]) == (201, "next")
    assert api.request("GET", "/~made/countries").body == ["NO", "SE"]


def test_a_sandbox_that_does_not_exist_is_made_when_it_chooses(api: Api, built: Built) -> None:
    api.call("admin.choose_proposal", path={"name": "new"}, body={"proposal": "next"})
    assert built.imitated.sandboxes.get("new") is not None
    assert api.request("GET", "/~new/countries").body == ["NO", "SE"]


@outcome("admin.choose_proposal", 400, "no-such-proposal")
def test_an_unknown_proposal_is_refused_with_those_that_there_are(api: Api) -> None:
    refused = api.call("admin.choose_proposal", path={"name": "new"}, body={"proposal": "soon"})
    assert refused.body["detail"] == "This server has no proposal 'soon'. There are: next, whole."
    assert api.call("admin.sandbox", path={"name": "new"}).status == 404


@outcome("admin.make_sandbox", 400, "no-such-proposal")
def test_no_sandbox_is_made_with_an_unknown_proposal(api: Api) -> None:
    assert api.call("admin.make_sandbox", body={"name": "made", "proposal": "soon"}).status == 400
    assert api.call("admin.sandbox", path={"name": "made"}).status == 404


@outcome("admin.choose_proposal", 400, "malformed")
@pytest.mark.parametrize(
    ("name", "body"),
    [("box", {}), ("box", {"proposal": 1}), ("box", {"proposal": "next", "by": 1}), ("no box", {"proposal": "next"})],
    ids=["no proposal", "a number", "something else", "no name of a sandbox"],
)
def test_a_choice_that_is_none_is_refused(api: Api, name: str, body: Mapping[str, Any]) -> None:
    assert api.call("admin.choose_proposal", path={"name": name}, body=body).status == 400


@outcome("admin.choose_proposal", 415, "unsupported-media-type")
def test_a_choice_is_json(api: Api) -> None:
    url, headers = "/__admin/sandboxes/box", {"Content-Type": "text/plain"}
    assert api.request("PUT", url, content=b"proposal", headers=headers).status == 415


@outcome("admin.choose_proposal", 503, "too-many-sandboxes")
def test_no_sandbox_too_many_is_made_by_choosing(api: Api, built: Built) -> None:
    api.call("admin.sandboxes")
    with no_room(built.imitated.sandboxes):
        refused = api.call("admin.choose_proposal", path={"name": "new"}, body={"proposal": "next"})
    assert refused.status == 503


@pytest.mark.parametrize(
    ("wanted", "kept"), [({}, "next"), ({"proposal": "whole"}, "whole"), ({"proposal": None}, None)]
)
def test_a_fork_keeps_the_proposal_unless_it_chooses_another(
    api: Api, wanted: Mapping[str, Any], kept: str | None
) -> None:
    choose(api, "next")
    made = api.call("admin.make_sandbox", body={"name": "fork", "from": api.sandbox, **wanted})
    assert made.body["proposal"] == kept


@outcome("admin.make_sandbox", 409, "contradiction")
def test_a_fork_whose_settings_do_not_fit_the_proposal_is_not_made(api: Api) -> None:
    api.call("admin.change_settings", body={"entrust": {"password": {"minimum_length": 30}}})
    wanted = {"name": "fork", "from": api.sandbox, "proposal": "next"}
    assert api.call("admin.make_sandbox", body=wanted).status == 409
    assert api.call("admin.sandbox", path={"name": "fork"}).status == 404


def test_a_fork_before_a_request_has_the_proposal_of_that_time(api: Api) -> None:
    judged(api)
    choose(api, "next")
    made = api.call("admin.make_sandbox", body={"name": "fork", "before": "last"})
    assert made.body["proposal"] is None
    assert api.request("GET", "/~fork/countries").status == 404


def test_a_snapshot_keeps_the_proposal(api: Api) -> None:
    choose(api, "next")
    api.call("admin.save_snapshot", body={"name": "then"})
    choose(api, None)
    assert api.call("admin.restore_snapshot", path={"name": "then"}).body["proposal"] == "next"
    assert judged(api) == "PASSWORD_TOO_SHORT"


def test_an_export_keeps_the_proposal(api: Api) -> None:
    choose(api, "next")
    written = api.call("admin.export_state").body
    choose(api, None)
    assert api.call("admin.import_state", body=written).body["proposal"] == "next"
    assert judged(api) == "PASSWORD_TOO_SHORT"


def test_an_import_with_an_unknown_proposal_is_refused_with_those_that_there_are(api: Api) -> None:
    written = {**api.call("admin.export_state").body, "proposal": "soon"}
    refused = api.call("admin.import_state", body=written)
    (error,) = refused.body["errors"]
    assert (refused.status, error["field"]) == (409, "proposal")
    assert "there are: next, whole" in error["problem"]


def test_an_answer_that_only_the_proposal_has_can_be_armed_as_a_fault_there(api: Api) -> None:
    fault = {"match": {"operation": "weavr_multi.validate_password"}, "fault": {"answer": {"example": "TEAPOT"}}}
    assert api.call("admin.arm_fault", body=fault).status == 409
    choose(api, "next")
    assert api.call("admin.arm_fault", body=fault).status == 201
    assert judged(api) == "TEAPOT"


def test_an_entry_is_judged_and_explained_by_the_document_of_its_sandbox(api: Api) -> None:
    choose(api, "next")
    api.request("GET", "/countries?unknown=1")
    entry = api.request("GET", "/__admin/journal/last").body
    assert (entry["operation"], entry["violations"][0]["where"]) == ("fifth.get_countries", "query")
    assert api.request("GET", "/__admin/journal?operation=fifth.get_countries").body["total"] == 1


def test_the_reference_is_that_of_the_sandbox(api: Api) -> None:
    choose(api, "next")
    assert "/countries" in api.request("GET", "/openapi.json").body["paths"]
    assert "/countries" not in api.request("GET", "/~other/openapi.json").body["paths"]


def test_the_document_of_a_proposal_can_be_asked_for_anywhere(api: Api) -> None:
    assert "/countries" in api.request("GET", "/openapi.json?proposal=next").body["paths"]
    refused = api.request("GET", "/openapi.json?proposal=soon")
    assert (refused.status, refused.body["detail"]) == (404, "There is no such proposal. There are: next, whole.")


def test_the_health_of_the_server_lists_the_proposals(api: Api) -> None:
    assert api.call("admin.health").body["proposals"] == ["next", "whole"]


def test_a_request_that_is_in_a_new_sandbox_does_not_bring_todays_document_back(
    api: Api, built: Built, sandbox: Callable[[], Sandbox]
) -> None:
    inside = built.imitated.sandboxes.visit("new")
    api.call("admin.choose_proposal", path={"name": "new"}, body={"proposal": "next"})
    built.imitated.sandboxes.keep(inside)
    found = built.imitated.sandboxes.get("new")
    assert found is not None
    assert (found.proposal, sandbox().proposal) == ("next", "")


def test_faults_that_a_document_brings_come_and_go_with_it_and_those_of_a_person_stay(api: Api) -> None:
    def armed() -> list[str]:
        return [one["match"]["system"] for one in api.call("admin.faults").body["faults"]]

    api.call("admin.arm_fault", body={"match": {"system": "zitadel"}, "fault": {"delay": {"fixed": "PT0.1S"}}})
    seen = [armed() for proposal in ("next", None, "next") if choose(api, proposal)]
    assert seen == [["zitadel", "entrust"], ["zitadel"], ["zitadel", "entrust"]]
    assert api.call("admin.reset").status == 200
    assert armed() == ["entrust"]


def replay(api: Api, **body: Any) -> Any:
    return api.call("admin.replay_entry", path={"id": "last"}, body=body)


def test_a_request_is_replayed_by_a_proposal_in_a_fork_and_by_todays_document(api: Api) -> None:
    judged(api)
    once_more = replay(api, proposal="next").body
    assert [once_more[one]["response"]["status"] for one in ("original", "replayed")] == [204, 409]
    assert (once_more["proposal"], once_more["same"], once_more["replayed"]["code"]) == (
        "next",
        False,
        "PASSWORD_TOO_SHORT",
    )
    choose(api, "next")
    judged(api)
    assert replay(api).body["same"]
    back = replay(api, proposal=None).body
    assert (back["proposal"], back["replayed"]["response"]["status"]) == (None, 204)


def test_a_replay_by_a_proposal_changes_nothing_in_the_sandbox(api: Api, sandbox: Callable[[], Sandbox]) -> None:
    judged(api)
    replay(api, proposal="next")
    assert (sandbox().proposal, judged(api)) == ("", 204)


@outcome("admin.replay_entry", 400, "no-such-proposal")
def test_a_replay_by_an_unknown_proposal_is_refused(api: Api) -> None:
    judged(api)
    assert replay(api, proposal="soon").body["code"] == "no-such-proposal"


@outcome("admin.replay_entry", 409, "contradiction")
def test_a_replay_by_a_proposal_that_the_settings_do_not_fit_is_refused(api: Api) -> None:
    api.call("admin.change_settings", body={"entrust": {"password": {"minimum_length": 30}}})
    judged(api)
    assert replay(api, proposal="next").body["code"] == "contradiction"


@outcome("admin.replay_entry", 409, "not-replayable")
def test_a_replay_in_a_sandbox_with_a_name_is_answered_by_its_document_and_no_other(api: Api) -> None:
    judged(api)
    refused = replay(api, proposal="next", **{"in": api.sandbox})
    assert refused.body["detail"].startswith("In a sandbox with a name, the document of that sandbox answers;")


def test_what_would_have_helped_is_tried_by_the_document_that_refused(api: Api) -> None:
    choose(api, "next")
    judged(api)
    looked = api.call("admin.what_if", path={"id": "last"}).body
    assert looked["code"] == "PASSWORD_TOO_SHORT"
    assert [one["status"] for one in looked["cures"]].count(204) > 0


def test_an_entry_names_the_proposal_that_answered_it(api: Api) -> None:
    judged(api)
    choose(api, "next")
    judged(api)
    assert [one["proposal"] for one in api.call("admin.journal").body["entries"]] == ["next", None]


def covered(api: Api, sandbox: str) -> list[str]:
    report = api.request("GET", f"/__admin/coverage?sandbox={sandbox}").body
    return [one["id"] for one in report["operations"] if any(each["count"] for each in one["outcomes"])]


def test_coverage_is_of_the_proposal_if_no_other_document_answered_and_else_of_todays(api: Api) -> None:
    name = str(api.sandbox)
    choose(api, "next")
    api.request("GET", "/countries")
    assert covered(api, name) == ["fifth.get_countries"]
    choose(api, None)
    judged(api)
    assert covered(api, name) == ["weavr_multi.validate_password"]


def test_coverage_before_the_first_request_is_of_the_document_that_has_the_operations(api: Api) -> None:
    unused = "/__admin/coverage?sandbox=of-nobody&operations="
    for pattern, found in (
        ("fifth.get_*", "fifth.get_countries"),
        ("weavr_multi.validate_p*", "weavr_multi.validate_password"),
    ):
        assert [one["id"] for one in api.request("GET", unused + pattern).body["operations"]] == [found]
    refused = api.request("GET", f"{unused}fifth.put_*")
    assert (refused.status, refused.body["code"]) == (400, "no-such-operation")


def test_coverage_of_a_sandbox_before_its_first_request_is_of_the_proposal_that_it_has_chosen(api: Api) -> None:
    wanted = f"/__admin/coverage?sandbox={api.sandbox}&operations="
    choose(api, "whole")
    refused = api.request("GET", f"{wanted}weavr_multi.validate_password")
    assert (refused.status, "there are: fifth.countries" in refused.body["detail"]) == (400, True)
    choose(api, None)
    assert api.request("GET", f"{wanted}weavr_multi.validate_password").status == 200


def test_a_call_of_another_protocol_whose_operation_the_proposal_lacks_is_unknown(api: Api) -> None:
    call = "/zitadel.user.v2.UserService/SetPassword"
    assert api.request("POST", call, json={}).status == 401
    choose(api, "whole")
    assert api.request("POST", call, json={}).status == 404


def test_a_sandbox_is_shared_by_the_request_that_is_in_it_and_the_choice_of_its_proposal(
    api: Api, built: Built
) -> None:
    sandboxes = built.imitated.sandboxes
    for name in ("put", "posted"):
        inside = sandboxes.visit(name)
        if name == "put":
            api.call("admin.choose_proposal", path={"name": name}, body={"proposal": "next"})
        else:
            api.call("admin.make_sandbox", body={"name": name, "proposal": "next"})
        assert sandboxes.get(name) is inside
        assert inside.proposal == "next"


def test_a_fault_of_a_document_that_a_person_has_changed_stays_when_another_document_is_chosen(api: Api) -> None:
    choose(api, "next")
    (brought,) = api.call("admin.faults").body["faults"]
    changed = api.call("admin.change_fault", path={"id": brought["id"]}, body={"times": 3})
    assert (brought["broughtBy"], changed.body.get("broughtBy")) == ("document", None)
    choose(api, None)
    assert [one["times"] for one in api.call("admin.faults").body["faults"]] == [3]


def test_a_change_that_changes_nothing_leaves_a_fault_to_its_document(api: Api) -> None:
    choose(api, "next")
    api.call("admin.change_faults", body={"times": None})
    choose(api, None)
    assert api.call("admin.faults").body["faults"] == []


def left_behind(api: Api) -> None:
    """Arm a fault whose answer only the proposal has, and go back."""
    choose(api, "next")
    fault = {"match": {"operation": "weavr_multi.validate_password"}, "fault": {"answer": {"example": "TEAPOT"}}}
    assert api.call("admin.arm_fault", body=fault).status == 201
    choose(api, None)


def test_all_faults_can_be_paused_when_one_is_for_a_document_that_is_no_longer_chosen(api: Api) -> None:
    left_behind(api)
    paused = api.call("admin.change_faults", body={"times": 0})
    assert (paused.status, [one["times"] for one in paused.body["faults"]]) == (200, [0])


def test_a_fault_for_a_document_that_is_no_longer_chosen_cannot_become_another_impossible_one(api: Api) -> None:
    left_behind(api)
    assert api.call("admin.change_faults", body={"match": {"person": "nobody"}}).status == 409


def test_a_sandbox_with_a_fault_for_a_document_that_is_no_longer_chosen_reopens_from_its_export(api: Api) -> None:
    left_behind(api)
    written = api.call("admin.export_state").body
    assert api.call("admin.import_state", body=written).status == 200
    assert api.call("admin.export_state").body["faults"] == written["faults"]
    assert judged(api) == 204


def test_replays_by_other_documents_are_of_one_request_whatever_arrives_meanwhile(api: Api, built: Built) -> None:
    judged(api)
    name, made = str(api.sandbox), built.replayer
    newest = made.reader.captured(name, "last")
    exchange = newest.exchange
    assert exchange is not None

    def another(**wanted: Any) -> Any:
        made.reader.held.note(exchange, newest.answer, ())
        return made.new_app(**wanted)

    found = api.runner.run(replace(made, new_app=another).by_other_documents(name, "last"))
    assert [one.replayed.entry.proposal for one in found] == ["next", "whole"]
    assert len({one.original.entry.id for one in found}) == 1
