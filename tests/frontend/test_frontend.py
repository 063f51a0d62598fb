"""The client for tests of front ends, its types, and Playwright with the README's own files."""

import json
import re
from pathlib import Path

import pytest

from tests.frontend.playing import (
    HERE,
    PROGRAMS,
    README,
    STATIC,
    needs_browser,
    needs_node,
    needs_packages,
    play,
    run,
)
from tests.proposals import NEXT
from tests.serving import Served, serving


def node(script: str, folder: Path, *arguments: str) -> str:
    """Run a module beside a saved client, and return what it prints."""
    for name in ("client.mjs", "client.d.mts"):
        (folder / name).write_bytes((STATIC / name).read_bytes())
    (folder / "script.mjs").write_text(script, encoding="utf-8")
    ended = run(["node", "script.mjs", *arguments], folder)
    assert ended.returncode == 0, ended.stderr
    return ended.stdout


def test_the_readme_shows_the_files_that_are_run() -> None:
    shown = re.findall(r"^```mjs\n// (\S+)\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)
    assert [name for name, _ in shown] == ["fixture.mjs", "password.spec.mjs", "routed.mjs"]
    for name, text in shown:
        assert f"// {name}\n{text}" == (HERE / name).read_text(encoding="utf-8")


@needs_packages
@needs_browser
@pytest.mark.parametrize("fixture", ["fixture.mjs", "routed.mjs"])
def test_the_journeys_of_the_readme_pass_in_playwright(
    server: Served, page_url: str, tmp_path: Path, fixture: str
) -> None:
    said = play(tmp_path, "password.spec.mjs", fixture=fixture, url=server.url, page_url=page_url)
    assert "5 passed" in said


@needs_packages
def test_the_types_are_those_of_the_client(tmp_path: Path) -> None:
    """``npx tsc --project tests/frontend --outDir src/watchword/admin/static`` writes them."""
    ended = run([str(PROGRAMS / "tsc"), "--project", ".", "--outDir", str(tmp_path)], HERE)
    assert ended.returncode == 0, ended.stdout
    written = (tmp_path / "client.d.mts").read_text(encoding="utf-8")
    assert written == (STATIC / "client.d.mts").read_text(encoding="utf-8")


@needs_packages
def test_typescript_finds_a_wrong_word(tmp_path: Path) -> None:
    (tmp_path / "client.mjs").write_bytes((STATIC / "client.mjs").read_bytes())
    (tmp_path / "client.d.mts").write_bytes((STATIC / "client.d.mts").read_bytes())
    (tmp_path / "use.mts").write_text(
        'import { Watchword } from "./client.mjs";\n'
        'const box = await new Watchword().sandbox("a");\n'
        'const codes: string[] = (await box.inbox.wait({ to: "a@b.example" })).codes;\n'
        'await box.faults.add({ fault: { connection: "BROKEN" } });\n'
        "console.log(codes);\n",
        encoding="utf-8",
    )
    flags = ["--noEmit", "--strict", "--module", "nodenext", "--target", "es2022", "--lib", "es2023,dom"]
    ended = run([str(PROGRAMS / "tsc"), *flags, "use.mts"], tmp_path)
    assert ended.stdout.count("error TS") == 1, ended.stdout
    assert "BROKEN" in ended.stdout


@needs_node
def test_a_sandbox_is_named_after_its_test_and_no_other_one(tmp_path: Path) -> None:
    script = (
        'import { sandboxName } from "./client.mjs";\n'
        'const names = ["Forgot password", "forgot-password", "Ärger mit Ümläuten", "…", "", "a".repeat(99), "日"];\n'
        "console.log(JSON.stringify(names.map(sandboxName)));"
    )
    names = json.loads(node(script, tmp_path))
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[a-z0-9][a-z0-9-]{0,63}", name) for name in names)
    assert names[0].startswith("forgot-password-")
    assert names[2].startswith("arger-mit-umlauten-")


@needs_node
def test_what_is_refused_becomes_an_error_that_can_be_read(server: Served, tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const box = await new Watchword(process.argv[2]).sandbox("errors");
const failed = async (run) => { try { await run(); } catch (error) { return [error.code, error.message]; } };
await fetch(`${box.url}/multi/passwords/validate`, { method: "POST", body: "{}" });
console.log(JSON.stringify([
  await failed(() => box.clock.advance("soon")),
  await failed(() => box.person("weavr_multi", "asleep")),
  await failed(() => box.inbox.wait({ to: "nobody@multi.example", timeout: "1ms" })),
  await failed(() => box.verify({ operation: "weavr_multi.validate_password", status: 204 })),
  await failed(() => new Watchword("http://127.0.0.1:1").sandbox("x")),
]));
"""
    found = dict(json.loads(node(script, tmp_path, server.url)))
    assert "must" in found["malformed"]
    assert "There are:" in found["no-such-person"]
    assert "nobody@multi.example" in found["no-message"]
    assert "- POST /multi/passwords/validate" in found["not-verified"]
    assert "watchword serve" in found["no-answer"]


@needs_node
def test_a_sandbox_chooses_a_proposal_and_is_fresh_without_it(tmp_path: Path) -> None:
    (tmp_path / "next.yaml").write_text(NEXT, encoding="utf-8")
    script = """
import { Watchword } from "./client.mjs";
const watchword = new Watchword(process.argv[2]);
const countries = async (box) => (await fetch(`${box.url}/countries`)).status;
const box = await watchword.sandbox("proposed", { proposal: "next" });
const seen = [await countries(box)];
await box.choose(null);
seen.push(await countries(box));
const { replayed } = await box.journal.replay("last", { proposal: "next" });
seen.push(replayed.response.status);
await box.choose("next");
seen.push(await countries(await watchword.sandbox("proposed")));
console.log(JSON.stringify(seen));
"""
    with serving(tmp_path, "--proposal", f"next={tmp_path / 'next.yaml'}") as served:
        assert json.loads(node(script, tmp_path, served.url)) == [200, 404, 200, 404]


@needs_node
def test_two_tests_do_not_see_each_other(server: Served, tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const watchword = new Watchword(process.argv[2]);
const [one, other] = await Promise.all([watchword.sandbox("one"), watchword.sandbox("other")]);
await one.clock.freeze("2030-01-01T00:00:00Z");
const pia = await one.makePerson({ system: "zitadel", name: "pia", situations: ["locked"] });
await one.changePerson(pia, { situations: [] });
await one.faults.add({ fault: { answer: { status: 503 } } });
console.log(JSON.stringify([
  (await one.clock.read()).frozen, (await other.clock.read()).frozen,
  (await one.personNamed("zitadel", "pia")).state.locked,
  (await other.people({ system: "zitadel" })).some((person) => person.name === "pia"),
  (await one.faults.all()).length, (await other.faults.all()).length,
]));
await Promise.all([one.drop(), other.drop()]);
"""
    assert json.loads(node(script, tmp_path, server.url)) == [True, False, False, False, 1, 0]


@needs_node
def test_a_sandbox_goes_back_to_a_snapshot_and_on_from_a_file(server: Served, tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const watchword = new Watchword(process.argv[2]);
const [box, other] = [await watchword.sandbox("to and fro"), await watchword.sandbox("from a file")];
const has = async (where, name) => (await where.people({ system: "zitadel" })).some((one) => one.name === name);
const saved = await box.snapshots.save("as-it-began");
const unnamed = await box.snapshots.save();
await box.makePerson({ system: "zitadel", name: "pia" });
const file = await box.state.export();
await other.state.import(file);
await box.snapshots.restore(saved);
const [there, back] = [await has(other, "pia"), await has(box, "pia")];
await other.state.import(JSON.stringify(await box.state.export({ journal: true })));
await box.snapshots.drop(unnamed);
const failed = async (run) => { try { await run(); } catch (error) { return error.code; } };
console.log(JSON.stringify([
  there, back, await has(other, "pia"),
  (await box.snapshots.all()).map((one) => one.name), saved.name,
  await failed(() => box.snapshots.restore("nothing")),
  await failed(() => box.state.import("{")),
  await failed(() => box.state.import({ format: 1 })),
  "journal" in file,
]));
await Promise.all([box.drop(), other.drop()]);
"""
    there, back, replaced, names, saved, *codes, with_journal = json.loads(node(script, tmp_path, server.url))
    assert (there, back, replaced, with_journal) == (True, False, False, False)
    assert names == [saved]
    assert codes == ["no-such-snapshot", "not-a-state", "impossible-state"]


@needs_node
def test_a_refused_request_is_tried_with_what_would_have_helped(server: Served, tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const box = await new Watchword(process.argv[2]).sandbox("what if");
const ada = await box.personNamed("weavr_multi", "ada");
await fetch(`${box.url}/multi/passwords/update`, {
  method: "POST",
  headers: { ...ada.headers, "Content-Type": "application/json" },
  body: JSON.stringify({ oldPassword: { value: "Wrong-Secret-42" }, newPassword: { value: "Brand-New-43" } }),
});
const [refused] = await box.journal.find({ status: 409 });
const unchanged = await box.journal.replay(refused);
const { cures, code } = await box.journal.whatIf(refused);
const cured = await box.journal.replay(refused.id, { change: cures[0].change });
const now = await box.journal.replay("last", { in: "now", change: { clock: { by: "1h" } } });
const { status } = cured.replayed.response;
console.log(JSON.stringify([code, unchanged.same, cured.same, status, now.in, cures[0].status]));
await box.drop();
"""
    code, unchanged, cured, status, now, expected = json.loads(node(script, tmp_path, server.url))
    assert (code, unchanged, cured, now) == ("PASSWORD_INCORRECT", True, False, "now")
    assert status == expected


@needs_node
def test_mutants_are_set_and_taken_out_again(server: Served, tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const box = await new Watchword(process.argv[2]).sandbox("mutants");
const [set] = await box.mutants.set(["weavr.update.old-password/gone"]);
const all = (await box.mutants.all()).map((one) => one.id);
await box.mutants.set([]);
const failed = await box.mutants.set(["nothing"]).catch((error) => error.code);
console.log(JSON.stringify([set.id, all, (await box.mutants.all()).length, failed]));
await box.drop();
"""
    one, all_of_them, left, failed = json.loads(node(script, tmp_path, server.url))
    assert (all_of_them, left, failed) == ([one], 0, "no-such-mutant")


@needs_node
def test_a_server_with_a_token_wants_it(tmp_path: Path) -> None:
    script = """
import { Watchword } from "./client.mjs";
const [, , url, token] = process.argv;
const refused = await new Watchword(url).sandbox("a").catch((error) => error.code);
const box = await new Watchword(`${url}/`, { token }).sandbox("a");
await box.drop();
console.log(refused, box.url === `${url}/~${box.name}`);
"""
    with serving(tmp_path, "--admin-token", "for-this-test") as served:
        assert node(script, tmp_path, served.url, "for-this-test") == "token-required true\n"
