"""Documents that people bring: what OpenAPI allows is loaded, and what it does not allow is refused with a sentence."""

from pathlib import Path
from typing import Any

import pytest

from watchword.document import Document, DocumentError, load
from watchword.document.structure import walk
from watchword.document.validator import Validator

HEAD = "openapi: 3.0.3\ninfo: {title: Toys, version: '1'}\n"
HEAD_31 = HEAD.replace("3.0.3", "3.1.0")
OK = "responses: {'200': {description: Fine.}}"


TOY = "{$ref: '#/x-shared/Toy'}"


def load_text(folder: Path, text: str) -> Document:
    path = folder / "openapi.yaml"
    path.write_text(text, encoding="utf-8")
    return load(path, systems=[])


def with_body(schema: str, components: str = "{}", head: str = HEAD) -> str:
    """Write a document whose one operation, ``toy``, takes a body."""
    body = f"requestBody: {{content: {{application/json: {{schema: {schema}}}}}}}"
    return f"{head}paths: {{/toy: {{post: {{operationId: toy, {body}, {OK}}}}}}}\ncomponents: {components}"


def body_of(document: Document) -> Validator:
    validator = document.operations["toy"].body
    assert validator is not None
    return validator


def judge(folder: Path, schema: str, values: list[Any], components: str = "{}", head: str = HEAD) -> list[bool]:
    """Tell which *values* the body of *schema* accepts."""
    validator = body_of(load_text(folder, with_body(schema, components, head)))
    return [validator.accepts(value) for value in values]


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas/Full/properties/id",
        "#/components/schemas/Full/allOf/0/properties/id",
        "#/components/schemas/Indirect/properties/full/properties/id",
        "#/components/responses/Found/content/application~1json/schema",
        "#/paths/~1other~1%7Bname%7D/parameters/0/schema",
        "#/x-shared/id",
        "#/components/x-shared/id",
    ],
)
def test_a_reference_may_lead_anywhere_in_the_document(tmp_path: Path, reference: str) -> None:
    text = with_body(
        f"{{$ref: '{reference}'}}",
        "{x-shared: {id: {type: string}}, schemas: {id: {type: integer}, Full: {properties: {id: {type: string}},"
        " allOf: [{properties: {id: {type: string}}}]}, Indirect: {properties: {full: {$ref:"
        " '#/components/schemas/Full'}}}}, responses: {Found: {description: x, content: {application/json:"
        " {schema: {type: string}}}}}}",
    )
    other = (
        "  /other/{name}: {parameters: [{in: path, name: name, required: true, schema: {type: string}}],"
        f" get: {{{OK}}}}}\nx-shared: {{id: {{type: string}}}}\n"
    )
    text = text.replace("paths: {", "paths:\n  ", 1).replace("}\ncomponents", f"\n{other}components", 1)
    document = load_text(tmp_path, text)
    assert [body_of(document).accepts(value) for value in ("x", 1)] == [True, False]


def test_what_an_extension_refers_to_is_followed_from_there_on(tmp_path: Path) -> None:
    shared = "x-shared: {Toy: {properties: {id: {$ref: '#/x-shared/Id'}}}, Id: {items: {$ref: '#/x-more/a'}}}"
    text = f"{with_body(TOY)}\n{shared}\nx-more: {{a: {{type: integer}}}}"
    validator = body_of(load_text(tmp_path, text))
    assert [validator.accepts(value) for value in ({"id": [1]}, {"id": ["x"]})] == [True, False]


def test_a_reference_in_an_extension_that_is_used_has_to_lead_somewhere(tmp_path: Path) -> None:
    text = f"{with_body(TOY)}\nx-shared: {{Toy: {{not: {{$ref: '#/x-nowhere'}}}}}}"
    with pytest.raises(DocumentError, match="'#/x-nowhere' does not exist"):
        load_text(tmp_path, text)


def test_references_outside_of_the_components_may_lead_to_each_other(tmp_path: Path) -> None:
    ring = ", ".join(
        f"S{number}: {{properties: {{n: {{type: string}}, next: {{$ref: '#/x-ring/S{(number + 1) % 3}'}}}}}}"
        for number in range(3)
    )
    text = with_body("{$ref: '#/x-ring/S0'}", "{}").replace("\ncomponents", f"\nx-ring: {{{ring}}}\ncomponents", 1)
    body = body_of(load_text(tmp_path, text))
    values = [{"next": {"next": {"next": {"n": one}}}} for one in ("x", 5)]
    assert [body.accepts(value) for value in values] == [True, False]


