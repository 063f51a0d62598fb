"""Setting a password: the proofs, the policy, what is stored, and the differences between the releases."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from tests.conftest import Inbox, ManualClock, SettingsOf
from tests.outcomes import proves
from tests.systems.zitadel.conftest import NEW, UNKNOWN_ID, Zitadel, details, refusal
from watchword.sandbox import Sandbox
from watchword.systems.zitadel.records import User

MINI = "V3ryS3cure!"
WRONG = "Wr0ng-One!"
PROFILES = ("documented", "v2.65", "v4.2", "v4.6")


def stored_user(sandbox: Callable[[], Sandbox], zitadel: Zitadel, name: str) -> User:
    """Read the record of a seed person."""
    user = sandbox().store.transaction().get(User, zitadel.person(name).id)
    assert user is not None
    return user


@pytest.mark.parametrize("profile", PROFILES)
def test_the_current_password_is_enough(zitadel: Zitadel, settings: SettingsOf, profile: str) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    answer = zitadel.change("mini", currentPassword=MINI)
    assert answer.status == 200
    assert answer.body == {
        "details": {"sequence": "2", "changeDate": "2026-01-15T12:00:00Z", "resourceOwner": "69629023906488334"}
    }
    assert zitadel.sign_in("mini", NEW).status == 201
    assert zitadel.sign_in("mini", MINI).status == 400


@proves("zitadel.permission.user_write")
def test_with_a_proof_every_caller_may_set_every_password(zitadel: Zitadel) -> None:
    body = {"newPassword": {"password": NEW}}
    assert zitadel.set_password("mini", body, by="olga").status == 404
    assert zitadel.set_password("mini", {**body, "currentPassword": MINI}, by="olga").status == 200
    assert zitadel.set_password("cora", body, by="olga").status == 404
    assert zitadel.set_password("cora", {**body, "verificationCode": "K4RL0Z"}, by="olga").status == 200


@pytest.mark.parametrize(
    ("caller", "target"), [("otto", "mini"), ("robot", "mini"), ("iris", "mini"), ("iris", "olga")]
)
def test_callers_with_the_permission_need_no_proof(zitadel: Zitadel, caller: str, target: str) -> None:
    assert zitadel.set_password(target, {"newPassword": {"password": NEW}}, by=caller).status == 200


@proves("zitadel.permission.user_write")
def test_roles_apply_in_their_own_organisation_only(zitadel: Zitadel) -> None:
    answer = zitadel.set_password("olga", {"newPassword": {"password": NEW}}, by="otto")
    assert refusal(answer) == (404, 5, "membership not found (AUTHZ-cdgFk)")
    assert answer.body["details"] == details("AUTHZ-cdgFk", "membership not found")


@proves("zitadel.permission.self")
@pytest.mark.parametrize(
    ("profile", "status"), [("documented", 404), ("v2.65", 404), ("v4.2", 200), ("v4.6", 404)], ids=PROFILES
)
def test_only_v42_lets_users_set_their_own_password_without_a_proof(
    zitadel: Zitadel, settings: SettingsOf, profile: str, status: int
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    assert zitadel.change("mini").status == status


@proves("zitadel.new_password.present")
@pytest.mark.parametrize("body", [{}, {"newpassword": {"password": NEW}}], ids=["missing", "misspelt"])
def test_the_releases_store_the_empty_password_if_none_is_sent(
    zitadel: Zitadel, settings: SettingsOf, sandbox: Callable[[], Sandbox], body: dict[str, object]
) -> None:
    assert refusal(zitadel.set_password("mini", body, by="otto")) == (400, 3, "Password is empty (COMMAND-3M0fs)")
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    assert zitadel.set_password("mini", body, by="otto").status == 200
    stored = stored_user(sandbox, zitadel, "mini").password_hash
    assert stored is not None
    assert zitadel.sign_in("mini", MINI).status == 400


@proves("zitadel.new_password.present")
def test_a_missing_new_password_is_refused_before_an_unknown_user(zitadel: Zitadel) -> None:
    assert refusal(zitadel.set_password(UNKNOWN_ID, {"currentPassword": "x"}, by="mini"))[2].endswith("(COMMAND-3M0fs)")
    assert refusal(zitadel.set_password(UNKNOWN_ID, {"verificationCode": "x"}, by="mini"))[2].endswith(
        "(COMMAND-Mf0sd)"
    )


@proves("zitadel.user.exists")
@pytest.mark.parametrize("target", [UNKNOWN_ID, "robot"], ids=["unknown", "a machine"])
@pytest.mark.parametrize(
    ("profile", "expected"),
    [("documented", (404, 5)), ("v2.65", (400, 9)), ("v4.2", (400, 9)), ("v4.6", (400, 9))],
    ids=PROFILES,
)
def test_the_password_of_an_unknown_user_or_a_machine_is_not_found(
    zitadel: Zitadel, settings: SettingsOf, target: str, profile: str, expected: tuple[int, int]
) -> None:
    settings.patch("zitadel", {"zitadel_profile": profile})
    for proof in ({}, {"currentPassword": "x"}, {"verificationCode": "x"}):
        answer = zitadel.set_password(target, {"newPassword": {"password": NEW}, **proof}, by="mini")
        assert refusal(answer) == (*expected, "Password not found (COMMAND-G8dh3)")


@proves("zitadel.user.initialised")
def test_a_new_user_is_refused_before_a_wrong_proof(zitadel: Zitadel) -> None:
    answer = zitadel.change("ines", currentPassword=WRONG)
    assert refusal(answer) == (400, 9, "User is not yet initialized (COMMAND-M9dse)")


@pytest.mark.parametrize(("name", "password"), [("lars", "L0cked-Lars!"), ("dora", "D3activated-Dora!")])
def test_locked_and_deactivated_users_may_change_their_password_and_stay_locked_and_deactivated(
    zitadel: Zitadel, sandbox: Callable[[], Sandbox], name: str, password: str
) -> None:
    before = stored_user(sandbox, zitadel, name).state
    assert zitadel.change(name, by="otto", currentPassword=password).status == 200
    assert stored_user(sandbox, zitadel, name).state is before


@proves("zitadel.code.order")
def test_a_wrong_code_is_refused_as_expired_if_the_right_one_has_expired(zitadel: Zitadel) -> None:
    assert refusal(zitadel.change("eddie", verificationCode="WRONG1")) == (400, 9, "Code is expired (CODE-QvUQ4P)")


@proves("zitadel.code.order")
def test_wrong_codes_are_not_counted_and_leave_the_right_one_valid(zitadel: Zitadel) -> None:
    for _ in range(20):
        assert refusal(zitadel.change("cora", verificationCode="WRONG1")) == (400, 3, "Code is invalid (CODE-woT0xc)")
    assert zitadel.change("cora", verificationCode="K4RL0Z").status == 200


@proves("zitadel.code.order")
def test_a_code_is_valid_for_an_hour(zitadel: Zitadel, clock: ManualClock) -> None:
    code = zitadel.code("mini")
    clock.advance(timedelta(minutes=59, seconds=59))
    refused = zitadel.change("mini", "short", verificationCode=code)
    assert refusal(refused)[2] == "Password is too short (DOMAIN-HuJf6)"
    clock.advance(timedelta(seconds=1))
    assert refusal(zitadel.change("mini", verificationCode=code))[2] == "Code is expired (CODE-QvUQ4P)"


@proves("zitadel.code.single_use")
@pytest.mark.parametrize("proof", ["code", "current", "administrator"])
def test_every_change_clears_the_code(zitadel: Zitadel, proof: str) -> None:
    new = {"newPassword": {"password": NEW}}
    changes = {
        "code": lambda: zitadel.change("cora", verificationCode="K4RL0Z"),
        "current": lambda: zitadel.change("cora", currentPassword="C0ra-Forgot-It!"),
        "administrator": lambda: zitadel.set_password("cora", new, by="otto"),
    }
    assert changes[proof]().status == 200
    answer = zitadel.change("cora", "An0ther-One!", verificationCode="K4RL0Z")
    assert refusal(answer) == (400, 9, "Code not found (COMMAND-2M9fs)")
    assert answer.body["details"] == details("COMMAND-2M9fs", "Code not found")


@proves("zitadel.code.external")
def test_an_external_providers_code_cannot_be_verified(zitadel: Zitadel, settings: SettingsOf, inbox: Inbox) -> None:
    settings.patch("zitadel", {"sms_provider": "external"})
    zitadel.reset("phil", {"sendLink": {"notificationType": "NOTIFICATION_TYPE_SMS"}})
    code = inbox.latest(to="+41791234567").codes[0]
    assert refusal(zitadel.change("phil", verificationCode=code))[2].endswith("(COMMAND-M0g95)")
    assert zitadel.change("phil", verificationCode=zitadel.code("phil")).status == 200


@proves("zitadel.current.order")
def test_equal_passwords_are_refused_before_the_current_one_is_verified(zitadel: Zitadel) -> None:
    for same in (MINI, WRONG):
        answer = zitadel.change("mini", same, currentPassword=same)
        assert refusal(answer)[2] == "New password cannot be the same as your current password (COMMAND-Aesh5)"


@proves("zitadel.policy.order")
def test_a_bad_password_is_refused_after_a_wrong_proof(zitadel: Zitadel) -> None:
    assert refusal(zitadel.change("mini", "bad", currentPassword=WRONG))[2] == "Password is invalid (COMMAND-3M0fs)"
    assert refusal(zitadel.change("cora", "bad", verificationCode="WRONG1"))[2] == "Code is invalid (CODE-woT0xc)"
    assert refusal(zitadel.change("mini", "bad"))[2] == "membership not found (AUTHZ-cdgFk)"
    assert refusal(zitadel.change("mini", "bad", currentPassword=MINI))[2] == "Password is too short (DOMAIN-HuJf6)"


@proves("zitadel.policy.order")
def test_an_organisation_may_have_its_own_policy(zitadel: Zitadel, settings: SettingsOf) -> None:
    settings.patch("zitadel", {"complexity": {"min_length": 20}})
    assert refusal(zitadel.change("mini", currentPassword=MINI))[2] == "Password is too short (DOMAIN-HuJf6)"
    assert zitadel.change("olga", "Twelve1Letters", currentPassword="Fortress0lga").status == 200
    assert refusal(zitadel.change("olga", "Elev3nLette", currentPassword="Twelve1Letters"))[2].startswith(
        "Password is too"
    )


@proves("zitadel.hash.limit")
def test_more_than_72_bytes_pass_the_policy_and_fail_in_the_hash_function(
    zitadel: Zitadel, settings: SettingsOf
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    longest, longer, weak = "Aä1!" * 14 + "Ab", "Aä1!" * 14 + "Abc", "a" * 73
    assert zitadel.change("mini", longest, by="otto").status == 200
    answer = zitadel.change("mini", longer, by="otto")
    assert refusal(answer) == (500, 13, "An internal error occurred (COMMAND-CahN2)")
    assert refusal(zitadel.change("mini", weak, by="otto"))[2].startswith("Password must contain")


@proves("zitadel.current.order")
def test_with_the_current_password_the_hash_function_fails_before_the_policy(
    zitadel: Zitadel, settings: SettingsOf
) -> None:
    settings.patch("zitadel", {"zitadel_profile": "v2.65"})
    answer = zitadel.change("mini", "a" * 73, currentPassword=MINI)
    assert refusal(answer) == (500, 13, "An internal error occurred (COMMAND-CahN2)")


@proves("zitadel.hash.limit")
@pytest.mark.parametrize("change", [{}, {"zitadel_profile": "v4.2", "hasher": "argon2"}], ids=["documented", "argon2"])
def test_only_bcrypt_has_the_limit(zitadel: Zitadel, settings: SettingsOf, change: dict[str, str]) -> None:
    settings.patch("zitadel", change)
    assert zitadel.change("mini", "Aa1!" * 50, by="otto").status == 200
    settings.patch("zitadel", {"hasher": "bcrypt"})
    assert zitadel.change("mini", "Bb2!" * 50, by="otto").status == 500


@proves("zitadel.change.required")
def test_every_change_sets_whether_another_is_required(zitadel: Zitadel, sandbox: Callable[[], Sandbox]) -> None:
    assert stored_user(sandbox, zitadel, "fabian").change_required
    required = {"password": NEW, "changeRequired": True}
    assert zitadel.set_password("mini", {"newPassword": required}, by="otto").status == 200
    assert stored_user(sandbox, zitadel, "mini").change_required
    assert zitadel.change("mini", "An0ther-One!", currentPassword=NEW).status == 200
    assert not stored_user(sandbox, zitadel, "mini").change_required


@proves("zitadel.details.sequence")
def test_the_sequence_counts_the_events_of_the_user_including_mails(
    zitadel: Zitadel, settings: SettingsOf, clock: ManualClock
) -> None:
    clock.advance(timedelta(microseconds=42_100))
    first = zitadel.change("mini", currentPassword=MINI).body["details"]
    assert (first["sequence"], first["changeDate"]) == ("2", "2026-01-15T12:00:00.042100Z")
    settings.patch("zitadel", {"notify_password_change": False})
    clock.advance(timedelta(microseconds=900))
    second = zitadel.change("mini", "An0ther-One!", currentPassword=NEW).body["details"]
    assert (second["sequence"], second["changeDate"]) == ("4", "2026-01-15T12:00:00.043Z")
    assert zitadel.change("mini", currentPassword="An0ther-One!").body["details"]["sequence"] == "5"


def test_a_mail_reports_the_change_and_does_not_contain_the_password(zitadel: Zitadel, inbox: Inbox) -> None:
    zitadel.change("mini", currentPassword=MINI)
    mail = inbox.latest(to="mini@mouse.example")
    assert mail.subject == "Password of user has changed"
    assert NEW not in mail.text


class TestV46:
    """Wrong current passwords in v4.6."""

    @pytest.fixture(autouse=True)
    def profile(self, settings: SettingsOf, sandbox: Callable[[], Sandbox]) -> None:
        settings.patch("zitadel", {"zitadel_profile": "v4.6"})
        sandbox().clock.freeze()

    @proves("zitadel.current.lockout")
    def test_failures_count_and_lock(self, zitadel: Zitadel, settings: SettingsOf) -> None:
        settings.patch("zitadel", {"lockout": {"max_password_attempts": 3}})
        for count in (1, 2, 3):
            answer = zitadel.change("mini", currentPassword=WRONG)
            assert refusal(answer) == (400, 3, "Password is invalid (COMMAND-3M0fs)")
            assert answer.body["details"] == [
                {
                    "@type": "type.googleapis.com/zitadel.v1.CredentialsCheckError",
                    "id": "COMMAND-3M0fs",
                    "message": "Password is invalid",
                    "failedAttempts": count,
                }
            ]
        locked = zitadel.change("mini", by="otto", currentPassword=MINI)
        assert refusal(locked) == (400, 9, "Errors.User.Locked (COMMAND-JLK35)")
        assert locked.body["details"][0]["failedAttempts"] == 3

    @proves("zitadel.current.lockout")
    def test_a_success_resets_the_count(self, zitadel: Zitadel) -> None:
        zitadel.change("mini", currentPassword=WRONG)
        assert zitadel.change("mini", currentPassword=MINI).status == 200
        assert zitadel.change("mini", "An0ther-One!", currentPassword=WRONG).body["details"][0]["failedAttempts"] == 1

    @proves("zitadel.current.lockout")
    def test_a_policy_violation_does_not_reset_the_count(self, zitadel: Zitadel) -> None:
        zitadel.change("mini", currentPassword=WRONG)
        zitadel.change("mini", "bad", currentPassword=MINI)
        assert zitadel.change("mini", currentPassword=WRONG).body["details"][0]["failedAttempts"] == 2

    @proves("zitadel.current.order")
    def test_equal_passwords_are_an_internal_error_and_count_as_a_failure(self, zitadel: Zitadel) -> None:
        assert refusal(zitadel.change("mini", MINI, currentPassword=MINI))[2].endswith("(COMMAND-CahN2)")
        assert zitadel.change("mini", currentPassword=WRONG).body["details"][0]["failedAttempts"] == 2

    @proves("zitadel.details.sequence", "zitadel.current.lockout")
    def test_failures_and_locks_are_events(self, zitadel: Zitadel, settings: SettingsOf) -> None:
        settings.patch("zitadel", {"lockout": {"max_password_attempts": 2}})
        zitadel.change("mini", currentPassword=WRONG)
        zitadel.change("mini", currentPassword=WRONG)
        answer = zitadel.set_password("mini", {"newPassword": {"password": NEW}}, by="otto")
        assert answer.body["details"]["sequence"] == "5"

    def test_earlier_releases_do_not_count(self, zitadel: Zitadel, settings: SettingsOf) -> None:
        settings.patch("zitadel", {"zitadel_profile": "v4.2", "lockout": {"max_password_attempts": 1}})
        answer = zitadel.change("mini", currentPassword=WRONG)
        assert answer.body["details"] == details("COMMAND-3M0fs", "Password is invalid")
        assert zitadel.change("mini", currentPassword=MINI).status == 200
