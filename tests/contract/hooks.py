"""
What Schemathesis is told besides the document: who may call, what they know, and when to begin anew.

Loaded by Schemathesis in its own process; ``WATCHWORD_URL`` says where the server is.
"""

import os
import random
import re
from typing import Any

import requests
import schemathesis

URL = os.environ["WATCHWORD_URL"]
CREDENTIALS = {
    "weavr_multi": ("api-key", "authorization"),
    "weavr_payment_run": ("api-key", "authorization"),
    "zitadel": ("authorization",),
    "entrust": ("authorization",),
}
IDENTIFIERS = ("user_id", "userId", "userid")
CALLS_PER_RESET = 250
"""State drifts: after so many calls every password may be another one."""
SOMEBODY = 0.7
"""How often a good request is made somebody's own."""
SELDOM = 0.2
OFTEN = 0.8
HEADS = {"weavr_multi": "clara", "weavr_payment_run": "cyrus"}
"""Who has made users, and may read and invite them."""
MADE = {"weavr_multi": ("dario", "mira", "sven"), "weavr_payment_run": ("dinah", "mabel", "silas")}
"""Some of those users."""
ADMINISTRATOR = "otto"
"""Who may change the state of ZITADEL's users, and read settings."""
IN_STATE = {"unlock_user": "lars", "reactivate_user": "dora", "lock_user": "paul", "deactivate_user": "paul"}
"""Users in the state that an operation of ZITADEL needs."""
_CROSSED: Any = {"entrust": {"password": {"minimum_length": 30, "maximum_length": 10}}}
CONTRADICTIONS: Any = {
    "admin.replace_settings": _CROSSED,
    "admin.change_settings": _CROSSED,
    "admin.set_mutants": {"mutants": ["weavr.nonce.lifetime/gone", "weavr.nonce.lifetime/result-not"]},
}
"""They fit the document, which cannot say that one number is not greater than another, or one of two is enough."""
REPLACING = ("admin.import_state", "admin.restore_snapshot")
ENTRY = ("admin.entry", "admin.explain_entry", "admin.replay_entry", "admin.what_if", "admin.logged_request")
REPLAYING = ("admin.replay_entry", "admin.what_if")
PERSON = ("admin.person", "admin.change_person", "admin.remove_person")
NEWCOMER: Any = {"system": "entrust", "name": "newcomer"}
NEXT: Any = {"action": "advance", "to": "next"}
ARMED: Any = {"times": 1, "after": 1000, "match": {"system": "entrust"}, "fault": {"delay": {"fixed": "PT0.01S"}}}
MOST_EVENTS = 100
"""More than a sandbox has ahead."""
NONCE = "123456"
GOOD = "Violet-harbour-77?"

_WAIT = re.compile(r"(PT)?[0-9.]+(ms|s)?", re.IGNORECASE)
_chance = random.Random(int(os.environ.get("WATCHWORD_FUZZ_SEED", "0")))  # noqa: S311  # repeatable, not secret
_people: dict[str, list[dict[str, Any]]] = {system: [] for system in CREDENTIALS}
for _one in requests.get(f"{URL}/__admin/people", timeout=10).json()["people"]:
    _people[_one["system"]].append(_one)
_known = {value for people in _people.values() for one in people for value in one["headers"].values()}


class _World:
    """The sandbox, as it is since it was last put back to its seed."""

    def __init__(self) -> None:
        self.calls = 0
        self.tokens: tuple[str, ...] = ()
        self.forgotten = ""

    def count(self) -> None:
        if self.calls % CALLS_PER_RESET == 0:
            self._begin()
        self.calls += 1

    def _begin(self) -> None:
        """Begin anew, with a tokenised password that has expired and one that has not, and a mail to find."""
        requests.post(f"{URL}/__admin/reset", timeout=10)
        expired = self._token()
        requests.put(f"{URL}/__admin/clock", json={"action": "advance", "by": "PT31M"}, timeout=10)
        self.tokens = (expired, self._token())
        self.forgotten = self.newest_request()
        requests.delete(f"{URL}/__admin/journal", timeout=10)
        _ask_for_mail(next(one for one in _people["weavr_multi"] if one["name"] == "ada"))

    @staticmethod
    def newest_request() -> str:
        """Give the id of the newest request of the journal."""
        entries = requests.get(f"{URL}/__admin/journal", params={"limit": 1}, timeout=10).json()["entries"]
        return str(entries[0]["id"]) if entries else "last"

    @staticmethod
    def pass_every_event() -> None:
        """Move the clock behind everything that happens by itself."""
        for _ in range(MOST_EVENTS):
            if requests.put(f"{URL}/__admin/clock", json=NEXT, timeout=10).status_code != requests.codes.ok:
                return

    @staticmethod
    def _token() -> str:
        values = {"values": {"password": {"value": GOOD, "field": "PASSWORD"}}}
        minted = requests.post(f"{URL}/simulate/api/secure_session/anon_tokenize", json=values, timeout=10)
        token: str = minted.json()["tokens"]["password"]
        return token


