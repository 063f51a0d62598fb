"""Entrust Identity as a Service: the password operations of the Administration API."""

from watchword.store import Retention
from watchword.system import Quickstart, System, authenticate_first
from watchword.systems.entrust import (
    access,
    answers,
    bcrypt_import,
    characters,
    current_password,
    envelope,
    generation,
    handlers,
    history,
    judging,
    mails,
    names,
    policy,
    security,
    seed_data,
    users,
    validity,
)
from watchword.systems.entrust.effects import EFFECTS
from watchword.systems.entrust.order import ORDERS
from watchword.systems.entrust.people import EntrustRoster
from watchword.systems.entrust.records import AuthToken
from watchword.systems.entrust.settings import Settings

SYSTEM = System(
    name=seed_data.SYSTEM,
    title="Entrust Identity as a Service",
    settings_model=Settings,
    handlers=handlers,
    verifiers={"entrustAuthorization": security.authorize},
    render=envelope.render,
    code_of=envelope.code_of,
    triage=authenticate_first,
    retention=(Retention(AuthToken, expires="expires_at"),),
    write_seed_data=seed_data.write_seed_data,
    roster=EntrustRoster(),
    rules=(
        access,
        users,
        current_password,
        validity,
        bcrypt_import,
        generation,
        policy,
        characters,
        names,
        history,
        judging,
        mails,
        answers,
    ),
    orders=ORDERS,
    effects=EFFECTS,
    quickstart=Quickstart(operation="entrust.get_password", person="ada", path=lambda person: {"userid": person.id}),
    person_of=security.person_of,
    owners={"entrustAuthorization": security.owner_of},
)

__all__ = ["SYSTEM"]
