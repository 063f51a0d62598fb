"""The tools, each a function that reads a document and raises if it cannot use it."""

import json
import shutil
import socket
import sys
from pathlib import Path

from tests.generators import go, programs, readings
from tests.generators.running import Task, Tool, load, run

HERE = Path(__file__).parent
MODULES = HERE / "node_modules"
SPECMATIC = MODULES / "specmatic" / "specmatic.jar"
GENERATOR = "org.openapitools:openapi-generator-cli:7.25.0"
CODEGEN = "github.com/oapi-codegen/oapi-codegen/v2/cmd/oapi-codegen@v2.8.2"
PYTHON_CLIENT = "openapi-python-client==0.29.1"


def _npm(name: str) -> Path:
    return MODULES / ".bin" / name


def spectral(task: Task) -> None:
    """Lint with the rule set for OpenAPI."""
    rules = task.folder / "rules.json"
    rules.write_text('{"extends": ["spectral:oas"]}', encoding="utf-8")
    run([_npm("spectral"), "lint", "--ruleset", rules, "--fail-severity", "error", task.document], task.folder)


def redocly(task: Task) -> None:
    """Lint with the recommended rules."""
    run([_npm("redocly"), "lint", "--extends", "recommended", task.document], task.folder)


def typescript(task: Task) -> None:
    """Make types with openapi-typescript, call with openapi-fetch."""
    # Otherwise a property with a default is required in requests too.
    options = ["--default-non-nullable", "false", "--output", str(task.folder / "api.d.ts")]
    run([_npm("openapi-typescript"), task.document, *options], task.folder)
    _run_typescript(task, programs.fetch(task.calls, task.url), readings.types(task.examples))


def orval(task: Task) -> None:
    """Make functions with orval."""
    config = {
        "api": {"input": str(task.document), "output": {"target": "client.ts", "client": "fetch", "baseUrl": task.url}}
    }
    (task.folder / "orval.config.cjs").write_text(f"module.exports = {json.dumps(config)};", encoding="utf-8")
    run([_npm("orval"), "--config", "orval.config.cjs"], task.folder)
    _run_typescript(task, programs.orval(task.calls), readings.orval(task.examples))


