"""
Our ``.proto`` files as another implementation reads them: Google's compiler and Google's messages.

So nothing of what the server is made with helps the clients of the tests.
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
    """Everything that is described."""
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
    """Find what a method, by its path, takes and gives."""
    service, _, name = path[1:].partition("/")
    found = pool().FindServiceByName(service).FindMethodByName(name)
    return message_factory.GetMessageClass(found.input_type), message_factory.GetMessageClass(found.output_type)


def as_json(message: Message) -> dict[str, Any]:
    """Write a message as JSON types."""
    body: dict[str, Any] = json_format.MessageToDict(message, descriptor_pool=pool())
    return body


def from_json(body: Any, into: Any) -> Any:
    """Make a message of JSON types."""
    return json_format.ParseDict(body, into(), descriptor_pool=pool())


def status_of(raw: bytes) -> dict[str, Any]:
    """Read ``google.rpc.Status``, with the details unpacked, as REST has it."""
    from google.rpc import status_pb2  # noqa: PLC0415  # it registers itself beside ours

    status = status_pb2.Status.FromString(raw)
    details = []
    for one in status.details:
        name = one.type_url.rpartition("/")[2]
        details.append({"@type": one.type_url, **as_json(message_class(name).FromString(one.value))})
    body = {"code": status.code, "message": status.message}
    return {**body, "details": details} if details else body
