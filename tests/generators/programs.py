"""Programs that call the server with a generated client, each in the words of its generator."""

import json
import os
import re
from collections.abc import Mapping, Sequence

from tests.generators.calls import Call


def environment(more: Mapping[str, str] | None) -> dict[str, str]:
    """Give the environment of this process and *more*; a PATH is put before the present one."""
    new = {**os.environ, **(more or {}), "CI": "1", "NO_COLOR": "1", "OPENAPI_TS_NO_TELEMETRY": "1"}
    if more and "PATH" in more:
        new["PATH"] = f"{more['PATH']}{os.pathsep}{os.environ['PATH']}"
    return new


def fetch(calls: Sequence[Call], url: str) -> str:
    """Call with openapi-fetch."""
    lines = ['import createClient from "openapi-fetch";', 'import type { paths } from "./api.js";']
    for call in calls:
        made = f"createClient<paths>({{ baseUrl: {json.dumps(url)}, headers: {json.dumps(call.headers)} }})"
        lines += [
            "{",
            f"  const body = {json.dumps(call.body)};",
            f"  const {{ response }} = await {made}.POST({json.dumps(call.path)}, {{ body }});",
            f"  if (response.status !== {call.status}) throw new Error(`{call.operation}: ${{response.status}}`);",
            "}",
        ]
    return "\n".join([*lines, "export {};"])


def orval(calls: Sequence[Call]) -> str:
    """Call with orval's functions."""
    lines = [f'import {{ {", ".join(call.camel for call in calls)} }} from "./client.js";']
    for call in calls:
        options = json.dumps({"headers": call.headers})
        lines += [
            "{",
            f"  const answer = await {call.camel}({json.dumps(call.body)}, {options});",
            f"  if (answer.status !== {call.status}) throw new Error(`{call.operation}: ${{answer.status}}`);",
            "}",
        ]
    return "\n".join(lines)


def python_client(call: Call, url: str) -> str:
    """Call with openapi-python-client's function."""
    return f"""
from made import Client
from made.api.{call.system} import {call.snake} as operation
from made.models import {call.schema} as Body

client = Client(base_url={url!r}, headers={call.headers!r})
answer = operation.sync_detailed(client=client, body=Body.from_dict({dict(call.body)!r}))
assert answer.status_code == {call.status}, answer
"""


def oapi_codegen(calls: Sequence[Call], url: str) -> str:
    """Call with oapi-codegen's client."""
    blocks = []
    for call in calls:
        parameters = f"&client.{call.pascal}Params{{}}, " if call.has_parameters else ""
        header = f"request.Header.Set({json.dumps(call.header)}, {json.dumps(call.credential)})" if call.header else ""
        blocks.append(f"""
	{{
		var body client.{call.pascal}JSONRequestBody
		if err := json.Unmarshal([]byte({json.dumps(json.dumps(call.body))}), &body); err != nil {{ panic(err) }}
		set := func(_ context.Context, request *http.Request) error {{ {header}; return nil }}
		answer, err := api.{call.pascal}WithResponse(context.Background(), {parameters}body, set)
		if err != nil {{ panic(err) }}
		if answer.StatusCode() != {call.status} {{ panic(answer.Status()) }}
	}}""")
    return f"""package main

import (
	"context"
	"encoding/json"
	"net/http"

	"example.com/generated/client"
)

func main() {{
	api, err := client.NewClientWithResponses({json.dumps(url)})
	if err != nil {{ panic(err) }}
{"".join(blocks)}
	readExamples()
}}
"""


def _tag(call: Call) -> str:
    return "".join(word.capitalize() for word in call.system.split("_"))


def generator_go(calls: Sequence[Call], url: str) -> str:
    """Call with openapi-generator's Go client."""
    blocks = []
    for call in calls:
        header = (
            f"settings.AddDefaultHeader({json.dumps(call.header)}, {json.dumps(call.credential)})"
            if call.header
            else ""
        )
        blocks.append(f"""
	{{
		settings := client.NewConfiguration()
		settings.Servers = client.ServerConfigurations{{{{URL: {json.dumps(url)}}}}}
		{header}
		var body client.{call.schema}
		if err := json.Unmarshal([]byte({json.dumps(json.dumps(call.body))}), &body); err != nil {{ panic(err) }}
		api := client.NewAPIClient(settings)
		_, answer, err := api.{_tag(call)}API.{call.pascal}(context.Background()).{call.schema}(body).Execute()
		if err != nil {{ panic(err) }}
		if answer.StatusCode != {call.status} {{ panic(answer.Status) }}
	}}""")
    return f"""package main

import (
	"context"
	"encoding/json"

	"example.com/generated/client"
)

func main() {{
{"".join(blocks)}
	readExamples()
}}
"""


def generator_python(call: Call, url: str) -> str:
    """Call with openapi-generator's Python client."""
    return f"""
import openapi_client as made

settings = made.Configuration(host={url!r})
with made.ApiClient(settings) as client:
    for name, value in {call.headers!r}.items():
        client.set_default_header(name, value)
    api = made.{_tag(call)}Api(client)
    body = made.{call.schema}.from_dict({dict(call.body)!r})
    answer = api.{call.snake}_with_http_info({_snake(call.schema)}=body)
assert answer.status_code == {call.status}, answer
"""


def _snake(name: str) -> str:
    return re.sub(r"(?<!^)(?=[A-Z])", "_", name).lower()


def generator_java(calls: Sequence[Call], url: str) -> str:
    """Call with openapi-generator's Java client."""
    blocks = []
    for call in calls:
        text = json.dumps(json.dumps(call.body))
        header = f"request.header({json.dumps(call.header)}, {json.dumps(call.credential)})" if call.header else "{}"
        arguments = ["body", *(["null"] if call.has_parameters else [])]
        given = ", ".join(arguments if call.body_required else reversed(arguments))
        blocks.append(f"""
        {{
            var client = new ApiClient();
            client.updateBaseUri({json.dumps(url)});
            client.setRequestInterceptor(request -> {header});
            var body = client.getObjectMapper().readValue({text}, {call.schema}.class);
            var answer = new {_tag(call)}Api(client).{call.camel}WithHttpInfo({given});
            if (answer.getStatusCode() != {call.status}) throw new IllegalStateException("" + answer.getStatusCode());
        }}""")
    return f"""import org.openapitools.client.*;
import org.openapitools.client.api.*;
import org.openapitools.client.model.*;

public class Main {{
    public static void main(String[] arguments) throws Exception {{
{"".join(blocks)}
        Examples.read();
    }}
}}
"""