def _run_typescript(task: Task, main: str, examples: str) -> None:
    (task.folder / "main.ts").write_text(main, encoding="utf-8")
    (task.folder / "examples.ts").write_text(examples, encoding="utf-8")
    (task.folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    (task.folder / "node_modules").symlink_to(MODULES)
    options = [
        "--strict",
        "--skipLibCheck",
        "--target",
        "es2022",
        "--lib",
        "es2023,dom,dom.iterable",
        "--types",
        "node",
    ]
    options += ["--module", "esnext", "--moduleResolution", "bundler", "--outDir", "built"]
    run([_npm("tsc"), *options, "main.ts", "examples.ts"], task.folder)
    (task.folder / "built" / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    run(["node", "built/main.js"], task.folder)


def python_client(task: Task) -> None:
    """Make a client with openapi-python-client."""
    python = _environment(task.shared / "openapi-python-client", PYTHON_CLIENT)
    made = task.folder / "made"
    run([python.with_name("openapi-python-client"), "generate", "--path", task.document, "--meta", "none",
         "--fail-on-warning", "--output-path", made], task.folder, env={"PATH": str(python.parent)})  # fmt: skip
    for call in task.calls:
        run([python, "-c", programs.python_client(call, task.url)], task.folder)
    task.read_examples([python, "-c", readings.python_client()])


def _environment(folder: Path, *packages: str) -> Path:
    python = folder / "bin" / "python"
    if not python.exists():
        run([sys.executable, "-m", "venv", folder], folder.parent)
        run([python, "-m", "pip", "install", "--quiet", *packages], folder.parent)
    return python


def oapi_codegen(task: Task) -> None:
    """Make a Go client with oapi-codegen."""
    tool = task.shared / "bin" / "oapi-codegen"
    if not tool.exists():
        run(["go", "install", CODEGEN], task.shared, env=go.environment() | {"GOBIN": str(tool.parent)})
    made = task.folder / "client"
    made.mkdir()
    run([tool, "-generate", "types,client", "-package", "client", "-o", made / "client.go", task.document], task.folder)
    _run_go(task, programs.oapi_codegen(task.calls, task.url))


def _run_go(task: Task, main: str) -> None:
    environment = go.environment()
    (task.folder / "go.mod").write_text("module example.com/generated\n\ngo 1.24\n", encoding="utf-8")
    (task.folder / "main.go").write_text(main, encoding="utf-8")
    (task.folder / "examples.go").write_text(readings.go(task.examples), encoding="utf-8")
    run(["go", "mod", "tidy"], task.folder, env=environment)
    run(["go", "build", "-o", "program", "."], task.folder, env=environment)
    task.read_examples([task.folder / "program"])


def _generate(task: Task, language: str, *more: str) -> None:
    jar = next(task.shared.glob("openapi-generator-cli-*.jar"), None)
    if jar is None:
        run(
            ["mvn", "-q", "dependency:copy", f"-Dartifact={GENERATOR}", f"-DoutputDirectory={task.shared}"], task.shared
        )
        jar = next(task.shared.glob("openapi-generator-cli-*.jar"))
    run(["java", "-jar", jar, "generate", "-i", task.document, "-g", language, "-o", ".", *more], task.folder)


def generator_java(task: Task) -> None:
    """Make a Java client with openapi-generator."""
    _generate(task, "java", "--library", "native")
    folder = task.folder / "src" / "main" / "java"
    (folder / "Main.java").write_text(programs.generator_java(task.calls, task.url), encoding="utf-8")
    (folder / "Examples.java").write_text(readings.java(), encoding="utf-8")
    run(
        ["mvn", "-q", "-DskipTests", "compile", "dependency:build-classpath", "-Dmdep.outputFile=classpath"],
        task.folder,
    )
    path = (task.folder / "classpath").read_text(encoding="utf-8")
    task.read_examples(["java", "-cp", f"target/classes:{path}", "Main"])


def generator_go(task: Task) -> None:
    """Make a Go client with openapi-generator."""
    _generate(task, "go", "--additional-properties", "withGoMod=false,isGoSubmodule=false,packageName=client")
    made = task.folder / "client"
    made.mkdir()
    for file in task.folder.glob("*.go"):
        file.rename(made / file.name)
    shutil.rmtree(task.folder / "test", ignore_errors=True)
    _run_go(task, programs.generator_go(task.calls, task.url))


def generator_python(task: Task) -> None:
    """Make a Python client with openapi-generator."""
    _generate(task, "python")
    needs = ("urllib3", "python-dateutil", "pydantic>=2", "typing-extensions", "lazy-imports")
    python = _environment(task.shared / "openapi-generator-python", *needs)
    for call in task.calls:
        run([python, "-c", programs.generator_python(call, task.url)], task.folder)
    task.read_examples([python, "-c", readings.generator_python()])


def specmatic(task: Task) -> None:
    """Load the document into Specmatic's stub."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    command = ["java", "-jar", str(SPECMATIC), "stub", str(task.document), "--port", port]
    load(task, command, ready="running on", ruins="Exception")


def prism(task: Task) -> None:
    """Load the document into Prism's mock server."""
    load(task, [str(_npm("prism")), "mock", "--port", "0", str(task.document)], ready="is listening", ruins="fatal")


TOOLS = (
    Tool("Spectral", spectral, (_npm("spectral"),), quick=True),
    Tool("Redocly", redocly, (_npm("redocly"),), quick=True),
    Tool("openapi-typescript", typescript, (_npm("openapi-typescript"), "node"), quick=True),
    Tool("openapi-python-client", python_client, (), quick=True),
    Tool("oapi-codegen", oapi_codegen, ("go",)),
    Tool("orval", orval, (_npm("orval"), "node")),
    Tool("openapi-generator (Go)", generator_go, ("javac", "mvn", "go")),
    Tool("openapi-generator (Java)", generator_java, ("javac", "mvn")),
    Tool("openapi-generator (Python)", generator_python, ("java", "mvn")),
    Tool("Specmatic", specmatic, (SPECMATIC, "java")),
    Tool("Prism", prism, (_npm("prism"), "node")),
)
