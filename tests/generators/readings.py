"""Programs that read every example with the types of a generated client, each in the words of its generator."""

import json
from collections.abc import Sequence

from tests.generators.examples import GIVEN, WRITTEN, Example


def types(examples: Sequence[Example]) -> str:
    """Check with openapi-typescript's types; an unknown or missing member does not compile."""
    lines = ['import type { components } from "./api.js";']
    lines += [
        f"export const example{number}: components['schemas']['{one.schema}'] = {json.dumps(one.value)};"
        for number, one in enumerate(examples)
    ]
    return "\n".join(lines)


def orval(examples: Sequence[Example]) -> str:
    """Check with orval's types."""
    lines = [f'import type {{ {", ".join(_schemas(examples))} }} from "./client.js";']
    lines += [
        f"export const example{number}: {one.schema} = {json.dumps(one.value)};" for number, one in enumerate(examples)
    ]
    return "\n".join(lines)


def python_client() -> str:
    """Read and write with the models of openapi-python-client."""
    return f"""
import json
from made import models

with open({GIVEN!r}) as given, open({WRITTEN!r}, "w") as written:
    examples = json.load(given)
    json.dump([getattr(models, one["schema"]).from_dict(one["value"]).to_dict() for one in examples], written)
"""


def generator_python() -> str:
    """Read and write with the models of openapi-generator's Python client."""
    return f"""
import json
import openapi_client as made

with open({GIVEN!r}) as given, open({WRITTEN!r}, "w") as written:
    read = [getattr(made, one["schema"]).from_json(json.dumps(one["value"])) for one in json.load(given)]
    # As for a request: *to_json* hides passwords.
    json.dump([made.ApiClient().sanitize_for_serialization(one) for one in read], written)
"""


def go(examples: Sequence[Example]) -> str:
    """Read and write with the structs of a Go client."""
    makers = "\n".join(f'\t"{one}": func() any {{ return new(client.{one}) }},' for one in _schemas(examples))
    return f"""package main

import (
	"encoding/json"
	"os"

	"example.com/generated/client"
)

var makers = map[string]func() any{{
{makers}
}}

func readExamples() {{
	text, err := os.ReadFile({json.dumps(GIVEN)})
	if err != nil {{ panic(err) }}
	var examples []struct {{ Schema string; Value json.RawMessage }}
	if err := json.Unmarshal(text, &examples); err != nil {{ panic(err) }}
	all := []any{{}}
	for _, example := range examples {{
		one := makers[example.Schema]()
		if err := json.Unmarshal(example.Value, one); err != nil {{ panic(example.Schema + ": " + err.Error()) }}
		all = append(all, one)
	}}
	written, err := json.Marshal(all)
	if err != nil {{ panic(err) }}
	if err := os.WriteFile({json.dumps(WRITTEN)}, written, 0o600); err != nil {{ panic(err) }}
}}
"""


def java() -> str:
    """Read and write with the classes of openapi-generator's Java client."""
    return f"""import com.fasterxml.jackson.databind.JsonNode;
import java.io.File;
import java.util.ArrayList;
import org.openapitools.client.ApiClient;

class Examples {{
    static void read() throws Exception {{
        var mapper = new ApiClient().getObjectMapper();
        var all = new ArrayList<Object>();
        for (JsonNode one : mapper.readTree(new File({json.dumps(GIVEN)}))) {{
            var type = Class.forName("org.openapitools.client.model." + one.get("schema").asText());
            all.add(mapper.treeToValue(one.get("value"), type));
        }}
        mapper.writeValue(new File({json.dumps(WRITTEN)}), all);
    }}
}}
"""


def _schemas(examples: Sequence[Example]) -> list[str]:
    return sorted({one.schema for one in examples})
