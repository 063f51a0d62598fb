"""What the pages of the window show and do."""

import html
import json
import re
from datetime import timedelta

import pytest

from tests.conftest import Api, Inbox, ManualClock, People
from tests.console.conftest import ROOT, Window, visible

WRONG, NEW = "Wrong-Secret-42", "Brand-New-Secret-43"


def refuse(api: Api, people: People, **more: object) -> None:
    body = {"oldPassword": {"value": WRONG}, "newPassword": {"value": NEW}, **more}
    api.call("weavr_multi.update_password", headers=people["weavr_multi", "dario"].headers, body=body)


@pytest.fixture
def a_refusal(api: Api, people: People) -> None:
    refuse(api, people)


def mail(api: Api, people: People) -> str:
    login = people["weavr_multi", "dario"].login
    api.call("weavr_multi.start_lost_password", headers=people["weavr_multi", "dario"].headers, body={"email": login})
    return login


def open_newest(window: Window) -> str:
    found = re.search(rf'href="{ROOT}/(requests/[0-9a-f-]+)"', window.get("requests").content.decode())
    assert found
    return found[1]


@pytest.mark.parametrize("page", ["requests", "mails", "people", "clock", "faults", "rules", "sandboxes"])
def test_every_page_says_what_it_is_and_allows_no_script_of_others(window: Window, page: str) -> None:
    answer = window.get(page)
    text = answer.content.decode()
    assert f"<h1>{page.capitalize()}</h1>" in text
    assert 'aria-current="page"' in text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert not re.search(r"<script(?![^>]*src=)|<style|\son\w+=|\sstyle=", text), "nothing inline"


def test_the_first_page_leads_to_the_requests(window: Window) -> None:
    assert window.api.request("GET", ROOT).headers["location"] == f"{ROOT}/"
    assert window.get("").headers["location"] == f"{ROOT}/requests"
    assert window.get("nowhere").status == 404
    assert window.api.request("DELETE", f"{ROOT}/clock").headers["allow"] == "GET, HEAD, POST"


@pytest.mark.parametrize("name", ["console.css", "console.js", "htmx.min.js"])
def test_files_of_the_pages_are_served(window: Window, name: str) -> None:
    assert window.get(f"static/{name}").status == 200
    assert window.get(f"static/../{name}").status == 404


