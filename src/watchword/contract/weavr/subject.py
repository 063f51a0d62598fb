"""What both Weavr products bring, so that servers of their kind can be tested."""

from collections.abc import Mapping, Sequence
from functools import cache, partial
from typing import Any

import orjson

from watchword.contract.steps import Call, Step
from watchword.contract.subject import BindingsExample, Caller, Role, Subject
from watchword.contract.values import Joined
from watchword.contract.weavr.cast import PRODUCTS, ROLES
from watchword.contract.weavr.likenesses import LIKENESSES
from watchword.contract.weavr.races import tell_races
from watchword.contract.weavr.scenarios import tell_scenarios
from watchword.contract.weavr.story import Story
from watchword.contract.weavr.walks import walk_steps
from watchword.resources import folder
from watchword.system.seed_data import Person

_LOG_INS: Mapping[str, int] = {
    **dict.fromkeys(("member", "head", "colleague", "sharer", "neighbour", "other-head", "back-office"), 200),
    "expiring": 200,
    "lost-twin": 200,
    "expired": 409,
    "expired-quarterly": 409,
}
"""How the log-in of a person with a password is answered; that of the others says nothing about them."""
_EXAMPLE = BindingsExample(
    lacks=("list_users", "tokenise"),
    keys="""\
# The api-keys of your programmes, by names of your own.
main = "$API_KEY"
# neighbour = "$OTHER_API_KEY"
""",
    words={
        "key": "main",
        "id": "1001{number:02}",
        "login": "{role}@example.com",
        "password": "${variable}_PASSWORD",
        "other_key": "$KEY_OF_THE_OTHER_PRODUCT",
        "public_key": "$PUBLIC_KEY",
        "tag": "cards",
    },
    settings="programme = { lock_after = 3 }",
)


def _roles(system: str) -> Mapping[str, Role]:
    return {
        name: Role(name, one.who, one.names[system], one.words) for name, one in ROLES.items() if system in one.names
    }


def _known_of(person: Person) -> Mapping[str, str]:
    known = {"id": person.id, "login": person.login, "key": person.headers["api-key"]}
    (other,) = {*PRODUCTS} - {person.system}
    programme = person.group["programme"]
    written = {
        "public_key": _seed_data(person.system, "programmes").get(programme, {}).get("programmeKey"),
        "other_key": _seed_data(other, "programmes").get(programme, {}).get("apiKey"),
        "tag": _seed_data(person.system, "people").get(person.name, {}).get("details", {}).get("tag"),
        "password": person.password,
    }
    return known | {word: text for word, text in written.items() if text is not None}


@cache
def _seed_data(system: str, kind: str) -> Mapping[str, Mapping[str, Any]]:
    """Read what only the fixtures of a product say, by name."""
    found = orjson.loads((folder("fixtures") / system / f"{kind}.json").read_bytes())
    return {one["name"]: one for one in found}


def _log_in(system: str, role: str, status: int) -> Sequence[Step]:
    story = Story(system)
    story.person(role).logs_in().answers(status)
    return story.steps


def _caller(system: str) -> Caller:
    story = Story(system)
    member = story.person("member")
    member.logs_in()
    headers = {"api-key": member.key, "Authorization": Joined(("Bearer ", member.token()))}
    steps = [step for step in story.steps if isinstance(step, Call)]
    return Caller(member.role, steps, headers, {"user_id": member.id})


_LISTED = ("body/count", "body/responseCount", "body/users", "body/users/*/id", "body/users/*/email")
"""The places of an answer that say which users a list has, and how many."""

WEAVR = tuple(
    Subject(
        system=product,
        roles=_roles(product),
        known_of=_known_of,
        log_ins={role: _log_in(product, role, status) for role, status in _LOG_INS.items()},
        likenesses=LIKENESSES,
        tell=partial(tell_scenarios, product),
        tell_races=partial(tell_races, product),
        caller=_caller(product),
        walk_steps=partial(walk_steps, product),
        example=_EXAMPLE,
        reads=frozenset({"validate_password"}),
        handles=frozenset({"user_id", "email", "nonce", "inviteCode"}),
        mailed=frozenset({"nonce", "inviteCode"}),
        made_by={
            "mails": ("mail", "link", "code"),
            "mails code": ("code",),
            "body/passwordInfo/expiryDate": ("expiry",),
            **dict.fromkeys(_LISTED, ("listed",)),
        },
    )
    for product in PRODUCTS
)
"""Multi and Payment Run."""
