"""What stands for values that differ from server to server: people, ids, tokens, codes, moments."""

import re
from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Any

_BOUND = re.compile(r"<<([^<>]+)>>")
_ISO = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?Z"
_HTTP_DATE = r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT"
_KINDS = {
    "time": rf"(?:{_ISO}|{_HTTP_DATE})",
    "sequence": r"\d+",
    "id": r"\d+",
    "token": r"\S+",
    "seconds": r"\d+",
    "value": r".*",
    "count of everybody": r"\d+",
}
_KIND = re.compile(r"<<[^<>]+>>|<(?:" + "|".join(_KINDS) + r"|code of \d+)>")


class Unbound(LookupError):
    """A placeholder stands for something that no step has answered."""


class Bindings:
    """
    The values of a case's placeholders.

    Args:
        fixed: Values by name, or functions that find them when they are asked for.
    """

    def __init__(self, fixed: Mapping[str, str | Callable[[], str]]) -> None:
        self._values = dict(fixed)
        self._answered: dict[str, list[str]] = {}

    def note(self, name: str, value: str) -> None:
        """Remember an answered value as ``var.NAME``; the one before becomes ``var.NAME1``."""
        self._answered.setdefault(name, []).insert(0, value)

    def value(self, name: str) -> str:
        """
        Find the value of a placeholder.

        Raises:
            Unbound: There is none.
        """
        if name.startswith("repeat "):
            what, _, times = name.removeprefix("repeat ").rpartition(" ")
            return what * int(times)
        if name.startswith("var."):
            word = name.removeprefix("var.")
            before = 1 if word.endswith("1") else 0
            found = self._answered.get(word.removesuffix("1"), [])
            if len(found) <= before:
                raise Unbound(name)
            return found[before]
        if name not in self._values:
            raise Unbound(name)
        found_value = self._values[name]
        return found_value if isinstance(found_value, str) else found_value()

    def fill(self, value: Any) -> Any:
        """Put the values into texts, however deep they stand."""
        if isinstance(value, str):
            return _BOUND.sub(lambda found: self.value(found[1]), value)
        if isinstance(value, dict):
            return {self.fill(name): self.fill(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self.fill(one) for one in value]
        return value

    def fill_known(self, text: str) -> str:
        """Put the values into a text; what no step has answered was sent as it stands."""
        try:
            return str(self.fill(text))
        except Unbound:
            return text

    def pattern(self, text: str) -> re.Pattern[str]:
        """Make a pattern that matches the texts for which *text* stands."""
        parts, at = [], 0
        for found in _KIND.finditer(text):
            parts.append(re.escape(text[at : found.start()]))
            parts.append(self._part(found[0]))
            at = found.end()
        return re.compile("".join((*parts, re.escape(text[at:]))), re.DOTALL)

    def _part(self, placeholder: str) -> str:
        if placeholder.startswith("<<"):
            return re.escape(self.value(placeholder[2:-2]))
        name = placeholder[1:-1]
        if name.startswith("code of "):
            return rf"[A-Z0-9]{{{name.removeprefix('code of ')}}}"
        return _KINDS[name]


def basic(name: str, secret: str) -> str:
    """Make the value of ``Authorization: Basic``."""
    return b64encode(f"{name}:{secret}".encode()).decode()