def test_a_refusal_can_be_read_without_opening_it(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    listed = window.text("requests")
    assert "409 POST /multi/passwords/update dario" in listed or "409 POST /passwords/update dario" in listed
    assert "PASSWORD_INCORRECT" in listed
    assert "The old password is wrong." in listed


def test_an_opened_request_says_what_came_what_went_and_why_without_secrets(
    window: Window, api: Api, people: People
) -> None:
    refuse(api, people)
    text = window.text(open_newest(window))
    why = api.call("admin.explain_entry", path={"id": "last"}).body
    assert why["sentence"] in text
    assert why["rule"]["sentence"] in text
    assert why["rule"]["source"] in text
    assert why["held"][0]["id"] in text


def test_a_rule_that_found_whose_key_was_sent_does_not_read_like_another_refusal(
    window: Window, api: Api, people: People
) -> None:
    refuse(api, people)
    text = window.text(open_newest(window))
    after = text.partition("Computed something, and refused nothing: ")[2]
    assert "weavr.key.known" in after
    assert "Had an effect" not in text
    assert '"oldPassword"' in text
    token = people["weavr_multi", "dario"].headers["Authorization"].removeprefix("Bearer ")
    assert [one for one in (WRONG, NEW, token) if one in text] == []


def test_a_rule_that_was_asked_several_times_is_listed_once(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    asked = [one["id"] for one in api.call("admin.explain_entry", path={"id": "last"}).body["held"]]
    assert asked.count("weavr.token.resolved") > 1
    assert window.text(open_newest(window)).count("weavr.token.resolved") == 1


def test_an_opened_request_can_be_copied_with_placeholders(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    text = window.text(open_newest(window))
    for start in ("curl -X POST", "await fetch(", "await request.fetch(", "httpx.request("):
        assert start in text
    assert "authorization: Bearer <token of dario>" in text
    assert '{"value":"<value>"}' in text


def test_credentials_are_placeholders_of_a_request_that_is_copied(window: Window, api: Api, people: People) -> None:
    key = {"api-key": people["weavr_multi", "ada"].headers["api-key"]}
    api.call("weavr_multi.login_with_password", headers=key, body={"email": "ada@multi.example"})
    text = window.text("requests/last")
    assert "-H 'api-key: <api-key of programme main>'" in text
    assert "api-key: api-key" not in text


def test_a_form_is_copied_as_a_form(window: Window, api: Api) -> None:
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    content = b"grant_type=client_credentials&client_id=my-client&client_secret=Never-Shown-77"
    api.request("POST", "/oauth/v2/token?token=Never-Shown-78", content=content, headers=form)
    text = window.text("requests/last")
    assert "--data-urlencode grant_type=client_credentials" in text
    assert "body: new URLSearchParams({" in text
    assert "form: {" in text
    assert "data={'grant_type'" in text
    assert "/oauth/v2/token?token=<token>" in text
    assert "Never-Shown" not in text


def test_a_body_that_cannot_be_read_is_a_placeholder_and_no_json(window: Window, api: Api) -> None:
    api.request("POST", "/v2/sessions", content=b"{", headers={"Content-Type": "application/json"})
    text = window.text("requests/last")
    assert "--data-raw '<body>'" in text
    assert 'body: "<body>"' in text
    assert "content='<body>'" in text


def test_requests_are_filtered_by_words(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    api.request("GET", "/v2/nowhere")
    for words in ("password_incorrect", "dario", "409", "4xx+update", "passwords/update"):
        answer = visible(window.get(f"requests/rows?q={words}"))
        assert "PASSWORD_INCORRECT" in answer, words
        assert "nowhere" not in answer, words


def test_a_filter_that_fits_nothing_says_so(window: Window, api: Api) -> None:
    assert "No requests yet" in window.text("requests")
    api.request("GET", "/v2/nowhere")
    for page in ("requests?q=purple", "requests/rows?q=purple"):
        text = window.text(page)
        assert "No request fits this filter." in text
        assert "No requests yet" not in text


def test_a_request_leads_back_to_the_filter_that_it_was_found_with(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    listed = window.get("requests?q=password_incorrect+dario").content.decode()
    found = re.search(rf'href="{ROOT}/(requests/[0-9a-f-]+\?q=[^"]*)"', listed)
    assert found
    assert f'href="{ROOT}/requests?q=password_incorrect+dario"' in window.get(found[1]).content.decode()


def test_a_request_that_is_not_there_is_told_in_words_of_the_window(window: Window) -> None:
    missing = window.get("requests/nope")
    assert missing.status == 404
    assert "There is no such request in this sandbox" in visible(missing)
    assert "__admin" not in visible(missing)


def poll_of(window: Window, page: str) -> str:
    """Find what an open page asks for when there is news."""
    found = re.search(rf'id="news"[^>]* hx-get="{ROOT}/([^"]*)"', window.get(page).content.decode())
    assert found
    return html.unescape(found[1])


def test_an_open_page_loses_the_requests_that_another_window_has_cleared(
    window: Window, api: Api, people: People
) -> None:
    refuse(api, people)
    asked = poll_of(window, "requests")
    window.submit("requests")
    api.request("GET", "/v2/nowhere")
    answer = window.get(asked)
    assert '<ol id="rows" hx-swap-oob="innerHTML">' in answer.content.decode(), "the whole list is replaced"
    assert "nowhere" in visible(answer)
    assert "PASSWORD_INCORRECT" not in visible(answer)


@pytest.mark.parametrize("call", ["admin.empty_inbox", "admin.reset"])
def test_an_open_page_loses_the_mails_that_a_control_call_has_removed(
    window: Window, api: Api, people: People, call: str
) -> None:
    mail(api, people)
    asked = poll_of(window, "mails")
    api.call(call)
    answer = window.get(asked)
    assert answer.status == 200
    assert "dario" not in visible(answer)


def test_only_what_is_new_is_sent(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    asked = poll_of(window, "requests")
    assert window.get(asked).status == 204
    api.request("GET", "/v2/nowhere")
    answer = visible(window.get(asked))
    assert "nowhere" in answer
    assert "PASSWORD_INCORRECT" not in answer
    assert "PASSWORD_INCORRECT" in visible(window.get("requests/rows?after=99999999")), "the server is another one"


def test_requests_are_cleared(window: Window, api: Api) -> None:
    api.request("GET", "/v2/nowhere")
    assert window.submit("requests").status == 303
    assert "nowhere" not in window.text("requests")


def test_what_a_client_sends_is_text_and_never_markup(window: Window, api: Api, people: People) -> None:
    refuse(api, people, **{"<script>alert(1)</script>": 1, "b": "<img src=x>"})
    api.request("GET", "/v2/<b>bold</b>", headers={"User-Agent": "<script>alert(2)</script>"})
    window.submit("faults", operation="", kind="delay:3s", person="<script>alert(3)</script>")
    pages = ["requests", open_newest(window), "faults", "requests?q=%3Cscript%3Ealert(4)%3C/script%3E"]
    pages += [f"requests/{one['id']}" for one in api.call("admin.journal").body["entries"]]
    for page in pages:
        text = window.get(page).content.decode()
        assert "<script>" not in text, page
        assert "<img" not in text, page
        assert "<b>bold" not in text, page


def test_a_mail_is_read_with_its_code_and_links(window: Window, api: Api, people: People, inbox: Inbox) -> None:
    login = mail(api, people)
    sent = inbox.latest(to=login)
    assert login in window.text("mails")
    page = window.get(f"mails/{sent.id}").content.decode()
    assert f'data-copy="{html.escape(sent.codes[0])}"' in page
    for link in sent.links:
        assert f'href="{html.escape(link)}"' in page
    assert window.get("mails/99").status == 404
    assert window.get("mails/x").status == 404
    assert window.get(poll_of(window, "mails")).status == 204
    assert login in visible(window.get("mails?seen=0"))
    assert window.submit("mails").status == 303
    assert inbox.all() == []


def test_people_are_shown_as_they_are_and_locked(window: Window, people: People) -> None:
    assert "ada" in window.text("people?q=ada")
    assert "basil" not in visible(window.get("people?part=rows&q=ada"))
    page = window.text("people/weavr_multi/ada")
    assert people["weavr_multi", "ada"].headers["Authorization"] in page
    assert window.submit("people/weavr_multi/ada", do="lock").status == 303
    assert "Unlock" in window.text("people/weavr_multi/ada")
    assert window.submit("people/weavr_multi/ada", do="unlock").status == 303
    assert "locked" not in window.text("people/weavr_multi/ada").split("Situations")[0].split("Now")[0]
    assert window.get("people/weavr_multi/nobody").status == 404
    assert window.get("people/nowhere/ada").status == 404


@pytest.mark.parametrize(("do", "offered"), [("lock", "Unlock"), ("unlock", "Lock")])
def test_a_lock_that_somebody_else_was_quicker_with_is_no_refusal(window: Window, do: str, offered: str) -> None:
    for _ in range(2):
        assert window.submit("people/weavr_multi/ada", do=do).status == 303
    assert f">{offered}</button>" in window.get("people/weavr_multi/ada").content.decode()


def test_a_person_is_made_changed_and_removed_and_the_password_is_never_shown(window: Window) -> None:
    made = window.submit("people", system="weavr_multi", name="mine", like="ada", password="Never-Shown-77-x")
    assert made.headers["location"] == f"{ROOT}/people/weavr_multi/mine"
    page = "people/weavr_multi/mine"
    assert "Never-Shown-77-x" not in window.get(page).content.decode()
    assert window.submit(page, do="login", login="mine@multi.example").status == 303
    assert window.submit(page, do="password", password="Never-Shown-78-x").status == 303
    assert "mine@multi.example" in window.text(page)
    assert "Never-Shown" not in window.text(page)
    assert window.submit(page, do="remove").headers["location"] == f"{ROOT}/people"
    assert window.get(page).status == 404


@pytest.mark.parametrize(
    "fields", [{"name": "a/b"}, {"name": ""}, {"name": "x", "like": "nobody"}, {"name": "x", "situations": "purple"}]
)
def test_somebody_who_cannot_be_is_refused_with_what_would_be_possible(window: Window, fields: dict[str, str]) -> None:
    answer = window.submit("people", system="weavr_multi", **fields)
    assert answer.status == 409
    assert "Not possible" in visible(answer)
    assert len(re.findall("<li data-field=", answer.content.decode())) == 1


def test_the_clock_is_frozen_moved_and_reset(window: Window, clock: ManualClock) -> None:
    before = clock.now()
    assert window.submit("clock", do="freeze").status == 303
    assert "frozen" in window.text("clock")
    window.submit("clock", do="by", by="1h")
    assert clock.now() - before == timedelta(hours=1)
    for wrong in ({"do": "by", "by": "soon"}, {"do": "to", "to": "never"}, {"do": "by", "by": "9999999d"}):
        assert window.submit("clock", **wrong).status == 409
    window.submit("clock", do="to", to="2027-01-01T00:00:00Z")
    assert clock.now().year == 2027
    window.submit("clock", do="unfreeze")
    window.submit("clock", do="reset")
    assert clock.now() == before


@pytest.mark.parametrize(
    ("moved", "said"),
    [
        ({"action": "advance", "by": "P1D"}, "Running, 1 day ahead of the real time."),
        ({"action": "advance", "by": "-61m"}, "Running, 1 hour 1 minute behind the real time."),
        ({"action": "scale", "by": 60}, "Running, 60 times as fast as the real time."),
        ({"action": "freeze"}, "Frozen."),
    ],
)
def test_the_page_of_the_clock_says_how_it_goes(window: Window, api: Api, moved: dict[str, object], said: str) -> None:
    api.call("admin.set_clock", body=moved)
    assert said in window.text("clock")


def test_the_clock_moves_to_what_happens_next(window: Window, api: Api, people: People, clock: ManualClock) -> None:
    mail(api, people)
    event = api.call("admin.agenda").body["events"][0]
    assert event["what"] in window.text("clock")
    window.submit("clock", do="next")
    assert clock.now().isoformat()[:19] == event["at"][:19]


def test_a_fault_is_armed_seen_and_disarmed(window: Window, api: Api) -> None:
    assert window.submit("faults", operation="zitadel.get_user", kind="answer:404", times="2").status == 303
    listed = window.text("faults")
    assert "answers 404 zitadel.get_user" in listed
    assert "2 times" in listed
    assert "Faults 1 armed" in listed
    assert api.call("zitadel.get_user", path={"userId": "1"}).status == 404
    assert "hit 1" in window.text("faults")
    api.call("zitadel.get_user", path={"userId": "1"})
    assert "answers 404 used up" in window.text("faults")
    assert "Faults 1 armed" not in window.text("faults")
    assert window.submit("faults", operation="zitadel.get_user", kind="answer:777").status == 409
    assert window.submit("faults", operation="zitadel.get_user", kind="answer:404", times="-1").status == 409
    assert window.submit("faults", do="disarm", id="fault-1").status == 303
    window.submit("faults", operation="", kind="delay:3s")
    window.submit("faults", do="disarm-all")
    assert "Nothing is armed" in window.text("faults")


def test_a_fault_is_read_back_in_the_words_that_it_was_armed_with(window: Window) -> None:
    page = html.unescape(window.get("faults").content.decode())
    for value, label in re.findall(r'<option value="((?:delay|lognormal|connection|answer):[^"]*)">([^<]+)<', page):
        window.submit("faults", kind=value, times="1", when="after")
        listed = window.text("faults").split(" Armed ")[-1]
        assert label.split()[-1] in listed
        assert label in listed or "answers " + label in listed
        assert "after it changed something · 1 time ·" in listed
        window.submit("faults", do="disarm-all")


def test_a_fault_answers_with_a_named_example_of_the_document(window: Window, api: Api) -> None:
    page = html.unescape(window.get("faults").content.decode())
    assert re.search(r'<option value="409 PASSWORD_TOO_SHORT" data-operations="[^"]*weavr_multi.update_password', page)
    fields = {"operation": "weavr_multi.update_password", "kind": "delay:1s", "example": "409 PASSWORD_TOO_SHORT"}
    assert window.submit("faults", **fields).status == 303
    assert "answers 409 PASSWORD_TOO_SHORT" in window.text("faults")
    answer = api.call("weavr_multi.update_password", body={})
    assert answer.status == 409
    assert "PASSWORD_TOO_SHORT" in answer.content.decode()
    window.submit("faults", do="disarm-all")
    assert window.submit("faults", **{**fields, "example": " 409  PASSWORD_TOO_SHORT "}).status == 303


def test_a_status_alone_is_a_documented_answer(window: Window, api: Api) -> None:
    fields = {"operation": "weavr_multi.update_password", "kind": "delay:1s"}
    assert window.submit("faults", **fields, example="409").status == 303
    assert api.call("weavr_multi.update_password", body={}).status == 409
    refused = visible(window.submit("faults", **fields, example="777"))
    assert "Documented answer: is not declared; there are: 200, 400, 401, 403, 404, 409" in refused


def test_a_fault_that_hits_nothing_is_not_told_as_hitting_every_time(window: Window) -> None:
    window.api.call("admin.arm_fault", body={"fault": {"delay": {"fixed": "1s"}}, "times": 0})
    listed = window.text("faults").split(" Armed ")[-1]
    assert "paused" in listed
    assert "0 times" in listed


def settings_fields(window: Window, system: str) -> dict[str, str]:
    """Give what a browser sends of a form of settings that nobody has touched."""
    page = window.get(f"settings/{system}").content.decode()
    fields = dict(re.findall(r'<input (?:id="[^"]*"|type="hidden") name="([^"]+)" value="([^"]*)"', page))
    fields |= dict(re.findall(r'<textarea [^>]*name="([^"]+)"[^>]*>\n([^<]*)</textarea>', page))
    for name, options in re.findall(r'<select [^>]*name="([^"]+)"[^>]*>(.*?)</select>', page):
        chosen = re.search(r'value="([^"]*)" selected', options) or re.search(r'value="([^"]*)"', options)
        assert chosen
        fields[name] = chosen[1]
    return {name: html.unescape(value).replace("\n", "\r\n") for name, value in fields.items()}


def test_settings_are_a_form_that_changes_only_what_differs(window: Window, api: Api) -> None:
    page = window.get("settings/weavr_multi").content.decode()
    assert 'name="programme.root_profile.minimum"' in page
    fields = {"maintenance": "true", "failing": "false", "programme.lock_after": "3", "programme.locked_for": "PT1H"}
    assert window.submit("settings/weavr_multi", do="save", **fields).status == 303
    now = api.call("admin.settings").body["weavr_multi"]
    assert (now["maintenance"], now["programme"]["lock_after"], now["programme"]["locked_for"]) == (True, 3, "PT1H")
    assert now["programme"]["history"] == 5
    wrong = {"programme.lock_after": "0", "portal_url": "nowhere"}
    assert window.submit("settings/weavr_multi", do="save", **wrong).status == 409
    encoded = window.submit("settings/weavr_multi", do="save", portal_url="http://ü.example/<b>")
    assert (encoded.status, "http://xn--tda.example/%3Cb%3E" in encoded.content.decode()) == (409, True)
    assert window.submit("settings/weavr_multi", do="save", rate_limits="[").status == 409
    assert window.submit("settings/weavr_multi", do="save", **{"programme.lock_after": "many"}).status == 409
    window.submit("settings/weavr_multi", do="defaults")
    assert api.call("admin.settings").body["weavr_multi"]["maintenance"] is False
    assert window.get("settings").headers["location"] == f"{ROOT}/settings/weavr_multi"
    assert window.get("settings/nowhere").status == 404


def test_a_stale_form_saves_what_was_changed_in_it_and_takes_nothing_of_others_back(window: Window, api: Api) -> None:
    fields = settings_fields(window, "weavr_multi")
    api.call("admin.change_settings", body={"weavr_multi": {"programme": {"history": 3, "lock_after": 4}}})
    edited = {**fields, "maintenance": "true", "programme.lock_after": "4"}
    assert window.submit("settings/weavr_multi", do="save", **edited).status == 303
    now = api.call("admin.settings").body["weavr_multi"]
    assert (now["programme"]["history"], now["programme"]["lock_after"], now["maintenance"]) == (3, 4, True)


def test_a_stale_form_says_that_somebody_else_has_changed_the_same_setting(window: Window, api: Api) -> None:
    fields = settings_fields(window, "weavr_multi")
    api.call("admin.change_settings", body={"weavr_multi": {"programme": {"history": 3}}})
    before = api.call("admin.settings").body
    edited = {**fields, "maintenance": "true", "programme.history": "7"}
    refused = window.submit("settings/weavr_multi", do="save", **edited)
    assert refused.status == 409
    assert "Somebody else has changed the same" in visible(refused)
    assert "Programme › history: is no longer what the form showed" in visible(refused)
    assert f'<a href="{window.get("settings").headers["location"]}">Back</a>' in refused.content.decode()
    assert api.call("admin.settings").body == before


def test_a_stale_list_of_situations_does_not_unlock_whom_somebody_else_has_locked(window: Window) -> None:
    page = "people/weavr_multi/ada"
    shown = {"shown:situations": "with-history, consumer", "do": "situations"}
    window.submit(page, do="lock")
    assert window.submit(page, situations="with-history, consumer", **shown).status == 303
    refused = window.submit(page, situations="consumer", **shown)
    assert "Situations: is no longer what the form showed" in visible(refused)
    assert "Unlock" in window.text(page)


def test_a_stale_login_does_not_replace_one_that_somebody_else_has_set(window: Window) -> None:
    page = "people/weavr_multi/ada"
    shown = {"shown:login": "ada@multi.example", "do": "login"}
    window.submit(page, do="login", login="theirs@multi.example")
    assert window.submit(page, login="ada@multi.example", **shown).status == 303
    refused = window.submit(page, login="mine@multi.example", **shown)
    assert "Login: is no longer what the form showed" in visible(refused)
    assert "theirs@multi.example" in window.text(page)


def test_saving_a_form_as_it_was_read_changes_nothing(window: Window, api: Api) -> None:
    before = api.call("admin.settings").body
    for system in before:
        fields = settings_fields(window, system)
        assert window.submit(f"settings/{system}", do="save", **fields).status == 303
    assert api.call("admin.settings").body == before


def test_sandboxes_are_made_chosen_and_dropped(window: Window, api: Api) -> None:
    name = f"{api.sandbox}-made"
    made = window.submit("sandboxes", do="make", name=name)
    assert made.headers["location"] == f"{ROOT}/go?sandbox={name}"
    assert window.get(f"go?sandbox={name}").headers["location"] == f"/~{name}{ROOT}/"
    assert name in window.text("sandboxes")
    assert window.submit("sandboxes", do="make", name=name).status == 409
    assert window.submit("sandboxes", do="make", name="a b").status == 409
    assert window.submit("sandboxes", do="drop", name=name).status == 303
    assert window.submit("sandboxes", do="drop", name=name).status == 409
    assert window.submit("sandboxes", do="drop", name="default").status == 409
    assert window.get("go?sandbox=//evil.example").status == 404
    window.submit("clock", do="by", by="1h")
    assert window.submit("sandboxes", do="reset").status == 303
    assert "shows the real time" in window.text("clock")


def test_no_page_but_a_few_leads_to_another_sandbox(window: Window) -> None:
    assert window.get("go?sandbox=default&page=//evil.example").headers["location"] == f"/~default{ROOT}/"


def test_a_browser_that_sends_the_name_of_a_sandbox_with_every_request_is_led_to_another_by_its_path(api: Api) -> None:
    """As a browser that Playwright drives does: an address without a name would lead it back."""
    name = f"{api.sandbox}-gone"
    window = Window(Api(api.built, api.runner, name))
    led_to = window.get("go?sandbox=default&page=sandboxes").headers["location"]
    assert led_to == f"/~default{ROOT}/sandboxes"
    arrived = window.api.request("GET", led_to, headers={"Host": "localhost:7070"})
    assert (arrived.status, "There is no sandbox" in visible(arrived)) == (200, False)
    back = window.api.request("GET", f"/~default{ROOT}/go?sandbox={api.sandbox}", headers={"Host": "localhost:7070"})
    assert back.headers["location"] == f"/~{api.sandbox}{ROOT}/"


def test_a_browser_that_sends_no_name_reaches_the_default_sandbox_without_one(api: Api) -> None:
    plain = Api(api.built, api.runner, None)
    led_to = plain.request("GET", f"/~{api.sandbox}{ROOT}/go?sandbox=default", headers={"Host": "localhost:7070"})
    assert led_to.headers["location"] == f"{ROOT}/"


def test_whoever_drops_the_sandbox_that_is_open_is_led_to_another_and_it_stays_dropped(api: Api) -> None:
    api.built.imitated.sandboxes.enter(f"{api.sandbox}-dropped")
    window = Window(Api(api.built, api.runner, f"{api.sandbox}-dropped"))
    led_to = window.submit("sandboxes", do="drop", name=f"{api.sandbox}-dropped").headers["location"]
    assert led_to == f"{ROOT}/go?sandbox=default"
    assert window.get(led_to.removeprefix(f"{ROOT}/")).headers["location"] == f"/~default{ROOT}/"
    assert f"{api.sandbox}-dropped" not in visible(Window(api).get("sandboxes"))


@pytest.mark.parametrize(
    "page", ["", "requests", "requests/rows?after=0", "mails?seen=0", "people", "sandboxes", "bar"]
)
def test_looking_at_a_sandbox_that_was_dropped_says_so_and_does_not_make_it_again(api: Api, page: str) -> None:
    name = f"{api.sandbox}-gone"
    sandboxes, window = api.built.imitated.sandboxes, Window(Api(api.built, api.runner, name))
    sandboxes.enter(name)
    sandboxes.drop(name)
    answer = window.get(page)
    assert answer.status == 404
    assert f"There is no sandbox {name} : it was dropped, or nobody has used it yet." in visible(answer)
    assert sandboxes.get(name) is None
    assert window.get("go?sandbox=default&page=sandboxes").headers["location"] == f"/~default{ROOT}/sandboxes"
    assert sandboxes.get(name) is None


def test_a_form_for_a_sandbox_that_was_dropped_makes_none_but_the_one_for_making_it(api: Api) -> None:
    name = f"{api.sandbox}-gone"
    sandboxes, window = api.built.imitated.sandboxes, Window(Api(api.built, api.runner, name))
    csrf = Window(api).csrf
    assert window.post("clock", {"csrf": csrf, "do": "freeze"}).status == 404
    assert sandboxes.get(name) is None
    assert window.post("sandboxes", {"csrf": csrf, "do": "make", "name": name}).status == 303
    assert sandboxes.drop(name)


def test_a_sandbox_is_put_back_to_a_snapshot_and_forked(window: Window, api: Api, people: People) -> None:
    mail(api, people)
    window.submit("sandboxes", do="snapshot", name="one-mail")
    assert "one-mail 1 mail" in window.text("sandboxes")
    mail(api, people)
    assert window.submit("sandboxes", do="restore", name="one-mail").status == 303
    assert len(api.call("admin.inbox").body["messages"]) == 1
    window.submit("sandboxes", do="forget", name="one-mail")
    assert window.submit("sandboxes", do="restore", name="one-mail").status == 409
    fork = f"{api.sandbox}-fork"
    assert window.submit("sandboxes", do="fork", name=fork).headers["location"] == f"{ROOT}/go?sandbox={fork}"
    assert f"{fork} 1 mail" in window.text("sandboxes")
    window.submit("sandboxes", do="drop", name=fork)


def test_a_request_is_replayed_in_a_fork(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    page, before = open_newest(window), api.call("admin.journal").body["total"]
    again = visible(window.submit(page))
    assert "409 then, 409 now: the same answer" in again
    changed = visible(window.submit(page, person="ada", by="1m", body='{"newPassword": {"value": "short"}}'))
    assert "409 then," in changed
    assert "PASSWORD_TOO_SHORT" in changed or "PASSWORD_INCORRECT" in changed
    assert window.submit(page, body="{").status == 409
    assert window.submit(page, by="soon").status == 409
    assert api.call("admin.journal").body["total"] == before


@pytest.mark.parametrize(
    ("page", "fields", "said"),
    [
        ("people", {"name": "a/b"}, "Name: must"),
        ("people", {"name": "x", "like": "nobody"}, "Like: there is no seed person"),
        ("people", {"name": "x", "situations": "xyz"}, "Situations: must be one of back-office, consumer,"),
        ("people", {"name": "x", "situations": "loked"}, "Situations: must be one of locked, tokenised, back-office,"),
        ("people/weavr_multi/ada", {"do": "situations", "situations": "invitd"}, "Situations: must be one of invited,"),
        ("faults", {"kind": "delay:1s", "person": "nobody-here"}, "Person: is nobody here"),
        ("faults", {"kind": "answer:777"}, "What goes wrong: is not declared"),
        (
            "faults",
            {"kind": "delay:1s", "example": "409 PASSWORD_SHORT"},
            "Documented answer: is not declared; nearest: PA",
        ),
        (
            "faults",
            {"kind": "delay:1s", "example": "777 PASSWORD_SHORT"},
            "Documented answer: is not declared; there are",
        ),
        ("faults", {"kind": "delay:1s", "example": "x y"}, "Documented answer: is not declared; there are: "),
        ("faults", {"kind": "delay:1s", "times": "-1"}, "How often: must"),
        ("clock", {"do": "by", "by": "soon"}, "Forward by: must be a duration"),
        ("settings/weavr_multi", {"programme.lock_after": "0"}, "Programme › lock after: must be"),
        ("settings/weavr_multi", {"programme.lock_after": "x"}, "Programme › lock after: must be a whole number"),
        ("requests/last", {"by": "soon"}, "Later by: must be a duration"),
        ("requests/last", {"person": "nobody-here"}, "Sent by: is nobody of this system"),
        ("requests/last", {"body": "{"}, "Different in its body: is not JSON"),
    ],
)
@pytest.mark.usefixtures("a_refusal")
def test_a_refused_form_is_told_in_the_words_of_its_page(
    window: Window, page: str, fields: dict[str, str], said: str
) -> None:
    refused = window.submit(page, system="weavr_multi", **fields)
    assert refused.status == 409
    assert said in visible(refused)
    assert 'role="alert"' in refused.content.decode()


def test_a_script_is_told_where_a_form_leads(window: Window) -> None:
    answer = window.post("clock", {"csrf": window.csrf, "do": "freeze"}, **{"HX-Request": "true"})
    assert (answer.status, answer.headers["hx-redirect"]) == (204, f"{ROOT}/clock")
    assert "location" not in answer.headers


def test_what_a_request_did_to_the_state_is_told_in_words(window: Window, api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    key = {"api-key": ada.headers["api-key"]}
    for password in (WRONG, ada.password):
        body = {"email": ada.login, "password": {"value": password}}
        api.call("weavr_multi.login_with_password", headers=key, body=body)
    right, wrong = (f"requests/{one['id']}" for one in api.call("admin.journal").body["entries"])
    assert "What it changed User ada failures: 0 → 1" in window.text(wrong)
    text = window.text(right)
    assert "User ada failures: 1 → 0" in text
    assert "Session of ada new" in text
    assert re.search(r"expires at: \d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3} UTC", text)
    assert "digest" not in text
    refuse(api, people)
    assert "What it changed" not in window.text("requests/last")


def test_what_a_request_removed_is_told_with_the_name_that_it_had(window: Window, api: Api, people: People) -> None:
    mini, iris = people["zitadel", "mini"], people["zitadel", "iris"]
    assert api.call("zitadel.delete_user", path={"userId": mini.id}, headers=iris.headers).status == 200
    assert "User mini removed" in window.text("requests/last")


def test_what_only_looks_like_a_moment_is_told_as_it_is(window: Window, api: Api, people: People) -> None:
    headers, texts = people["zitadel", "login"].headers, ("2026-13-45T00:00:00Z", "2026-01-15T12:00:00.000001Z")
    ids = []
    for text in texts:
        body = {"userAgent": {"description": text}}
        ids.append(api.call("zitadel.create_session", headers=headers, body=body).body["sessionId"])
    wanted = [{"queries": [{"idsQuery": {"ids": [one]}}]} for one in ids]
    api.call("zitadel.list_sessions", headers=headers, body=wanted[0])
    replayed = visible(window.submit("requests/last", body=json.dumps(wanted[1])))
    assert " → ".join(texts) in replayed


def test_what_would_have_helped_is_replayed(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    page = open_newest(window)
    offered = re.findall(r'name="change" value="([^"]*)"', window.get(f"{page}/what-if").content.decode())
    assert offered
    assert "409 then, 200 now" in visible(window.submit(page, change=html.unescape(offered[0])))
    assert window.submit(page, change="{").status == 409


def test_what_would_have_helped_is_named(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    page = open_newest(window)
    assert "What would have helped?" in window.text(page)
    cures = api.call("admin.what_if", path={"id": "last"}).body["cures"]
    text = window.text(f"{page}/what-if")
    assert cures
    assert all(one["sentence"].replace("`", "") in text.replace(" .", ".") for one in cures)
    assert window.get(f"{page}/nothing").status == 404


def test_a_sandbox_is_saved_as_a_file_that_another_imports(window: Window, api: Api, people: People) -> None:
    mail(api, people)
    saved = window.get("sandboxes/export")
    assert saved.headers["content-disposition"] == f'attachment; filename="{api.sandbox}.json"'
    api.call("admin.empty_inbox")
    api.call("admin.import_state", body=saved.body)
    assert len(api.call("admin.inbox").body["messages"]) == 1
    assert window.get("sandboxes/nothing").status == 404


def test_a_request_of_which_only_the_first_line_is_noted_says_so_and_is_not_there_to_copy(
    window: Window, api: Api
) -> None:
    api.request("POST", "/multi/passwords/validate", content=b"{}", headers={"watchword-sandbox": "no name"})
    (entry,) = api.request("GET", "/__admin/journal?scope=server&limit=1").body["entries"]
    page = window.text(f"requests/{entry['id']}?scope=server")
    assert "400 invalid-sandbox-name" in page
    assert "It was refused before its headers and its body were read." in page
    assert "No body." not in page
    assert "Send it again" not in page


def test_a_file_takes_the_place_of_this_sandbox(window: Window, api: Api, people: People) -> None:
    mail(api, people)
    saved = window.get("sandboxes/export").content
    api.call("admin.empty_inbox")
    assert 'type="file"' in window.get("sandboxes").content.decode()
    assert window.upload("sandboxes", saved, do="import").status == 403
    assert not api.call("admin.inbox").body["messages"]
    taken = window.upload("sandboxes", saved, csrf=window.csrf, do="import")
    assert (taken.status, taken.headers["location"]) == (303, f"{ROOT}/sandboxes?said=imported")
    assert "Imported." in window.text("sandboxes?said=imported")
    assert len(api.call("admin.inbox").body["messages"]) == 1


@pytest.mark.parametrize(
    ("file", "said"),
    [
        (b"", "The file: is empty, or none was chosen; it must be one that was exported"),
        (b"[]", "The file: is no JSON object; it must be one that was exported"),
        (b'{"format":\n1', "The file: is not JSON (line 2); it must be one that was exported"),
        (b"\xff\xfe", "The file: is not JSON"),
        (b'{"format": 1, "secret-of-mine": 2}', "clock: is required"),
        (b'{"format": 99, "version": "9.0"}', "has format 99, of Watchword 9.0"),
    ],
)
def test_a_file_that_is_no_sandbox_is_refused_in_words(window: Window, api: Api, file: bytes, said: str) -> None:
    before = {**api.call("admin.export_state").body, "exportedAt": ""}
    refused = window.upload("sandboxes", file, csrf=window.csrf, do="import")
    assert refused.status == 409
    assert said in visible(refused)
    assert {**api.call("admin.export_state").body, "exportedAt": ""} == before


def test_the_bar_tells_of_armed_faults_and_of_a_frozen_clock(window: Window) -> None:
    window.submit("faults", kind="delay:1s")
    window.submit("clock", do="freeze")
    text = window.text("bar?here=faults")
    assert "Faults 1 armed" in text
    assert "frozen" in text


def test_rules_that_were_asked_come_first(window: Window, api: Api, people: People) -> None:
    refuse(api, people)
    listed = window.text("rules")
    assert "refused 1" in listed
    assert listed.index("weavr.update.old-password") < listed.index("entrust.")
    assert "zitadel." not in window.text("rules?system=entrust").split("rules.", 1)[1]


def test_pages_stay_in_their_sandbox_and_under_a_prefix(api: Api) -> None:
    outside = Api(api.built, api.runner, None)
    page = outside.request("GET", f"/~{api.sandbox}{ROOT}/clock", headers={"Host": "localhost:7070"})
    links = re.findall(r'(?:href|src|action)="(/[^"]*)"', page.content.decode())
    assert links
    assert all(one.startswith(f"/~{api.sandbox}{ROOT}/") for one in links)