def test_a_reference_outside_of_the_components_that_leads_nowhere_is_refused(tmp_path: Path) -> None:
    text = with_body("{$ref: '#/x-one'}", "{}").replace(
        "\ncomponents", "\nx-one: {properties: {next: {$ref: '#/x-two'}}}\ncomponents", 1
    )
    with pytest.raises(DocumentError, match="'#/x-two' does not exist"):
        load_text(tmp_path, text)


def test_a_reference_into_a_list_that_contains_it_is_followed(tmp_path: Path) -> None:
    kids = "{$ref: '#/components/schemas/Tree/properties/kids'}"
    tree = f"{{schemas: {{Tree: {{properties: {{kids: {{type: array, items: {{properties: {{kids: {kids}}}}}}}}}}}}}}}"
    assert judge(tmp_path, kids, [[{"kids": []}], [{"kids": [{"kids": 2}]}]], tree) == [True, False]


@pytest.mark.parametrize(
    ("head", "reference"),
    [
        (HEAD, "#/x-items/0"),
        (HEAD, "#/paths/~1first"),
        (HEAD_31, "#/components/pathItems/One"),
        (HEAD_31, "#/x-items/0"),
        (HEAD_31, "#/paths/~1first"),
    ],
)
def test_a_path_item_that_is_a_reference_is_served(tmp_path: Path, head: str, reference: str) -> None:
    item = f"{{get: {{operationId: one, {OK}}}}}"
    components = f"components: {{pathItems: {{One: {item}}}}}\n" if head == HEAD_31 else ""
    first = f"/first: {item}, " if reference == "#/paths/~1first" else ""
    text = f"{head}paths: {{{first}/a: {{$ref: '{reference}'}}}}\n{components}x-items: [{item}]"
    operations = load_text(tmp_path, text).operations
    assert "/a" in [one.path for one in operations.values()]


def test_path_items_replace_their_references_in_callbacks_of_path_items_too(tmp_path: Path) -> None:
    again = "{'{$url}': {$ref: '#/components/pathItems/Again'}}"
    text = (
        f"{HEAD_31}paths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\ncomponents:\n"
        f"  callbacks: {{C: {again}}}\n"
        "  pathItems:\n"
        f"    A: {{post: {{{OK}, callbacks: {{one: {again}, two: {{$ref: '#/components/callbacks/C'}}}}}}}}\n"
        f"    Again: {{post: {{{OK}, callbacks: {{more: {{x: {{$ref: '#/components/pathItems/Last'}}}}}}}}}}\n"
        f"    Last: {{post: {{summary: last, {OK}}}}}\n"
    )
    content = load_text(tmp_path, text).content
    for callback in (content["paths"]["/a"]["post"]["callbacks"]["one"], content["components"]["callbacks"]["C"]):
        assert callback["{$url}"]["post"]["callbacks"]["more"]["x"]["post"]["summary"] == "last"
    items = [(place, node) for place, kind, node in walk(content) if kind == "pathItem"]
    assert not [place for place, node in items if "$ref" in node]


def test_a_path_item_that_leads_back_to_itself_keeps_the_last_reference(tmp_path: Path) -> None:
    item = f"{{post: {{{OK}, callbacks: {{again: {{x: {{$ref: '#/components/pathItems/A'}}}}}}}}}}"
    text = f"{HEAD_31}paths: {{/a: {{$ref: '#/components/pathItems/A'}}}}\ncomponents: {{pathItems: {{A: {item}}}}}"
    document = load_text(tmp_path, text)
    assert [one.path for one in document.operations.values()] == ["/a"]
    assert document.content["components"]["pathItems"]["A"]["post"]["callbacks"]["again"]["x"] == {
        "$ref": "#/components/pathItems/A"
    }


def test_path_items_that_each_name_the_next_twice_are_refused_instead_of_multiplied(tmp_path: Path) -> None:
    items = {
        f"P{level}": f"{{post: {{{OK}, callbacks: {{one: {{x: {{$ref: '#/components/pathItems/P{level + 1}'}}}},"
        f" two: {{x: {{$ref: '#/components/pathItems/P{level + 1}'}}}}}}}}}}"
        for level in range(30)
    }
    listed = "\n".join(f"    {name}: {item}" for name, item in {**items, "P30": f"{{post: {{{OK}}}}}"}.items())
    text = f"{HEAD_31}paths: {{/a: {{$ref: '#/components/pathItems/P0'}}}}\ncomponents:\n  pathItems:\n{listed}\n"
    with pytest.raises(DocumentError, match="references in callbacks repeat more than 50,000 values"):
        load_text(tmp_path, text)


