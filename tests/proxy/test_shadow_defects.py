"""Scenarios through the proxy: the shadow finds nothing on a server that is right, and names the rule of a defect."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.proxy.conftest import NewProxy
from tests.proxy.shadowed import Through, shadowing
from tests.scenarios import other_entrust, other_multi, other_zitadel
from tests.scenarios.conftest import read_written
from watchword.contract.examination import Examination
from watchword.contract.oracle import private_oracle
from watchword.contract.scenario import Scenario
from watchword.contract.subjects import SUBJECTS
from watchword.domain.rule import Grade
from watchword.journal.findings import Kind

SERVERS: dict[str, ModuleType] = {"weavr_multi": other_multi, "zitadel": other_zitadel, "entrust": other_entrust}
OPEN = {
    "weavr_multi": other_multi.serving_other_multi,
    "zitadel": other_zitadel.serving_other_zitadel,
    "entrust": other_entrust.serving_other_entrust,
}
DECIDES = {
    "weavr.nonce.kept": "weavr.nonce.redeemed",
    "weavr.nonce.lifetime": "weavr.nonce.redeemed",
    "weavr.nonce.single": "weavr.nonce.redeemed",
    "weavr.session.sliding": "weavr.session.known",
    "weavr.session.logout": "weavr.session.known",
    "weavr.login.expired": "weavr.session.known",
    "weavr.invite.single": "weavr.invite.redeemed",
    "weavr.invite.lifetime": "weavr.invite.redeemed",
    "weavr.token.lifetime": "weavr.token.resolved",
    "weavr_multi.password.minimum": "weavr.password.length",
    "zitadel.code.single_use": "zitadel.code.order",
    "zitadel.code.newest": "zitadel.code.order",
    "zitadel.policy.order": "zitadel.current.order",
    "zitadel.current.lockout": "zitadel.current.order",
    "zitadel.session.lifetime": "zitadel.auth.session",
    "entrust.history.cleared-first": "entrust.history.size",
    "entrust.removal.history": "entrust.history.size",
    "entrust.password.generated": "entrust.history.size",
    "entrust.password.returned": "entrust.password.generated",
    "entrust.authentication.token": "entrust.authorization.expired",
    "entrust.bcrypt.email-default": "entrust.bcrypt.restrictions",
}
"""
What a server remembers shows later: the rule that decides then, where another one says what is remembered.

A client's request says nothing of the scenario that it belongs to.
"""
UNSEEN = {
    "at once": "requests that meet may be answered in any order",
    "mail": "mails are not compared",
    "unknown user": "the bindings do not say who is unknown",
    "names another message": "the bindings do not say who is unknown",
    "permission is asked before the user": "the bindings do not say who is unknown",
    "looked up before the permission": "the bindings do not say who is unknown",
    "user ID may be inside": "people have other names in the stand-in",
    "names count": "people have other names in the stand-in",
    "an alias counts": "people have other names in the stand-in",
    "full name counts": "people have other names in the stand-in",
    "beyond ASCII": "errors of the server are told as such",
    "a locked user gets no password": "no scenario of its rule can be played",
    "a token needs the word Bearer": "no scenario of its rule shows it",
}
"""Defects that no shadow sees, by a part of their names, and why."""


@dataclass
class Stage:
    """
    Somebody else's server behind a proxy with a shadow, and the scenarios of its system.

    Args:
        server: Its state, whose ``defect`` can be set.
        run: Plays scenarios through the proxy.
    """

    system: str
    server: Any
    client: Through
    run: Examination

    def play(self, defect: str, scenarios: Sequence[Scenario]) -> Sequence[str]:
        """Play scenarios on a server with a defect; gives what was told of its behaviour, or of its form."""
        self.server.defect = defect
        self.client.proxied.record.tally.findings.clear()
        self.run.play(scenarios)
        found = self.client.proxied.record.tally.findings
        return [f"{one.kind}: {one.message}" for one in found if one.kind in (Kind.BEHAVIOUR, Kind.ANSWER)]


@pytest.fixture(scope="module", params=list(SERVERS))
def system(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def stage(system: str, new_proxy: NewProxy, tmp_path: Path) -> Iterator[Stage]:
    bindings = read_written(SERVERS[system].write_bindings(), system, tmp_path)
    with (
        OPEN[system]() as (url, server),
        private_oracle(SUBJECTS[system], tuned=bindings.settings) as oracle,
        shadowing(new_proxy, system, url, bindings) as client,
    ):
        client.late = timedelta(seconds=3)
        level, today = Grade.VERIFIED, date(2026, 1, 15)
        run = Examination(oracle, client, url, level, [], today, timedelta(), lambda _line: None)
        yield Stage(system, server, client, run)


def test_nothing_is_found_on_a_server_that_is_right(stage: Stage) -> None:
    told = stage.play("", SUBJECTS[stage.system].tell())
    assert [one for one in told if one.startswith("behaviour")] == []
    assert stage.client.compared.number > 300
    assert stage.client.compared.not_compared.total() < stage.client.compared.number / 20


def test_every_defect_that_shows_in_answers_is_told_and_names_its_rule(stage: Stage) -> None:
    scenarios, missed = SUBJECTS[stage.system].tell(), dict[str, Sequence[str]]()
    for defect, rule in SERVERS[stage.system].DEFECTS.items():
        if any(part in defect for part in UNSEEN):
            continue
        told, names = list[str](), (rule, DECIDES.get(rule, rule))
        for scenario in scenarios:
            if not rule or rule in scenario.proves:
                told += stage.play(defect, [scenario])
            if any(name in one for one in told for name in names):
                break
        else:
            missed[defect] = told
    assert list(missed) == []