def _ask_for_mail(somebody: dict[str, Any]) -> None:
    """Begin what a resume ends."""
    base = "" if somebody["system"] == "weavr_multi" else "/v1"
    start = f"{URL}{base}/passwords/lost_password/start"
    requests.post(start, json={"email": somebody["login"]}, headers=somebody["headers"], timeout=10)


_world = _World()


@schemathesis.hook
def before_load_schema(context: schemathesis.HookContext, raw_schema: dict[str, Any]) -> None:
    """Let links carry whole bodies, which Schemathesis can fill and OpenAPI 3.0 cannot describe."""
    for link in raw_schema.get("components", {}).get("links", {}).values():
        if "x-request-body" in link:
            link["requestBody"] = link.pop("x-request-body")


@schemathesis.hook
def before_call(context: schemathesis.HookContext, case: "schemathesis.Case[Any]", kwargs: dict[str, Any]) -> None:
    """Make some good requests somebody's own, and put the sandbox back now and then."""
    operation = str(case.operation.definition.raw.get("operationId", ""))
    if not (operation.startswith("admin.") and _follows_links(case)):
        # What links lead to would be gone; and calls of the control API leave passwords as they are.
        _world.count()
    _end_soon(case, operation)
    if operation.startswith("admin."):
        _control(case, operation)
    system = operation.partition(".")[0]
    if system not in CREDENTIALS or _chance.random() > SOMEBODY or not _is_good(case):
        return
    somebody = _somebody(system, operation)
    if operation.endswith(".resume_lost_password"):
        _ask_for_mail(somebody)
    if system == "zitadel" and _administer(case, operation.partition(".")[2]):
        return
    manages = system in HEADS and operation.endswith((".get_user", ".invite_user", ".list_users"))
    head = next((one for one in _people[system] if one["name"] == HEADS.get(system)), somebody)
    _sign(case, head if manages else somebody, CREDENTIALS[system])
    if manages and _chance.random() < OFTEN:
        somebody = _chance.choice([one for one in _people[system] if one["name"] in MADE[system]])
    for name in IDENTIFIERS:
        if name in (case.path_parameters or {}):
            case.path_parameters[name] = somebody["id"]
    if operation.startswith("zitadel.set_password") and somebody["password"]:
        # Somebody's own password changed by its owner, which chance alone rarely puts together.
        case.body = {"newPassword": {"password": GOOD}, "currentPassword": somebody["password"]}
    elif operation.endswith(".update_password") and somebody["password"] and _chance.random() < SOMEBODY:
        case.body = {"oldPassword": {"value": somebody["password"]}, "newPassword": {"value": GOOD}}
    elif isinstance(case.body, dict):
        _fill(case.body, somebody)


def _end_soon(case: "schemathesis.Case[Any]", operation: str) -> None:
    """Wait for nothing: a long wait is no better test than a short one, and without one a stream stays open."""
    query = case.query or {}
    if _WAIT.fullmatch(str(query.get("wait", ""))) or (operation == "admin.events" and "wait" not in query):
        case.query = {**query, "wait": "0s"}


def _control(case: "schemathesis.Case[Any]", operation: str) -> None:
    """Name what the sandbox has: a mail, people, requests that came, one that is forgotten."""
    if operation in REPLACING or (operation == "admin.reset" and _follows_links(case)):
        _replace_another(case, operation)
    if operation == "admin.message" and _chance.random() < SOMEBODY:
        case.path_parameters["id"] = 1
    if operation in ENTRY and _chance.random() < SOMEBODY:
        gone = _chance.random() < SELDOM
        case.path_parameters["id"] = _world.forgotten if gone else _world.newest_request()
    if operation in PERSON and not _follows_links(case) and _chance.random() < SOMEBODY:
        requests.post(f"{URL}/__admin/people", json=NEWCOMER, timeout=10)
        case.path_parameters.update(NEWCOMER)
    if _is_good(case) and _chance.random() < SELDOM:
        _meet_a_conflict(case, operation)


def _replace_another(case: "schemathesis.Case[Any]", operation: str) -> None:
    """Put another sandbox back: in this one links lead to what was made since, and only DELETE may be the end of it."""
    case.headers["Watchword-Sandbox"] = "another"
    if operation == "admin.restore_snapshot" and _follows_links(case):
        snapshot = {"name": str(case.path_parameters["name"])}
        requests.post(f"{URL}/~another/__admin/snapshots", json=snapshot, timeout=10)


