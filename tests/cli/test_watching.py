"""``serve --watch``: changed documents and overlays are taken while the server runs."""

import asyncio
import gc
import logging
import time
import weakref
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from starlette.types import Message

from tests.admin.test_events import read
from tests.cli.commands import write
from tests.conftest import START, Api
from tests.console.conftest import Window
from tests.console.test_news import listen
from tests.serving import PATIENCE_SECONDS, serving
from tests.toy import scope_of
from watchword.build import Options, build
from watchword.cli.watching import Watcher
from watchword.document import DocumentError
from watchword.document.file_states import FileStates
from watchword.domain.hashing import Profile
from watchword.sandbox import DEFAULT

DOCUMENT = """\
openapi: 3.0.3
info: {title: Doors, version: '1'}
paths:
  /doors:
    get:
      operationId: doors.list
      responses: {'200': {description: open, content: {application/json: {schema: {$ref: 'schemas.yaml#/Door'}}}}}
"""
SCHEMAS = "Door: {type: object, required: [state], properties: {state: {type: string, example: %s}}}\n"
OVERLAY = "overlay: 1.0.0\ninfo: {title: x, version: '1'}\nactions:\n- target: $\n  update: "
SLOW = "[{match: {path: /doors}, fault: {delay: {fixed: 3s}}}]"


class Watched:
    """A server of a document, an overlay and a proposal in *folder*, whose files are watched."""

    def __init__(self, folder: Path, api: Api) -> None:
        self.folder, self.now, self._api = folder, START, api
        self.write("schemas.yaml", SCHEMAS % "open")
        self.write("doors.yaml", DOCUMENT)
        self.write("overlay.yaml", f"{OVERLAY}{{}}\n")
        self.write("next.yaml", f"{OVERLAY}{{}}\n")
        self.files = FileStates()
        self.options = Options(
            hashing=Profile.FAST,
            wall_clock=lambda: self.now,
            overlays=[folder / "overlay.yaml"],
            proposals={"next": folder / "next.yaml"},
            document=folder / "doors.yaml",
            journal=20,
            watch=True,
        )
        self.watcher = Watcher(self.options, build(self.options, self.files), self.files)

    def write(self, name: str, content: str) -> None:
        """Write a file as an editor does, with a time that differs from the former one."""
        path = self.folder / name
        path.write_text(content, encoding="utf-8")

    def change(self, name: str, content: str) -> None:
        """Write a file, and let the watcher look."""
        self.write(name, content)
        self.watcher.look()

    def client(self, sandbox: str = "box") -> Api:
        """A client of the server that is served now."""
        return Api(self.watcher.built, self._api.runner, sandbox)

    @property
    def door(self) -> Any:
        """What a request to the document is answered."""
        return self.client().request("GET", "/doors").body

    @property
    def health(self) -> Any:
        """What the control API says of the files."""
        return self.client().request("GET", "/__admin/health").body["watch"]


def said(caplog: pytest.LogCaptureFixture) -> list[str]:
    """What the log says of watched files."""
    return [one.getMessage() for one in caplog.records if one.name == "watchword.watch"]


@pytest.fixture
def watched(tmp_path: Path, api: Api, monkeypatch: pytest.MonkeyPatch) -> Watched:
    monkeypatch.chdir(tmp_path)
    return Watched(tmp_path, api)


