"""What Entrust brings, so that servers of its kind can be tested."""

from collections.abc import Sequence

from watchword.contract.entrust.cast import ROLES, known_of
from watchword.contract.entrust.likenesses import LIKENESSES
from watchword.contract.entrust.races import tell_races
from watchword.contract.entrust.scenarios import tell_scenarios
from watchword.contract.entrust.story import Story
from watchword.contract.entrust.walks import walk_steps
from watchword.contract.steps import Call, Step
from watchword.contract.subject import BindingsExample, Caller, Subject
from watchword.contract.values import Joined, Template
from watchword.systems.entrust.seed_data import SYSTEM

_EXAMPLE = BindingsExample(
    lacks=("get_password_settings", "validate_password"),
    keys="# Entrust has none: applications authenticate with their IDs and secrets.\n",
    words={
        "id": "00000000-0000-4000-8000-0000000000{number:02}",
        "login": "{role}",
        "email": "{role}@example.com",
        "secret": "${variable}_SECRET",
        "password": "${variable}_PASSWORD",
        "first_name": "Mary",
        "last_name": "Member",
        "alias": "marym",
    },
    settings="password = { minimum_length = 10 }",
)
_LATE = "late"
"""Whose token does not log in."""
_ACTIVE = ("administrator", "viewer", "editor")
_WITH_PASSWORD, _WITHOUT_PASSWORD = ("member", "directory"), ("newcomer", "external", "numbered")


def _log_in(role: str) -> Sequence[Step]:
    """Authenticate an application, find a user's password in the history, or find that there is none."""
    story = Story(SYSTEM)
    if role in _ACTIVE:
        story.application(role).authenticates().answers(200)
    elif role == "disabled":
        story.application(role).authenticates().answers(403)
    elif role in _WITH_PASSWORD:
        user = story.user(role)
        story.administrator.validates(user, user.first_password).is_in_history()
    else:
        present: dict[str, Template] = {"present": False} if role in _WITHOUT_PASSWORD else {}
        story.administrator.reads(story.user(role)).answers(200, **present)
    return story.steps


def _caller() -> Caller:
    """Let the administrator call, mostly about the member."""
    story = Story(SYSTEM)
    story.administrator.authenticates()
    headers = {"Authorization": Joined(("Bearer ", story.administrator.token()))}
    steps = [step for step in story.steps if isinstance(step, Call)]
    return Caller("administrator", steps, headers, {"userid": story.user("member").id})


ENTRUST = Subject(
    system=SYSTEM,
    roles=ROLES,
    known_of=known_of,
    log_ins={role: _log_in(role) for role in ROLES if role != _LATE},
    likenesses=LIKENESSES,
    tell=tell_scenarios,
    tell_races=tell_races,
    caller=_caller(),
    walk_steps=walk_steps,
    example=_EXAMPLE,
    reads=frozenset({"authenticate", "get_password", "get_password_settings", "validate_password"}),
    handles=frozenset({"userid", "applicationId"}),
    mailed=frozenset({"password", "currentPassword"}),
    code=r"(?i)password(?: is)?:\s*(\S+)",
    made_by={
        "mails": ("mail",),
        "body/expiryTime": ("expiry",),
        "body/expiryNotificationDate": ("expiry-notification",),
        "body/forceUpdate": ("force-update",),
        "body/newPassword": ("returned",),
        "body/newPassword value": ("generated",),
        "body/expirationTime": ("token",),
    },
)