def test_nothing_is_a_reference_inside_plain_data(tmp_path: Path) -> None:
    data = "{$ref: 'https://toys.example/1'}"
    schema = f"{{type: object, enum: [{data}], default: {data}, example: {data}, x-note: {data}}}"
    media = f"{{schema: {schema}, examples: {{one: {{value: {data}}}}}}}"
    text = (
        f"{HEAD}x-top: {data}\npaths: {{/a: {{get: {{operationId: a, x-note: {data}, responses: {{'200': {{description:"
        f" x, content: {{application/json: {media}}}}}}}}}}}}}"
    )
    document = load_text(tmp_path, text)
    assert document.operations["a"].responses["200"].examples == {"one": {"$ref": "https://toys.example/1"}}
    assert document.extract_system("document")["paths"] == document.content["paths"]


def test_a_constant_is_plain_data(tmp_path: Path) -> None:
    schema = "{const: {$ref: '#/nowhere'}}"
    assert judge(tmp_path, schema, [{"$ref": "#/nowhere"}, {}], head=HEAD_31) == [True, False]


def test_a_property_may_be_called_ref(tmp_path: Path) -> None:
    schema = "{type: object, properties: {$ref: {type: string}}}"
    assert judge(tmp_path, schema, [{"$ref": "x"}, {"$ref": 1}]) == [True, False]


def test_extensions_are_allowed_wherever_openapi_allows_them(tmp_path: Path) -> None:
    note = "x-note: {get: 1, '200': hello}"
    text = (
        f"{HEAD}{note}\npaths: {{{note}, /a: {{{note}, get: {{operationId: a, {note}, callbacks: {{done: {{{note},"
        f" '{{$request.body#/url}}': {{post: {{responses: {{{note}, '200': {{description: x}}}}}}}}}}}},"
        f" responses: {{{note}, '200': {{{note}, description: x}}}}}}}}}}\ncomponents: {{{note}}}"
    )
    document = load_text(tmp_path, text)
    assert list(document.operations["a"].responses) == ["200"]
    assert document.export([])["paths"]["x-note"]["get"] == 1
    assert set(document.extract_system("document")["paths"]) == {"/a"}


@pytest.mark.parametrize(
    ("schema", "required"),
    [
        ("{type: object, required: [id], properties: {id: {$ref: '#/components/schemas/Id'}}}", "own"),
        ("{type: object, required: [id], properties: {id: {allOf: [{$ref: '#/components/schemas/Id'}]}}}", "own"),
        ("{allOf: [{$ref: '#/components/schemas/Base'}, {required: [id]}]}", "another part"),
        ("{allOf: [{$ref: '#/components/schemas/Demand'}, {properties: {id: {readOnly: true}}}]}", "a component"),
        ("{required: [id], allOf: [{$ref: '#/components/schemas/Base'}]}", "beside"),
    ],
)
def test_what_the_server_sets_is_not_required_of_clients(tmp_path: Path, schema: str, required: str) -> None:
    components = (
        "{schemas: {Id: {type: string, readOnly: true}, Demand: {type: object, required: [id, name]},"
        " Base: {type: object, properties: {id: {$ref: '#/components/schemas/Id'}}}}}"
    )
    assert judge(tmp_path, schema, [{"name": "Ada"}, {"name": "Ada", "id": "7"}], components) == [True, False], required


def test_what_only_clients_send_is_not_required_of_answers(tmp_path: Path) -> None:
    schema = "{allOf: [{required: [secret, name]}, {properties: {name: {}, secret: {$ref: '#/components/schemas/S'}}}]}"
    text = (
        f"{HEAD}paths: {{/a: {{get: {{operationId: a, responses: {{'200': {{description: x, content:"
        f" {{application/json: {{schema: {schema}}}}}}}}}}}}}}}\ncomponents: {{schemas: {{S: {{writeOnly: true}}}}}}"
    )
    validator = load_text(tmp_path, text).operations["a"].responses["200"].content["application/json"]
    assert validator is not None
    assert [validator.accepts(one) for one in ({"name": "a"}, {"name": "a", "secret": "b"})] == [True, False]


PETS = (
    "{schemas: {Dog: {type: object, required: [kind, barks], properties: {kind: {type: string}, barks: {type:"
    " integer}}}, Cat: {type: object, required: [kind], properties: {kind: {type: string}}}}}"
)
CHOICE = (
    "{oneOf: [{$ref: '#/components/schemas/Dog'}, {$ref: '#/components/schemas/Cat'}], discriminator: {propertyName:"
    " kind, mapping: {dog: '#/components/schemas/Dog'}}}"
)


