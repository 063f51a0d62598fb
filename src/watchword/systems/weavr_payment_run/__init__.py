"""Weavr Embedded Payment Run API v1: passwords of the users of buyers."""

from watchword.system import Quickstart, System, check_shape_first
from watchword.systems.weavr import access, login, lost_password, mails, passwords, seed_data, tokeniser
from watchword.systems.weavr.records import RETENTION
from watchword.systems.weavr.security import bearer, complete, key_verifier
from watchword.systems.weavr_payment_run import errors, rules
from watchword.systems.weavr_payment_run.handlers import Handlers
from watchword.systems.weavr_payment_run.security import required_headers
from watchword.systems.weavr_payment_run.settings import Settings

NAME = "weavr_payment_run"

SYSTEM = System(
    name=NAME,
    title="Weavr Embedded Payment Run",
    settings=Settings,
    handlers=Handlers(key_scheme="apiKey", token_scheme="authToken"),  # noqa: S106  # a name in the document
    verifiers={"apiKey": key_verifier(NAME), "authToken": bearer},
    render=errors.render,
    code_of=errors.code_of,
    triage=check_shape_first,
    retention=RETENTION,
    write_seed_data=seed_data.write_seed_data,
    people=seed_data.people,
    rules=(access, login, lost_password, mails, passwords, tokeniser, rules),
    quickstart=Quickstart(
        operation="weavr_payment_run.login_with_password",
        person="bruno",
        body=lambda person: {"email": person.login, "password": {"value": person.password}},
    ),
    required_headers=required_headers,
    complete=complete,
)
