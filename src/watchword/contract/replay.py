"""A sequence of steps as a shell script of curl calls; what comes from an answer or the environment is a variable."""

import re
import shlex
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any
from urllib.parse import quote

import orjson

from watchword.contract.driver import Driver
from watchword.contract.lane import password_of
from watchword.contract.steps import Call, Step, Tune, Wait
from watchword.contract.values import (
    Capitals,
    Code,
    Joined,
    Kept,
    Made,
    Of,
    Shortened,
    Template,
    Timestamp,
    Value,
    fill,
)
from watchword.document import Operation

_WORD = re.compile(r"[^A-Z0-9]+")
_VARIABLE = re.compile(r"\$([A-Za-z_][A-Za-z0-9_]*)")
_BEGIN, _END = "\ue000", "\ue001"
"""Around the name of a variable, until the text around it is quoted: a dollar sign in a password is none."""
_MARKED = re.compile(f"({_BEGIN}[^{_END}]*{_END})")
Gained = Sequence[frozenset[str] | None]
"""For each step the names under which an answer gave a value; None for a call that was not sent."""


def write_replay(
    steps: Sequence[Step],
    gained: Gained,
    driver: Driver,
    operations: Mapping[str, Operation],
    url: str,
    *,
    program: str = "",
    racers: Mapping[int, int] = MappingProxyType({}),
) -> tuple[str, ...]:
    """
    Write the lines of a script that does as many of *steps* again as *gained* is long; it needs curl and jq.

    Args:
        program: What sends requests, with flags such as curl has for headers and bodies; empty for curl.
        racers: How often each of the last steps is done at once, by its number from 0; empty for once, one by one.
    """
    return tuple(_Script(driver, operations, url.rstrip("/"), program, racers).lines(steps, gained))


