"""People over HTTP: made, looked at, changed and removed, each by the rules of the system."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from tests.conftest import Api, Inbox, ManualClock, People, Response, SettingsOf
from tests.outcomes import outcome
from tests.probing import ADMINISTRATORS, NEW, Person, probe, seed_people
from watchword.systems import SYSTEMS

SEED = seed_people()
SITUATIONS = [(one.name, word) for one in SYSTEMS if one.roster is not None for word in one.roster.situations]
KEY = {"api-key": "skUJoEhWDfCaEFazHNm6jY8C1RIH=="}


def make(api: Api, system: str, name: str, **wish: Any) -> Person:
    answer = api.call("admin.make_person", body={"system": system, "name": name, **wish})
    assert answer.status == 201, answer.body
    found: Person = answer.body
    return found


def refuse(api: Api, system: str, **wish: Any) -> tuple[str, str]:
    """Wish for somebody who cannot be; give the field that is wrong and what is said of it."""
    answer = api.call("admin.make_person", body={"system": system, "name": "nobody", **wish})
    assert (answer.status, answer.body["code"]) == (409, "impossible-person"), answer.body
    assert api.call("admin.person", path={"system": system, "name": "nobody"}).status == 404
    (error,) = answer.body["errors"]
    return error["field"], error["problem"]


def look(api: Api, system: str, name: str) -> Person:
    answer = api.call("admin.person", path={"system": system, "name": name})
    assert answer.status == 200, answer.body
    found: Person = answer.body
    return found


def change(api: Api, system: str, name: str, **changes: Any) -> Response:
    return api.call("admin.change_person", path={"system": system, "name": name}, body=changes)


def log_in(api: Api, login: str, password: str, headers: Mapping[str, str] = KEY) -> Response:
    body = {"email": login, "password": {"value": password}}
    return api.call("weavr_multi.login_with_password", body=body, headers={"api-key": headers["api-key"]})


@pytest.mark.parametrize(("system", "name", "situations"), SEED, ids=[f"{one[0]}-{one[1]}" for one in SEED])
def test_a_copy_is_answered_as_the_seed_person_is(
    api: Api, people: People, system: str, name: str, situations: tuple[str, ...]
) -> None:
    copy = make(api, system, "copy", like=name)
    original, by = look(api, system, name), people[system, ADMINISTRATORS[system]].headers
    assert (copy["made"], original["made"]) == (True, False)
    assert set(copy["situations"]) == set(original["situations"]) == set(situations)
    assert (copy["password"] is None) == (original["password"] is None)
    assert copy["id"] != original["id"]
    assert probe(api, copy, by) == probe(api, original, by)


@pytest.mark.parametrize(("system", "word"), SITUATIONS)
def test_a_situation_is_answered_as_for_a_seed_person_who_is_in_it(
    api: Api, people: People, system: str, word: str
) -> None:
    made, by = make(api, system, "new", situations=[word]), people[system, ADMINISTRATORS[system]].headers
    assert word in made["situations"]
    alike = [name for one, name, words in SEED if one == system and set(words) == set(made["situations"])]
    if not alike:
        # Nobody of the seed is in this situation alone; who is in more is answered otherwise.
        assert (system, word) in {("weavr_multi", "consumer")}
        alike = ["quinn"]
    assert probe(api, made, by) == probe(api, look(api, system, alike[0]), by)


@pytest.mark.parametrize(
    ("system", "word"), [(one, word) for one, word in SITUATIONS if word in {"locked", "inactive"}]
)
def test_a_situation_can_be_entered_and_left(api: Api, people: People, system: str, word: str) -> None:
    make(api, system, "new", situations=[])
    before = look(api, system, "new")
    assert change(api, system, "new", situations=[word]).body["situations"] == [word, *before["situations"]]
    assert change(api, system, "new", situations=[]).body == before


@outcome("admin.make_person", 201, "made")
def test_a_person_has_the_login_and_the_password_that_were_asked_for(api: Api) -> None:
    made = make(api, "weavr_multi", "mallory", login="Mallory@example.org", password=NEW, why="To be tested.")
    assert (made["login"], made["password"], made["why"]) == ("mallory@example.org", None, "To be tested.")
    assert log_in(api, made["login"], NEW).status == 200
    assert log_in(api, made["login"], "Orchard-12-pears").status == 403


def test_the_answer_names_where_the_new_person_is(api: Api) -> None:
    answer = api.call("admin.make_person", body={"system": "entrust", "name": "oscar"})
    assert answer.headers["location"].endswith("/__admin/people/entrust/oscar")


def test_a_person_has_the_same_id_and_token_in_every_sandbox(api: Api) -> None:
    here = make(api, "zitadel", "oscar")
    elsewhere = api.request(
        "POST", "/__admin/people", json={"system": "zitadel", "name": "oscar"}, headers={"Watchword-Sandbox": "other"}
    )
    api.call("admin.drop_sandbox", path={"name": "other"})
    assert [here[one] for one in ("id", "headers")] == [elsewhere.body[one] for one in ("id", "headers")]


@outcome("admin.make_person", 409, "person-exists")
@pytest.mark.parametrize(("system", "name"), [("weavr_multi", "ada"), ("zitadel", "oscar")], ids=["seed", "made"])
def test_a_name_is_given_once(api: Api, system: str, name: str) -> None:
    api.call("admin.make_person", body={"system": "zitadel", "name": "oscar"})
    answer = api.call("admin.make_person", body={"system": system, "name": name})
    assert (answer.status, answer.body["code"]) == (409, "person-exists")


@outcome("admin.make_person", 400, "malformed")
@pytest.mark.parametrize(
    ("wish", "field"),
    [
        ({"system": "weavr_multi"}, "name"),
        ({"system": "weavr", "name": "x"}, "system"),
        ({"system": "zitadel", "name": "-"}, "name"),
        ({"system": "zitadel", "name": "x", "situations": ["asleep"]}, "situations.0"),
        ({"system": "zitadel", "name": "x", "secret": 1}, "secret"),
        ({"system": "zitadel", "name": "x", "organisation": {"complexity": {}}}, "organisation.name"),
        ({"system": "weavr_multi", "name": "x", "programme": {"name": "-"}}, "programme.name"),
    ],
)
def test_a_wish_that_does_not_fit_the_document_is_refused(api: Api, wish: dict[str, Any], field: str) -> None:
    answer = api.call("admin.make_person", body=wish)
    assert (answer.status, answer.body["code"]) == (400, "malformed")
    assert [one["field"] for one in answer.body["errors"]] == [field]


@pytest.mark.parametrize(
    ("system", "word", "said"),
    [
        ("weavr_multi", "loked", '"locked","tokenised","back-office",'),
        ("entrust", "loked", '"locked","administrator","directory",'),
        ("zitadel", "purple", '"administrator","expired","force-change",'),
        ("zitadel", 7, '"administrator","expired","force-change",'),
    ],
)
def test_a_mistyped_situation_is_told_those_of_its_system_the_nearest_first(
    api: Api, system: str, word: Any, said: str
) -> None:
    made = api.call("admin.make_person", body={"system": system, "name": "x", "situations": [word]})
    person = {"system": system, "name": "ada"}
    changed = api.call("admin.change_person", path=person, body={"situations": ["locked", word]})
    listed = api.call("admin.people", query={"system": system, "situation": word})
    for answer, field in ((made, "situations.0"), (changed, "situations.1"), (listed, "situation")):
        told = [one["problem"] for one in answer.body["errors"] if one["field"] == field]
        assert answer.status == 400
        assert [one for one in told if one.startswith(f"must be one of [{said}")], told


def test_a_mistyped_situation_of_no_system_is_told_those_of_all_the_nearest_first(api: Api) -> None:
    for wish in ({"name": "x"}, {"system": "weavr", "name": "x"}, {"system": ["zitadel"], "name": "x"}):
        answer = api.call("admin.make_person", body={**wish, "situations": ["mashine"]})
        told = {one["field"]: one["problem"] for one in answer.body["errors"]}
        assert told["situations.0"].startswith('must be one of ["machine","administrator","back-office","buyer",')


@outcome("admin.make_person", 415, "unsupported-media-type")
@outcome("admin.change_person", 415, "unsupported-media-type")
def test_wishes_are_sent_as_json(api: Api) -> None:
    for method, path in (("POST", ""), ("PATCH", "/entrust/ada")):
        headers = {"content-type": "text/plain"}
        assert api.request(method, f"/__admin/people{path}", content=b"ada", headers=headers).status == 415


@outcome("admin.make_person", 409, "impossible-person")
@pytest.mark.parametrize(
    ("system", "wish", "field", "said"),
    [
        ("weavr_multi", {"situations": ["locked", "no-password"]}, "situations", "cannot be together"),
        ("weavr_multi", {"situations": ["machine"]}, "situations", "there are: back-office, consumer, corporate"),
        ("weavr_multi", {"situations": ["consumer", "invited"]}, "situations", "only users that another user has made"),
        ("weavr_multi", {"situations": ["consumer", "corporate"]}, "situations", "people are: back-office, consumer"),
        ("weavr_multi", {"like": "mini"}, "like", "there are: basil, ada"),
        ("weavr_multi", {"like": "ada", "situations": ["corporate"]}, "situations", "like: clara"),
        ("weavr_multi", {"like": "basil", "situations": ["locked"]}, "situations", "cannot be together"),
        ("weavr_multi", {"like": "basil", "password": NEW}, "password", "'no-password'"),
        ("weavr_multi", {"password": "Short-1"}, "password", "8 to 30 characters"),
        ("weavr_multi", {"situations": ["back-office"], "password": "Quiet-42!"}, "password", "12 to 30 characters"),
        ("weavr_multi", {"situations": ["with-history"], "password": "Harbour-5-lamp"}, "password", "former"),
        ("weavr_multi", {"login": "ada@multi.example"}, "login", "'shared-email'"),
        ("weavr_multi", {"login": "new@multi.example", "situations": ["shared-email"]}, "login", "no one to share"),
        ("weavr_multi", {"login": "mallory"}, "login", "mail address"),
        ("weavr_multi", {"login": "ü@multi.example"}, "login", "that the API takes"),
        ("weavr_multi", {"login": f"{'a' * 180}@multi.example"}, "login", "that the API takes"),
        ("weavr_payment_run", {"login": "a b@run.example"}, "login", "that the API takes"),
        ("weavr_multi", {"programme": "acme"}, "programme", 'for a new one: {"name"'),
        (
            "weavr_multi",
            {"programme": "main", "situations": ["tokenised"]},
            "programme",
            "belongs to the programme vault",
        ),
        ("weavr_multi", {"programme": "vault", "like": "mira"}, "programme", "belong to the programme main"),
        ("weavr_multi", {"programme": {"name": "main"}}, "programme", "write 'main' alone"),
        ("weavr_multi", {"programme": "unprofiled", "password": NEW}, "password", "'no-password'"),
        (
            "weavr_multi",
            {"programme": "unprofiled", "situations": ["locked"]},
            "programme",
            "unprofiled is 'no-password'",
        ),
        ("weavr_multi", {"organisation": "Acme"}, "organisation", "they have: programme"),
        ("zitadel", {"situations": ["machine", "force-change"]}, "situations", "a machine has no password"),
        ("zitadel", {"situations": ["locked", "inactive"]}, "situations", "one state"),
        ("zitadel", {"situations": ["machine"], "password": NEW}, "password", "its credentials"),
        ("zitadel", {"password": "quiet-river"}, "password", "an upper-case letter, a digit"),
        ("zitadel", {"login": "MINI@mouse.example"}, "login", "choose another"),
        ("zitadel", {"organisation": "Nowhere"}, "organisation", "there are: Acme, Fortress, Zitadel"),
        ("zitadel", {"organisation": {"name": "Acme"}}, "organisation", "write 'Acme' alone"),
        ("zitadel", {"organisation": "Fortress"}, "password", "give one, because that of mini does not fit"),
        ("entrust", {"situations": ["directory", "machine"]}, "situations", "people are: administrator and machine"),
        ("entrust", {"situations": ["locked", "machine"]}, "situations", "an application is no user"),
        ("entrust", {"like": "hugo", "situations": ["force-change"]}, "situations", "only who has a password"),
        ("entrust", {"password": "passw0rd-of-ada"}, "password", "upper"),
        ("entrust", {"login": "Ada.Byrne"}, "login", "choose another"),
        ("entrust", {"programme": "main"}, "programme", "neither programme nor organisation"),
    ],
)
def test_who_cannot_be_is_refused_with_what_would_be_possible(
    api: Api, system: str, wish: dict[str, Any], field: str, said: str
) -> None:
    wrong, problem = refuse(api, system, **wish)
    assert wrong == field
    assert said in problem
    assert str(wish.get("password", "\0")) not in problem


@pytest.mark.parametrize(
    ("programme", "word", "status"),
    [("suspended", "no-permission", 403), ("vault", "tokenised", 400), ("unprofiled", "no-profile", 409)],
)
def test_who_is_made_in_a_programme_is_in_its_situations(api: Api, programme: str, word: str, status: int) -> None:
    made = make(api, "weavr_multi", "peggy", programme=programme)
    assert {word, "corporate"} <= set(made["situations"])
    path, body = {"user_id": made["id"]}, {"password": {"value": NEW}}
    answer = api.call("weavr_multi.validate_password", path=path, headers=made["headers"], body=body)
    assert answer.status == status
    assert (made["password"] is None) is (word == "no-profile")


def test_only_root_users_have_no_profile_where_others_have_one(api: Api) -> None:
    assert "no-profile" in make(api, "weavr_multi", "peggy", programme="users-only")["situations"]
    assert "no-profile" not in make(api, "weavr_multi", "trudy", programme="quarterly")["situations"]


def test_an_invitation_without_a_mail_shows_its_code(api: Api) -> None:
    made = make(api, "weavr_multi", "peggy", like="mira")
    assert [one["code"] for one in made["state"]["codes"]] == ["123456"]
    body = {"inviteCode": "123456"}
    path = {"user_id": made["id"]}
    answer = api.call("weavr_multi.validate_invite", path=path, headers=made["headers"], body=body)
    assert answer.status == 204


@pytest.mark.parametrize(("system", "name"), [("weavr_multi", "basil"), ("entrust", "hugo")])
def test_who_has_no_password_is_not_advised_to_stay_so_where_one_is_needed(api: Api, system: str, name: str) -> None:
    word = "locked" if system == "weavr_multi" else "expired"
    path = {"system": system, "name": name}
    answer = api.call("admin.change_person", path=path, body={"situations": [word]})
    (error,) = answer.body["errors"]
    assert (error["field"], error["problem"]) == (
        "password",
        f"who is 'no-password' cannot be {word!r}: give a password too",
    )


def test_a_situation_that_is_named_twice_is_refused_as_that(api: Api) -> None:
    answer = api.call("admin.make_person", body={"system": "zitadel", "name": "eve", "situations": ["locked"] * 2})
    assert [one["problem"] for one in answer.body["errors"]] == ["must not have the same entry twice"]


def test_a_situation_that_settings_make_impossible_is_refused(api: Api, settings: SettingsOf) -> None:
    settings.patch("weavr_multi", {"programme": {"invite_lifetime": "P60D"}})
    field, problem = refuse(api, "weavr_multi", situations=["invitation-expired"])
    assert (field, "with the settings of this sandbox" in problem) == ("situations", True)


def test_situations_can_be_combined_as_no_seed_person_has_them(api: Api) -> None:
    made = make(api, "weavr_multi", "both", situations=["locked", "expired", "with-history"], password=NEW)
    assert set(made["situations"]) >= {"locked", "expired", "with-history"}
    assert log_in(api, made["login"], NEW).status == 423
    api.call("admin.set_clock", body={"action": "advance", "by": "PT30M"})
    token = log_in(api, made["login"], NEW)
    assert token.status == 409
    bearer = {**KEY, "Authorization": f"Bearer {token.body['token']}"}
    body = {"oldPassword": {"value": NEW}, "newPassword": {"value": "Harbour-4-lamp"}}
    assert api.call("weavr_multi.update_password", body=body, headers=bearer).body == {
        "errorCode": "PASSWORD_ALREADY_USED"
    }


@pytest.mark.parametrize("system", ["weavr_multi", "weavr_payment_run"])
def test_a_programme_of_ones_own_has_an_api_key_of_its_own(api: Api, people: People, system: str) -> None:
    first = make(api, system, "peggy", programme={"name": "acme"})
    second = make(api, system, "quentina", programme="acme")
    assert first["headers"]["api-key"] == second["headers"]["api-key"]
    others = people[system, ADMINISTRATORS[system]].headers["api-key"]
    for key, status in ((first["headers"]["api-key"], 200), (others, 403)):
        body = {"email": first["login"], "password": {"value": first["password"]}}
        headers = {"api-key": key}
        assert api.call(f"{system}.login_with_password", body=body, headers=headers).status == status


@pytest.mark.parametrize("system", ["weavr_multi", "weavr_payment_run"])
def test_a_programme_of_ones_own_has_settings_of_its_own(api: Api, people: People, system: str) -> None:
    strict = {system: {"programmes": {"acme": {"lock_after": 2}}}}
    assert api.call("admin.change_settings", body=strict).status == 409
    made = make(api, system, "peggy", programme={"name": "acme"})
    assert api.call("admin.change_settings", body=strict).body[system]["programmes"]["acme"]["lock_after"] == 2
    other = people[system, ADMINISTRATORS[system]]
    body = {"password": {"value": "Wrong-River-43!"}}
    for person, login, last in ((made["headers"], made["login"], 423), (other.headers, other.login, 403)):
        sent, key = {**body, "email": login}, {"api-key": person["api-key"]}
        answers = [api.call(f"{system}.login_with_password", body=sent, headers=key) for _ in range(3)]
        assert [one.status for one in answers] == [403, 403, last]
    cleared = api.call("admin.change_settings", body={system: {"programmes": {"acme": None}}})
    assert "acme" not in cleared.body[system]["programmes"]
    api.call("admin.change_settings", body=strict)
    api.call("admin.reset")
    assert "acme" not in api.call("admin.settings").body[system]["programmes"]
    refused = api.call("admin.replace_settings", body={system: {"programmes": {"nope": {"history": 1}}}})
    [error] = refused.body["errors"]
    assert error["field"] == f"{system}.programmes"
    assert "there is no programme nope; there are: main, neighbour" in error["problem"]


def test_a_programme_of_one_product_has_no_settings_in_the_other(api: Api) -> None:
    make(api, "weavr_multi", "peggy", programme={"name": "acme"})
    body = {"weavr_payment_run": {"programmes": {"acme": {"history": 1}}}}
    assert api.call("admin.change_settings", body=body).status == 409


def test_an_organisation_of_ones_own_has_a_policy_of_its_own(api: Api, people: People) -> None:
    castle = {"name": "Castle", "complexity": {"min_length": 20}, "lockout": {"max_password_attempts": 2}}
    assert refuse(api, "zitadel", password=NEW, organisation=castle)[0] == "password"
    made = make(api, "zitadel", "trudy", password="A-Very-Quiet-River-42!", organisation=castle)
    assert (made["group"], made["state"]["triesLeft"]) == ({"organisation": "Castle"}, 2)
    iris, path = people["zitadel", "iris"].headers, {"userId": made["id"]}
    body = {"newPassword": {"password": NEW}}
    short = api.call("zitadel.set_password", body=body, headers=iris, path=path)
    assert (short.status, "DOMAIN-HuJf6" in str(short.body)) == (400, True)
    checks = {"user": {"userId": made["id"]}, "password": {"password": "Wrong-River-43!"}}
    for _ in range(2):
        api.call("zitadel.create_session", body={"checks": checks}, headers=iris)
    assert look(api, "zitadel", "trudy")["state"]["locked"] is True


def test_a_machine_signs_in_with_its_own_credentials(api: Api) -> None:
    made = make(api, "zitadel", "rover", situations=["machine"])
    asked = {"grant_type": "client_credentials", "scope": "openid"}
    secrets = {"client_id": made["credentials"]["clientId"], "client_secret": made["credentials"]["clientSecret"]}
    form = "&".join(f"{name}={value}" for name, value in {**asked, **secrets}.items()).encode()
    headers = {"content-type": "application/x-www-form-urlencoded"}
    assert api.request("POST", "/oauth/v2/token", content=form, headers=headers).status == 200


@outcome("admin.person", 200, "person")
def test_a_person_is_shown_as_he_or_she_is_now(api: Api, inbox: Inbox) -> None:
    made = make(api, "weavr_multi", "mallory", password=NEW)
    assert made["state"] == {
        "active": True,
        "locked": False,
        "lockedUntil": None,
        "triesLeft": 5,
        "passwordSet": True,
        "passwordChangedAt": "2026-01-08T12:00:00.000Z",
        "passwordExpiresAt": None,
        "mustChangePassword": False,
        "codes": [],
        "tokens": [{"kind": "token", "expiresAt": None}],
    }
    assert log_in(api, made["login"], NEW).status == 200
    api.call("weavr_multi.start_lost_password", body={"email": made["login"]}, headers=KEY)
    for left in (4, 3, 2, 1, 0):
        log_in(api, made["login"], "Wrong-river-42")
        assert look(api, "weavr_multi", "mallory")["state"]["triesLeft"] == left
    now = look(api, "weavr_multi", "mallory")
    assert now["situations"][0] == "locked"
    assert (now["state"]["locked"], now["state"]["lockedUntil"]) == (True, "2026-01-15T12:30:00.000Z")
    code = {"kind": "lost-password", "expiresAt": "2026-01-15T13:00:00.000Z", "expired": False, "code": "123456"}
    assert now["state"]["codes"] == [code]
    assert {"kind": "token", "expiresAt": "2026-01-15T12:05:00.000Z"} in now["state"]["tokens"]
    api.call("admin.set_clock", body={"action": "advance", "by": "PT1H"})
    later = look(api, "weavr_multi", "mallory")
    assert (later["situations"], later["state"]["codes"][0]["expired"]) == (["corporate"], True)
    assert (len(later["state"]["tokens"]), later["state"]["triesLeft"]) == (1, 5)
    api.call("admin.empty_inbox")
    assert look(api, "weavr_multi", "mallory")["state"]["codes"][0]["code"] is None
    assert not inbox.all()


def test_a_seed_password_is_shown_until_it_is_changed(api: Api, people: People) -> None:
    ada = people["weavr_multi", "ada"]
    assert look(api, "weavr_multi", "ada")["password"] == "Harbour-7-lamp"  # public
    body = {"oldPassword": {"value": "Harbour-7-lamp"}, "newPassword": {"value": NEW}}
    assert api.call("weavr_multi.update_password", body=body, headers=ada.headers).status == 200
    now = look(api, "weavr_multi", "ada")
    assert (now["password"], now["state"]["passwordSet"]) == (None, True)
    assert NEW not in str(api.call("admin.people").body)


@outcome("admin.people", 200, "people")
def test_people_who_were_made_are_listed_with_the_others(api: Api) -> None:
    made = make(api, "entrust", "oscar", situations=["locked"])
    found = api.call("admin.people", query={"system": "entrust", "situation": "locked"}).body["people"]
    assert [one["name"] for one in found] == ["dmitri", "oscar"]
    assert found[1] == made


@outcome("admin.person", 404, "no-such-person")
@outcome("admin.change_person", 404, "no-such-person")
@outcome("admin.remove_person", 404, "no-such-person")
def test_who_does_not_exist_is_not_found(api: Api) -> None:
    for operation, body in (("person", None), ("change_person", {"situations": []}), ("remove_person", None)):
        answer = api.call(f"admin.{operation}", path={"system": "zitadel", "name": "nobody"}, body=body)
        assert (answer.status, answer.body["code"]) == (404, "no-such-person")
    near = api.call("admin.person", path={"system": "weavr_multi", "name": "adda"})
    assert " Nearest: ada" in near.body["detail"]


@outcome("admin.person", 400, "malformed")
@outcome("admin.remove_person", 400, "malformed")
def test_a_path_names_a_system_that_exists(api: Api) -> None:
    for operation in ("admin.person", "admin.remove_person"):
        answer = api.call(operation, path={"system": "weaver", "name": "ada"})
        assert (answer.status, answer.body["errors"][0]["field"]) == (400, "system")


@outcome("admin.change_person", 200, "person")
def test_a_login_and_a_password_are_changed(api: Api) -> None:
    changed = change(api, "weavr_multi", "ada", login="ada@example.org", password=NEW)
    assert (changed.status, changed.body["login"], changed.body["password"]) == (200, "ada@example.org", None)
    assert log_in(api, "ada@example.org", NEW).status == 200
    assert log_in(api, "ada@multi.example", NEW).status == 403


@pytest.mark.parametrize(
    ("system", "name", "password"),
    [
        ("weavr_multi", "ada", "Harbour-5-lamp"),
        ("weavr_multi", "basil", "short"),
        ("weavr_payment_run", "bruno", "Harbour-7-lamp"),
        ("zitadel", "mini", "short"),
        ("zitadel", "robot", NEW),
        ("entrust", "ada", "Quiet.River.8820"),
        ("entrust", "hugo", "Tall+Ship+5519"),
    ],
)
@outcome("admin.change_person", 409, "impossible-person")
def test_a_password_that_the_system_refuses_is_refused(api: Api, system: str, name: str, password: str) -> None:
    before = look(api, system, name)
    answer = change(api, system, name, password=password)
    assert (answer.status, answer.body["errors"][0]["field"]) == (409, "password")
    assert look(api, system, name) == before


@pytest.mark.parametrize(
    ("system", "name", "changes", "field"),
    [
        ("weavr_multi", "ada", {"login": "clara@multi.example"}, "login"),
        ("weavr_multi", "ada", {"situations": ["corporate"]}, "situations"),
        ("weavr_multi", "ada", {"situations": ["no-password"], "password": NEW}, "password"),
        ("weavr_multi", "basil", {"situations": []}, "password"),
        ("weavr_multi", "basil", {"situations": ["no-password", "locked"]}, "situations"),
        ("weavr_multi", "ada", {"situations": ["invited"]}, "situations"),
        ("weavr_multi", "sven", {"situations": ["no-password"]}, "situations"),
        ("zitadel", "mini", {"login": "vera@mouse.example"}, "login"),
        ("zitadel", "robot", {"situations": ["no-password"]}, "situations"),
        ("zitadel", "tina", {"situations": []}, "situations"),
        ("entrust", "ada", {"login": "ben.okafor"}, "login"),
        ("entrust", "console", {"situations": ["locked"]}, "situations"),
        ("entrust", "hugo", {"situations": []}, "password"),
    ],
)
def test_a_change_that_cannot_be_changes_nothing(
    api: Api, system: str, name: str, changes: dict[str, Any], field: str
) -> None:
    before = look(api, system, name)
    answer = change(api, system, name, **changes)
    assert (answer.status, answer.body["code"]) == (409, "impossible-person"), answer.body
    assert answer.body["errors"][0]["field"] == field
    assert look(api, system, name) == before


@outcome("admin.change_person", 400, "malformed")
def test_a_change_names_something_to_change(api: Api) -> None:
    answer = change(api, "zitadel", "mini")
    assert (answer.status, answer.body["errors"][0]["problem"]) == (400, "must have login, password or situations")


@pytest.mark.parametrize(
    ("name", "situations", "password"),
    [("basil", [], NEW), ("mira", ["invitation-expired"], None), ("sven", ["invited"], None), ("tessa", [], NEW)],
)
def test_who_has_no_password_gets_one_or_another_invitation(
    api: Api, name: str, situations: list[str], password: str | None
) -> None:
    wanted = {"situations": situations} | ({"password": password} if password else {})
    changed = change(api, "weavr_multi", name, **wanted)
    assert changed.status == 200, changed.body
    assert set(situations) <= set(changed.body["situations"])
    if password:
        assert log_in(api, changed.body["login"], password).status == 200


@outcome("admin.remove_person", 204)
@pytest.mark.parametrize(
    ("system", "name"),
    [(one, person) for one, person, _ in SEED if person in {"ada", "mini", "robot", "bruno", "console", "mira"}],
)
def test_who_is_removed_is_gone_with_token_and_login(api: Api, people: People, system: str, name: str) -> None:
    before = people[system, name]
    assert api.call("admin.remove_person", path={"system": system, "name": name}).status == 204
    assert api.call("admin.person", path={"system": system, "name": name}).status == 404
    assert name not in [one["name"] for one in api.call("admin.people", query={"system": system}).body["people"]]
    if system == "zitadel":
        path = {"userId": before.id}
        assert api.call("zitadel.password_reset", path=path, body={}, headers=before.headers).status == 401
    if system.startswith("weavr"):
        body = {"email": before.login, "password": {"value": before.password or NEW}}
        assert api.call(f"{system}.login_with_password", body=body, headers=before.headers).status == 403
    assert make(api, system, name)["made"] is True


def test_a_reset_takes_people_back_to_the_seed(api: Api) -> None:
    before = api.call("admin.people").body
    make(api, "zitadel", "oscar")
    change(api, "weavr_multi", "ada", login="ada@example.org")
    api.call("admin.remove_person", path={"system": "entrust", "name": "ada"})
    assert api.call("admin.people").body != before
    api.call("admin.reset")
    assert api.call("admin.people").body == before


def test_a_lock_of_ones_own_lasts_as_long_as_the_settings_say(
    api: Api, settings: SettingsOf, clock: ManualClock
) -> None:
    settings.patch("weavr_multi", {"programme": {"locked_for": "PT5M"}})
    made = make(api, "weavr_multi", "mallory", situations=["locked"])
    clock.advance(timedelta(minutes=5))
    assert log_in(api, made["login"], made["password"]).status == 200
