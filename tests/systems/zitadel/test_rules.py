"""The rules, called directly with their values."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from tests.outcomes import proves
from tests.refusing import refuses
from watchword.domain.chance import Chance
from watchword.domain.hashing import Candidate, Hasher
from watchword.domain.hashing import Profile as Cost
from watchword.domain.refusal import Maintenance, Malformed, Refusal, TooLarge, TooSlow, Unauthorized, Violation
from watchword.domain.secret import Secret
from watchword.domain.tokens import digest
from watchword.systems.zitadel import envelope, errors, messages
from watchword.systems.zitadel.access import (
    Action,
    Caller,
    exempt_self,
    read_bearer,
    require_token,
    require_user_write,
)
from watchword.systems.zitadel.proofs import (
    EffectivePolicies,
    RecordedRefusal,
    check_code,
    count_wrong_current_password,
    delay_after,
)
from watchword.systems.zitadel.records import (
    AccessToken,
    ComplexityPolicy,
    Membership,
    Session,
    User,
    UserKind,
    UserState,
    VerificationCode,
)
from watchword.systems.zitadel.reset import CodeRequest, Delivery, Issued, Medium, choose_delivery, issue_code
from watchword.systems.zitadel.rules import SetPassword, check_complexity, set_password
from watchword.systems.zitadel.sessions import (
    leave_visible,
    make_session_token,
    require_open,
    require_session_delete,
    require_session_read,
    require_session_write,
)
from watchword.systems.zitadel.settings import Profile, ZitadelSettings
from watchword.systems.zitadel.signin import Checked, Checks, run_checks
from watchword.systems.zitadel.templates import read_template
from watchword.systems.zitadel.token_form import Client
from watchword.systems.zitadel.user_queries import cut_page, find_users
from watchword.systems.zitadel.validation import validate

NOW = datetime(2026, 1, 15, 12, 0, tzinfo=UTC)
SALT = b"0123456789abcdef"
HASHER = Hasher(Cost.FAST)
POLICY = ComplexityPolicy(min_length=8, lower=True, upper=True, number=True, symbol=True)
POLICIES = EffectivePolicies(POLICY, max_password_attempts=0, profile=Profile.V2_65, hash_limit=72)
COUNTING = EffectivePolicies(POLICY, max_password_attempts=2, profile=Profile.V4_6)
ACME = "1"
OWNER = Caller("9", (Membership(("ORG_OWNER",), organisation=ACME),))
NO_ROLES = Caller("8")
SESSION = Session("5", created_at=NOW, sequence=1)


def plain(text: str) -> Candidate:
    return HASHER.candidate(Secret(text))


MINI = User("7", "mini", ACME, email="mini@mouse.example", password_hash=plain("V3ryS3cure!").make_hash(salt=SALT))


def to_set(new: str = "Fr3shly-Ch0sen!", *, current: str | None = None) -> SetPassword:
    return SetPassword(plain(new), current=None if current is None else plain(current))


def issue(user: User = MINI, *, medium: Medium | None = None, template: str | None = None) -> Issued:
    return issue_code(
        user,
        CodeRequest(medium, template),
        caller=Caller(user.id),
        profile=Profile.DOCUMENTED,
        portal_url="http://localhost:3000",
        lifetime=timedelta(hours=1),
        external_texts=True,
        chance=Chance(7),
        now=NOW,
    )


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
def test_the_first_violation_of_the_policy_is_refused(password: str, refusal: type[Refusal]) -> None:
    with refuses(refusal):
        check_complexity(Secret(password), POLICY)


@pytest.mark.parametrize("password", ["aB1!5678", "aB1 5678", "aB1ä567", "aB1💥56"])
def test_lengths_are_bytes_and_every_other_character_is_a_symbol(password: str) -> None:
    check_complexity(Secret(password), POLICY)


@proves("zitadel.policy.order")
def test_a_policy_checks_only_what_it_requires() -> None:
    only_letters = ComplexityPolicy(4, lower=True, upper=False, number=False, symbol=False)
    check_complexity(Secret("aaaa"), only_letters)
    with refuses(errors.NoUpper):
        check_complexity(Secret("aaaa"), replace(only_letters, upper=True))


@proves("zitadel.current.tarpit")
@pytest.mark.parametrize(
    ("failures", "seconds"), [(1, 0), (4, 0), (5, 0), (9, 0), (10, 1), (14, 1), (15, 2), (55, 10), (1000, 10)]
)
def test_the_delay_grows_with_the_failures_up_to_ten_seconds(failures: int, seconds: int) -> None:
    assert delay_after(failures, Profile.V4_6) == timedelta(seconds=seconds)


@proves("zitadel.current.tarpit")
def test_only_v46_delays_the_refusal_of_a_wrong_password() -> None:
    user = replace(MINI, failed_attempts=9)
    changed = set_password(user, to_set(current="x"), caller=NO_ROLES, policies=COUNTING, salt=SALT, now=NOW)
    assert isinstance(changed, RecordedRefusal)
    assert changed.refusal.delay == timedelta(seconds=1)
    older = replace(COUNTING, profile=Profile.V4_2)
    signed_in = run_checks(SESSION, user, Checks(user, plain("x")), policies=older, now=NOW)
    assert isinstance(signed_in, RecordedRefusal)
    assert signed_in.refusal.delay == timedelta(0)


@proves("zitadel.current.lockout")
@pytest.mark.parametrize(
    ("before", "maximum", "state", "events"),
    [
        (0, 0, UserState.ACTIVE, 1),
        (99, 0, UserState.ACTIVE, 1),
        (1, 3, UserState.ACTIVE, 1),
        (2, 3, UserState.LOCKED, 2),
    ],
)
def test_the_failure_that_reaches_the_maximum_locks(before: int, maximum: int, state: UserState, events: int) -> None:
    policies = replace(COUNTING, max_password_attempts=maximum)
    after = count_wrong_current_password(replace(MINI, failed_attempts=before), policies)
    assert (after.failed_attempts, after.state, after.sequence) == (before + 1, state, 1 + events)


@proves("zitadel.code.order", "zitadel.code.external")
@pytest.mark.parametrize(
    ("code", "given", "refusal"),
    [
        (None, "ABCDEF", errors.CodeNotFound),
        (VerificationCode(digest("ABCDEF"), NOW, external=True), "wrong", errors.CodeNotVerifiable),
        (VerificationCode(digest("ABCDEF"), NOW), "wrong", errors.CodeExpired),
        (VerificationCode(digest("ABCDEF"), NOW + timedelta(hours=1)), "abcdef", errors.CodeInvalid),
    ],
    ids=["none", "external", "expired", "another case"],
)
def test_the_checks_of_a_code_in_their_order(code: VerificationCode | None, given: str, refusal: type[Refusal]) -> None:
    with refuses(refusal):
        check_code(code, Secret(given), now=NOW)


def test_the_outstanding_code_is_accepted() -> None:
    check_code(VerificationCode(digest("ABCDEF"), NOW + timedelta(hours=1)), Secret("ABCDEF"), now=NOW)


@proves("zitadel.auth.bearer")
def test_a_token_is_good_until_its_last_second() -> None:
    token, header = AccessToken("digest", MINI.id, expires_at=NOW), Secret("Bearer x")
    require_token(header, token, now=NOW - timedelta(seconds=1))
    with refuses(errors.TokenInvalid):
        require_token(header, token, now=NOW)


@proves("zitadel.validate.first")
def test_one_member_of_a_oneof_can_be_required() -> None:
    queries = messages.Message("Search", (messages.Field("query", oneof="by", max_length=9),), required_oneofs=("by",))
    validate(queries, {"query": "x"})
    with refuses(errors.Invalid):
        validate(queries, {})


@proves("zitadel.users.query")
def test_a_list_has_the_last_user_who_fits_too() -> None:
    robot = replace(MINI, id="8", kind=UserKind.MACHINE)
    machines = [{"typeQuery": {"type": "TYPE_MACHINE"}}]
    assert find_users([robot, MINI, robot], machines, Profile.V4_6) == [robot, robot]


@proves("zitadel.users.page")
def test_a_list_is_sorted_by_whole_texts_and_by_the_numbers_of_states() -> None:
    def sort(column: str, *users: User) -> list[str]:
        name = f"USER_FIELD_NAME_{column}"
        page = cut_page(users, column=name, ascending=True, offset=0, limit=0)
        return [user.id for user in page]

    first, second = (
        replace(MINI, id="2", email="a@b.c1", login_name="a1"),
        replace(MINI, email="a@b.c2", login_name="a2"),
    )
    for column in ("EMAIL", "USER_NAME"):
        assert sort(column, replace(second, id="1"), first) == ["2", "1"]
    states = (UserState.ACTIVE, UserState.INACTIVE, UserState.LOCKED, UserState.INITIAL)
    users = [replace(MINI, id=str(9 - place), state=state) for place, state in enumerate(states)]
    assert sort("STATE", *users) == ["9", "8", "7", "6"]


@proves("zitadel.session.ended")
def test_a_session_that_was_ended_is_terminated() -> None:
    ended = replace(SESSION, exists=False, token="x")  # a digest
    with refuses(errors.SessionTerminated):
        require_open(ended, now=NOW)
    require_open(replace(ended, token=""), now=NOW)


@proves("zitadel.session.ended")
def test_a_session_can_be_changed_until_its_last_second() -> None:
    session = replace(SESSION, expires_at=NOW)
    require_open(replace(session, expires_at=None), now=NOW)
    require_open(session, now=NOW - timedelta(seconds=1))
    with refuses(errors.SessionPastEnd):
        require_open(session, now=NOW)


@proves("zitadel.session.token")
def test_the_token_of_a_session_is_issued_now() -> None:
    token = make_session_token(SESSION, Secret("x"), now=NOW)
    assert token is not None
    assert (token.digest, token.session_id, token.issued_at) == (digest("x"), SESSION.id, NOW)


@proves("zitadel.permission.user_write")
@pytest.mark.parametrize(
    ("memberships", "refusal"),
    [
        ((), errors.MembershipNotFound),
        ((Membership(("ORG_OWNER",), organisation="2"),), errors.MembershipNotFound),
        ((Membership(("ORG_OWNER_VIEWER",), organisation=ACME),), errors.NoMatchingPermissions),
        ((Membership(("ORG_OWNER",), organisation=ACME, project="3"),), errors.PermissionElsewhere),
    ],
    ids=["no role", "another organisation", "a viewer", "one project"],
)
def test_who_has_no_permission_to_write_users(memberships: tuple[Membership, ...], refusal: type[Refusal]) -> None:
    with refuses(refusal):
        require_user_write(memberships, organisation=ACME)


@pytest.mark.parametrize("role", ["IAM_OWNER", "IAM_ORG_MANAGER", "IAM_USER_MANAGER", "ORG_OWNER", "ORG_USER_MANAGER"])
def test_the_roles_with_the_permission_to_write_users(role: str) -> None:
    require_user_write((Membership((role,)),), organisation=ACME)


@proves("zitadel.session.read", "zitadel.session.write", "zitadel.session.delete")
def test_a_permission_for_one_project_is_none_for_sessions() -> None:
    owner = Caller("8", (Membership(("IAM_OWNER", "ORG_OWNER"), organisation=ACME, project="3"),))
    session = replace(SESSION, user_id=MINI.id, organisation=ACME)
    for check in (require_session_read, require_session_write, require_session_delete):
        with refuses(errors.PermissionElsewhere):
            check(owner, session, None, sent=False, profile=Profile.V4_2)


@proves("zitadel.session.read", "zitadel.sessions.visible")
def test_whoever_started_a_session_sees_it_without_a_role() -> None:
    session = replace(SESSION, user_id=MINI.id, creator="8", organisation=ACME)
    for caller, seen in ((Caller("8"), [session]), (Caller(MINI.id), [session]), (Caller("9"), [])):
        assert leave_visible([session], caller, Profile.V4_2) == seen
    require_session_read(Caller("8"), session, None, sent=False, profile=Profile.V4_2)
    with refuses(errors.MembershipNotFound):
        require_session_read(Caller("9"), session, None, sent=False, profile=Profile.V4_2)


@proves("zitadel.permission.self")
@pytest.mark.parametrize("profile", list(Profile))
def test_users_may_request_a_code_of_their_own_and_in_v42_set_their_password(profile: Profile) -> None:
    assert exempt_self(Caller("7"), "7", action=Action.REQUEST_CODE, profile=profile)
    assert exempt_self(Caller("7"), "7", action=Action.SET, profile=profile) is (profile is Profile.V4_2)
    assert not exempt_self(Caller("8"), "7", action=Action.REQUEST_CODE, profile=profile)


def test_the_header_is_split_at_bearer() -> None:
    assert read_bearer(Secret("Bearer a b")) == Secret("a b")
    assert read_bearer(Secret("Token Bearer a")) == Secret("a")
    assert read_bearer(Secret("Bearer Bearer a")) is None


@proves("zitadel.code.single_use", "zitadel.change.required")
def test_a_change_clears_the_code_and_the_failures_and_does_not_unlock() -> None:
    code = VerificationCode(digest("ABCDEF"), expires_at=NOW)
    before = replace(MINI, code=code, failed_attempts=4, state=UserState.LOCKED, change_required=True)
    after = set_password(before, to_set(), caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)
    assert isinstance(after, User)
    assert (after.code, after.failed_attempts, after.change_required) == (None, 0, False)
    assert (after.state, after.sequence, after.changed_at) == (UserState.LOCKED, 2, NOW)
    assert after.password_hash is not None
    assert plain("Fr3shly-Ch0sen!").matches(after.password_hash)


@proves("zitadel.new_password.present")
def test_the_releases_store_the_hash_of_the_empty_password() -> None:
    missing = SetPassword(plain(""), new_given=False)
    after = set_password(MINI, missing, caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)
    assert isinstance(after, User)
    assert after.password_hash is not None
    assert plain("").matches(after.password_hash)
    documented = replace(POLICIES, profile=Profile.DOCUMENTED)
    with refuses(errors.PasswordEmpty):
        set_password(MINI, missing, caller=OWNER, policies=documented, salt=SALT, now=NOW)


@proves("zitadel.hash.limit")
def test_the_hash_takes_72_bytes() -> None:
    def change(length: int) -> User | RecordedRefusal:
        new = "aB1!" + "x" * (length - 4)
        return set_password(MINI, to_set(new), caller=OWNER, policies=POLICIES, salt=SALT, now=NOW)

    assert isinstance(change(72), User)
    with refuses(errors.HashFailed):
        change(73)


@proves("zitadel.code.newest")
def test_a_code_is_stored_as_a_digest_for_an_hour() -> None:
    issued = issue()
    assert issued.user.code == VerificationCode(digest(issued.code), expires_at=NOW + timedelta(hours=1))


def test_the_link_in_the_mail_contains_the_code() -> None:
    issued = issue(template="https://me.example/{{.Code}}")
    assert issued.link.revealed == f"https://me.example/{issued.code.revealed}"


def test_secrets_are_not_shown() -> None:
    issued = issue()
    shown = repr((issued, to_set(current="V3ryS3cure!"), Client("robot", Secret("watchword"))))
    for secret in (issued.code.revealed, "Fr3shly-Ch0sen!", "V3ryS3cure!", "watchword"):
        assert secret not in shown


@proves("zitadel.reset.medium")
def test_where_a_code_is_sent() -> None:
    assert choose_delivery(MINI, None) == Delivery(Medium.MAIL, "mini@mouse.example")
    assert choose_delivery(MINI, Medium.MAIL) == Delivery(Medium.MAIL, "mini@mouse.example")
    assert choose_delivery(MINI, Medium.TEXT_MESSAGE) == Delivery(Medium.TEXT_MESSAGE, "")
    assert choose_delivery(MINI, Medium.ANSWER) == Delivery(Medium.ANSWER, None)


@proves("zitadel.session.lockout", "zitadel.details.sequence")
def test_a_right_password_is_an_event_of_user_and_session_and_resets_the_failures() -> None:
    user = replace(MINI, failed_attempts=1)
    done = run_checks(SESSION, user, Checks(user, plain("V3ryS3cure!")), policies=POLICIES, now=NOW)
    assert isinstance(done, Checked)
    assert done.user == replace(user, failed_attempts=0, sequence=2)
    assert (done.session.sequence, done.session.password_checked_at) == (3, NOW)


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


def test_a_hint_is_added_where_the_text_does_not_say_what_would_be_right() -> None:
    hint = envelope.render(errors.MembershipNotFound(), ZitadelSettings()).headers["Watchword-Hint"]
    assert "currentPassword" in hint
    assert "Watchword-Hint" not in envelope.render(errors.CodeInvalid(), ZitadelSettings()).headers


@proves("zitadel.reset.template")
@pytest.mark.parametrize("template", ["{{urlquery .OrgID}}", "{{ .OrgID | urlquery }}"])
def test_a_template_may_quote_for_queries(template: str) -> None:
    values = {"UserID": "7", "Code": "ABCDEF", "OrgID": "a b&c"}
    assert read_template(template).fill(values) == "a+b%26c"
    assert read_template("{{.OrgID}}").fill(values) == "a b&c"


def test_fields_have_two_names() -> None:
    assert messages.SET_PASSWORD.field("new_password") is messages.SET_PASSWORD.field("newPassword")
    assert messages.SET_PASSWORD.field("NewPassword") is None
