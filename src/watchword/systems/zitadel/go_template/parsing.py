"""Read a template: nodes, pipelines, commands and operands."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from watchword.systems.zitadel.go_template.functions import NAMES
from watchword.systems.zitadel.go_template.lexing import Action, Kind, Token, Unreadable, split
from watchword.systems.zitadel.go_template.nodes import (
    Block,
    Chain,
    Constant,
    Dot,
    Function,
    Insert,
    Leave,
    Nil,
    Pipeline,
    Template,
    Variable,
)
from watchword.systems.zitadel.go_template.values import MAX_INT, read_number, unquote

_KEYWORDS = frozenset({"if", "with", "range", "else", "end", "define", "block", "template", "break", "continue"})
_MAX_DEPTH = 100
"""How deep parentheses and blocks may be; a link has 200 characters."""


@lru_cache(64)
def parse(text: str) -> Template:
    """
    Read a template.

    Raises:
        Unreadable: It breaks the language's rules.
    """
    return _Parser(text).template()


@dataclass
class _Reader:
    """The tokens of an action, and where the parser is."""

    tokens: tuple[Token, ...]
    at: int = 0

    def peek(self, *, spaces: bool = False) -> Token | None:
        """Return the next token, without taking it; None at the end."""
        place = self.at
        while not spaces and place < len(self.tokens) and self.tokens[place].kind is Kind.SPACE:
            place += 1
        return self.tokens[place] if place < len(self.tokens) else None

    def take(self) -> Token | None:
        """Take the next token that is no blank."""
        while self.at < len(self.tokens) and self.tokens[self.at].kind is Kind.SPACE:
            self.at += 1
        self.at += 1
        return self.tokens[self.at - 1] if self.at <= len(self.tokens) else None

    def takes(self, text: str) -> bool:
        """Take the next token if it is a sign."""
        found = self.peek()
        if found is None or found.kind is not Kind.SIGN or found.text != text:
            return False
        self.take()
        return True

    def end(self) -> None:
        """Require the end of the action."""
        if self.peek() is not None:
            raise Unreadable


@dataclass
class _Parser:
    text: str
    parts: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    variables: list[str] = field(default_factory=lambda: ["$"])
    ranges: int = 0
    depth: int = 0

    def template(self) -> Template:
        self.pieces = split(self.text)
        nodes, ended, _ = self._nodes(top=True)
        if ended:
            raise Unreadable
        self._add("", nodes)
        return Template(self.parts)

    def _add(self, name: str, nodes: tuple[Any, ...]) -> None:
        before = self.parts.get(name, ())
        if _is_empty(before):
            self.parts[name] = nodes
        elif not _is_empty(nodes):
            raise Unreadable

    def _nodes(self, *, top: bool = False) -> tuple[tuple[Any, ...], str, _Reader]:
        """Read nodes until the end of a block; return them, the word that ends them (or no word), and its rest."""
        nodes: list[Any] = []
        for piece in self.pieces:
            if not isinstance(piece, Action):
                if piece:
                    nodes.append(piece)
                continue
            reader = _Reader(piece.tokens)
            first = reader.peek()
            word = first.text if first is not None and first.kind is Kind.WORD and first.text in _KEYWORDS else ""
            if word in ("else", "end"):
                reader.take()
                return tuple(nodes), word, reader
            if word == "define":
                if not top:
                    raise Unreadable
                reader.take()
                self._define(reader)
            else:
                nodes.append(self._node(reader, word))
        return tuple(nodes), "", _Reader(())

    def _node(self, reader: _Reader, word: str) -> Any:
        if not word:
            pipeline = self._pipeline(reader)
            reader.end()
            return pipeline
        reader.take()
        if word in ("if", "with", "range"):
            return self._block(reader, word)
        if word in ("break", "continue"):
            reader.end()
            if not self.ranges:
                raise Unreadable
            return Leave()
        name = self._name(reader)
        if word == "block":
            pipeline = self._pipeline(reader)
            reader.end()
            self._body(name)
            return Insert(name, pipeline)
        given = None if reader.peek() is None else self._pipeline(reader)
        reader.end()
        return Insert(name, given)

    def _define(self, reader: _Reader) -> None:
        name = self._name(reader)
        reader.end()
        self._body(name)

    def _body(self, name: str) -> None:
        """Read the part called *name*, which has variables of its own."""
        before, self.variables = self.variables, ["$"]
        ranges, self.ranges = self.ranges, 0
        self._deeper()
        nodes, ended, rest = self._nodes()
        if ended != "end":
            raise Unreadable
        rest.end()
        self._add(name, nodes)
        self.variables, self.ranges, self.depth = before, ranges, self.depth - 1

    def _block(self, reader: _Reader, kind: str) -> Block:
        known = len(self.variables)
        self._deeper()
        pipeline = self._pipeline(reader, most=2 if kind == "range" else 1)
        reader.end()
        self.ranges += kind == "range"
        then, ended, rest = self._nodes()
        self.ranges -= kind == "range"
        otherwise: tuple[Any, ...] = ()
        if ended == "else":
            following = rest.peek()
            if following is not None and following.kind is Kind.WORD and following.text == kind != "range":
                rest.take()
                otherwise, ended = (self._block(rest, kind),), "end"
                rest = _Reader(())
            else:
                rest.end()
                otherwise, ended, rest = self._nodes()
        if ended != "end":
            raise Unreadable
        rest.end()
        del self.variables[known:]
        self.depth -= 1
        return Block(kind, pipeline, then, otherwise)

    def _name(self, reader: _Reader) -> str:
        token = reader.take()
        if token is None or token.kind not in (Kind.STRING, Kind.RAW_STRING):
            raise Unreadable
        return unquote(token.text, '"') if token.kind is Kind.STRING else token.text[1:-1]

    def _pipeline(self, reader: _Reader, *, most: int = 1) -> Pipeline:
        names: list[str] = []
        assigns = False
        while (token := reader.peek()) is not None and token.kind is Kind.VARIABLE:
            place = reader.at
            reader.take()
            if reader.takes(":=") or (assigns := reader.takes("=")):
                names.append(token.text)
                break
            if len(names) + 1 < most and reader.takes(","):
                names.append(token.text)
                continue
            if names or reader.takes(","):
                raise Unreadable
            reader.at = place
            break
        self.variables.extend(names)
        commands = [self._command(reader)]
        # The last command may be followed by a stroke.
        while reader.takes("|") and (token := reader.peek()) is not None and token.text != ")":
            commands.append(self._command(reader))
        if any(isinstance(one[0], Constant | Nil) or one[0] == Dot() for one in commands[1:]):
            raise Unreadable
        return Pipeline(tuple(commands), tuple(names), assigns)

    def _command(self, reader: _Reader) -> tuple[Any, ...]:
        operands: list[Any] = []
        while (token := reader.peek()) is not None and not (token.kind is Kind.SIGN and token.text in ("|", ")")):
            operands.append(self._operand(reader))
            following = reader.peek(spaces=True)
            if following is not None and following.kind is not Kind.SPACE and following.text not in ("|", ")"):
                raise Unreadable
        if not operands:
            raise Unreadable
        return tuple(operands)

    def _operand(self, reader: _Reader) -> Any:
        found = self._term(reader)
        fields: list[str] = []
        while (token := reader.peek(spaces=True)) is not None and token.kind is Kind.FIELD:
            fields.append(token.text[1:])
            reader.take()
        if not fields:
            return found
        if isinstance(found, Constant | Nil) or found == Dot():
            raise Unreadable
        if isinstance(found, Dot | Variable):
            return found._replace(fields=(*found.fields, *fields))
        return Chain(found, tuple(fields))

    def _term(self, reader: _Reader) -> Any:  # a table of kinds
        token = reader.take()
        if token is None:
            raise Unreadable
        text = token.text
        match token.kind:
            case Kind.DOT:
                return Dot()
            case Kind.FIELD:
                return Dot((text[1:],))
            case Kind.VARIABLE if text in self.variables:
                return Variable(text)
            case Kind.WORD:
                return _word(text)
            case Kind.NUMBER:
                return _number(text)
            case Kind.CHARACTER:
                return _character(text)
            case Kind.STRING:
                return Constant(unquote(text, '"'))
            case Kind.RAW_STRING:
                return Constant(text[1:-1].replace("\r", ""))
            case Kind.SIGN if text == "(":
                self._deeper()
                inside = self._pipeline(reader)
                if not reader.takes(")"):
                    raise Unreadable
                self.depth -= 1
                return inside
        raise Unreadable

    def _deeper(self) -> None:
        self.depth += 1
        if self.depth > _MAX_DEPTH:
            raise Unreadable


def _word(text: str) -> Any:
    if text in ("true", "false"):
        return Constant(text == "true")
    if text == "nil":
        return Nil()
    if text not in NAMES:
        raise Unreadable
    return Function(text)


def _number(text: str) -> Constant:
    number = read_number(text)
    if isinstance(number, int) and not -MAX_INT - 1 <= number <= 2 * MAX_INT + 1:
        raise Unreadable
    return Constant(number)


def _character(text: str) -> Constant:
    read = unquote(text, "'")
    if len(read) != 1:
        raise Unreadable
    code = ord(read)
    return Constant(code - 0xDC00 if 0xDC80 <= code <= 0xDCFF else code)  # a byte that is no UTF-8


def _is_empty(nodes: tuple[Any, ...]) -> bool:
    return all(isinstance(node, str) and not node.strip() for node in nodes)
