"""A sandbox as one document over HTTP: exported, imported, and refused with its places."""

import asyncio
from collections.abc import Callable
from typing import Any

import orjson
import pytest

from tests.conftest import START, Api, People, Response
from tests.outcomes import outcome
from watchword.build import Options, build
from watchword.control.rules import switch_off
from watchword.domain.hashing import Profile
from watchword.sandbox import Sandbox

Json = Any


def export(api: Api, **query: str) -> Json:
    return api.call("admin.export_state", query=query).body


def put(api: Api, written: Json) -> Response:
    return api.call("admin.import_state", body=written)


def key_of(api: Api, table: str) -> str:
    """Find somebody with a password."""
    return next(str(key) for key, one in export(api)["records"][table].items() if one.get("password"))


@outcome("admin.export_state", 200, "exported")
def test_an_export_says_first_that_it_is_for_tests(api: Api) -> None:
    written = export(api)
    assert next(iter(written)) == "warning"
    assert written["warning"].startswith("For tests only.")
    assert (written["format"], written["sandbox"]) == (1, api.sandbox)
    assert "journal" not in written


@outcome("admin.import_state", 200, "imported")
def test_an_import_takes_the_place_of_everything(api: Api, sandbox: Callable[[], Sandbox]) -> None:
    switch_off(sandbox(), "weavr.key.known")
    before = export(api)
    for name in ("one", "two"):
        api.call("admin.make_person", body={"system": "entrust", "name": name})
    api.call("admin.set_clock", body={"action": "scale", "by": 60})
    api.call("admin.change_settings", body={"zitadel": {"failing": True}})
    api.call("admin.arm_fault", body={"fault": {"delay": {"fixed": "1ms"}}})
    api.call("admin.reset")
    assert put(api, before).body["name"] == api.sandbox
    assert {**export(api), "exportedAt": ""} == {**before, "exportedAt": ""}
    assert before["mutants"] == ["weavr.key.known/gone"]


def test_mutants_of_every_kind_are_imported_as_they_were(api: Api) -> None:
    wanted = {
        "weavr.login.locked/after-weavr.login.refused",
        "weavr.nonce.lifetime/result-not",
        "weavr.password.history/gone",
        "weavr_multi.login_with_password/unmarked",
    }
    api.call("admin.set_mutants", body={"mutants": sorted(wanted)})
    written = export(api)
    api.call("admin.reset")
    assert put(api, written).status == 200
    assert {one["id"] for one in api.call("admin.mutants").body["mutants"]} == wanted


def test_a_file_that_names_rules_that_are_off_is_read(api: Api) -> None:
    written = export(api)
    del written["mutants"]
    assert put(api, {**written, "rulesOff": ["weavr.key.known"]}).status == 200
    assert [one["id"] for one in api.call("admin.mutants").body["mutants"]] == ["weavr.key.known/gone"]


def test_settings_of_a_programme_that_was_made_are_imported_with_it(api: Api) -> None:
    wish = {"system": "weavr_multi", "name": "peggy", "programme": {"name": "acme"}}
    api.call("admin.make_person", body=wish)
    api.call("admin.change_settings", body={"weavr_multi": {"programmes": {"acme": {"lock_after": 2}}}})
    written = export(api)
    api.call("admin.reset")
    assert put(api, written).status == 200
    assert api.call("admin.settings").body["weavr_multi"]["programmes"]["acme"]["lock_after"] == 2
    written["settings"]["weavr_multi"]["programmes"]["nope"] = {"history": 1}
    refused = put(api, written)
    assert (refused.status, refused.body["code"]) == (409, "impossible-state")
    [error] = refused.body["errors"]
    assert error["field"] == "settings.weavr_multi.programmes"
    assert error["problem"].endswith("suspended, acme")


def test_an_import_makes_the_sandbox_under_the_name_of_the_request(api: Api) -> None:
    other = Api(api.built, api.runner, f"{api.sandbox}-copy")
    assert put(other, export(api)).body["name"] == other.sandbox
    other.call("admin.drop_sandbox", path={"name": str(other.sandbox)})


def test_an_import_leaves_snapshots_and_clears_the_journal(api: Api) -> None:
    written = export(api)
    api.call("admin.save_snapshot", body={"name": "before"})
    api.request("GET", "/nowhere")
    put(api, written)
    assert [one["name"] for one in api.call("admin.snapshots").body["snapshots"]] == ["before"]
    assert api.call("admin.journal").body["entries"] == []


