"""
A sandbox is one file: imported into another server, it answers byte for byte as the exported one does.

What happens before the export and after it goes over HTTP; each request after it is sent to both servers.
"""

import asyncio
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.client import Api, Response
from tests.conftest import START
from watchword.build import Built, Options, build
from watchword.domain.hashing import Profile

NEW, WRONG = "Violet-harbour-77?", "Not-the-password-1"
Json = Any


@dataclass
class Player:
    """A client that remembers every answer."""

    api: Api
    answers: list[tuple[str, int, bytes, Mapping[str, str]]] = field(default_factory=list)

    def send(self, method: str, path: str, body: Json = None, headers: Mapping[str, str] | None = None) -> Response:
        """Send a request."""
        answer = self.api.request(method, path, json=body, headers=headers)
        self.answers.append((f"{method} {path}", answer.status, answer.content, answer.headers))
        return answer

    def post(self, person: Json, path: str, body: Json = None) -> Response:
        """Send a request of somebody."""
        return self.send("POST", path, body, person["headers"])

    def person(self, system: str, name: str) -> Json:
        """Find somebody."""
        return self.send("GET", f"/__admin/people/{system}/{name}").body

    def newest_mail(self, to: str) -> Json:
        """Read the newest mail to an address."""
        return self.send("GET", f"/__admin/inbox?to={to}").body["messages"][0]

    def advance(self, **change: str) -> None:
        """Move the clock, whose answer says how far it is from the real time."""
        assert self.api.call("admin.set_clock", body={"action": "advance", **change}).status == 200

    def look(self) -> None:
        """Look at everything that the control API shows."""
        for what in ("people", "agenda", "inbox", "faults", "settings"):
            self.send("GET", f"/__admin/{what}")


Story = Callable[[Player], Callable[[Player], None]]
"""What happens before the export; it returns what happens afterwards."""


def weavr(system: str, prefix: str, name: str) -> Story:
    def before(player: Player) -> Callable[[Player], None]:
        player.send("PATCH", "/__admin/settings", {system: {"random_codes": True}})
        made = player.send(
            "POST", "/__admin/people", {"system": system, "name": "newcomer", "programme": {"name": "own"}}
        )
        person, login = player.person(system, name), f"{prefix}/login_with_password"
        right = {"email": person["login"], "password": {"value": person["password"]}}
        token = player.post(person, login, right).body["token"]
        player.post(person, f"{prefix}/passwords/lost_password/start", {"email": person["login"]})
        for _ in range(3):
            player.post(made.body, login, {"email": made.body["login"], "password": {"value": WRONG}})

        def after(player: Player) -> None:
            headers = {**person["headers"], "auth-token": token}
            change = {"oldPassword": {"value": person["password"]}, "newPassword": {"value": NEW}}
            player.send("GET", f"{prefix}/users", None, headers)
            code = player.newest_mail(person["login"])["codes"][0]
            spend = {"email": person["login"], "nonce": code, "newPassword": {"value": "Copper-lantern-19!"}}
            for _ in range(2):
                player.post(person, f"{prefix}/passwords/lost_password/resume", spend)
            player.send("POST", f"{prefix}/passwords/update", change, headers)
            player.post(person, login, {"email": person["login"], "password": {"value": NEW}})
            for value in (WRONG, WRONG, WRONG, made.body["password"]):
                player.post(made.body, login, {"email": made.body["login"], "password": {"value": value}})
            player.advance(to="next")
            player.post(made.body, login, {"email": made.body["login"], "password": {"value": made.body["password"]}})
            player.post(person, f"{prefix}/passwords/lost_password/start", {"email": person["login"]})

        return after

    return before