def _meet_a_conflict(case: "schemathesis.Case[Any]", operation: str) -> None:
    """Ask for what the document allows and the sandbox, as it is, does not; or for what is seldom possible."""
    if operation in CONTRADICTIONS:
        case.body = CONTRADICTIONS[operation]
    elif operation in REPLACING or operation == "admin.save_snapshot":
        _replace(case, operation)
    elif operation in REPLAYING:
        # What a browser asks before a request of a page is no request to an imitated system.
        asks = {"Origin": "http://page.test", "Access-Control-Request-Method": "POST"}
        requests.options(f"{URL}/passwords/update", headers=asks, timeout=10)
        case.path_parameters["id"] = "last"
    elif operation == "admin.make_sandbox":
        taken: Any = {"name": "default"}
        case.body = _chance.choice([taken, {"before": _world.forgotten}])
    elif operation == "admin.choose_proposal":
        too_long: Any = {"entrust": {"password": {"minimum_length": 30}}}  # longer than the proposal's greatest length
        requests.patch(f"{URL}/~crossed/__admin/settings", json=too_long, timeout=10)
        case.path_parameters["name"], case.body = "crossed", {"proposal": "next"}
    elif operation == "admin.change_person":
        case.path_parameters.update(system="zitadel", name="lars")
        possible: Any = {"situations": ["locked"]}
        case.body = _chance.choice([possible, {"password": "short"}])
    elif operation in ("admin.change_fault", "admin.change_faults"):
        made = requests.post(f"{URL}/__admin/faults", json=ARMED, timeout=10).json()
        if operation == "admin.change_fault" and "id" in made:
            case.path_parameters["id"] = made["id"]
        case.body = {"match": {"person": "nobody-at-all"}}
    elif operation == "admin.set_clock":
        case.body = NEXT
        _world.pass_every_event()


def _replace(case: "schemathesis.Case[Any]", operation: str) -> None:
    """Let there be what a sandbox is put back to."""
    if operation == "admin.import_state":
        exported: Any = requests.get(f"{URL}/~another/__admin/state", timeout=10).json()
        case.body = _chance.choice([exported, {"format": 2}])
        return
    sandbox = "another" if operation in REPLACING else "default"
    requests.post(f"{URL}/~{sandbox}/__admin/snapshots", json={"name": "taken"}, timeout=10)
    if operation == "admin.save_snapshot":
        case.body = {"name": "taken"}
    else:
        case.path_parameters["name"] = "taken"


def _administer(case: "schemathesis.Case[Any]", name: str) -> bool:
    """Whether the request was made one of ZITADEL's administrator or machine, who can do what others cannot."""
    zitadel = {one["name"]: one for one in _people["zitadel"]}
    if name == "token_by_get":
        machine = zitadel["robot"]["credentials"]
        secret = {"client_id": machine["clientId"], "client_secret": machine["clientSecret"], "scope": "openid"}
        case.query = {"grant_type": "client_credentials", **secret}
        return True
    on_session = "sessionId" in (case.path_parameters or {})
    if name not in IN_STATE and "_settings" not in name and not on_session:
        return False
    _sign(case, zitadel[ADMINISTRATOR], CREDENTIALS["zitadel"])
    if name in IN_STATE:
        case.path_parameters["userId"], case.body = zitadel[IN_STATE[name]]["id"], {}
    elif on_session:
        begun = requests.post(f"{URL}/v2/sessions", json={}, headers=zitadel[ADMINISTRATOR]["headers"], timeout=10)
        # The administrator may be locked by now.
        case.path_parameters["sessionId"] = begun.json().get("sessionId", case.path_parameters["sessionId"])
    if name not in IN_STATE and _chance.random() < OFTEN:
        case.query = {}
    return True


def _somebody(system: str, operation: str) -> dict[str, Any]:
    people = _people[system]
    if operation.endswith(".login_with_password") and _chance.random() < SELDOM:
        people = [one for one in people if "expired" in one["situations"]]
    if operation.endswith("_invite") and _chance.random() < OFTEN:
        people = [one for one in people if "invited" in one["situations"]]
    return _chance.choice(people)


def _follows_links(case: "schemathesis.Case[Any]") -> bool:
    return case.meta is not None and case.meta.phase.name.value == "stateful"


def _is_good(case: "schemathesis.Case[Any]") -> bool:
    return case.meta is None or all(one.mode.is_positive for one in case.meta.components.values())


def _sign(case: "schemathesis.Case[Any]", somebody: dict[str, Any], wanted: tuple[str, ...]) -> None:
    """Send somebody's credentials in place of good ones; bad ones are there for a reason."""
    own = {name.lower(): value for name, value in somebody["headers"].items()}
    for name, value in list((case.headers or {}).items()):
        if name.lower() in wanted and name.lower() in own and value in _known:
            case.headers[name] = own[name.lower()]


def _fill(body: dict[str, Any], somebody: dict[str, Any]) -> None:
    """Say what somebody knows: an address, a password, a code, or a token that stands for a password."""
    if "email" in body:
        body["email"] = somebody["login"]
    for name in ("nonce", "inviteCode"):
        if name in body:
            body[name] = NONCE
    for name in ("password", "oldPassword", "newPassword"):
        if isinstance(body.get(name), dict) and "value" in body[name]:
            known = [somebody["password"]] if somebody["password"] and name != "newPassword" else [GOOD]
            body[name] = {"value": _chance.choice([*known, *_world.tokens])}


@schemathesis.check
def no_failure_of_ours(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: "schemathesis.Case[Any]"
) -> None:
    """ZITADEL's own 500s are its behaviour; a failure of ours has a detail that says where it is."""
    if response.status_code >= 500 and "google.rpc.DebugInfo" in response.text:
        raise AssertionError("a failure of ours")
