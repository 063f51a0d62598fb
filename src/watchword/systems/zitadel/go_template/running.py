"""Execute a template."""

from dataclasses import dataclass, field
from typing import Any

from watchword.systems.zitadel.go_template import nodes as parsed
from watchword.systems.zitadel.go_template.formatting import repaired
from watchword.systems.zitadel.go_template.functions import FUNCTIONS
from watchword.systems.zitadel.go_template.values import MAX_INT, NOTHING, CannotRun, Record, Value, is_true, shown

_MAX_STEPS = 10_000
_MAX_DEPTH = 50
_MAX_LENGTH = 100_000
_NO_VALUE = object()
"""In the place of the value of the command before: there is none."""


def run(template: parsed.Template, record: Record) -> str:
    """
    Execute a template over the fields of *record*.

    Raises:
        CannotRun: It asks for something that is not there, or takes too long.
    """
    run = _Run(template)
    run.part("", record, depth=0)
    return repaired("".join(run.texts))


@dataclass
class _Run:
    template: parsed.Template
    texts: list[str] = field(default_factory=list)
    steps: int = 0
    length: int = 0

    def part(self, name: str, value: Value, *, depth: int) -> None:
        nodes = self.template.parts.get(name)
        if nodes is None or depth > _MAX_DEPTH:
            raise CannotRun
        _Part(self, value, depth).nodes(nodes, value)

    def step(self) -> None:
        self.steps += 1
        if self.steps > _MAX_STEPS:
            raise CannotRun

    def write(self, text: str) -> None:
        self.length += len(text)
        if self.length > _MAX_LENGTH:
            raise CannotRun
        self.texts.append(text)


class _Part:
    """One part while it runs, with its variables."""

    def __init__(self, run: _Run, value: Value, depth: int) -> None:
        self.run, self.depth = run, depth
        self.variables: list[tuple[str, Value]] = [("$", value)]

    def nodes(self, nodes: tuple[Any, ...], dot: Value) -> None:
        for node in nodes:
            self.run.step()
            match node:
                case str():
                    self.run.write(node)
                case parsed.Pipeline():
                    value = self.pipeline(node, dot)
                    if not node.names:
                        self.run.write(shown(value))
                case parsed.Block():
                    self._block(node, dot)
                case parsed.Insert():
                    given = NOTHING if node.pipeline is None else self.pipeline(node.pipeline, dot)
                    self.run.part(node.name, given, depth=self.depth + 1)

    def _block(self, block: parsed.Block, dot: Value) -> None:
        known = len(self.variables)
        value = self.pipeline(block.pipeline, dot)
        if block.kind == "range":
            raise CannotRun
        if is_true(value):
            self.nodes(block.then, value if block.kind == "with" else dot)
        else:
            self.nodes(block.otherwise, dot)
        del self.variables[known:]

    def pipeline(self, pipeline: parsed.Pipeline, dot: Value) -> Value:
        value: Value = _NO_VALUE
        for command in pipeline.commands:
            value = self._command(command, dot, value)
        for name in pipeline.names:
            if pipeline.assigns:
                self._assign(name, value)
            else:
                self.variables.append((name, value))
        return value

    def _variable(self, name: str) -> Value:
        for one, value in reversed(self.variables):
            if one == name:
                return value
        raise CannotRun

    def _assign(self, name: str, value: Value) -> None:
        for place in range(len(self.variables) - 1, -1, -1):
            if self.variables[place][0] == name:
                self.variables[place] = name, value
                return
        raise CannotRun

    def _command(self, command: tuple[Any, ...], dot: Value, before: Value) -> Value:
        self.run.step()
        first, *operands = command
        if isinstance(first, parsed.Function):
            return self._call(first.name, operands, dot, before)
        if operands or before is not _NO_VALUE or isinstance(first, parsed.Nil):
            raise CannotRun
        return self._operand(first, dot)

    def _call(self, name: str, operands: list[Any], dot: Value, before: Value) -> Value:
        piped = [] if before is _NO_VALUE else [before]
        if name in ("and", "or"):
            return self._choose(name, operands, dot, piped)
        return FUNCTIONS[name]([*[self._argument(one, dot) for one in operands], *piped])

    def _choose(self, name: str, operands: list[Any], dot: Value, piped: list[Value]) -> Value:
        """Return the first operand that decides, and leave the others alone; or the last one."""
        if not operands and not piped:
            raise CannotRun
        value: Value = NOTHING
        for one in operands:
            value = self._argument(one, dot)
            if is_true(value) == (name == "or"):
                return value
        return piped[0] if piped else value

    def _argument(self, operand: Any, dot: Value) -> Value:
        return None if isinstance(operand, parsed.Nil) else self._operand(operand, dot)

    def _operand(self, operand: Any, dot: Value) -> Value:
        self.run.step()
        match operand:
            case parsed.Constant(value):
                if isinstance(value, int) and value > MAX_INT:
                    raise CannotRun
                return value
            case parsed.Dot(fields):
                return _fields(dot, fields)
            case parsed.Variable(name, fields):
                return _fields(self._variable(name), fields)
            case parsed.Chain(of, fields):
                return _fields(self._argument(of, dot), fields)
            case parsed.Pipeline():
                return self.pipeline(operand, dot)
            case parsed.Function(name):
                return self._call(name, [], dot, _NO_VALUE)
        raise CannotRun


def _fields(value: Value, names: tuple[str, ...]) -> Value:
    for name in names:
        if value is NOTHING:
            return value
        if not isinstance(value, Record) or name not in value.fields:
            raise CannotRun
        value = value.fields[name]
    return value
