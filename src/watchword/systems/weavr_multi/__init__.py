"""Weavr Multi API 3.63.5: passwords of the users of Consumers and Corporates."""

from watchword.system import Quickstart, System, check_shape_first
from watchword.systems.weavr import access, login, lost_password, mails, passwords, seed_data, tokeniser
from watchword.systems.weavr.records import RETENTION
from watchword.systems.weavr.security import bearer, complete, key_verifier
from watchword.systems.weavr_multi import errors, rules
from watchword.systems.weavr_multi.handlers import Handlers
from watchword.systems.weavr_multi.security import required_headers
from watchword.systems.weavr_multi.settings import Settings

NAME = "weavr_multi"

SYSTEM = System(
    name=NAME,
    title="Weavr Multi",
    settings=Settings,
    handlers=Handlers(key_scheme="api-key", token_scheme="auth_token"),  # noqa: S106  # a name in the document
    verifiers={"api-key": key_verifier(NAME), "auth_token": bearer},
    render=errors.render,
    code_of=errors.code_of,
    triage=check_shape_first,
    retention=RETENTION,
    write_seed_data=seed_data.write_seed_data,
    people=seed_data.people,
    rules=(access, login, lost_password, mails, passwords, tokeniser, rules),
    quickstart=Quickstart(
        operation="weavr_multi.login_with_password",
        person="ada",
        body=lambda person: {"email": person.login, "password": {"value": person.password}},
    ),
    required_headers=required_headers,
    complete=complete,
)
