"""Entrust Identity as a Service: the password operations of the Administration API."""

from watchword.system import Passing, Showcase, System, all_after
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
    seeding,
    validity,
)
from watchword.systems.entrust.records import Application, AuthToken, User
from watchword.systems.entrust.settings import Settings

SYSTEM = System(
    name=seeding.SYSTEM,
    title="Entrust Identity as a Service",
    settings=Settings,
    handlers=handlers,
    verifiers={"entrustAuthorization": security.authorization},
    render=envelope.render,
    code_of=envelope.code_of,
    triage=all_after,
    records=(User, Application, AuthToken),
    passing=(Passing(AuthToken, past="expires_at"),),
    plant=seeding.plant,
    people=seeding.people,
    rules=(access, rules, bcrypt_import, validity, policy, generation, mails),
    showcase=Showcase(operation="entrust.get_password", person="ada", path=lambda person: {"userid": person.id}),
)

__all__ = ["SYSTEM"]