class _Script:
    def __init__(
        self,
        driver: Driver,
        operations: Mapping[str, Operation],
        url: str,
        program: str,
        racers: Mapping[int, int],
    ) -> None:
        self._driver, self._operations, self._url, self._racers = driver, operations, url, racers
        self._program = program
        self._texts: dict[str, list[str]] = defaultdict(list)
        """What stands for each value that is kept, oldest first."""
        self._ahead = 0.0
        """By how many seconds the clock of the server was moved."""
        self._moments: dict[str, str] = {}
        """How jq makes the moments of the newest call, by their variables."""
        for role, persona in driver.personas.items():
            if "password" in persona.known:
                self._texts[password_of(role)].append(self._text(Of(role, "password")))

    def lines(self, steps: Sequence[Step], gained: Gained) -> Iterator[str]:
        for number, (step, names) in enumerate(zip(steps, gained, strict=False), 1):
            if names is None and number < len(gained):
                continue  # it was not sent: nobody had what it needs
            yield f"# {step.says}"
            if isinstance(step, Call):
                yield from self._preparations_of(step)
            match step:
                case Call() if names is None:
                    yield ": something that it needs is not known"
                case Call() if number - 1 in self._racers:
                    yield f"for each in $(seq {self._racers[number - 1]}); do {self._call(step, frozenset())} & done"
                case Call():
                    yield self._call(step, names or frozenset())
                case Wait():
                    self._ahead += step.by.total_seconds()
                    yield f": advance the clock of the server by {step.by.total_seconds():g} seconds"
                case Tune():
                    yield ": change the settings"
        if self._racers:
            yield "wait"

    def _preparations_of(self, step: Call) -> Iterator[str]:
        """Say what has to be there before a call: codes, and what is made of other values."""
        found: dict[str, str] = {}

        def note(value: Value) -> str:
            if isinstance(value, Code | Made):
                found[_variable(value)] = str(value)
            return ""

        fill([dict(step.path), dict(step.headers), step.body, dict(step.sets)], note)
        for variable, what in found.items():
            yield f"# {variable} is {what}: set it first"

    def _call(self, step: Call, gained: frozenset[str]) -> str:
        operation = self._operations[step.operation]
        path = operation.path
        self._moments.clear()
        for name, value in step.path.items():
            path = path.replace(f"{{{name}}}", self._encoded(value))
        query = step.query
        if not isinstance(query, str):
            query = "&".join(f"{name}={self._encoded(value)}" for name, value in query.items())
        program = self._program or f"curl -sS -X {operation.method}"
        words = [f"{program} {_quote(f'{self._url}{path}' + (f'?{query}' if query else ''))}"]
        headers = {name: self._text(value) for name, value in step.headers.items() if value is not None}
        if step.body is not None and not self._program and "content-type" not in map(str.lower, headers):
            headers["content-type"] = "application/json"
        headers |= {name: _marked(value) for name, value in self._driver.shown_headers.items()}
        words += [f"-H {_quote(f'{name}: {value}')}" for name, value in headers.items()]
        if step.is_form:
            words += [f"--data-urlencode {_quote(f'{name}={self._text(value)}')}" for name, value in step.body.items()]
        elif step.body is not None:
            filled = self._filled(step.body)
            words.append(f"-d {_quote(filled if isinstance(filled, str) else orjson.dumps(filled).decode())}")
        line, kept = " ".join(words), [name for name in step.keeps if name in gained]
        if kept:
            line = f'answer=$({line}); echo "$answer"'
        for name in kept:
            variable = f"{_name(name.removeprefix('the '))}_{len(self._texts[name])}"
            self._texts[name].append(f"{_BEGIN}{variable}{_END}")
            line = f'{line}; {variable}=$(echo "$answer" | jq -r {_jq(step.keeps[name])})'
        line = "".join(f"{name}=$(jq -nr {shlex.quote(made)}); " for name, made in self._moments.items()) + line
        for name, value in step.sets.items():
            if name in gained:
                self._texts[name].append(self._text(value))
        return line

    def _filled(self, template: Template) -> Any:
        if isinstance(template, Mapping):
            return {name: self._filled(member) for name, member in template.items()}
        if isinstance(template, list | tuple):
            return [self._filled(member) for member in template]
        return self._text(template) if isinstance(template, Value) else template

    def _encoded(self, value: Template) -> str:
        """Write a value as a part of an address."""
        parts = _MARKED.split(self._text(value))
        return "".join(one if one.startswith(_BEGIN) else quote(one, safe="") for one in parts)

    def _text(self, value: Template) -> str:
        match value:
            case Of(person=person, what=what):
                persona = self._driver.personas[person]
                shown = persona.shown.get(what)
                return persona.known.get(what, "") if shown is None else _marked(shown)
            case Kept(name=name, back=back):
                found = self._texts[name]
                return found[-1 - back] if len(found) > back else ""
            case Code() | Made():
                return f"{_BEGIN}{_variable(value)}{_END}"
            case Timestamp(by=by):
                return self._moment(by.total_seconds())
            case Capitals(of=of):
                return _in_capitals(self._text(of))
            case Shortened(of=of):
                return _shortened(self._text(of))
            case Joined(parts=parts):
                return "".join(map(self._text, parts))
            case _:
                return str(value)

    def _moment(self, by: float) -> str:
        name = f"MOMENT_{len(self._moments) + 1}"
        self._moments[name] = f"now + {self._ahead + by:.0f} | floor | todate"
        return f"{_BEGIN}{name}{_END}"


def _in_capitals(text: str) -> str:
    """Write a text in capitals; bash does the same with a variable."""
    parts = _MARKED.split(text)
    return "".join(f"{one[:-1]}^^{_END}" if one.startswith(_BEGIN) else one.upper() for one in parts)


def _shortened(text: str) -> str:
    """Leave the last character of a text out; bash does the same with a variable."""
    return f"{text[:-1]}%?{_END}" if text.endswith(_END) else text[:-1]


def _variable(value: Code | Made) -> str:
    if isinstance(value, Made):
        return _name(value.what)
    return f"{_name(f'code to {value.person}')}{'_BEFORE' * value.back}"


def _name(words: str) -> str:
    return _WORD.sub("_", words.upper()).strip("_")


def _marked(text: str) -> str:
    """Mark a text that is a variable of the environment."""
    found = _VARIABLE.fullmatch(text)
    return f"{_BEGIN}{found[1]}{_END}" if found else text


def _jq(pointer: str) -> str:
    steps = [one if one.isdigit() else orjson.dumps(one).decode() for one in pointer.split("/")[1:]]
    return shlex.quote(f".{''.join(f'[{one}]' for one in steps)} // empty")


def _quote(text: str) -> str:
    """Quote for a shell that fills in the variables which are marked, and nothing else."""
    if _BEGIN not in text:
        return shlex.quote(text)
    escaped = re.sub(r'([\\"`$])', r"\\\1", text)
    return '"' + escaped.replace(_BEGIN, "${").replace(_END, "}") + '"'
