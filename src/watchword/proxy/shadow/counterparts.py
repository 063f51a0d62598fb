"""Which value of the stand-in is meant by a value of the server: ids, log-ins, keys, and what both have issued."""

from collections import OrderedDict, defaultdict
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple, TypeVar

from watchword.contract.comparison import Likeness, Likenesses
from watchword.contract.driver import Persona

_WHOM = frozenset(("id", "login", "email", "phone"))
"""What is known of a person and says whom a request is about; a key or a token only says who calls."""
SECRETS = ("password", "secret")
"""What a person proves by knowing it: it means nothing without the person."""
_IN_ANY_CASE = frozenset(("login", "email"))
_MEANS_NOTHING_ALONE = frozenset((*SECRETS, "first_name", "last_name", "alias"))
NAMES = ("login", "email", "first_name", "last_name", "alias")
"""What a password must not have in it."""
_ISSUED = (Likeness.ROLE, Likeness.CODE)
"""What a server makes up, and each another one."""
_MOST_ISSUED = 100_000
"""How many ids and tokens are known: a proxy may run for weeks, and the newest are those that clients still send."""
_Value = TypeVar("_Value")


class Counterpart(NamedTuple):
    """
    What stands for a value.

    Args:
        mine: The value in the stand-in.
        role: Whose it is; empty for nobody's.
        is_whom: Whether it says whom a request is about.
    """

    mine: str
    role: str
    is_whom: bool


class Counterparts:
    """
    The values of both servers, in pairs.

    Args:
        mine: Who plays which role in the stand-in.
        theirs: The same on the server.
        most: How many values that were issued are known; the oldest are forgotten.
    """

    def __init__(self, mine: Mapping[str, Persona], theirs: Mapping[str, Persona], *, most: int = _MOST_ISSUED) -> None:
        self.mine = {role: mine[role] for role in mine if role in theirs}
        self.theirs = {role: theirs[role] for role in self.mine}
        self._bound = defaultdict[str, list[Counterpart]](list)
        self._most = most
        self._issued = OrderedDict[str, list[Counterpart]]()
        self._issued_by_mine = OrderedDict[str, None]()
        self._mine = frozenset(text for one in mine.values() for text in one.known.values())
        for role, persona in self.theirs.items():
            for word in persona.known.keys() & self.mine[role].known.keys() - _MEANS_NOTHING_ALONE:
                one = Counterpart(self.mine[role].known[word], role, word in _WHOM)
                text = persona.known[word]
                for written in {text, text.casefold()} if word in _IN_ANY_CASE else {text}:
                    self._bound[written].append(one)

    def roles_of(self, value: str) -> frozenset[str]:
        """Tell whom a value is about."""
        return frozenset(one.role for one in self._find(value) if one.is_whom and one.role)

    def of(self, value: str, roles: frozenset[str]) -> str | None:
        """
        Find what stands for a value in the stand-in; None for nothing.

        Args:
            roles: Whom the request is about, for a value that several people have.
        """
        found = self._find(value)
        if not found:
            return None
        best = next((one for one in found if one.role in roles), found[0])
        is_as_known = value in self._issued or value in self._bound
        return best.mine if is_as_known else _capitals(best.mine, like=value)

    def is_mine(self, value: str) -> bool:
        """Whether the stand-in knows a value, so that it must not be sent there in the place of another one."""
        return value in self._mine or value in self._issued_by_mine

    def learn(self, mine: Any, theirs: Any, likenesses: Likenesses, roles: frozenset[str]) -> None:
        """Pair what stands at the same places of two answers: ids and tokens; *roles* says whom they are about."""
        for name, one, other in _pairs(mine, theirs, ""):
            if likenesses.get(name) in _ISSUED and not self._bound.get(other):
                about = [Counterpart(one, role, is_whom=True) for role in sorted(roles)]
                _keep(self._issued, other, about or [Counterpart(one, "", is_whom=False)], most=self._most)
                _keep(self._issued_by_mine, one, None, most=self._most)

    def _find(self, value: str) -> list[Counterpart]:
        return self._issued.get(value) or self._bound.get(value) or self._bound.get(value.casefold()) or []


def _keep(newest: OrderedDict[str, _Value], key: str, value: _Value, *, most: int) -> None:
    newest[key] = value
    newest.move_to_end(key)
    if len(newest) > most:
        newest.popitem(last=False)


def _capitals(mine: str, *, like: str) -> str:
    """Write a log-in in capitals where another one has some: before the @, behind it, or on both sides."""
    parts, others = mine.partition("@"), like.partition("@")
    return "".join(one if other == other.casefold() else one.upper() for one, other in zip(parts, others, strict=True))


def _pairs(mine: Any, theirs: Any, name: str) -> Iterator[tuple[str, str, str]]:
    """Yield texts that stand at the same place, with the name of their field; members of lists have no place."""
    if isinstance(mine, Mapping) and isinstance(theirs, Mapping):
        for key in mine.keys() & theirs.keys():
            yield from _pairs(mine[key], theirs[key], key)
    elif isinstance(mine, list) and isinstance(theirs, list) and len(mine) == len(theirs) == 1:
        yield from _pairs(mine[0], theirs[0], name)
    elif isinstance(mine, str) and isinstance(theirs, str):
        yield name, mine, theirs