def test_a_changed_file_that_a_document_refers_to_is_taken(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    assert watched.door == {"state": "open"}
    caplog.set_level(logging.INFO)
    watched.change("schemas.yaml", SCHEMAS % "closed")
    assert watched.door == {"state": "closed"}
    assert said(caplog) == ["schemas.yaml taken: 1 operation changed (doors.list)."]


def test_a_changed_overlay_is_taken(watched: Watched) -> None:
    title = "{info: {title: Proposed}}"
    watched.change("overlay.yaml", f"{OVERLAY}{title}\n")
    assert watched.client().request("GET", "/openapi.json").body["info"]["title"] == "Proposed"


def test_a_changed_proposal_is_taken_where_it_was_chosen(watched: Watched) -> None:
    watched.client("try").call("admin.choose_proposal", path={"name": "try"}, body={"proposal": "next"})
    carried = f"x-watchword-settings: {{zitadel: {{code_minutes: 7}}}}, x-watchword-faults: {SLOW}"
    watched.change("next.yaml", f"{OVERLAY}{{info: {{title: Proposed}}, {carried}}}\n")
    for name, title, minutes, faults in (("try", "Proposed", 7, 1), ("other", "Doors", 60, 0)):
        box = watched.client(name)
        assert box.request("GET", "/openapi.json").body["info"]["title"] == title
        assert setting(box, "code_minutes") == minutes
        assert len(box.call("admin.faults").body["faults"]) == faults


def test_a_file_that_was_only_written_again_is_not_taken(watched: Watched) -> None:
    before = watched.watcher.built
    watched.change("doors.yaml", DOCUMENT)
    assert watched.watcher.built is before


def test_what_cannot_be_used_changes_nothing_and_is_told(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    since = watched.health["since"]
    watched.now = START + timedelta(minutes=5)
    watched.change("doors.yaml", DOCUMENT.replace("{description: open", "{descripton: open"))
    problem = "doors.yaml:7:19: paths//doors/get/responses/200: "
    assert watched.door == {"state": "open"}
    assert watched.health["ok"] is False
    assert watched.health["problem"].startswith(problem)
    assert (since, watched.health["since"]) == ("2026-01-15T12:00:00.000Z", "2026-01-15T12:05:00.000Z")
    assert [one.startswith(f"doors.yaml: not taken. {problem}") for one in said(caplog)] == [True]


def test_the_last_good_documents_are_taken_again_when_the_file_is_mended(watched: Watched) -> None:
    watched.change("doors.yaml", "paths: [")
    assert not watched.health["ok"]
    watched.change("doors.yaml", DOCUMENT)
    assert watched.health == {"ok": True, "problem": None, "since": "2026-01-15T12:00:00.000Z"}


def test_a_missing_file_is_waited_for(watched: Watched) -> None:
    watched.change("doors.yaml", DOCUMENT.replace("schemas.yaml", "other.yaml"))
    assert watched.health["problem"].endswith("; other.yaml is taken as soon as it is there")
    watched.change("other.yaml", SCHEMAS % "ajar")
    assert watched.door == {"state": "ajar"}


@pytest.mark.parametrize("name", ["schemas.yaml", "doors.yaml", "overlay.yaml", "next.yaml"])
def test_a_file_that_is_deleted_is_told_with_what_is_served_and_taken_when_it_is_there_again(
    watched: Watched, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    content = (watched.folder / name).read_text(encoding="utf-8")
    (watched.folder / name).unlink()
    watched.watcher.look()
    problem = watched.health["problem"]
    assert problem.endswith(f". What was served before still is; {name} is taken as soon as it is there")
    assert problem in Window(watched.client()).text("faults")
    assert said(caplog) == [f"{name}: not taken. {problem}"]
    assert watched.door == {"state": "open"}
    watched.change(name, content)
    assert watched.health["ok"]


def test_several_files_that_are_deleted_are_all_named(watched: Watched) -> None:
    for name in ("next.yaml", "overlay.yaml"):
        (watched.folder / name).unlink()
    watched.watcher.look()
    assert watched.health["problem"].endswith("; next.yaml, overlay.yaml are taken as soon as they are there")


def test_the_state_of_sandboxes_and_the_journal_stay(watched: Watched) -> None:
    box = watched.client()
    box.call("admin.set_clock", body={"action": "advance", "by": "P1D"})
    box.request("GET", "/doors")
    watched.change("schemas.yaml", SCHEMAS % "closed")
    box = watched.client()
    assert box.call("admin.clock").body["offsetSeconds"] == 86_400
    assert [one["response"]["body"] for one in box.call("admin.journal").body["entries"]] == [{"state": "open"}]


def test_the_journal_forgets_what_is_about_documents_that_were_replaced_long_ago(watched: Watched) -> None:
    watched.client().request("GET", "/doors")
    for number in range(9):
        assert watched.client().call("admin.journal").body["total"] == 1
        watched.change("schemas.yaml", SCHEMAS % f"state-{number}")
    assert watched.client().call("admin.journal").body["total"] == 0


def test_documents_that_were_replaced_are_freed_without_a_garbage_collection(watched: Watched) -> None:
    gc.disable()
    try:
        assert watched.door == {"state": "open"}
        watched.client().request("GET", "/docs/rules")
        watched.client().call("admin.clear_journal")
        before = watched.watcher.built
        held = [weakref.ref(one) for one in (before.imitated, before.imitated.document, before.app, before.admin)]
        del before
        watched.change("schemas.yaml", SCHEMAS % "closed")
        assert [one() for one in held] == [None] * 4
    finally:
        gc.enable()


def test_a_request_that_is_in_the_server_ends_on_the_former_document(watched: Watched, api: Api) -> None:
    async def change_meanwhile() -> bytes:
        arrived, sent = asyncio.Event(), bytearray()

        async def receive() -> Message:
            await arrived.wait()
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(message: Message) -> None:
            sent.extend(message.get("body", b""))

        asking = asyncio.create_task(watched.watcher.app(scope_of("GET", "/doors", {}), receive, send))
        await asyncio.sleep(0)
        watched.change("schemas.yaml", SCHEMAS % "closed")
        arrived.set()
        await asking
        return bytes(sent)

    assert api.runner.run(change_meanwhile()) == b'{"state":"open"}'
    assert watched.door == {"state": "closed"}


def set_lifetime(watched: Watched, minutes: int) -> None:
    watched.change("overlay.yaml", f"{OVERLAY}{{x-watchword-settings: {{zitadel: {{code_minutes: {minutes}}}}}}}\n")


def setting(box: Api, name: str) -> Any:
    return box.call("admin.settings").body["zitadel"][name]


def test_settings_that_a_sandbox_has_not_changed_follow_the_document(watched: Watched) -> None:
    watched.client("old").request("POST", "/__admin/sandboxes", json={"name": "old"})
    set_lifetime(watched, 7)
    assert [setting(watched.client(name), "code_minutes") for name in ("old", "new")] == [7, 7]
    watched.client("old").call("admin.reset")
    assert setting(watched.client("old"), "code_minutes") == 7


def test_settings_that_a_sandbox_has_changed_stay(watched: Watched) -> None:
    box = watched.client("own")
    box.call("admin.change_settings", body={"zitadel": {"maintenance": True}})
    set_lifetime(watched, 7)
    box.call("admin.change_settings", body={"zitadel": {"code_minutes": 8}})
    set_lifetime(watched, 9)
    own = watched.client("own")
    assert (setting(own, "maintenance"), setting(own, "code_minutes")) == (True, 8)


def test_faults_that_the_document_brings_are_armed_and_disarmed_with_it(watched: Watched) -> None:
    mine = {"fault": {"delay": {"fixed": "1s"}}}
    watched.client().call("admin.arm_fault", body=mine)
    watched.change("overlay.yaml", f"{OVERLAY}{{x-watchword-faults: {SLOW}}}\n")
    armed = watched.client().call("admin.faults").body["faults"]
    assert [(one["id"], one.get("broughtBy")) for one in armed] == [("fault-1", None), ("fault-2", "document")]
    watched.change("overlay.yaml", f"{OVERLAY}{{}}\n")
    assert [one["id"] for one in watched.client().call("admin.faults").body["faults"]] == ["fault-1"]


def test_settings_and_faults_that_change_are_told(watched: Watched, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    settings = "x-watchword-settings: {zitadel: {code_minutes: 7, maintenance: true}}"
    for content in (f"{{{settings}, x-watchword-faults: {SLOW}}}", f"{{{settings}}}", "{x-note: 1}"):
        watched.change("overlay.yaml", f"{OVERLAY}{content}\n")
    assert said(caplog) == [
        "overlay.yaml taken: 2 settings changed (zitadel.maintenance, zitadel.code_minutes); 1 fault added.",
        "overlay.yaml taken: 1 fault removed.",
        "overlay.yaml taken: 2 settings changed (zitadel.maintenance, zitadel.code_minutes).",
    ]
    watched.change("overlay.yaml", f"{OVERLAY}{{x-note: 2}}\n")
    assert said(caplog)[-1] == "overlay.yaml taken: no operation, setting or fault changed."


def test_a_fault_that_was_disarmed_stays_so_while_the_document_still_brings_it(watched: Watched) -> None:
    watched.change("overlay.yaml", f"{OVERLAY}{{x-watchword-faults: {SLOW}}}\n")
    box = watched.client()
    box.request("POST", "/__admin/sandboxes", json={"name": "box"})
    box.call("admin.disarm_faults")
    watched.change("overlay.yaml", f"{OVERLAY}{{info: {{title: x}}, x-watchword-faults: {SLOW}}}\n")
    assert watched.client().call("admin.faults").body["faults"] == []


def test_open_pages_are_told_and_show_why_the_files_are_not_served(watched: Watched, api: Api) -> None:
    async def change() -> None:
        watched.change("doors.yaml", "paths: [\n")

    box = watched.client()
    box.built.imitated.sandboxes.enter(box.sandbox or DEFAULT)
    assert api.runner.run(listen(box, "", change)) == [["files"]]
    assert "doors.yaml:2:1: while parsing" in Window(box).text("faults")


def test_the_control_api_tells_what_became_of_the_files_as_it_happens(watched: Watched, api: Api) -> None:
    async def story() -> bytes:
        answering = asyncio.create_task(watched.client().arequest("GET", "/__admin/events?wait=250ms"))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        watched.change("schemas.yaml", SCHEMAS % "closed")
        return (await answering).content

    (event,) = read(api.runner.run(story()))
    assert (event["event"], event["data"]["ok"]) == ("files", True)


def test_somebody_who_has_a_page_open_can_still_send_its_form(watched: Watched) -> None:
    box = watched.client()
    box.built.imitated.sandboxes.enter(box.sandbox or DEFAULT)
    opened = Window(box).csrf
    watched.change("schemas.yaml", SCHEMAS % "closed")
    after = Window(watched.client())
    assert after.post("clock", {"csrf": opened, "do": "freeze"}).status == 303


def test_the_command_takes_a_changed_file(tmp_path: Path) -> None:
    document = write(tmp_path / "doors.yaml", DOCUMENT)
    write(tmp_path / "schemas.yaml", SCHEMAS % "open")
    with (
        serving(tmp_path, "--document", f"shop={document}", "--watch") as served,
        httpx.Client(base_url=served.url) as client,
    ):
        write(tmp_path / "schemas.yaml", SCHEMAS % "closed")
        deadline = time.monotonic() + PATIENCE_SECONDS
        while client.get("/doors").json() != {"state": "closed"}:
            assert time.monotonic() < deadline, served.log.read_text()
            time.sleep(0.05)
        assert client.get("/__admin/health").json()["watch"]["ok"]


def test_a_bug_while_files_are_read_does_not_end_the_watching(watched: Watched) -> None:
    def fail(_built: object) -> None:
        raise KeyError("x")

    watcher = Watcher(watched.options, watched.watcher.built, watched.files, check=fail)
    watched.write("schemas.yaml", SCHEMAS % "closed")
    watcher.look()
    assert watched.health["problem"] == "A bug of Watchword: KeyError; the log has more."


def test_what_a_check_refuses_is_not_taken(watched: Watched) -> None:
    def refuse(_built: object) -> None:
        raise DocumentError("--strict: overlays break something:\n  doors.list: no.\n  doors.open: no.")

    strict = Watcher(watched.options, watched.watcher.built, watched.files, check=refuse)
    watched.write("schemas.yaml", SCHEMAS % "closed")
    strict.look()
    assert strict.built is watched.watcher.built
    assert watched.health["problem"] == "--strict: overlays break something: doors.list: no; doors.open: no"


def test_an_error_without_a_message_is_told_by_its_name(watched: Watched) -> None:
    def refuse(_built: object) -> None:
        raise DocumentError

    watched.watcher = Watcher(watched.options, watched.watcher.built, watched.files, check=refuse)
    watched.change("schemas.yaml", SCHEMAS % "closed")
    assert watched.health["problem"] == "DocumentError"


def test_what_is_written_while_the_server_is_built_is_taken(watched: Watched) -> None:
    watched.write("schemas.yaml", SCHEMAS % "closed")
    watched.watcher = Watcher(watched.options, watched.watcher.built, watched.files)
    watched.watcher.look()
    assert watched.door == {"state": "closed"}


def test_what_is_written_while_a_changed_file_is_read_is_taken(watched: Watched) -> None:
    def write_again(_built: object) -> None:
        watched.write("other.yaml", SCHEMAS % "closed")

    watched.watcher = Watcher(watched.options, watched.watcher.built, watched.files, check=write_again)
    watched.write("other.yaml", SCHEMAS % "ajar")
    watched.change("doors.yaml", DOCUMENT.replace("schemas.yaml", "other.yaml"))
    assert watched.door == {"state": "ajar"}
    watched.watcher.look()
    assert watched.door == {"state": "closed"}


def test_a_link_to_a_directory_that_leads_to_another_one_is_taken(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    link = watched.folder / "current"
    for name, state in (("first", "ajar"), ("second", "closed")):
        (watched.folder / name).mkdir()
        watched.write(f"{name}/schemas.yaml", SCHEMAS % state)
    link.symlink_to("first")
    watched.change("doors.yaml", DOCUMENT.replace("schemas.yaml", "current/schemas.yaml"))
    assert watched.door == {"state": "ajar"}
    caplog.set_level(logging.INFO)
    caplog.clear()  # an earlier test may have left the level so low that the change above was noted
    link.unlink()
    link.symlink_to("second")
    watched.watcher.look()
    assert watched.door == {"state": "closed"}
    assert said(caplog) == ["current/schemas.yaml taken: 1 operation changed (doors.list)."]


@pytest.mark.parametrize("name", ["schemas.yaml", "doors.yaml", "overlay.yaml", "next.yaml"])
def test_a_file_that_becomes_a_link_to_itself_is_waited_for(watched: Watched, name: str) -> None:
    link, content = watched.folder / name, (watched.folder / name).read_text(encoding="utf-8")
    link.unlink()
    link.symlink_to(name)
    watched.watcher.look()
    assert watched.door == {"state": "open"}
    assert name in watched.health["problem"]
    assert "a symbolic link that leads back to itself; let it lead to a file" in watched.health["problem"]
    link.unlink()
    watched.change(name, content)
    assert watched.health["ok"]


def test_a_bug_while_sandboxes_follow_leaves_the_former_server(watched: Watched) -> None:
    def fail() -> None:
        raise KeyError("x")

    before = watched.watcher.built
    watched.client().request("POST", "/__admin/sandboxes", json={"name": "box"})
    with before.imitated.sandboxes.enter("box").control_calls.listening(fail):
        set_lifetime(watched, 7)
    assert (watched.watcher.built, watched.watcher.app.app) == (before, before.app)
    assert watched.health["problem"] == "A bug of Watchword: KeyError; the log has more."


def test_a_bug_while_sandboxes_follow_puts_all_of_them_back(watched: Watched) -> None:
    def fail() -> None:
        raise KeyError("x")

    for name in ("first", "last"):
        watched.client(name).call("admin.change_settings", body={"zitadel": {"code_minutes": 7}})
        watched.client(name).call("admin.arm_fault", body={"fault": {"delay": {"fixed": "1s"}}})
    brought = f"x-watchword-settings: {{zitadel: {{code_minutes: 7}}}}, x-watchword-faults: {SLOW}"
    with watched.watcher.built.imitated.sandboxes.enter("last").control_calls.listening(fail):
        watched.change("overlay.yaml", f"{OVERLAY}{{{brought}}}\n")
    assert setting(watched.client("fresh"), "code_minutes") == 60
    assert watched.client("fresh").call("admin.faults").body["faults"] == []
    for name in ("first", "last"):
        assert setting(watched.client(name), "code_minutes") == 7
        assert [one["id"] for one in watched.client(name).call("admin.faults").body["faults"]] == ["fault-1"]
    set_lifetime(watched, 9)
    assert [setting(watched.client(name), "code_minutes") for name in ("fresh", "first", "last")] == [9, 7, 7]


def test_a_bug_while_what_was_taken_is_told_leaves_the_new_server(watched: Watched) -> None:
    def fail(_built: object) -> None:
        raise KeyError("x")

    watched.change("doors.yaml", "paths: [")
    watched.watcher = Watcher(watched.options, watched.watcher.built, watched.files, tell=fail)
    with pytest.raises(KeyError):
        watched.change("doors.yaml", DOCUMENT.replace("Doors", "Gates"))
    assert watched.watcher.app.app is watched.watcher.built.app
    assert watched.health["ok"]


def test_a_good_change_is_not_taken_before_another_file_is_mended(
    watched: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    watched.change("next.yaml", "")
    watched.change("schemas.yaml", SCHEMAS % "closed")
    problem = watched.health["problem"]
    assert "next.yaml: it is empty, so it is neither an overlay" in problem
    assert said(caplog) == [
        f"next.yaml: not taken. {problem}",
        f"schemas.yaml: not taken. Nothing is taken until this is mended: {problem}",
    ]
    watched.change("next.yaml", f"{OVERLAY}{{}}\n")
    assert watched.door == {"state": "closed"}
