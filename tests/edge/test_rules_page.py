"""The page of what decides the answers of each operation, and of what a proposal changes."""

import html
import re
from pathlib import Path
from urllib.parse import urljoin

import orjson
import pytest

from tests.conftest import START, Api
from tests.proposals import NEXT, WHOLE
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile
from watchword.systems import SYSTEMS

OVERLAY = """
overlay: 1.0.0
info: {title: Another log-in, version: "1"}
actions:
  - {target: "$.paths['/logout']", remove: true}
  - {target: $.components.schemas.MultiLogIn, update: {maxProperties: 2}}
  - target: $.paths
    update:
      /passwords/ages:
        get:
          operationId: weavr_multi.ages
          tags: [weavr_multi]
          x-rules: [weavr.key.known, weavr.no.such]
          responses: {"200": {description: Fine., content: {application/json: {example: {days: 3}}}}}
"""
EMPTY = """
openapi: 3.0.3
info: {title: Nothing yet, version: "1"}
paths: {}
"""


def section(page: str, operation: str) -> str:
    """The text of one operation."""
    (found,) = re.findall(rf'(?s)<section class="operation" aria-labelledby="{operation}">(.*?)</section>', page)
    return text(found)


def text(page: str) -> str:
    return " ".join(html.unescape(re.sub("<[^>]*>", " ", page)).split())


@pytest.fixture
def overlay(tmp_path: Path) -> Path:
    file = tmp_path / "overlay.yaml"
    file.write_text(OVERLAY, encoding="utf-8")
    return file


@pytest.fixture
def proposed(api: Api, overlay: Path) -> Api:
    """A server with a proposal."""
    made = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, proposals={"next": overlay}))
    return Api(made, api.runner, None)


@pytest.fixture
def several(api: Api, tmp_path: Path) -> Api:
    """A server with an overlay, a whole document, and one without operations."""
    files = {}
    for name, content in {"next": NEXT, "whole": WHOLE, "empty": EMPTY}.items():
        files[name] = tmp_path / f"{name}.yaml"
        files[name].write_text(content, encoding="utf-8")
    made = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, proposals=files))
    return Api(made, api.runner, None)


def shown(api: Api, query: str) -> str:
    answer = api.request("GET", f"/docs/rules{query}")
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    return answer.content.decode()


def test_every_rule_of_an_operation_is_a_sentence_with_its_grade_and_source(api: Api, built: Built) -> None:
    for system in SYSTEMS:
        page = shown(api, f"?system={system.name}")
        rules = {rule.id: rule for rule in system.catalogue()}
        for one in built.imitated.document.operations.values():
            told = section(page, one.id) if one.system == system.name else ""
            for rule in (rules[name] for name in one.rules if one.system == system.name):
                plain = rule.sentence.replace("`", ""), rule.standing, rule.source.replace("`", ""), rule.id
                assert all("".join(words.split()) in "".join(told.split()) for words in plain), (one.id, rule)


def test_rules_that_refuse_come_in_the_order_of_checks(api: Api) -> None:
    told = section(shown(api, "?system=weavr_multi"), "weavr_multi.create_password")
    order = next(one for one in SYSTEMS[0].orders if one.operation == "create_password")
    places = [told.index(step.rule) for step in order.steps if step.rule in told]
    assert places == sorted(places)
    assert len(places) > 5


def test_a_proposal_lists_what_it_adds_changes_and_takes_away(proposed: Api) -> None:
    (changes,) = re.findall(r'(?s)<ul class="changes">(.*?)</ul>', shown(proposed, "?system=weavr_multi&proposal=next"))
    assert [text(one) for one in changes.split("</li>")[:-1]] == [
        "changed POST /login_with_password request body changed",
        "gone POST /logout",
        "added GET /passwords/ages",
    ]


def test_an_operation_of_a_proposal_says_what_became_of_it(proposed: Api) -> None:
    page = shown(proposed, "?system=weavr_multi&proposal=next")
    assert section(page, "weavr_multi.login_with_password").startswith("POST /login_with_password changed ")
    new = section(page, "weavr_multi.ages")
    assert new.startswith("GET /passwords/ages added example only")
    assert "weavr.no.such is named, and there is no such rule." in new
    assert section(page, "weavr_multi.update_password").startswith("POST /passwords/update Update")


def test_a_proposal_of_another_system_changes_nothing_of_this_one_and_is_listed_all_the_same(proposed: Api) -> None:
    page = shown(proposed, "?system=entrust&proposal=next")
    assert "1 added, 1 changed, 1 gone." in text(page)
    assert not re.search(r"^PUT \S+ changed", section(page, "entrust.set_password"))


def test_a_sandbox_shows_the_proposal_that_it_has_chosen_and_todays_document_too(proposed: Api) -> None:
    proposed.request("PUT", "/__admin/sandboxes/try", json={"proposal": "next"})
    assert "What the proposal “next” changes" in proposed.request("GET", "/~try/docs/rules").content.decode()
    today = proposed.request("GET", "/~try/docs/rules?proposal=").content.decode()
    assert "What the proposal" not in today
    assert "POST /logout" in text(today)