def zitadel(player: Player) -> Callable[[Player], None]:
    mini, robot = player.person("zitadel", "mini"), player.person("zitadel", "robot")
    checks = {"user": {"loginName": mini["login"]}, "password": {"password": mini["password"]}}
    session = player.post(mini, "/v2/sessions", {"checks": checks}).body
    player.post(mini, f"/v2/users/{mini['id']}/password_reset", {"sendLink": {}})
    otto = player.person("zitadel", "otto")
    wrong = {"checks": {"user": {"loginName": otto["login"]}, "password": {"password": WRONG}}}
    player.post(mini, "/v2/sessions", wrong)

    def after(player: Player) -> None:
        signed_in = {"Authorization": f"Bearer {session['sessionToken']}"}
        player.send("GET", f"/v2/sessions/{session['sessionId']}", None, signed_in)
        player.send("POST", "/v2/users", {}, robot["headers"])
        code = player.newest_mail(mini["login"])["codes"][0]
        spend = {"newPassword": {"password": NEW}, "verificationCode": code}
        for _ in range(2):
            player.post(mini, f"/v2/users/{mini['id']}/password", spend)
        for _ in range(6):
            player.post(mini, "/v2/sessions", wrong)
        player.post(mini, "/v2/sessions", {"checks": {"user": {"loginName": mini["login"]}}})
        player.post(mini, "/v2/sessions/search", {})
        player.advance(to="next")

    return after


def entrust(player: Player) -> Callable[[Player], None]:
    ben, console = player.person("entrust", "ben"), player.person("entrust", "console")
    credentials = {"applicationId": console["id"], "sharedSecret": console["password"]}
    token = player.send("POST", "/api/web/v1/adminapi/authenticate", credentials).body["authToken"]
    headers, user = {"Authorization": f"Bearer {token}"}, f"/api/web/v1/users/{ben['id']}"
    player.send("PUT", f"{user}/passwords", {"generatePassword": True, "forceUpdate": True}, headers)

    def after(player: Player) -> None:
        mailed = player.send("GET", "/__admin/inbox").body["messages"][0]["codes"][0]
        player.send("POST", f"{user}/password/validate", {"password": mailed}, headers)
        player.send("PUT", f"{user}/passwords", {"generatePassword": True, "returnPassword": True}, headers)
        player.send("PUT", f"{user}/passwords", {"password": mailed}, headers)
        player.send("POST", "/api/web/v1/adminapi/authenticate", credentials)
        player.advance(by="PT15M")
        player.send("GET", f"{user}/passwords", None, headers)

    return after


def faults_and_limits(player: Player) -> Callable[[Player], None]:
    ada = player.person("weavr_multi", "ada")
    player.send("POST", "/__admin/faults", {"probability": 0.5, "fault": {"answer": {"status": 503}}})
    lost = {"match": {"person": "ada"}, "times": 3, "fault": {"delay": {"lognormal": {"median": "1ms", "sigma": 1}}}}
    player.send("POST", "/__admin/faults", lost)
    limits = [{"requests": 9, "seconds": 60}]
    player.send("PATCH", "/__admin/settings", {"weavr_multi": {"rate_limits": limits}})
    body = {"password": {"value": NEW}}
    for _ in range(3):
        player.post(ada, "/multi/passwords/validate", body)

    def after(player: Player) -> None:
        for _ in range(16):
            player.post(ada, "/multi/passwords/validate", body)
        player.advance(to="next")
        player.post(ada, "/multi/passwords/validate", body)

    return after


STORIES: Mapping[str, Story] = {
    "Weavr Multi": weavr("weavr_multi", "/multi", "ada"),
    "Payment Run": weavr("weavr_payment_run", "/payment-run/v1", "bruno"),
    "ZITADEL": zitadel,
    "Entrust": entrust,
    "faults and limits": faults_and_limits,
}


def build_server(data: Path | None = None, *, random_seed: int | None = None, late: timedelta = timedelta(0)) -> Built:
    """Build a server whose real time stands still, *late* after START."""
    wall_clock = lambda: START + late  # noqa: E731
    return build(Options(hashing=Profile.FAST, wall_clock=wall_clock, random_seed=random_seed, data=data))


