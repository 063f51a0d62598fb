"""What a client does with users and settings: one function for each kind of call."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from tests.conftest import Response
from tests.systems.zitadel.conftest import Zitadel
from watchword.systems.zitadel.records import Membership, User

FORTRESS = "269629023906488401"
ACME = "69629023906488334"


def search(
    z: Zitadel, *queries: Any, by: str = "otto", headers: Mapping[str, str] | None = None, **more: Any
) -> Response:
    """Search for users who fit all *queries*, with *more* fields in the body."""
    body = {**({"queries": list(queries)} if queries else {}), **more}
    return z.api.call(f"zitadel.list_users{z.package}", body=body, headers={**z.person(by).headers, **(headers or {})})


def found(z: Zitadel, *queries: Any, by: str = "otto", **more: Any) -> list[str]:
    """Search, and name those who are listed."""
    answer = search(z, *queries, by=by, **more)
    assert answer.status == 200, answer.body
    names = {person.id: name for (system, name), person in z.people.items() if system == "zitadel"}
    return [names[user["userId"]] for user in answer.body.get("result", ())]


def ids(z: Zitadel, *names: str) -> dict[str, Any]:
    """Make a query for the people with these names."""
    return {"inUserIdsQuery": {"userIds": [z.person(name).id for name in names]}}


def on_user(
    z: Zitadel, operation: str, of: str, *, by: str = "otto", headers: Mapping[str, str] | None = None
) -> Response:
    """Call an operation on a user, who is named by a first name or an id."""
    identifier = of if of.isdigit() else z.person(of).id
    sent = {**z.person(by).headers, **(headers or {})}
    return z.api.call(f"zitadel.{operation}{z.package}", path={"userId": identifier}, headers=sent)


def read_settings(
    z: Zitadel,
    name: str,
    *,
    by: str = "otto",
    query: Mapping[str, str] | None = None,
    headers: Mapping[str, str] | None = None,
) -> Response:
    """Read the settings of a kind."""
    sent = {**z.person(by).headers, **(headers or {})}
    return z.api.call(f"zitadel.get_{name}_settings{z.package}", query=query, headers=sent)


def give_roles(z: Zitadel, name: str, *roles: str, organisation: str | None = ACME, project: str | None = None) -> None:
    """Replace the roles of a person."""
    sandbox = z.api.built.imitated.sandboxes.enter(z.api.sandbox or "default")
    transaction = sandbox.store.transaction()
    user = transaction.get(User, z.person(name).id)
    assert user is not None
    transaction.put(replace(user, memberships=(Membership(roles, organisation, project),)))
    assert transaction.commit()