@pytest.mark.parametrize(
    ("pet", "found"),
    [
        # A dog fits the schema of cats, too, so that a choice by schema alone would refuse it.
        ({"kind": "dog", "barks": 3}, []),
        ({"kind": "Cat"}, []),
        ({"kind": "dog", "barks": "loud"}, [("barks", "must be of type integer")]),
        ({"kind": "dog"}, [("barks", "is required")]),
        ({"kind": "eel"}, [("kind", 'must be one of ["dog","Cat"]')]),
        ({}, [("kind", "is required")]),
        (5, [("", "must be of type object")]),
    ],
    ids=repr,
)
@pytest.mark.parametrize("choice", [CHOICE, CHOICE.replace("oneOf", "anyOf")], ids=["oneOf", "anyOf"])
def test_a_discriminator_chooses_the_schema(tmp_path: Path, choice: str, pet: Any, found: list[Any]) -> None:
    violations = body_of(load_text(tmp_path, with_body(choice, PETS))).violations(pet, where="body")
    assert [(".".join(one.path), one.detail) for one in violations] == found


def test_the_schemas_of_openapi_3_1_are_those_of_json_schema(tmp_path: Path) -> None:
    schema = (
        "{type: [object, 'null'], $defs: {D: {type: string}}, $comment: x, properties: {more: {type: integer,"
        " exclusiveMinimum: 5}, same: {const: 3}, pair: {prefixItems: [{type: integer}], items: false}, d: {$ref:"
        " '#/components/schemas/P/$defs/D', maxLength: 2}}, patternProperties: {'^n-': {type: number}},"
        " propertyNames: {maxLength: 4}}"
    )
    good = [None, {}, {"more": 6}, {"same": 3}, {"pair": [1]}, {"d": "ab"}, {"n-a": 1}]
    bad = [5, {"more": 5}, {"same": 4}, {"pair": ["a"]}, {"pair": [1, 2]}, {"d": "abc"}, {"n-a": ""}, {"longer": 1}]
    components = f"{{schemas: {{P: {schema}}}}}"
    verdicts = judge(tmp_path, "{$ref: '#/components/schemas/P'}", [*good, *bad], components, HEAD_31)
    assert verdicts == [True] * len(good) + [False] * len(bad)


def test_openapi_3_0_ignores_what_stands_beside_a_reference_and_3_1_does_not(tmp_path: Path) -> None:
    schema, components = "{$ref: '#/components/schemas/P', maxLength: 1}", "{schemas: {P: {type: string}}}"
    assert judge(tmp_path, schema, ["ab"], components) == [True]
    assert judge(tmp_path, schema, ["ab", "a"], components, HEAD_31) == [False, True]


def test_webhooks_of_openapi_3_1_are_not_served(tmp_path: Path) -> None:
    webhooks = (
        f"webhooks: {{made: {{post: {{{OK}}}}}}}\njsonSchemaDialect: https://spec.openapis.org/oas/3.1/dialect/base"
    )
    document = load_text(tmp_path, f"{HEAD_31}{webhooks}")
    assert document.operations == {}
    assert document.content["paths"] == {}


def nested(levels: int) -> str:
    return "{" + "properties: {a: {" * levels + "}}" * levels + "}"


def test_ninety_schemas_inside_each_other_are_served(tmp_path: Path) -> None:
    assert judge(tmp_path, nested(90), [{}]) == [True]


