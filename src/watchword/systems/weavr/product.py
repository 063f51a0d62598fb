"""Make a system from the shared core and from what one product does differently."""

from collections.abc import Callable
from dataclasses import dataclass, field
from types import ModuleType
from typing import Any

from watchword.domain.effect import Effects
from watchword.domain.order import CheckOrder
from watchword.domain.refusal import Refusal
from watchword.system import Answer, Quickstart, System, check_shape_first
from watchword.systems.weavr import (
    creation,
    envelope,
    invitations,
    keys,
    login,
    lost_password,
    mails,
    nonces,
    passwords,
    requirements,
    seed_data,
    sessions,
    tokeniser,
    users,
)
from watchword.systems.weavr.effects import EFFECTS
from watchword.systems.weavr.people import RaiseRequirements, WeavrRoster
from watchword.systems.weavr.records import RETENTION
from watchword.systems.weavr.security import (
    complete,
    key_verifier,
    owner_of,
    person_of,
    required_headers,
    verify_token,
)
from watchword.systems.weavr.settings import WeavrSettings
from watchword.systems.weavr.situations import situations
from watchword.systems.weavr.user_handlers import UserHandlers

_RULES = (
    creation,
    invitations,
    keys,
    login,
    lost_password,
    mails,
    nonces,
    passwords,
    requirements,
    sessions,
    tokeniser,
    users,
)


def _empty_is_missing(_operation_id: str) -> bool:
    return True


def _nothing(_refusal: Refusal) -> None:
    return None


@dataclass(frozen=True)
class Product:
    """
    What one product differs in.

    Args:
        name: As a system.
        key_scheme: The name of the security scheme of the api-key in the document.
        token_scheme: The same of the Bearer token.
        missing_body: Makes the body of 404 and 410.
        rules: The modules of the product's own rules.
        effects: What operations leave behind that only this product has.
        quickstart_person: The seed person who logs in first.
        kinds: The words for kinds of people.
        raise_requirements: Finds what the product requires of passwords beyond the profile.
        makes_password_tokens: Whether the product tokenises.
        login_refused_body: Makes the body of a 403 at log-in; None for no body.
        empty_key_is_missing: Whether an empty api-key counts as missing, given the id of the operation.
    """

    name: str
    title: str
    settings_model: type[WeavrSettings]
    handlers: type[UserHandlers]
    key_scheme: str
    token_scheme: str
    missing_body: Callable[[Refusal], Any]
    rules: tuple[ModuleType, ...]
    orders: tuple[CheckOrder, ...]
    quickstart_person: str
    kinds: tuple[str, ...]
    raise_requirements: RaiseRequirements = lambda _settings, _user, requirements: requirements
    effects: Effects = field(default_factory=dict)
    makes_password_tokens: bool = False
    empty_key_is_missing: Callable[[str], bool] = _empty_is_missing
    login_refused_body: Callable[[Refusal], Any] = _nothing

    def system(self) -> System:
        """Put the product and the core together."""
        return System(
            name=self.name,
            title=self.title,
            settings_model=self.settings_model,
            handlers=self.handlers(key_scheme=self.key_scheme, token_scheme=self.token_scheme),
            verifiers={self.key_scheme: key_verifier(self.name), self.token_scheme: verify_token},
            render=self._render,
            code_of=envelope.code_of,
            triage=check_shape_first,
            retention=RETENTION,
            write_seed_data=seed_data.write_seed_data,
            roster=WeavrRoster(
                situations(*self.kinds), self.raise_requirements, makes_password_tokens=self.makes_password_tokens
            ),
            rules=(*_RULES, *self.rules),
            orders=self.orders,
            effects={**EFFECTS, **self.effects},
            quickstart=Quickstart(
                operation=f"{self.name}.login_with_password",
                person=self.quickstart_person,
                body=lambda person: {"email": person.login, "password": {"value": person.password}},
            ),
            required_headers=required_headers(self.empty_key_is_missing),
            complete=complete,
            person_of=person_of,
            owners={self.token_scheme: owner_of},
        )

    def _render(self, refusal: Refusal, settings: WeavrSettings) -> Answer:
        return envelope.render(
            refusal, self.missing_body, blank=settings.blank_password, login_refused=self.login_refused_body
        )
