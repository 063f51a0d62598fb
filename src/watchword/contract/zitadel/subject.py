"""What ZITADEL brings, so that servers of its kind can be tested."""

from collections.abc import Mapping, Sequence

import orjson

from watchword.contract.making import check_key_file
from watchword.contract.steps import Step
from watchword.contract.subject import BindingsExample, Caller, Subject
from watchword.contract.values import Joined, Of
from watchword.contract.zitadel.cast import ROLES
from watchword.contract.zitadel.connect import CONNECT
from watchword.contract.zitadel.grpc import GRPC, GRPC_WEB
from watchword.contract.zitadel.likenesses import LIKENESSES
from watchword.contract.zitadel.races import tell_races
from watchword.contract.zitadel.scenarios import tell_scenarios
from watchword.contract.zitadel.story import ZITADEL as SYSTEM
from watchword.contract.zitadel.story import Story
from watchword.contract.zitadel.walks import walk_steps
from watchword.system.seed_data import Person

_SIGN_IN = (
    *("member", "bystander", "org-owner", "viewer", "instance-owner", "project-owner", "strict"),
    *("must-change", "texted"),
)
"""People who can sign in; that the others cannot says nothing about them."""
_CALL = ("sign-in", "manager", "deputy", "shopper")
"""Those who have a token that is good."""
_MORE = {"phil": {"phone": "+41791234567"}, "paul": {"origin": "https://shop.example"}}
"""What the list of people does not say."""
_EXAMPLE = BindingsExample(
    lacks=("*_v2beta", "delete_user"),
    keys="""\
# ZITADEL has no keys: service users have tokens, and people get theirs when they sign in.
# [settings] says which release your server is: only then are the scenarios of that release played.
""",
    words={
        "id": "2696290239064885{number:02}",
        "login": "{role}@example.com",
        "password": "${variable}_PASSWORD",
        "token": "${variable}_TOKEN",
        "phone": "+41790000000",
        "origin": "https://app.example.com",
        "client": "{role}",
        "secret": "${variable}_SECRET",
        "key_file": "${variable}_KEY",
    },
    settings='zitadel_profile = "v4.6"',
    first=3,
)


_HANDLES = frozenset(
    (
        *("id", "ids", "userId", "userIds", "loginName", "userName", "organizationId", "ctx.orgId", "x-zitadel-orgid"),
        *("sessionId", "sessionToken", "session_token", "verificationCode", "code", "client_id", "assertion"),
        *("displayName", "emailAddress", "firstName", "lastName", "nickName", "number", "userEmails"),
    )
)
"""Users, organisations, sessions and their tokens; and what lists are searched for."""


def _known_of(person: Person) -> Mapping[str, str]:
    known = {
        "id": person.id,
        "login": person.login,
        "token": person.headers["Authorization"].removeprefix("Bearer "),
        **_MORE.get(person.name, {}),
    }
    if "clientSecret" in person.credentials:
        given = person.credentials
        known |= {"client": given["clientId"], "secret": given["clientSecret"]}
        known["key_file"] = orjson.dumps(given["key"]).decode()
    return known if person.password is None else {**known, "password": person.password}


def _signs_in(role: str) -> Sequence[Step]:
    story = Story(SYSTEM)
    story.person(role).signs_in().answers(201)
    return story.steps


def _calls(role: str) -> Sequence[Step]:
    story = Story(SYSTEM)
    story.person(role).uses_token().answers(200)
    return story.steps


def _gets_token(role: str) -> Sequence[Step]:
    story = Story(SYSTEM)
    story.person(role).asks_for_token().answers(200)
    return story.steps


def _signs(role: str) -> Sequence[Step]:
    story = Story(SYSTEM)
    story.person(role).sends_assertion().answers(200)
    return story.steps


def _caller() -> Caller:
    """Let the manager call, mostly about the member."""
    token = Joined(("Bearer ", Of("manager", "token")))
    return Caller("manager", (), {"Authorization": token}, {"userId": Of("member", "id")})


_LISTED = ("body/result", *(f"body/result/*/{name}" for name in ("preferredLoginName", "userId", "username")))
"""The places of an answer that say which users a list has."""

ZITADEL = Subject(
    system=SYSTEM,
    roles=ROLES,
    known_of=_known_of,
    log_ins={
        "machine": _gets_token("machine"),
        **{role: _signs(role) for role in ("signer", "passing-signer")},
        **{role: _calls(role) for role in _CALL},
        **{role: _signs_in(role) for role in _SIGN_IN},
    },
    likenesses=LIKENESSES,
    tell=tell_scenarios,
    tell_races=tell_races,
    wires=(CONNECT, GRPC, GRPC_WEB),
    caller=_caller(),
    walk_steps=walk_steps,
    example=_EXAMPLE,
    reads=frozenset({"get_user", "list_users", "get_session", "list_sessions"}),
    named_in_texts=r"(?:\binvalid(?=\s\S+:)|\boneof)\s((?:\w+\.)+\w+)",
    things=("userId", "sessionId", "id"),
    handles=_HANDLES,
    mailed=frozenset({"verificationCode"}),
    made_by={
        "mails": ("medium", "template"),
        "body/details/totalResult": ("query", "visible"),
        **dict.fromkeys(_LISTED, ("page", "query")),
        "body/sessions": ("visible", "own"),
    },
    checks={"key_file": check_key_file},
    code=r"(?<=code=)[A-Z0-8]{6}\b|\b[A-Z0-8]{6}\b",
)
"""User service, session service and settings service, v2 and v2beta; and where tokens are given."""
