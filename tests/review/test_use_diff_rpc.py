"""What a proposal changes for consumers that call ZITADEL over gRPC, gRPC-Web and Connect."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.cli.commands import write
from tests.conftest import Api
from tests.review.looking import look
from tests.review.seeded import GONE
from tests.review.seeded_use import Use, read_base
from tests.rpc.wire import METHODS, PROTOCOLS, RpcApi
from watchword.review.difference import Section
from watchword.review.level import Level
from watchword.review.use_diff.consumers import Consumer, find_consumers, read_rule
from watchword.review.use_diff.journals import read_journal

MINI = "269629023906488501"
ROBOT = {"authorization": "Bearer watchword-robot-personal-access-token"}
SIGN_IN = {"authorization": "Bearer watchword-login-personal-access-token"}
NEW = "Str0ng-One"
OVER_ALL = pytest.mark.parametrize("protocol", PROTOCOLS)
_METHOD = "/paths/~1v2~1users~1{userId}~1password/post/x-rpc/method"


@pytest.fixture(scope="module")
def base() -> Mapping[str, Any]:
    return read_base()


def call_everything(client: RpcApi) -> None:
    """Read somebody, set a password of 10 characters, sign in with a wrong one and with it, and end the session."""
    client.rpc(METHODS["zitadel.get_user"], {"userId": MINI}, ROBOT)
    client.rpc(METHODS["zitadel.set_password"], {"userId": MINI, "newPassword": {"password": NEW}}, ROBOT)
    for password in ("wrong", NEW):
        checks = {"user": {"loginName": "mini@mouse.example"}, "password": {"password": password}}
        made = client.rpc(METHODS["zitadel.create_session"], {"checks": checks}, SIGN_IN)
    session = {name: made.body[name] for name in ("sessionId", "sessionToken")}
    client.rpc(METHODS["zitadel.get_session"], session, SIGN_IN)
    client.rpc(METHODS["zitadel.delete_session"], session, SIGN_IN)


def read_entries(api: Api) -> list[dict[str, Any]]:
    """Read the journal of a sandbox, the oldest first."""
    found: list[dict[str, Any]] = api.request("GET", "/__admin/journal").body["entries"]
    return found[::-1]


def compare(folder: Path, base: Mapping[str, Any], use: Use, entries: Sequence[Mapping[str, Any]]) -> Section:
    """Look at what a change of the document does to what a journal has."""
    journal = folder / "app.ndjson"
    write(journal, "".join(f"{json.dumps(one)}\n" for one in entries))
    consumers: Sequence[Consumer] = find_consumers({journal: read_journal(journal)}, read_rule("file"))
    return look(folder, base, use, consumers)


def told(found: Section) -> list[str]:
    """List what matters."""
    return [one.sentence for one in found.differences if one.level is not Level.HARMLESS]


@OVER_ALL
@pytest.mark.parametrize("compressed", [False, True], ids=["plain", "compressed"])
def test_equal_sides_touch_no_call_and_every_call_is_sent_again(
    api: Api, tmp_path: Path, base: Mapping[str, Any], *, protocol: str, compressed: bool
) -> None:
    call_everything(RpcApi(api, protocol, compressed=compressed))
    found = compare(tmp_path, base, Use("nothing", frozenset()), read_entries(api))
    assert [one.partition(":")[2] for one in found.summary] == [" nothing changes in 6 requests"]
    assert not [one for one in found.notes if "could not be sent again" in one]


@OVER_ALL
def test_a_call_that_head_refuses_is_told_with_its_setting_and_so_is_what_follows_from_it(
    api: Api, tmp_path: Path, base: Mapping[str, Any], protocol: str
) -> None:
    call_everything(RpcApi(api, protocol))
    longer = Use("longer", frozenset(), settings={"zitadel": {"complexity": {"min_length": 12}}})
    refused, *rest = told(compare(tmp_path, base, longer, read_entries(api)))
    assert refused.startswith("app: 1 request would be refused, 200 → 400 DOMAIN-HuJf6: The password has 10 bytes")
    assert refused.endswith("(setting zitadel.complexity.min_length: 8 → 12)")
    assert [one.partition(":")[2].partition(":")[0] for one in rest] == [
        " 1 request would be refused, 201 → 400 COMMAND-3M0fs"
    ]


def test_a_protocol_that_head_s_release_does_not_speak_is_told(
    api: Api, tmp_path: Path, base: Mapping[str, Any]
) -> None:
    call_everything(RpcApi(api, "connect-proto"))
    older = Use("older", frozenset(), settings={"zitadel": {"zitadel_profile": "v2.65"}})
    found = told(compare(tmp_path, base, older, read_entries(api)))
    assert found
    assert all("404 NOT_FOUND" in one and 'zitadel_profile: "documented" → "v2.65"' in one for one in found)


def test_a_call_whose_method_is_gone_would_be_refused_though_watchword_answers_it(
    api: Api, tmp_path: Path, base: Mapping[str, Any]
) -> None:
    call_everything(RpcApi(api, "grpc"))
    found = compare(tmp_path, base, Use("no method", frozenset(), _METHOD, GONE), read_entries(api))
    assert told(found) == ["app: 1 request would be refused: zitadel.user.v2.UserService/SetPassword is gone"]


@pytest.mark.parametrize(("protocol", "header"), [("grpc", "grpc-timeout"), ("connect-json", "connect-timeout-ms")])
def test_how_long_a_client_waited_does_not_matter_when_its_call_is_sent_again(
    api: Api, tmp_path: Path, base: Mapping[str, Any], protocol: str, header: str
) -> None:
    call_everything(RpcApi(api, protocol))
    entries = read_entries(api)
    for one in entries:
        one["request"]["headers"][header] = "0n"
    found = compare(tmp_path, base, Use("nothing", frozenset()), entries)
    assert not [one for one in found.notes if "could not be sent again" in one]


def test_a_message_that_was_not_readable_is_judged_by_the_documents_alone(
    api: Api, tmp_path: Path, base: Mapping[str, Any]
) -> None:
    client = RpcApi(api, "connect-json")
    client.rpc(METHODS["zitadel.create_session"], {"checks": {"user": {"loginName": 7}}}, SIGN_IN)
    (note,) = (
        one
        for one in compare(tmp_path, base, Use("nothing", frozenset()), read_entries(api)).notes
        if "could not be sent again" in one
    )
    assert "(1 its body is not shown)" in note


def test_a_field_of_a_message_counts_as_the_parameter_that_it_is_over_http(
    api: Api, tmp_path: Path, base: Mapping[str, Any]
) -> None:
    """A message with a session token has what HEAD requires in the query; one without it does not."""
    client = RpcApi(api, "grpc")
    checks = {"user": {"loginName": "mini@mouse.example"}}
    made = client.rpc(METHODS["zitadel.create_session"], {"checks": checks}, SIGN_IN).body
    client.rpc(METHODS["zitadel.get_session"], {name: made[name] for name in ("sessionId", "sessionToken")}, SIGN_IN)
    client.rpc(METHODS["zitadel.get_session"], {"sessionId": made["sessionId"]}, SIGN_IN)
    needed = Use("needed", frozenset(), "/components/parameters/ZitadelSessionTokenQuery/required", value=True)
    found = told(compare(tmp_path, base, needed, read_entries(api)))
    assert [one.partition(":")[2].partition(" request ")[0] for one in found] == [" 1"]