def test_overlays_of_the_server_are_told_too(api: Api, overlay: Path) -> None:
    made = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[overlay]))
    page = text(shown(Api(made, api.runner, None), ""))
    assert f"What {overlay} changed 1 added, 1 changed, 1 gone." in page
    assert "What " + str(overlay) not in text(shown(api, ""))


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?system=zitadl", "There is no such system. There are: weavr_multi, weavr_payment_run, zitadel, entrust."),
        ("?proposal=nxt", "There is no such proposal. There are: next."),
    ],
)
def test_a_page_that_does_not_exist_names_those_that_do(proposed: Api, query: str, said: str) -> None:
    answer = proposed.request("GET", f"/docs/rules{query}")
    assert (answer.status, answer.body["detail"]) == (404, said)


@pytest.mark.parametrize(
    "query", ["?proposal=next", "?system=fifth&proposal=next", "?system=fifth&proposal=whole", "?proposal=empty", ""]
)
def test_links_of_the_page_lead_somewhere(several: Api, query: str) -> None:
    links = {html.unescape(one) for one in re.findall(r'href="([^"#]+)', shown(several, query))}
    assert len(links) > 6
    for link in links:
        assert several.request("GET", urljoin("/docs/rules", link)).status == 200, link


def test_a_system_that_only_the_proposal_has_leads_to_todays_document_as_a_whole(several: Api) -> None:
    page = shown(several, "?system=fifth&proposal=next")
    assert re.findall(r'href="(rules[^"]*)"[^>]*>\s*(Today|Proposal)', page) == [
        ("rules?proposal=", "Today"),
        ("rules?system=fifth&amp;proposal=next", "Proposal"),
        ("rules?system=fifth&amp;proposal=whole", "Proposal"),
        ("rules?proposal=empty", "Proposal"),
    ]


def told_changes(page: str) -> str:
    """The text of the section that says what changes."""
    (found,) = re.findall('(?s)<section aria-labelledby="changes">(.*?)</section>', page)
    return text(found)


STARTS = (
    "Settings of a fresh sandbox: weavr_multi.programme.root_profile.minimum: 8 → 16"
    " entrust.password.maximum_length: 255 → 20"
    " Faults that are armed in a fresh sandbox: added entrust: answers after 100 ms"
)


def test_settings_and_faults_that_a_proposal_brings_are_listed(several: Api) -> None:
    assert told_changes(shown(several, "?proposal=next")).endswith(STARTS)


def test_settings_and_faults_that_overlays_of_the_server_bring_are_listed_too(api: Api, tmp_path: Path) -> None:
    file = tmp_path / "next.yaml"
    file.write_text(NEXT, encoding="utf-8")
    made = build(Options(hashing=Profile.FAST, wall_clock=lambda: START, overlays=[file]))
    assert told_changes(shown(Api(made, api.runner, None), "")).endswith(STARTS)


def test_a_proposal_that_takes_a_fault_away_says_so_though_it_changes_no_operation(api: Api, tmp_path: Path) -> None:
    armed = "{target: $, update: {x-watchword-faults: [{match: {person: ada}, fault: {answer: {status: 503}}}]}}"
    files = {"armed": armed, "calm": "{target: \"$['x-watchword-faults']\", remove: true}"}
    for name, action in files.items():
        content = f"{{overlay: 1.0.0, info: {{title: {name}, version: '1'}}, actions: [{action}]}}"
        (tmp_path / f"{name}.yaml").write_text(content, encoding="utf-8")
    made = build(
        Options(
            hashing=Profile.FAST,
            wall_clock=lambda: START,
            overlays=[tmp_path / "armed.yaml"],
            proposals={"calm": tmp_path / "calm.yaml"},
        )
    )
    assert told_changes(shown(Api(made, api.runner, None), "?proposal=calm")).endswith(
        "No operation. Faults that are armed in a fresh sandbox: gone every operation, ada: answers 503 maintenance"
    )


def test_a_document_without_operations_has_a_page_that_says_so(several: Api) -> None:
    page = text(shown(several, "?proposal=empty"))
    assert ("There are no operations." in page, " gone" in page) == (True, True)
    refused = several.request("GET", "/docs/rules?proposal=empty&system=entrust")
    assert (refused.status, refused.body["detail"]) == (404, "There is no such system. There are: none.")


def test_the_page_needs_no_script_and_allows_none(api: Api) -> None:
    answer = api.request("GET", "/docs/rules")
    assert b"<script" not in answer.content
    assert b"style=" not in answer.content
    policy = answer.headers["content-security-policy"]
    assert "script-src" not in policy
    assert "unsafe-inline" not in policy
    assert "default-src 'none'" in policy


def test_the_reference_marks_what_became_of_the_operations_of_a_proposal(proposed: Api) -> None:
    found = re.search(r'data-documents="([^"]*)"', proposed.request("GET", "/docs/").content.decode())
    assert found
    choices = {one["name"]: one for one in orjson.loads(html.unescape(found[1]))}
    changes = {"POST /login_with_password": "changed", "GET /passwords/ages": "added"}
    assert (choices["Proposal next"]["changes"], "changes" in choices["All systems"]) == (changes, False)
