"""How clients prove who they are."""

from collections.abc import Iterator, Mapping
from typing import Any

from watchword.document.security import described_schemes
from watchword.review.document_diff.change import Change, change
from watchword.review.document_diff.context import Context
from watchword.review.document_diff.parts import Pair, Part, Steps

Alternative = Mapping[str, frozenset[str]]
"""What has to be proved together: scopes by what the scheme is, whatever its name."""


class Security:
    """Compares the security of operations."""

    def __init__(self, context: Context) -> None:
        self._context = context
        documents = context.documents.base, context.documents.head
        self._schemes = tuple(described_schemes(one) for one in documents)
        self._names: list[dict[str, str]] = [{}, {}]

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
        if free and not still_free:
            yield change("security-required", f"credentials are required now: {_all(after)}", was, now)
        if not free and still_free:
            yield change("security-no-longer-required", "credentials are no longer required", was, now)
        if free or still_free:
            return
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
                told = f"{_told(one)} is no longer enough"
                yield change(
                    "security-alternative-removed", told, Part(_told(one), was.steps), None, where=(_told(one),)
                )
        for one in new:
            told = f"{_told(one)} is enough, too"
            yield change("security-alternative-added", told, None, Part(_told(one), now.steps), where=(_told(one),))

    def schemes(self) -> Iterator[Change]:
        """Compare what is said of the schemes themselves."""
        base, head = self._schemes
        renamed = {_identity(one): name for name, one in head.items() if name not in base}
        for name, one in base.items():
            steps: Steps = ("components", "securitySchemes", name)
            other_name = name if name in head else renamed.get(_identity(one))
            if other_name is None:
                continue
            other = head[other_name]
            places = Part(name, steps), Part(other_name, (*steps[:2], other_name))
            if other_name != name:
                yield change("security-scheme-renamed", f"{name} is called {other_name}", *places, where=steps)
            for key, pair in Pair(Part(one, places[0].steps), Part(other, places[1].steps)).members():
                if key not in _IDENTITY and pair.differs:
                    told = f"{key} of {name} is another"
                    yield change(_category(key), told, pair.base, pair.head, where=(*steps, key))

    def _place(self, operation: Part, side: int) -> Part:
        """Find what is in force for an operation: its own security, or the document's."""
        own = operation.get("security")
        documents = self._context.documents.base, self._context.documents.head
        return own or Part(
            documents[side].get("security", []), ("security",) if "security" in documents[side] else operation.steps
        )

    def _alternatives(self, place: Part, side: int) -> list[Alternative]:
        schemes = self._schemes[side]
        return [
            {_identity(schemes.get(name, {"type": name})): frozenset(scopes) for name, scopes in one.items()}
            for one in place.value
        ]


_IDENTITY = ("type", "in", "name", "scheme")


def _identity(scheme: Mapping[str, Any]) -> str:
    """Tell what a client has to send for a scheme."""
    kind = scheme.get("type", "")
    if kind == "apiKey":
        return f"{scheme.get('in')} {scheme.get('name')}"
    if kind == "http":
        return f"HTTP {str(scheme.get('scheme', '')).lower()}"
    return str(kind)


def _category(key: str) -> str:
    if key in ("flows", "openIdConnectUrl"):
        return "security-scheme-address-changed"
    if key in ("description", "bearerFormat"):
        return "text-changed"
    return "extension-changed" if key.startswith("x-") else "not-judged"


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
