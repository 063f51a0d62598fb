"""The rules by themselves, with their values in sight."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.outcomes import proves
from watchword.domain.chance import Chance
from watchword.domain.hashing import Candidate, Hasher
from watchword.domain.hashing import Profile as Cost
from watchword.domain.refusal import Maintenance, Malformed, Refusal, TooLarge, TooSlow, Unauthorized, Violation
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.systems.zitadel import envelope, errors, messages
from watchword.systems.zitadel.access import Caller, bearer, may_write_users
from watchword.systems.zitadel.proofs import EffectivePolicies, RecordedRefusal, check_code, failure, tarpit
from watchword.systems.zitadel.records import ComplexityPolicy, Membership, User, UserState, VerificationCode
from watchword.systems.zitadel.reset import Medium, Reset, recipient, reset_password
from watchword.systems.zitadel.rules import SetPassword, judge, set_password
from watchword.systems.zitadel.settings import Profile, ZitadelSettings
from watchword.systems.zitadel.signin import SignedIn, SignIn, sign_in
from watchword.systems.zitadel.templates import link

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"
HASHER = Hasher(Cost.FAST)
POLICY = ComplexityPolicy(min_length=8, lower=True, upper=True, number=True, symbol=True)
POLICIES = EffectivePolicies(POLICY, max_password_attempts=0, profile=Profile.V2_65, hash_limit=72)
STRICT = EffectivePolicies(POLICY, max_password_attempts=2, profile=Profile.V4_6)
ACME = "1"
OWNER = Caller("9", (Membership(("ORG_OWNER",), organisation=ACME),))
NOBODY = Caller("8")


def plain(text: str) -> Candidate:
    return HASHER.candidate(Secret(text))


MINI = User("7", "mini", ACME, email="mini@mouse.example", password_hash=plain("V3ryS3cure!").make_hash(salt=SALT))


def wish(new: str = "Fr3shly-Ch0sen!", **proof: Candidate | str) -> SetPassword:
    return SetPassword(plain(new), **proof)  # type: ignore[arg-type]


@proves("zitadel.policy.order")
@pytest.mark.parametrize(
    ("password", "refusal"),
    [
        ("", errors.TooShort),
        ("aB1!567", errors.TooShort),
        ("äöü!", errors.TooShort),
        ("ABCDEFG1!", errors.NoLower),
        ("ÄBCDEFÖ1!", errors.NoLower),
        ("abcdefg1!", errors.NoUpper),
        ("ABCDEFG!a", errors.NoNumber),
        ("ABCDEFGa1", errors.NoSymbol),
    ],
)
def test_the_first_failure_of_the_policy_is_told(password: str, refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        judge(Secret(password), POLICY)


@proves("zitadel.policy.order")
@pytest.mark.parametrize("password", ["aB1!5678", "aB1 5678", "aB1ä567", "aB1💥56"])
def test_lengths_are_bytes_and_anything_foreign_is_a_symbol(password: str) -> None:
    judge(Secret(password), POLICY)


@proves("zitadel.policy.order")
def test_what_a_policy_does_not_want_is_not_asked() -> None:
    judge(Secret("aaaa"), ComplexityPolicy(4, lower=True, upper=False, number=False, symbol=False))


@proves("zitadel.current.tarpit")
@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0), (4, 0), (5, 0), (9, 0), (10, 1), (14, 1), (15, 2), (55, 10), (1000, 10)]
)
def test_the_tarpit(failures: int, seconds: int) -> None:
    assert tarpit(failures) == timedelta(seconds=seconds)


@proves("zitadel.current.tarpit")
def test_a_refusal_carries_the_delay_in_v46_alone() -> None:
    user = replace(MINI, failed_attempts=9)
    marked = set_password(user, wish(current=plain("x")), caller=NOBODY, policies=STRICT, salt=SALT, now=NOW)
    assert isinstance(marked, RecordedRefusal)
    assert marked.refusal.delay == timedelta(seconds=1)
    older = replace(STRICT, profile=Profile.V4_2)
    failed = sign_in(user, SignIn(names_user=True, password=plain("x")), policies=older, session_id="1", now=NOW)
    assert isinstance(failed, RecordedRefusal)
    assert failed.refusal.delay == timedelta(0)


@proves("zitadel.current.lockout")
@pytest.mark.parametrize(
    ("before", "most", "state", "events"),
    [
        (0, 0, UserState.ACTIVE, 1),
        (99, 0, UserState.ACTIVE, 1),
        (1, 3, UserState.ACTIVE, 1),
        (2, 3, UserState.LOCKED, 2),
    ],
)
def test_when_a_failure_locks(before: int, most: int, state: UserState, events: int) -> None:
    after = failure(replace(MINI, failed_attempts=before), most)
    assert (after.failed_attempts, after.state, after.sequence) == (before + 1, state, 1 + events)


@proves("zitadel.code.order")
def test_the_order_of_the_questions_about_a_code() -> None:
    good = VerificationCode(digest("ABCDEF"), expires_at=NOW + timedelta(hours=1))
    check_code(good, "ABCDEF", now=NOW)
    for outstanding, given, refusal in (
        (None, "ABCDEF", errors.CodeNotFound),
        (replace(good, external=True), "ABCDEF", errors.CodeNotVerifiable),
        (replace(good, expires_at=NOW), "wrong", errors.CodeExpired),
        (good, "abcdef", errors.CodeInvalid),
    ):
        with pytest.raises(refusal):
            check_code(outstanding, given, now=NOW)


@proves("zitadel.permission.user_write")
@pytest.mark.parametrize(
    ("memberships", "refusal"),
    [
        ((), errors.MembershipNotFound),
        ((Membership(("ORG_OWNER",), organisation="2"),), errors.MembershipNotFound),
        ((Membership(("ORG_OWNER_VIEWER",), organisation=ACME),), errors.NoMatchingPermissions),
        ((Membership(("ORG_OWNER",), organisation=ACME, project="3"),), errors.PermissionElsewhere),
    ],
    ids=["none", "elsewhere", "only looking", "one project"],
)
def test_who_may_not_write_users(memberships: tuple[Membership, ...], refusal: type[Refusal]) -> None:
    with pytest.raises(refusal):
        may_write_users(memberships, organisation=ACME)


@proves("zitadel.permission.user_write")
@pytest.mark.parametrize("role", ["IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "ORG_OWNER", "ORG_USER_MANAGER"])
def test_the_roles_that_write_users(role: str) -> None:
    may_write_users((Membership((role,)),), organisation=ACME)


@proves("zitadel.auth.bearer")
def test_the_header_is_split_as_the_service_splits_it() -> None:
    assert bearer(Secret("Bearer a b")).reveal() == "a b"
    assert bearer(Secret("Token Bearer a")).reveal() == "a"


@proves("zitadel.code.single_use", "zitadel.change.required")
def test_a_change_clears_the_code_and_the_failures() -> None:
    code = VerificationCode(digest("ABCDEF"), expires_at=NOW)
    before = replace(MINI, code=code, failed_attempts=4, state=UserState.LOCKED, change_required=True)
    after = set_password(before, wish(), caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)
    assert isinstance(after, User)
    assert (after.code, after.failed_attempts, after.change_required) == (None, 0, False)
    assert (after.state, after.sequence, after.changed_at) == (UserState.LOCKED, 2, NOW)
    assert after.password_hash is not None
    assert plain("Fr3shly-Ch0sen!").matches(after.password_hash)


@proves("zitadel.new_password.present")
def test_the_empty_password_of_the_releases_is_really_stored() -> None:
    nothing = SetPassword(plain(""), new_given=False)
    after = set_password(MINI, nothing, caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)
    assert isinstance(after, User)
    assert after.password_hash is not None
    assert plain("").matches(after.password_hash)


@proves("zitadel.hash.limit")
@pytest.mark.parametrize(("length", "fits"), [(72, True), (73, False)])
def test_the_hash_takes_72_bytes(length: int, fits: bool) -> None:  # noqa: FBT001
    new = "aB1!" + "x" * (length - 4)
    if fits:
        assert isinstance(set_password(MINI, wish(new), caller=OWNER, policies=POLICIES, salt=SALT, now=NOW), User)
    else:
        with pytest.raises(errors.HashFailed):
            set_password(MINI, wish(new), caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)


@proves("zitadel.reset.order", "zitadel.code.newest")
def test_a_code_is_kept_as_a_digest_until_its_hour_is_over() -> None:
    issued = reset_password(
        MINI,
        Reset(Medium.MAIL, "https://me.example/{{.Code}}"),
        caller=Caller(MINI.id),
        portal_url="http://localhost:3000",
        lifetime=timedelta(hours=1),
        external_texts=True,
        chance=Chance(7),
        now=NOW,
    )
    assert issued.link == f"https://me.example/{issued.code}"
    assert issued.user.code == VerificationCode(digest(issued.code), expires_at=NOW + timedelta(hours=1))
    assert issued.code not in repr(issued.user)


@proves("zitadel.reset.medium")
def test_who_gets_a_code() -> None:
    assert recipient(MINI, Medium.MAIL) == "mini@mouse.example"
    assert recipient(MINI, Medium.TEXT_MESSAGE) is None
    assert recipient(MINI, Medium.ANSWER) is None


@proves("zitadel.session.password")
def test_a_right_password_is_an_event_of_user_and_session() -> None:
    user = replace(MINI, failed_attempts=1)
    done = sign_in(
        user, SignIn(names_user=True, password=plain("V3ryS3cure!")), policies=POLICIES, session_id="5", now=NOW
    )
    assert isinstance(done, SignedIn)
    assert done.user == replace(user, failed_attempts=0, sequence=2)
    assert (done.session.sequence, done.session.password_checked_at) == (4, NOW)


@pytest.mark.parametrize(
    ("refusal", "status", "code"),
    [
        (Malformed([Violation("header", ("x",), "type", "integer", "must be of type integer")]), 400, 3),
        (Unauthorized("Credentials are missing."), 401, 16),
        (TooSlow(3), 408, 4),
        (TooLarge(5), 413, 8),
        (Maintenance(), 503, 14),
        (Refusal("Something else."), 400, 2),
    ],
)
def test_general_refusals_have_the_services_envelope(refusal: Refusal, status: int, code: int) -> None:
    answer = envelope.render(refusal, ZitadelSettings())
    assert (answer.status, answer.body["code"]) == (status, code)
    assert answer.body["message"] == refusal.message


def test_a_hint_stands_beside_texts_that_leave_a_reader_alone() -> None:
    hint = envelope.render(errors.MembershipNotFound(), ZitadelSettings()).headers["Watchword-Hint"]
    assert "currentPassword" in hint
    assert "Watchword-Hint" not in envelope.render(errors.CodeInvalid(), ZitadelSettings()).headers


@proves("zitadel.reset.template")
@pytest.mark.parametrize("template", ["{{urlquery .OrgID}}", "{{ .OrgID | urlquery }}"])
def test_a_template_may_quote_for_queries(template: str) -> None:
    assert link(template, {"OrgID": "a b&c"}) == "a+b%26c"
    assert link("{{.OrgID}}", {"OrgID": "a b&c"}) == "a b&c"


def test_names_in_messages_have_two_spellings() -> None:
    assert messages.SET_PASSWORD.field("new_password") is messages.SET_PASSWORD.field("newPassword")
    assert messages.SET_PASSWORD.field("NewPassword") is None
