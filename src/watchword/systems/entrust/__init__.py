"""Entrust Identity as a Service: the password operations of the Administration API."""

from watchword.store import Retention
from watchword.system import Quickstart, System, authenticate_first
from watchword.systems.entrust import (
    access,
    bcrypt_import,
    envelope,
    generation,
    handlers,
    mails,
    policy,
    rules,
    security,
    seed_data,
    validity,
)
from watchword.systems.entrust.records import AuthToken
from watchword.systems.entrust.settings import Settings

SYSTEM = System(
    name=seed_data.SYSTEM,
    title="Entrust Identity as a Service",
    settings=Settings,
    handlers=handlers,
    verifiers={"entrustAuthorization": security.authorization},
    render=envelope.render,
    code_of=envelope.code_of,
    triage=authenticate_first,
    retention=(Retention(AuthToken, expires="expires_at"),),
    write_seed_data=seed_data.write_seed_data,
    people=seed_data.people,
    rules=(access, rules, bcrypt_import, validity, policy, generation, mails),
    quickstart=Quickstart(operation="entrust.get_password", person="ada", path=lambda person: {"userid": person.id}),
)

__all__ = ["SYSTEM"]
