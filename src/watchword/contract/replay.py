"""A sequence of steps as a shell script of curl calls; what comes from an answer or the environment is a variable."""

import re
import shlex
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import orjson

from watchword.contract.driver import Driver
from watchword.contract.lane import password_of
from watchword.contract.steps import Call, Step, Tune, Wait
from watchword.contract.values import Ahead, Code, Joined, Kept, Of, Template
from watchword.document import Operation

_WORD = re.compile(r"[^A-Z0-9]+")
_VARIABLE = re.compile(r"\$\{?[A-Z_][A-Z0-9_]*\}?")


def write_replay(
    steps: Sequence[Step], driver: Driver, operations: Mapping[str, Operation], url: str
) -> tuple[str, ...]:
    """Write the lines of a script that does *steps* again; it needs curl and jq."""
    return tuple(_Script(driver, operations, url.rstrip("/")).lines(steps))


class _Script:
    def __init__(self, driver: Driver, operations: Mapping[str, Operation], url: str) -> None:
        self._driver, self._operations, self._url = driver, operations, url
        self._passwords: dict[str, Template] = {password_of(role): Of(role, "password") for role in driver.personas}
        self._counts: dict[str, int] = {}

    def lines(self, steps: Sequence[Step]) -> Iterator[str]:
        for step in steps:
            yield f"# {step.says}"
            if isinstance(step, Call):
                yield self._call(step)
            elif isinstance(step, Wait):
                yield f": advance the clock of the server by {step.by.total_seconds():g} seconds"
            elif isinstance(step, Tune):
                yield ": change the settings"

    def _call(self, step: Call) -> str:
        operation = self._operations[step.operation]
        path = operation.path
        for name, value in step.path.items():
            path = path.replace(f"{{{name}}}", self._text(value))
        query = "&".join(f"{name}={self._text(value)}" for name, value in step.query.items())
        words = [f"curl -sS -X {operation.method} {_quote(f'{self._url}{path}' + (f'?{query}' if query else ''))}"]
        words += [f"-H {_quote(f'{n}: {self._text(v)}')}" for n, v in step.headers.items() if v is not None]
        if step.body is not None:
            words.append("-H 'content-type: application/json'")
            words.append(f"-d {_quote(orjson.dumps(self._filled(step.body)).decode())}")
        line = " ".join(words)
        for name, value in step.sets.items():
            self._passwords[name] = value
        for name, pointer in step.keeps.items():
            self._counts[name] = self._counts.get(name, -1) + 1
            variable, place = self._kept(name, 0), pointer.replace("/", ".")
            line = f'answer=$({line}); echo "$answer"; {variable}=$(echo "$answer" | jq -r \'{place} // empty\')'
        return line

    def _filled(self, template: Template) -> Any:
        if isinstance(template, Mapping):
            return {name: self._filled(member) for name, member in template.items()}
        if isinstance(template, list | tuple):
            return [self._filled(member) for member in template]
        return self._text(template) if isinstance(template, Of | Kept | Code | Ahead | Joined) else template

    def _text(self, value: Template) -> str:
        match value:
            case Of(person=person, what=what):
                persona = self._driver.personas[person]
                return persona.shown.get(what) or persona.known.get(what, "")
            case Kept(name=name) if name in self._passwords:
                return self._text(self._passwords[name])
            case Kept(name=name, back=back):
                return f"${{{self._kept(name, back)}}}"
            case Code(person=person, back=back):
                return f"${{{_name('CODE TO ' + person)}{'_BEFORE' * back}}}"
            case Joined(parts=parts):
                return "".join(map(self._text, parts))
            case _:
                return str(value)

    def _kept(self, name: str, back: int) -> str:
        return f"{_name(name.removeprefix('the '))}_{max(0, self._counts.get(name, 0) - back)}"


def _name(words: str) -> str:
    return _WORD.sub("_", words.upper()).strip("_")


def _quote(text: str) -> str:
    """Quote for a shell, but let it fill in variables."""
    if not _VARIABLE.search(text):
        return shlex.quote(text)
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("`", "\\`")
    return f'"{escaped}"'
