"""WireMock's request patterns: which logged requests are meant, and how far others are from that."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from watchword.journal.logged import Logged
from watchword.journal.masking import MASK
from watchword.journal.value_patterns import Distance, PatternError, apart, read_expression, read_value_pattern

_ANY = "ANY"
_URLS = ("url", "urlPattern", "urlPath", "urlPathPattern")
_VALUES = ("queryParameters", "headers", "cookies")
_KNOWN = ("method", *_URLS, *_VALUES, "basicAuthCredentials", "bodyPatterns")
_MOST_PARTS = 100


@dataclass(frozen=True, slots=True)
class _Part:
    """One thing that a pattern says; its weight is WireMock's."""

    weight: int
    distance: Callable[[Logged], float]


@dataclass(frozen=True, slots=True)
class RequestPattern:
    """A pattern; without any part it is every request."""

    parts: tuple[_Part, ...]

    def matches(self, logged: Logged) -> bool:
        """Whether a request is meant."""
        return not any(part.distance(logged) for part in self.parts)

    def distance(self, logged: Logged) -> float:
        """Tell how far a request is from what is meant: 0 if it is meant, 1 if nothing is alike."""
        weights = sum(part.weight for part in self.parts)
        return sum(part.weight * part.distance(logged) for part in self.parts) / weights if weights else 0.0


def read_pattern(pattern: Mapping[str, Any]) -> RequestPattern:
    """
    Read a pattern as WireMock's clients write it.

    Raises:
        PatternError: It cannot be read, or has something that is not supported here.
    """
    said = {name: value for name, value in pattern.items() if value is not None}
    for name in said:
        if name not in _KNOWN:
            detail = f"{name[:40]} is not supported. Supported are: {', '.join(_KNOWN)}."
            raise PatternError(f"/{name}", detail)
    urls = [name for name in _URLS if name in said]
    if len(urls) > 1:
        raise PatternError(f"/{urls[1]}", f"{urls[1]} cannot stand beside {urls[0]}.")
    parts = tuple(_parts(said))
    if len(parts) > _MOST_PARTS:
        raise PatternError("/", f"A pattern may have {_MOST_PARTS} parts at most.")
    return RequestPattern(parts)


def _parts(said: Mapping[str, Any]) -> Iterator[_Part]:
    for name in _URLS:
        if name in said:
            yield _Part(10, _url(name, said[name]))
    method = said.get("method", _ANY)
    if not isinstance(method, str):
        raise PatternError("/method", "method is a text, such as POST or ANY.")
    if method.upper() != _ANY:
        yield _Part(3, lambda logged: float(logged.method != method.upper()))
    for name in _VALUES:
        for key, one in _object(said.get(name, {}), name).items():
            yield _Part(1, _value(name, key, read_value_pattern(one, f"/{name}/{key}")))
    if "basicAuthCredentials" in said:
        yield _Part(1, _basic(_object(said["basicAuthCredentials"], "basicAuthCredentials")))
    bodies = said.get("bodyPatterns", [])
    if not isinstance(bodies, list):
        raise PatternError("/bodyPatterns", "bodyPatterns is a list.")
    for number, one in enumerate(bodies):
        yield _Part(1, _body(read_value_pattern(one, f"/bodyPatterns/{number}")))


def _url(name: str, wanted: Any) -> Callable[[Logged], float]:
    if not isinstance(wanted, str):
        raise PatternError(f"/{name}", f"{name} is a text.")
    whole = name in ("url", "urlPattern")
    if name.endswith("Pattern"):
        fits = read_expression(wanted, f"/{name}")
        return lambda logged: float(not fits(logged.url if whole else logged.path))
    return lambda logged: apart(wanted, logged.url if whole else logged.path)


def _value(place: str, key: str, distance: Distance) -> Callable[[Logged], float]:
    if place == "queryParameters":
        return lambda logged: min(map(distance, logged.query.get(key, (None,))))
    if place == "headers":
        return lambda logged: distance(logged.headers.get(key.lower()))
    return lambda logged: distance(logged.cookies.get(key))


def _basic(wanted: Mapping[str, Any]) -> Callable[[Logged], float]:
    """Compare with what the journal tells of credentials: whose they are; the password is stars."""
    if wanted.keys() != {"username", "password"} or not all(isinstance(one, str) for one in wanted.values()):
        raise PatternError("/basicAuthCredentials", "basicAuthCredentials has username and password, which are texts.")
    told = f"basic of {wanted['username']}"
    fits = wanted["password"] == MASK
    return lambda logged: float(not fits or logged.headers.get("authorization") != told)


def _body(distance: Distance) -> Callable[[Logged], float]:
    return lambda logged: distance(logged.body or None)


def _object(value: Any, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise PatternError(f"/{name}", f"{name} is an object.")
    return value