@pytest.fixture(scope="module", params=[None, 42], ids=["random", "seeded"])
def here(request: pytest.FixtureRequest) -> Built:
    """The server that exports."""
    return build_server(random_seed=request.param)


@pytest.fixture(scope="module")
def there() -> Built:
    """The server that imports, long after."""
    return build_server(random_seed=7, late=timedelta(days=100))


def exported(api: Api) -> bytes:
    answer = api.call("admin.export_state")
    assert answer.status == 200
    return answer.content


def imported(api: Api, content: bytes) -> Response:
    return api.request("PUT", "/__admin/state", content=content, headers={"content-type": "application/json"})


def begin(api: Api, story: Story, action: str) -> Callable[[Player], None]:
    """Play what comes before the export; return what comes after it."""
    original = Player(api)
    original.advance(by="P3D")
    api.call("admin.set_clock", body={"action": action})
    original.look()
    return story(original)


def play(after: Callable[[Player], None], api: Api) -> Player:
    """Play what comes after the export."""
    player = Player(api)
    after(player)
    player.look()
    return player


def compare(copy: Player, original: Player) -> None:
    assert copy.answers == original.answers
    assert {status // 100 for _, status, _, _ in copy.answers} > {2}, "nothing was refused"


@pytest.mark.parametrize("action", ["freeze", "unfreeze"], ids=["frozen", "running"])
@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_an_imported_sandbox_answers_byte_for_byte_as_the_exported_one(
    here: Built, there: Built, runner: asyncio.Runner, story: Story, action: str
) -> None:
    here.imitated.sandboxes.drop("box")
    original, copy = Api(here, runner, "box"), Api(there, runner, "box")
    after = begin(original, story, action)
    content = exported(original)
    assert imported(copy, content).status == 200
    assert exported(copy).partition(b'"clock"')[2] == content.partition(b'"clock"')[2]
    compare(play(after, copy), play(after, original))


def test_a_file_that_names_no_mutant_waits_for_none(here: Built, runner: asyncio.Runner) -> None:
    api, made = Api(here, runner, "whole"), vars(here.imitated.sandboxes)
    made.pop("mutants", None)
    assert imported(api, exported(api)).status == 200
    assert "mutants" not in made


@pytest.fixture(scope="module")
def restarted(
    tmp_path_factory: pytest.TempPathFactory, runner: asyncio.Runner
) -> Iterator[Callable[[str], tuple[Player, Player]]]:
    """Play the stories on a server with --data, export and import into another, and restart that one."""
    folder = tmp_path_factory.mktemp("state")
    stories = {name: story for name, story in STORIES.items() if story is not faults_and_limits}
    built, after, contents, originals = build_server(folder / "here"), {}, {}, {}
    for name, story in stories.items():
        api = Api(built, runner, name.replace(" ", "-"))
        after[name] = begin(api, story, "unfreeze")
        contents[name] = exported(api)
        originals[name] = play(after[name], api)
    built.imitated.sandboxes.persistence.close()
    built = build_server(folder / "there", random_seed=7, late=timedelta(days=99))
    for name, content in contents.items():
        assert imported(Api(built, runner, name.replace(" ", "-")), content).status == 200
    built.imitated.sandboxes.persistence.close()
    built = build_server(folder / "there", random_seed=9, late=timedelta(days=99))
    yield lambda name: (play(after[name], Api(built, runner, name.replace(" ", "-"))), originals[name])
    built.imitated.sandboxes.persistence.close()


@pytest.mark.parametrize("name", [one for one in STORIES if STORIES[one] is not faults_and_limits])
def test_with_a_data_directory_it_still_does_after_a_restart(
    restarted: Callable[[str], tuple[Player, Player]], name: str
) -> None:
    # Clocks that run have moved on by the same time, which was none.
    compare(*restarted(name))
