"""
Our ``.proto`` files, read by Google's compiler into Google's messages.

The clients of the tests use these, so that they share no code with the server.
"""

import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path
from typing import Any

from google.protobuf import descriptor_pb2, descriptor_pool, json_format, message_factory
from google.protobuf.message import Message

from tests.generate.protos import PROTO


@cache
def pool() -> descriptor_pool.DescriptorPool:
    """Compile all our files."""
    with tempfile.NamedTemporaryFile(suffix=".bin") as file:
        sources = sorted(str(path.relative_to(PROTO)) for path in PROTO.rglob("*.proto"))
        command = [sys.executable, "-m", "grpc_tools.protoc", f"-I{PROTO}", "--include_imports"]
        subprocess.run([*command, f"--descriptor_set_out={file.name}", *sources], check=True)  # noqa: S603
        files = descriptor_pb2.FileDescriptorSet.FromString(Path(file.name).read_bytes())
    made = descriptor_pool.DescriptorPool()
    for one in files.file:
        made.Add(one)
    return made


def message_class(name: str) -> Any:
    """Find a message by its full name."""
    return message_factory.GetMessageClass(pool().FindMessageTypeByName(name))


def method(path: str) -> tuple[Any, Any]:
    """Find the classes of a method's request and reply by its path."""
    service, _, name = path[1:].partition("/")
    found = pool().FindServiceByName(service).FindMethodByName(name)
    return message_factory.GetMessageClass(found.input_type), message_factory.GetMessageClass(found.output_type)


def as_json(message: Message) -> dict[str, Any]:
    """Make a JSON value of a message."""
    body: dict[str, Any] = json_format.MessageToDict(message, descriptor_pool=pool())
    return body


def from_json(body: Any, into: Any) -> Any:
    """Make a message of a JSON value."""
    return json_format.ParseDict(body, into(), descriptor_pool=pool())


def status_of(raw: bytes) -> dict[str, Any]:
    """Read ``google.rpc.Status`` into the JSON value of REST, with the details unpacked."""
    from google.rpc import status_pb2  # noqa: PLC0415  # importing it registers its own description

    status = status_pb2.Status.FromString(raw)
    details = []
    for one in status.details:
        name = one.type_url.rpartition("/")[2]
        details.append({"@type": one.type_url, **as_json(message_class(name).FromString(one.value))})
    body = {"code": status.code, "message": status.message}
    return {**body, "details": details} if details else body