def test_a_journal_comes_masked_if_it_is_asked_for_and_is_not_imported(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    body = {"password": {"value": "Violet-harbour-77?"}}
    api.call("weavr_multi.validate_password", body=body, headers=ada.headers)
    written = export(api, journal="true")
    assert [one["operation"] for one in written["journal"]] == ["weavr_multi.validate_password"]
    assert b"Violet" not in orjson.dumps(written)
    put(api, written)
    assert api.call("admin.journal").body["entries"] == []


@outcome("admin.export_state", 404, "journal-off")
def test_a_journal_that_is_not_there_cannot_be_exported() -> None:
    with asyncio.Runner() as runner:
        api = Api(build(Options(hashing=Profile.FAST, wall_clock=lambda: START)), runner, None)
        assert api.call("admin.export_state", query={"journal": "true"}).body["code"] == "journal-off"


@outcome("admin.export_state", 400, "malformed")
def test_whether_a_journal_comes_is_true_or_false(api: Api) -> None:
    assert api.call("admin.export_state", query={"journal": "perhaps"}).body["errors"][0]["field"] == "journal"


def test_what_is_missing_of_a_document_is_empty(api: Api) -> None:
    written = export(api)
    small = {name: written[name] for name in ("format", "clock", "chance")}
    assert put(api, small).status == 200
    assert [api.call(f"admin.{one}").body for one in ("people", "inbox")] == [{"people": []}, {"messages": []}]


def test_an_export_may_be_longer_than_other_bodies(api: Api) -> None:
    written = {**export(api), "journal": ["x" * 5 * 1024 * 1024]}
    assert put(api, written).status == 200
    assert api.call("admin.make_sandbox", body={"name": "x" * 5 * 1024 * 1024}).status == 413


@outcome("admin.import_state", 409, "newer-format")
def test_a_document_of_a_later_release_is_refused_by_name(api: Api) -> None:
    answer = put(api, {"format": 2, "version": "9.0.0", "more": {}})
    assert answer.body["detail"] == "This sandbox has format 2, of Watchword 9.0.0; this release reads format 1."


@outcome("admin.import_state", 400, "malformed")
@pytest.mark.parametrize("written", [[], "x", {}, {"format": "1"}, {"format": 0}])
def test_what_is_no_export_is_refused(api: Api, written: Json) -> None:
    assert put(api, written).status == 400


@outcome("admin.import_state", 415, "unsupported-media-type")
def test_an_export_is_sent_as_json(api: Api) -> None:
    answer = api.request("PUT", "/__admin/state", content=b"x=1", headers={"content-type": "text/plain"})
    assert answer.status == 415


LATER: Json = {"count": 9, "armed": [{"id": "fault-1", "plan": {"fault": {"delay": {"fixed": "1s"}}}}]}
WRONG: dict[str, tuple[tuple[str, ...], Json, str]] = {
    "an unknown member": (("mood",), "fine", "is not known here"),
    "no chance": (("chance",), None, "must be a table of names and values"),
    "a clock without a timezone": (("clock", "now"), "2026-01-01T00:00:00", "must be a time with a timezone"),
    "a clock out of the calendar": (("clock", "now"), "0001-01-01T00:00:00Z", "must be in the years 1000 to 9899"),
    "a clock that leaves the calendar": (("clock", "now"), "0001-01-01T00:00:00+14:00", "must be in the years 1000 to"),
    "a clock at the end of time": (("clock", "now"), "9899-12-31T23:59:59-14:00", "must be in the years 1000 to 9899"),
    "a limit out of the calendar": (
        ("limits",),
        [{"caller": "x", "requests": 1, "seconds": 1, "started_at": "9999-12-31T23:59:59Z", "count": 1}],
        "must be in the years 1000 to 9899",
    ),
    "a clock that runs backwards": (("clock", "scale"), -1, "must be at least 0.001"),
    "too few random numbers": (("chance", "sequences", "zitadel", "words"), "AAAA", "must be 624 numbers of 32 bits"),
    "another system's chance": (("chance", "sequences", "fifth"), {"words": "", "position": 1}, "is no system of this"),
    "another system's settings": (("settings", "fifth"), {}, "is no system of this server; there are: weavr_multi"),
    "an unknown setting": (("settings", "zitadel", "mood"), 1, "there is no such setting. There are: maintenance"),
    "an impossible setting": (("settings", "zitadel", "maintenance"), 7, "must be true or false"),
    "an unknown rule": (("rulesOff",), ["no.such.rule"], "is no rule of this release"),
    "an unknown mutant": (("mutants",), ["weavr.key.known/lost"], "is no mutant of this release"),
    "two mutants of one rule": (
        ("mutants",),
        ["weavr.nonce.lifetime/gone", "weavr.nonce.lifetime/result-not"],
        "breaks the same rule as weavr.nonce.lifetime/gone",
    ),
    "a limit of nothing": (
        ("limits",),
        [{"caller": "x", "requests": 0, "seconds": 1, "started_at": "2026-01-01T00:00:00Z", "count": 1}],
        "must be at least 1",
    ),
    "an unknown operation": (
        ("faults", "armed"),
        [{"id": "fault-1", "plan": {"match": {"operation": "fifth.go"}, "fault": {"delay": {"fixed": "1s"}}}}],
        "is not known; they begin with: ",
    ),
    "two faults of one id": (("faults", "armed"), LATER["armed"] * 2, "must be fault- with a number that no other has"),
    "a fault without an effect": (("faults", "armed"), [{"id": "fault-1", "plan": {}}], "is required"),
    "a message of nobody": (("messages", "sent"), [{"id": 1}], "is required"),
    "an unknown table": (("records", "fifth_users"), {}, "is no table of this release"),
    "a record that is none": (("records", "weavr_users", "4711"), 7, "must be a table of names and values"),
}


def changed(written: Json, path: tuple[str, ...], value: Json) -> Json:
    """Copy *written* with another *value* at *path*."""
    if not path:
        return value
    return {**written, path[0]: changed(written.get(path[0], {}), path[1:], value)}


@outcome("admin.import_state", 409, "impossible-state")
@pytest.mark.parametrize(("path", "value", "problem"), WRONG.values(), ids=WRONG)
def test_what_does_not_fit_is_named_with_its_place_and_nothing_is_changed(
    api: Api, path: tuple[str, ...], value: Json, problem: str
) -> None:
    before = export(api)
    answer = put(api, changed(before, path, value))
    assert (answer.status, answer.body["code"]) == (409, "impossible-state")
    error = next(one for one in answer.body["errors"] if one["problem"].startswith(problem))
    assert error["field"].startswith(".".join(path))
    assert {**export(api), "exportedAt": ""} == {**before, "exportedAt": ""}


FIELDS: dict[str, tuple[str, tuple[str, ...], Json, str]] = {
    "a field that is none": ("weavr_users", ("mood",), "fine", "is no field of this record; there are: id, "),
    "a nested field that is none": ("weavr_users", ("password", "mood"), "fine", "is no field of this record"),
    "a moment without a timezone": (
        "weavr_users",
        ("password", "changed_at"),
        "2026-01-01T00:00:00",
        "must be a time with a timezone",
    ),
    "a hash that is none": ("weavr_users", ("password", "hash"), "secret", "must be the hash of a password"),
    "a hash that takes for ever": (
        "entrust_users",
        ("password", "stored"),
        "$argon2id$v=19$m=99999999,t=3,p=1$c29tZXNhbHQ$aGFzaGhhc2g",
        "must be the hash of a password",
    ),
    "another key": ("weavr_users", ("id",), "1", "must be the name under which the record stands"),
    "another type": ("weavr_users", ("active",), "perhaps", "must be true or false"),
}


@pytest.mark.parametrize(("table", "path", "value", "problem"), FIELDS.values(), ids=FIELDS)
def test_a_wrong_record_is_named_with_its_table_key_and_field(
    api: Api, table: str, path: tuple[str, ...], value: Json, problem: str
) -> None:
    place = ("records", table, key_of(api, table), *path)
    (error,) = put(api, changed(export(api), place, value)).body["errors"]
    assert error["field"] == ".".join(place)
    assert error["problem"].startswith(problem)
    assert str(value) not in error["problem"] or value == "1"


def test_records_that_do_not_fit_each_other_are_refused(api: Api) -> None:
    api.call("admin.make_person", body={"system": "entrust", "name": "newcomer"})
    place = ("records", "watchword_people", "entrust/newcomer", "like")
    (error,) = put(api, changed(export(api), place, "nobody-of-this-release")).body["errors"]
    assert error["problem"] == "do not fit each other: the people of entrust cannot be read from them"


def test_at_most_twenty_mistakes_are_named(api: Api) -> None:
    answer = put(api, changed(export(api), ("records", "weavr_users"), {str(one): {} for one in range(99)}))
    assert len(answer.body["errors"]) == 20
