"""
Every kind of difference, and how much it matters in each direction.

This is the whole judgement of documents: everything else only finds what differs.
A category of a schema is named after where the schema stands: ``request-property-min-length-increased``,
``response-body-enum-value-added``. The others have one name.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from watchword.review.level import Level, Way

_B, _R, _H = Level.BREAKING, Level.RISKY, Level.HARMLESS


@dataclass(frozen=True)
class Category:
    """
    A kind of difference.

    Args:
        request: How much it matters in what a client sends.
        response: How much it matters in what a client gets.
        sent: Why, in what a client sends.
        got: Why, in what a client gets; empty if that is the same.
    """

    request: Level
    response: Level
    sent: str
    got: str = ""

    def level(self, way: Way) -> Level:
        """Give the level in one direction."""
        return self.request if way is Way.REQUEST else self.response

    def why(self, way: Way) -> str:
        """Say why it matters, or does not, in one direction."""
        return self.got or self.sent if way is Way.RESPONSE else self.sent


_FEWER, _MORE = (_B, _H), (_H, _B)
"""Fewer values are allowed, or more are."""


def _bounds() -> Iterator[tuple[str, Category]]:
    for name, noun, least in (
        ("min-length", "text", True),
        ("max-length", "text", False),
        ("min-items", "array", True),
        ("max-items", "array", False),
        ("min-properties", "object", True),
        ("max-properties", "object", False),
        ("min", "number", True),
        ("max", "number", False),
    ):
        short, long = ("smaller", "greater") if noun == "number" else ("shorter", "longer")
        tight, loose = (short, "increased") if least else (long, "decreased"), (short, long)[not least]
        yield f"{name}-{tight[1]}", Category(*_FEWER, f"A {tight[0]} {noun} is no longer valid.")
        other = "decreased" if least else "increased"
        yield f"{name}-{other}", Category(*_MORE, f"A {loose} {noun} is valid, too.")
        yield f"{name}-set", Category(*_FEWER, f"There was no bound, and now a {tight[0]} {noun} is not valid.")
        yield f"{name}-unset", Category(*_MORE, f"There is no bound any more, so a {loose} {noun} is valid, too.")


SCHEMA_CATEGORIES: Mapping[str, Category] = {
    **dict(_bounds()),
    "type-changed": Category(_B, _B, "Values of one type are no values of the other."),
    "type-generalized": Category(*_MORE, "Values of more types are valid."),
    "type-specialized": Category(*_FEWER, "Values of fewer types are valid."),
    "became-false-schema": Category(*_FEWER, "No value is valid any more."),
    "became-not-false-schema": Category(*_MORE, "Values are valid where none was."),
    "became-nullable": Category(*_MORE, "A client may send null, too.", "A client meets null, and may not expect it."),
    "became-not-nullable": Category(*_FEWER, "A client that sends null is refused.", "A client gets null no longer."),
    "format-set": Category(*_FEWER, "A format excludes texts that were valid."),
    "format-unset": Category(*_MORE, "Texts without that format are valid, too."),
    "format-generalized": Category(*_MORE, "The new format holds all values of the old one, and more."),
    "format-specialized": Category(*_FEWER, "The new format holds only some values of the old one."),
    "format-changed": Category(_B, _B, "Values of one format are no values of the other."),
    "secret-mark-set": Category(_H, _H, "The value is marked as a secret, so tools stop showing it."),
    "secret-mark-unset": Category(_R, _R, "The value is no longer marked as a secret, so tools begin to show it."),
    "enum-set": Category(*_FEWER, "Every value was valid, and now only the listed ones are."),
    "enum-unset": Category(*_MORE, "Every value is valid, not only the listed ones."),
    "enum-value-added": Category(
        _H, _R, "A client may send one more value.", "A client meets a value that it does not know."
    ),
    "enum-value-removed": Category(
        *_FEWER, "A client that sends the value is refused.", "A client gets the value no longer."
    ),
    "pattern-set": Category(*_FEWER, "A pattern excludes texts that were valid."),
    "pattern-unset": Category(*_MORE, "Texts that did not fit the pattern are valid, too."),
    "pattern-changed": Category(_R, _R, "Nobody can say in general which of two patterns holds more texts."),
    "unique-items-set": Category(*_FEWER, "An array with equal entries is no longer valid."),
    "unique-items-unset": Category(*_MORE, "An array may have equal entries."),
    "multiple-of-set": Category(*_FEWER, "Numbers between the multiples are no longer valid."),
    "multiple-of-unset": Category(*_MORE, "Numbers between the multiples are valid, too."),
    "multiple-of-generalized": Category(
        *_MORE, "Every old multiple is one of the new number, too.", "A client meets numbers between the old multiples."
    ),
    "multiple-of-specialized": Category(*_FEWER, "Only some of the old multiples are multiples of the new number."),
    "multiple-of-changed": Category(_B, _B, "Multiples of one number are no multiples of the other."),
    "default-set": Category(
        _R,
        _H,
        "What is left out has a meaning now, perhaps not the one that the server gave it.",
        "A default is for what a request leaves out.",
    ),
    "default-unset": Category(
        _R,
        _H,
        "What is left out no longer has that meaning, or the document does not say so.",
        "A default is for what a request leaves out.",
    ),
    "default-changed": Category(
        _R, _H, "A request that leaves it out means something else.", "A default is for what a request leaves out."
    ),
    "required-property-added": Category(
        _B,
        _H,
        "A client that does not know the property does not send it.",
        "A client that does not know it ignores it.",
    ),
    "optional-property-added": Category(_H, _H, "Nobody has to send it.", "A client that does not know it ignores it."),
    "property-added-to-closed": Category(_H, _R, "BASE did not allow the property, so a strict client refuses it."),
    "required-property-removed": Category(
        _R, _B, "A client that sends it is ignored or refused.", "A client that reads it misses it."
    ),
    "optional-property-removed": Category(
        _R, _R, "A client that sends it is ignored or refused.", "A client that uses it misses it."
    ),
    "property-refused": Category(_B, _H, "HEAD allows no further properties, so a client that sends it is refused."),
    "property-became-required": Category(
        *_FEWER, "A client that leaves it out is refused.", "A client gets it every time."
    ),
    "property-became-optional": Category(*_MORE, "A client may leave it out.", "A client that reads it may miss it."),
    "property-became-read-only": Category(
        _R, _H, "A client that sends it is ignored or refused.", "A client gets it as before."
    ),
    "property-became-write-only": Category(
        _H, _B, "A client may send it as before.", "A client that reads it misses it."
    ),
    "property-became-not-read-only": Category(_H, _H, "A client may send it now.", "A client gets it as before."),
    "property-became-not-write-only": Category(_H, _H, "A client may send it as before.", "A client gets it now."),
    "additional-properties-forbidden": Category(
        *_FEWER,
        "Properties that the schema does not name are refused.",
        "A client gets no properties but the named ones.",
    ),
    "additional-properties-allowed": Category(
        _H,
        _R,
        "A client may send properties that the schema does not name.",
        "A client meets properties that the schema does not name.",
    ),
    "not-set": Category(*_FEWER, "Some values are excluded now."),
    "not-unset": Category(*_MORE, "Values that were excluded are valid, too."),
    "not-changed": Category(_R, _R, "Other values are excluded; which, the document does not say in general."),
    "alternatives-set": Category(*_FEWER, "A value has to fit one of the alternatives, too."),
    "alternatives-unset": Category(*_MORE, "A value need not fit one of the alternatives any more."),
    "alternative-added": Category(*_MORE, "Values of another form are valid, too."),
    "alternative-removed": Category(*_FEWER, "Values of that form are no longer valid."),
    "one-of-became-any-of": Category(_H, _R, "A value may fit several alternatives."),
    "any-of-became-one-of": Category(_R, _H, "A value that fits several alternatives is no longer valid."),
    "discriminator-set": Category(_R, _H, "A property decides which alternative is meant."),
    "discriminator-unset": Category(_H, _R, "No property says any more which alternative is meant."),
    "discriminator-property-changed": Category(_B, _B, "Another property says which alternative is meant."),
    "discriminator-value-added": Category(
        _H, _R, "A client may send one more value.", "A client meets a value that it does not know."
    ),
    "discriminator-value-removed": Category(*_FEWER, "A value of the discriminator is no longer valid."),
    "discriminator-value-changed": Category(_B, _B, "A value of the discriminator means another schema."),
    "deprecated": Category(_H, _H, "It works as before, and should not be used in new clients."),
    "reactivated": Category(_H, _H, "It is no longer deprecated."),
    "example-changed": Category(_H, _H, "An example is no promise."),
    "text-changed": Category(_H, _H, "Titles and descriptions are for people."),
    "always-added": Category(_H, _H, "Every answer is said to have the property now, required or not."),
    "always-removed": Category(_H, _R, "No longer every answer is said to have the property."),
    "extension-changed": Category(_H, _H, "Clients that keep to OpenAPI do not read the extension."),
}
"""Of schemas, by the end of their name."""


SILENT = ("text-changed", "example-changed", "extension-changed", "deprecated", "reactivated")
"""The ends of those that change no value."""


def _one(level: Level, why: str) -> Category:
    return Category(level, level, why)


CATEGORIES: Mapping[str, Category] = {
    "operation-added": _one(_H, "Nobody calls it yet."),
    "operation-removed": _one(_B, "Who calls it gets an error."),
    "deprecated-operation-removed": _one(_R, "It was deprecated; who still calls it gets an error."),
    "operation-deprecated": _one(_H, "It works as before, and should not be used in new clients."),
    "operation-reactivated": _one(_H, "It is no longer deprecated."),
    "operation-id-changed": _one(_R, "Generated clients get a method of another name."),
    "operation-tags-changed": _one(_H, "Tags sort operations; some generators name classes by them."),
    "path-parameter-renamed": _one(_H, "The path stays the same; generated clients get an argument of another name."),
    "base-path-added": _one(_H, "The operation is served elsewhere, too."),
    "base-path-removed": _one(_B, "The operation is no longer served there."),
    "server-added": _one(_H, "There is another server."),
    "server-removed": _one(_B, "Who calls that server is not told that it still answers."),
    "server-variables-changed": _one(_R, "Addresses that are made from the variables may no longer be served."),
    "required-request-parameter-added": _one(_B, "A client that does not know the parameter does not send it."),
    "optional-request-parameter-added": _one(_H, "Nobody has to send it."),
    "request-parameter-removed": _one(_R, "Who sends it is ignored or refused."),
    "request-parameter-became-required": _one(_B, "A client that leaves it out is refused."),
    "request-parameter-became-optional": _one(_H, "Who sends it may go on."),
    "request-parameter-style-changed": _one(_B, "The same value is written in another way."),
    "request-parameter-content-changed": _one(_B, "The value is written in another format."),
    "request-parameter-reserved-allowed": _one(_H, "Reserved characters need not be encoded."),
    "request-parameter-reserved-forbidden": _one(_B, "Reserved characters have to be encoded."),
    "request-parameter-empty-allowed": _one(_H, "The value may be left empty."),
    "request-parameter-empty-forbidden": _one(_B, "The value may not be left empty any more."),
    "request-parameter-deprecated": _one(_H, "It works as before, and should not be used in new clients."),
    "request-parameter-reactivated": _one(_H, "It is no longer deprecated."),
    "required-request-body-added": _one(_B, "A client that sends no body is refused."),
    "optional-request-body-added": _one(_H, "Nobody has to send it."),
    "request-body-removed": _one(_B, "A client that sends a body is ignored or refused."),
    "request-body-became-required": _one(_B, "A client that sends no body is refused."),
    "request-body-became-optional": _one(_H, "Who sends it may go on."),
    "request-media-type-added": _one(_H, "A client may send another format."),
    "request-media-type-removed": _one(_B, "A client that sends that format is refused."),
    "request-encoding-changed": _one(_B, "A part of the body is written in another way."),
    "success-status-added": _one(_R, "Clients meet a success that they do not know."),
    "success-status-removed": _one(_B, "Clients wait for a success that does not come any more."),
    "error-status-added": _one(_R, "Clients meet an error that they do not know."),
    "error-status-removed": _one(_H, "Clients handle an error that does not come any more."),
    "response-media-type-added": _one(_H, "A client may ask for another format."),
    "response-media-type-removed": _one(_B, "A client that reads that format gets none."),
    "response-encoding-changed": _one(_B, "A part of the body is written in another way."),
    "response-header-added": _one(_H, "Who does not know the header ignores it."),
    "required-response-header-removed": _one(_B, "A client that reads the header misses it."),
    "optional-response-header-removed": _one(_R, "A client that uses the header misses it."),
    "response-header-became-optional": _one(_B, "A client that reads the header may miss it."),
    "response-header-became-required": _one(_H, "The header is there every time."),
    "response-header-style-changed": _one(_B, "The same value is written in another way."),
    "response-header-content-changed": _one(_B, "The value is written in another format."),
    "response-header-deprecated": _one(_H, "It is sent as before, and should not be used in new clients."),
    "response-header-reactivated": _one(_H, "It is no longer deprecated."),
    "links-changed": _one(_H, "Links say what could be called next; the calls are as before."),
    "security-required": _one(_B, "A client without credentials is refused."),
    "security-no-longer-required": _one(_H, "Who sends credentials may go on."),
    "optional-credentials-added": _one(_H, "A client may prove who it is, and need not."),
    "optional-credentials-removed": _one(_R, "A client that proves so who it is is treated like one that does not."),
    "security-alternative-added": _one(_H, "A client may prove who it is in another way, too."),
    "security-alternative-removed": _one(_B, "A client that proves so who it is is refused."),
    "security-scope-added": _one(_B, "A token without the scope is refused."),
    "security-scope-removed": _one(_H, "A token needs fewer scopes."),
    "security-flow-added": _one(_H, "A client may get its tokens in another way, too."),
    "security-flow-removed": _one(_B, "A client that gets its tokens so gets none any more."),
    "security-flow-scope-added": _one(_H, "A token may have one more scope."),
    "security-flow-scope-removed": _one(_B, "A client that asks for the scope gets no token, or one without it."),
    "security-scheme-address-changed": _one(_R, "Tokens come from another address."),
    "security-scheme-renamed": _one(_H, "Credentials are as before; generated clients get another name."),
    "rpc-method-added": _one(_H, "The operation can be called over RPC, too."),
    "rpc-method-removed": _one(_B, "The operation can no longer be called over RPC, or by this method."),
    "rpc-media-type-added": _one(_H, "The method can be called over another protocol, too."),
    "rpc-media-type-removed": _one(_B, "The method can no longer be called over that protocol."),
    "permission-changed": _one(_R, "A caller needs another permission."),
    "rule-added": _one(_R, "The operation asks another rule; what it refuses, only behaviour shows."),
    "rule-removed": _one(_R, "The operation no longer asks a rule; what it lets pass, only behaviour shows."),
    "setting-changed": _one(_R, "The document carries another setting; what it changes, only behaviour shows."),
    "fault-changed": _one(_H, "What goes wrong on purpose in the stand-in; clients of the real service never see it."),
    "example-changed": _one(_H, "An example is no promise."),
    "text-changed": _one(_H, "Titles and descriptions are for people."),
    "extension-changed": _one(_H, "Clients that keep to OpenAPI do not read the extension."),
    "not-judged": _one(_H, "Watchword does not know what it means to clients."),
    "unused-component-changed": _one(_H, "No operation refers to the component."),
}
"""Of everything but schemas, by their name."""


def category_of(name: str) -> Category:
    """Find the category that a difference *name* is of."""
    found = CATEGORIES.get(name)
    if found is not None:
        return found
    words = name.split("-")
    ends = ("-".join(words[start:]) for start in range(1, len(words)))
    return next(SCHEMA_CATEGORIES[end] for end in ends if end in SCHEMA_CATEGORIES)
