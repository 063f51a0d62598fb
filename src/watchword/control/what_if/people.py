"""Changes of who asks, and of whom the request is about."""

from collections.abc import Iterator, Sequence
from typing import Any
from urllib.parse import quote

from watchword.control.request_change import RequestChange
from watchword.control.what_if.case import Case, Path, Proposal, patch_at
from watchword.system.seed_data import Person

_MOST = 12
_NAMING = ("id", "user", "email", "login", "subject")
"""What the names of fields end with, or begin with, that say whom a request is about."""


def other_callers(case: Case) -> Iterator[Proposal]:
    """Propose other people's credentials: those whom it concerns, then administrators, then the others."""
    sent, seen = set(case.exchange.headers.items()), set[tuple[tuple[str, str], ...]]()
    for one in _by_rank(case, case.people):
        headers = tuple(sorted((name.lower(), value) for name, value in one.headers.items()))
        if not headers or headers in seen or set(headers) <= sent:
            continue
        seen.add(headers)
        yield Proposal(f"with the credentials of {one.name}", RequestChange(person=one.name))
        if len(seen) >= _MOST:
            return


def other_subjects(case: Case) -> Iterator[Proposal]:
    """Propose other people in the places where a request says whom it is about."""
    found = [_in_path(case, one) for one in case.path.items()]
    found += [_in_body(case, path, value) for path, value in case.leaves() if isinstance(value, str)]
    waiting = [one for one in found if one is not None]
    while waiting:
        for one in list(waiting):
            proposal = next(one, None)
            if proposal is None:
                waiting.remove(one)
            else:
                yield proposal


def _in_path(case: Case, parameter: tuple[str, str]) -> Iterator[Proposal] | None:
    name, value = parameter
    if not case.shows_path_without(name):
        return None
    return _with_others(case, name, value, lambda text: RequestChange(path=path_with(case, name, text)))


def _in_body(case: Case, path: Path, value: str) -> Iterator[Proposal] | None:
    return _with_others(case, path[-1], value, lambda text: RequestChange(body=patch_at(path, text)))


def _with_others(case: Case, name: str, value: str, change: Any) -> Iterator[Proposal] | None:
    logins = {one.login.lower() for one in case.people if one.login}
    ids = {one.id for one in case.people}
    word = name.lower()
    if value.lower() not in logins and value not in ids and not word.startswith(_NAMING) and not word.endswith(_NAMING):
        return None
    by_login = value.lower() in logins or "@" in value or "mail" in word or "login" in word

    def proposals() -> Iterator[Proposal]:
        for one in _by_rank(case, case.people)[:_MOST]:
            text = one.login if by_login else one.id
            if text and text != value:
                yield Proposal(f"for {one.name}", change(text))

    return proposals()


def path_with(case: Case, name: str, value: str) -> str:
    """Write the path of a request with another value of one parameter."""
    assert case.operation is not None  # noqa: S101  # it has parameters
    path = case.operation.path
    for one, sent in case.path.items():
        path = path.replace(f"{{{one}}}", quote(value if one == name else sent, safe=""))
    return f"{case.exchange.base_path}{path}"


def _by_rank(case: Case, people: Sequence[Person]) -> list[Person]:
    """Order people: those whom it concerns, administrators, those with nothing special about them, the others."""
    concerned = {one.name for one in case.concerned}

    def rank(one: Person) -> int:
        if one.name in concerned:
            return 0
        if "administrator" in one.situations:
            return 1
        return 2 + len(one.situations)

    ranked = sorted(people, key=rank)
    return _spread(ranked)


def _spread(ranked: list[Person]) -> list[Person]:
    """Let each situation have its turn early: in the one that helps there may be a single person."""
    first: list[Person] = []
    later: list[Person] = []
    seen: dict[tuple[str, ...], int] = {}
    for one in ranked:
        key = (*one.situations, *one.group.values())
        seen[key] = seen.get(key, 0) + 1
        (first if seen[key] == 1 else later).append(one)
    return [*first, *later]
