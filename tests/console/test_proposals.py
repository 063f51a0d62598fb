"""Proposals in the window: chosen, named, and a request beside its answers by other documents."""

import re
from pathlib import Path

import pytest

from tests.conftest import Api, Observed
from tests.console.conftest import Window
from tests.console.test_news import listen
from tests.proposals import NEXT, WHOLE, server_with_proposals
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile


@pytest.fixture(scope="session")
def built(observed: Observed, tmp_path_factory: pytest.TempPathFactory) -> Built:
    """A server with two proposals."""
    return server_with_proposals(tmp_path_factory.mktemp("proposals"), observed)


def judge(api: Api) -> str:
    body = {"password": {"value": "Quiet-river-42"}}
    api.call("weavr_multi.validate_password", body=body, headers={"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="})
    identifier: str = api.call("admin.journal").body["entries"][0]["id"]
    return identifier


def test_a_sandbox_chooses_a_proposal_and_every_page_names_it(window: Window, api: Api) -> None:
    assert "by the proposal" not in window.text("requests")
    assert window.submit("sandboxes", do="choose", proposal="next").status == 303
    assert f"{api.sandbox} by the proposal next" in window.text("requests")
    assert '<option value="next" selected>' in window.get("sandboxes").content.decode()
    window.submit("sandboxes", do="choose", proposal="")
    assert "by the proposal" not in window.text("requests")


def test_open_pages_are_told_that_another_document_was_chosen(api: Api) -> None:
    api.built.imitated.sandboxes.enter(api.sandbox or "")
    place = f"/__admin/sandboxes/{api.sandbox}"
    pieces = api.runner.run(listen(api, "", lambda: api.arequest("PUT", place, json={"proposal": "whole"})))
    assert ["proposal" in words for words in pieces] == [True]


def test_a_proposal_that_does_not_exist_is_refused(window: Window) -> None:
    refused = window.submit("sandboxes", do="choose", proposal="soon")
    assert (refused.status, "There are: next, whole." in refused.content.decode()) == (409, True)


def test_a_fresh_sandbox_can_be_made_with_a_proposal(window: Window, api: Api, built: Built) -> None:
    window.submit("sandboxes", do="make", name="fresh", proposal="next")
    assert api.call("admin.sandbox", path={"name": "fresh"}).body["proposal"] == "next"
    built.imitated.sandboxes.drop("fresh")


def test_a_request_stands_beside_its_answers_by_the_other_documents(window: Window, api: Api) -> None:
    shown = window.text(f"requests/{judge(api)}/documents")
    assert re.search(r"204 Today’s document, as it was answered .* 409 Proposal next 409 PASSWORD_TOO_SHORT", shown)
    assert "404 Proposal whole" in shown
    window.submit("sandboxes", do="choose", proposal="next")
    shown = window.text(f"requests/{judge(api)}/documents")
    assert re.search(r"409 Proposal next, as it was answered .* 204 Today’s document", shown)


def test_a_header_that_one_of_two_answers_has_not_is_told_as_none(window: Window, api: Api) -> None:
    shown = window.text(f"requests/{judge(api)}/documents")
    assert re.search(r"header request-ref [0-9a-f]{32} → none header content-type none → application/", shown)


def test_the_page_of_a_request_loads_the_other_answers_and_says_which_document_it_was(window: Window, api: Api) -> None:
    identifier = judge(api)
    page = window.get(f"requests/{identifier}").content.decode()
    assert f'hx-get="/__admin/ui/requests/{identifier}/documents" hx-trigger="load"' in page
    assert "Described by Today’s document" in window.text(f"requests/{identifier}")


def test_documents_that_the_settings_of_the_sandbox_do_not_fit_are_left_out(window: Window, api: Api) -> None:
    api.call("admin.change_settings", body={"entrust": {"password": {"minimum_length": 30}}})
    shown = window.text(f"requests/{judge(api)}/documents")
    assert ("Proposal whole" in shown, "Proposal next" in shown) == (True, False)


def test_a_request_to_a_document_that_somebody_brings_has_no_other_documents(api: Api, tmp_path: Path) -> None:
    files = {"shop": tmp_path / "shop.yaml", "next": tmp_path / "next.yaml"}
    files["shop"].write_text(WHOLE, encoding="utf-8")
    files["next"].write_text(NEXT, encoding="utf-8")
    options = Options(
        hashing=Profile.FAST, journal=9, documents={"shop": files["shop"]}, proposals={"next": files["next"]}
    )
    brought = Api(build(options), api.runner, "box")
    brought.request("GET", "/shop/countries")
    (entry,) = brought.call("admin.journal").body["entries"]
    window = Window(brought)
    assert "/documents" not in window.get(f"requests/{entry['id']}").content.decode()
    assert "No other document can describe this sandbox." in window.text(f"requests/{entry['id']}/documents")
