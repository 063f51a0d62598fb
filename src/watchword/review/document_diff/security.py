"""How clients prove who they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.origins import Steps
from watchword.document.security import described_schemes
from watchword.review.document_diff.change import Change, change, moved
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parts import Pair, Part

Alternative = Mapping[str, frozenset[str]]
"""What has to be proved together: scopes by what the scheme is, whatever its name."""
Schemes = Mapping[str, Mapping[str, Any]]
"""Schemes by name."""


class Security:
    """Compares the security of operations."""

    def __init__(self, context: Context) -> None:
        self._context = context
        documents = context.documents.base, context.documents.head
        self._schemes = tuple(described_schemes(one) for one in documents)
        self._identities = _identities(*self._schemes)

    def compare(self, base: Part, head: Part) -> Iterator[Change]:
        """Compare what two operations, *base* and *head*, ask for."""
        places = self._place(base, 0), self._place(head, 1)
        before, after = self._alternatives(places[0], 0), self._alternatives(places[1], 1)
        if before == after:
            return
        was, now = (
            Part([_told(one) for one in side], place.steps) for side, place in ((before, places[0]), (after, places[1]))
        )
        free, still_free = {} in before or not before, {} in after or not after
        if free and still_free:
            yield from _optional(before, after, was, now)
        elif still_free:
            yield change("security-no-longer-required", "credentials are no longer required", was, now)
        elif free:
            yield change("security-required", f"credentials are required now: {_all(after)}", was, now)
            gone = [one for one in before if one and not any(_weaker(other, one) for other in after)]
            yield from (_removed(one, was) for one in gone)
        else:
            yield from self._changed(before, after, was, now)

    def _changed(self, before: list[Alternative], after: list[Alternative], was: Part, now: Part) -> Iterator[Change]:
        gone, new = [one for one in before if one not in after], [one for one in after if one not in before]
        for one in gone:
            twin = next((other for other in new if other.keys() == one.keys()), None)
            if twin is not None:
                new.remove(twin)
                for scheme in one:
                    yield from _scopes(one[scheme], twin[scheme], was, now)
            elif any(_weaker(other, one) for other in after):
                yield change("security-alternative-added", f"less is enough than {_told(one)}", was, now)
            else:
                yield _removed(one, was)
        for one in new:
            told = f"{_told(one)} is enough, too"
            yield change("security-alternative-added", told, None, Part(_told(one), now.steps), where=(_told(one),))

    def schemes(self) -> Iterator[Change]:
        """Compare what is said of the schemes themselves."""
        base, head = self._schemes
        before, after = self._identities
        for name, one in base.items():
            steps: Steps = ("components", "securitySchemes", name)
            renamed = (one for one in head if one not in base and after[one] == before[name])
            other_name = name if after.get(name) == before[name] else next(renamed, None)
            if other_name is None:
                continue
            places = Part(name, steps), Part(other_name, (*steps[:2], other_name))
            if other_name != name:
                yield change("security-scheme-renamed", f"{name} is called {other_name}", *places, where=steps)
            pair = Pair(Part(one, places[0].steps), Part(head[other_name], places[1].steps))
            for found in _described(name, pair):
                yield found.below(*steps)

    def _place(self, operation: Part, side: int) -> Part:
        """Find what is in force for an operation: its own security, or the document's."""
        own = operation.get("security")
        documents = self._context.documents.base, self._context.documents.head
        return own or Part(
            documents[side].get("security", []), ("security",) if "security" in documents[side] else operation.steps
        )

    def _alternatives(self, place: Part, side: int) -> list[Alternative]:
        identities = self._identities[side]
        return [{identities.get(name, name): frozenset(scopes) for name, scopes in one.items()} for one in place.value]


_IDENTITY = ("type", "in", "name", "scheme")
_TOKENS = ("oauth2", "openIdConnect")
"""Types of which a document may have several: what a client sends is a token, and who gave it makes the difference."""
_ADDRESSES = ("authorizationUrl", "tokenUrl", "refreshUrl")


def _identities(base: Schemes, head: Schemes) -> tuple[Mapping[str, str], Mapping[str, str]]:
    """Tell by name what a client has to send for the schemes of both documents."""
    left = {_given(one): name for name, one in base.items() if _type(head.get(name)) != _type(one)}
    after = {}
    for name, one in head.items():
        is_same = _type(base.get(name)) == _type(one)
        after[name] = _identity(name if is_same else left.get(_given(one), name), one)
    return {name: _identity(name, one) for name, one in base.items()}, after


def _type(scheme: Mapping[str, Any] | None) -> Any:
    return None if scheme is None else scheme.get("type")


