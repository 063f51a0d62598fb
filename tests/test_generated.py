"""The generated files are up to date, and everything documented has a test."""

import json

import pytest

from tests.generate.marks import ROOT, Marks, collect
from tests.generate.pages import generated
from tests.outcomes import documented, raw_response, unreachable_reasons
from watchword.build import Built
from watchword.document.references import inline_references
from watchword.domain.hashing import Hasher, Profile
from watchword.domain.secret import Secret
from watchword.system.seed_data import load_precomputed_hashes
from watchword.systems.zitadel.rpc.services import METHODS

OVER = {"grpc", "grpc-web", "connect"}
ONLY_OVER_REST = ("QUERY_", "AUTH-DZG21")
"""How the names of outcomes begin that are about query strings and the origins of an application."""


@pytest.fixture(scope="module")
def marks() -> Marks:
    """The marks of all tests."""
    return collect()


def test_every_documented_outcome_is_reached_by_a_test(built: Built, marks: Marks) -> None:
    """An answer in the document without a test that gets it is a gap."""
    served_apis = [served_api for served_api in (built.imitated, built.admin) if served_api is not None]
    gaps = [
        outcome
        for served_api in served_apis
        for outcome, operation, unreachable in documented(served_api.document)
        if unreachable is None and outcome not in marks.outcomes and operation.id in served_api.handlers
    ]
    assert not gaps


def test_no_test_is_marked_with_an_outcome_that_is_not_in_the_document(built: Built, marks: Marks) -> None:
    """For example after an example was renamed."""
    served_apis = [served_api for served_api in (built.imitated, built.admin) if served_api is not None]
    known = {
        outcome
        for served_api in served_apis
        for outcome, _, unreachable in documented(served_api.document)
        if not unreachable
    }
    assert not set(marks.outcomes) - known


def test_every_outcome_is_reached_over_every_protocol_of_its_operation(built: Built, marks: Marks) -> None:
    """Invalid JSON can only be sent over Connect; only REST has query strings and checks origins."""
    twins = {outcome.operation for outcome in marks.calls}
    assert twins == {method.operation for method in METHODS.values()}
    gaps = [
        outcome
        for outcome, _, unreachable in documented(built.imitated.document)
        if outcome.operation in twins and unreachable is None and not outcome.name.startswith(ONLY_OVER_REST)
        if not marks.calls[outcome] >= ({"connect"} if "JSON" in outcome.name or "PROTO" in outcome.name else OVER)
    ]
    assert not gaps


def test_every_rule_is_proved_by_a_test(built: Built, marks: Marks) -> None:
    """Otherwise a rule could be removed without any test failing."""
    assert not [rule.id for rule, _ in built.imitated.rules() if rule.id not in marks.rules]


def test_every_rule_has_an_operation_and_operations_name_existing_rules(built: Built) -> None:
    """``x-rules`` of the document and the catalogue list the same rules."""
    rules = built.imitated.rules()
    named = {name for one in built.imitated.document.operations.values() for name in one.rules}
    assert named == {rule.id for rule, _ in rules}
    assert not [rule.id for rule, operations in rules if not operations]


def test_every_code_of_an_error_enum_is_an_outcome_or_has_a_reason(built: Built) -> None:
    """Without an example, a vendor's code would be missing in the table of outcomes, and nobody would notice."""
    document = built.imitated.document
    codes = [
        (operation.id, status, code)
        for operation in document.operations.values()
        for status, shape in operation.responses.items()
        for media in (raw_response(document, operation, status).get("content") or {}).values()
        for code in inline_references(document.content, media["schema"])
        .get("properties", {})
        .get("errorCode", {})
        .get("enum", ())
        if code not in shape.examples and not {code, "*"} & set(unreachable_reasons(document, operation, status))
    ]
    assert not codes


def test_the_generated_files_are_up_to_date() -> None:
    """``make generate`` would change nothing."""
    assert not [path.name for path, text in generated() if not path.exists() or path.read_text("utf-8") != text]


def test_precomputed_hashes_match_for_every_profile(built: Built) -> None:
    """Seed people can sign in with every ``--hashing``; for the expensive profiles a few people are checked."""
    for profile in Profile:
        known = load_precomputed_hashes()[str(profile.cost)]
        fast = load_precomputed_hashes()[str(Profile.FAST.cost)]
        assert known.keys() == fast.keys()
    everybody = built.imitated.sandboxes.people()
    with_password = [one for one in everybody if one.password]
    for profile, sample in (
        (Profile.FAST, with_password),
        (Profile.OWASP, with_password[:2]),
        (Profile.RFC9106, with_password[:1]),
    ):
        for one in sample:
            assert one.password is not None
            candidate = Hasher(profile).candidate(Secret(one.password))
            stored = [
                hashes
                for key, hashes in load_precomputed_hashes()[str(profile.cost)].items()
                if f"{one.system}/{one.name}/" in key
            ]
            assert all(f"${profile.cost}$" in hashes[0] and candidate.matches(hashes[0]) for hashes in stored)


def test_the_architecture_quotes_the_numbers_of_the_traced_request() -> None:
    text = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8")
    quoted = text.partition("<!-- request -->")[2].partition("<!-- /request -->")[0]
    traced = json.loads((ROOT / "docs" / "pictures" / "request.json").read_text(encoding="utf-8"))
    assert quoted == f"{traced['calls']} calls in {traced['files']} files of {traced['rooms']} rooms"