BODY = "paths//toy/post/requestBody/content/application/json/schema"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (with_body("{type: [string, 'null']}"), f'{BODY}/type: .* is not of type "string"; this is OpenAPI 3.1, and'),
        (with_body("{const: 1}"), f"{BODY}/const: is not known here; this is OpenAPI 3.1, and the document says"),
        (with_body("{exclusiveMinimum: 5}"), f'{BODY}/exclusiveMinimum: 5 is not of type "boolean"; this is'),
        (with_body("{minLenght: 5}"), f"{BODY}/minLenght: is not known here; nearest: minLength"),
        (with_body("{pattern: '['}"), f"{BODY}: pattern '\\[' is not a regular expression$"),
        (with_body("{pattern: '['}", head=HEAD_31), f"{BODY}: pattern '\\[' is not a regular expression$"),
        (with_body("{type: strin}", head=HEAD_31), f'{BODY}/type: "strin" is not'),
        (with_body("{$dynamicRef: '#a'}", head=HEAD_31), f"{BODY}: \\$dynamicRef is not understood here; write \\$ref"),
        (f"{HEAD}paths: {{/a: {{get: {{responses: {{'200': {{description: 5}}}}}}}}}}", 'description: 5 is not of'),
        (f"{HEAD}webhooks: {{}}", "document: .*; this is OpenAPI 3.1"),
        (
            f"{HEAD_31}components: {{securitySchemes: {{a: {{type: oauth2, flows: {{implicit: {{scopes: {{}}}}}}}}}}}}",
            'document:\n  [^\n]*flows/implicit: "authorizationUrl" is a required property$',
        ),
        (f"{HEAD}paths: {{a: {{get: {{{OK}}}}}}}", "paths/a: a path begins with '/'$"),
        (f"{HEAD_31}paths: {{a: {{get: {{{OK}}}}}}}", "paths/a: a path begins with '/'$"),
        (f"{HEAD}paths: {{/a: {{get: {{responses: {{20: {{description: x}}}}}}}}}}", "20: a status is three digits"),
        (f"{HEAD_31}components: {{schemas: {{a b: {{}}}}}}", "schemas/a b: such a name has letters, "),
        (f"{HEAD}paths: {{}}\ncomponents: {{schemas: {{a b: {{}}}}}}", "schemas/a b: such a name has letters, "),
        (f"{HEAD}paths: {{}}\ncomponents: {{responses: {{a b: {{description: x}}}}}}", "responses/a b: such a name"),
        (
            f"{HEAD}paths: {{/a: {{get: {{security: [{{nosuch: []}}], {OK}}}}}}}\ncomponents: {{securitySchemes: {{key:"
            " {type: apiKey, in: header, name: key}, token: {type: http, scheme: bearer}}}",
            "paths//a/get/security/0: 'nosuch' is not in components/securitySchemes; there are: key, token$",
        ),
        (f"{HEAD}security: [{{nosuch: []}}]\npaths: {{}}", "security/0: 'nosuch' .*; there are none$"),
        (f"{HEAD}tags: [{{name: a, x-outer-responses: {{4XX: {{description: x}}}}}}]\npaths: {{}}", "'4XX' is not"),
        (
            with_body(
                "{}", "{schemas: {A: {allOf: [{$ref: '#/components/schemas/B'}]}, B: {$ref: '#/components/schemas/C'},"
                " C: {anyOf: [{not: {$ref: '#/components/schemas/A'}}]}}}"
            ),
            "components/schemas/A: contains itself, so that nothing can fit it: A → B → C → A",
        ),
        (with_body(CHOICE.replace("Dog'}}}", "Dogg'}}}"), PETS), "mapping/dog: '.*Dogg' does not exist"),
        (with_body(nested(400)), "openapi.yaml:3:[0-9]+: it is nested more than 200 levels deep"),
        (f"{HEAD}paths: {{/a: {{$ref: '#/paths/~1b'}}, /b: {{$ref: '#/paths/~1a'}}}}", "'#/paths/~1b' leads back to"),
    ],
)  # fmt: skip
def test_a_wrong_document_is_refused_with_the_innermost_error(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(DocumentError, match=rf"(?s){message}"):
        load_text(tmp_path, text)


def test_an_object_is_refused_for_one_reason_and_not_for_each_choice(tmp_path: Path) -> None:
    with pytest.raises(DocumentError) as caught:
        load_text(tmp_path, with_body("{type: [string, 'null']}"))
    assert len(str(caught.value).splitlines()) == 2


@pytest.mark.parametrize("scheme", ["{type: mutualTLS}", "{$ref: '#/components/securitySchemes/other'}"])
def test_every_security_scheme_of_openapi_3_1_is_loaded(tmp_path: Path, scheme: str) -> None:
    text = (
        f"{HEAD_31}security: [{{one: []}}]\npaths: {{/a: {{get: {{operationId: a, {OK}}}}}}}\ncomponents:"
        f" {{securitySchemes: {{one: {scheme}, other: {{type: apiKey, in: header, name: key}}}}}}"
    )
    assert load_text(tmp_path, text).operations["a"].security == (("one",),)


def test_a_mapping_leads_to_a_schema_among_the_components(tmp_path: Path) -> None:
    inner = "{mapping: {b: '#/components/schemas/B/properties/in'}, propertyName: kind}"
    components = "{schemas: {A: {type: object}, B: {type: object, properties: {in: {type: object}}}}}"
    schema = f"{{oneOf: [{{$ref: '#/components/schemas/A'}}], discriminator: {inner}}}"
    with pytest.raises(DocumentError, match=r"discriminator/mapping/b: .* is not one of components/schemas"):
        load_text(tmp_path, with_body(schema, components))


def test_a_fragment_without_a_slash_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "schemas.yaml").write_text("User: {type: object}", encoding="utf-8")
    with pytest.raises(DocumentError, match=r"schemas\.yaml#User"):
        load_text(tmp_path, with_body("{$ref: 'schemas.yaml#User'}"))