def _given(scheme: Mapping[str, Any]) -> str:
    """Tell who gives the tokens of a scheme."""
    flows: Mapping[str, Mapping[str, Any]] = scheme.get("flows") or {}
    addresses = {str(flow.get(name)) for flow in flows.values() for name in _ADDRESSES if name in flow}
    return " ".join((str(_type(scheme)), str(scheme.get("openIdConnectUrl")), *sorted(addresses)))


def _identity(name: str, scheme: Mapping[str, Any]) -> str:
    """Tell what a client has to send for a scheme."""
    kind = scheme.get("type", "")
    if kind == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    if kind == "http":
        return f"HTTP {str(scheme.get('scheme', '')).lower()}"
    return f"{kind} {name}" if kind in _TOKENS else str(kind)


def _described(name: str, pair: Pair) -> Iterator[Change]:
    """Compare what both documents say of one scheme."""
    for key, one in pair.members():
        if key == "flows":
            yield from (found.below(key) for found in _flows(name, one))
        elif key not in _IDENTITY and one.differs:
            yield change(_category(key), f"{key} of {name} is another", one.base, one.head, where=(key,))


def _flows(name: str, pair: Pair) -> Iterator[Change]:
    """Compare in which ways a client gets the tokens of a scheme."""
    for kind, flow in pair.members():
        if flow.base is None or flow.head is None:
            was, now = (None if one is None else one.bare() for one in (flow.base, flow.head))
            suffix, told = ("added", "new") if flow.base is None else ("removed", "gone")
            yield change(f"security-flow-{suffix}", f"the flow {kind} of {name} is {told}", was, now, where=(kind,))
            continue
        for key, one in flow.members():
            if key == "scopes":
                yield from (found.below(kind, key) for found in _offered(name, one))
            elif one.differs:
                told = moved(f"{key} of {name}", one.base, one.head)
                yield change(_category(key), told, one.base, one.head, where=(kind, key))


def _offered(name: str, pair: Pair) -> Iterator[Change]:
    """Compare the scopes that a token can have."""
    for scope, one in pair.members():
        if one.base is None and one.head is not None:
            told = f"{name} has the scope {scope} now"
            yield change("security-flow-scope-added", told, None, one.head.bare(), where=(scope,))
        elif one.head is None and one.base is not None:
            told = f"{name} no longer has the scope {scope}"
            yield change("security-flow-scope-removed", told, one.base.bare(), None, where=(scope,))
        elif one.differs:
            told = f"the description of the scope {scope} is another"
            yield change("text-changed", told, one.base, one.head, where=(scope,))


def _category(key: str) -> str:
    if key in (*_ADDRESSES, "openIdConnectUrl"):
        return "security-scheme-address-changed"
    if key in ("description", "bearerFormat"):
        return "text-changed"
    return "extension-changed" if key.startswith("x-") else "not-judged"


def _optional(before: list[Alternative], after: list[Alternative], was: Part, now: Part) -> Iterator[Change]:
    """Compare credentials that a client may leave out."""
    for one in before:
        if one not in after and one:
            told, gone = f"{_told(one)} proves nothing any more", Part(_told(one), was.steps)
            yield change("optional-credentials-removed", told, gone, None, where=(_told(one),))
    for one in after:
        if one not in before and one:
            told, new = f"{_told(one)} proves who a client is", Part(_told(one), now.steps)
            yield change("optional-credentials-added", told, None, new, where=(_told(one),))


def _removed(alternative: Alternative, was: Part) -> Change:
    told = _told(alternative)
    gone = Part(told, was.steps)
    return change("security-alternative-removed", f"{told} is no longer enough", gone, None, where=(told,))


def _told(alternative: Alternative) -> str:
    named = (
        f"{scheme} ({', '.join(sorted(scopes))})" if scopes else scheme
        for scheme, scopes in sorted(alternative.items())
    )
    return " with ".join(named) or "nothing"


def _all(alternatives: list[Alternative]) -> str:
    return " or ".join(_told(one) for one in alternatives)


def _weaker(one: Alternative, other: Alternative) -> bool:
    """Whether who proves *other* has proved *one*."""
    return all(scheme in other and one[scheme] <= other[scheme] for scheme in one)


def _scopes(before: frozenset[str], after: frozenset[str], was: Part, now: Part) -> Iterator[Change]:
    for scope in sorted(after - before):
        told = f"the scope {scope} is required now"
        yield change("security-scope-added", told, None, Part(scope, now.steps), where=(scope,))
    for scope in sorted(before - after):
        told = f"the scope {scope} is no longer required"
        yield change("security-scope-removed", told, Part(scope, was.steps), None, where=(scope,))
