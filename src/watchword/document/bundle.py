"""
From many hand-written files to one document, in which references stay references.

Every file in a system's folder is a flat map from names to objects. Its name tells the category of component:
``schemas.yaml#/UserPassword`` becomes ``#/components/schemas/UserPassword``.
Path items (``paths.yaml``) replace their references, because OpenAPI 3.0 has no component for them.
"""

from pathlib import Path
from typing import Any

import yaml
from yaml.constructor import ConstructorError

COMPONENTS = frozenset(
    ("schemas", "responses", "parameters", "examples", "requestBodies", "headers", "securitySchemes", "links")
)
_MERGE, _STRING = "tag:yaml.org,2002:merge", "tag:yaml.org,2002:str"


class DocumentError(Exception):
    """The document cannot be used; the message says where and why."""


class _PlainLoader(yaml.CSafeLoader if hasattr(yaml, "CSafeLoader") else yaml.SafeLoader):  # type: ignore[misc]  # one of two bases
    """
    Reads what JSON can express: keys (``404:`` too) and timestamps are strings, as written.

    A duplicate key is refused, and so is a node that contains itself.
    """

    def construct_object(self, node: yaml.Node, deep: bool = False) -> Any:  # noqa: ARG002, FBT001, FBT002  # PyYAML's
        # Only deep construction notices a node that contains itself.
        return super().construct_object(node, deep=True)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[str, Any]:  # noqa: FBT001, FBT002
        keys: set[str] = set()
        for key, _ in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise ConstructorError(None, None, "a key must be a scalar", key.start_mark)
            if key.value in keys:
                raise ConstructorError(None, None, f"duplicate key {key.value!r}", key.start_mark)
            keys.add(key.value)
            if key.tag != _MERGE:
                key.tag = _STRING
        return super().construct_mapping(node, deep=deep)  # type: ignore[no-any-return]  # untyped base


_PlainLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in _PlainLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path) -> Any:
    """
    Read a YAML or JSON file.

    Raises:
        DocumentError: It is missing or not YAML; the message names file, line and column.
    """
    try:
        # The loader is a safe one.
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_PlainLoader)  # noqa: S506
    except (OSError, UnicodeDecodeError) as error:
        raise DocumentError(f"{path}: {error}") from error
    except yaml.YAMLError as error:
        raise DocumentError(f"{path}: {error}") from error


def bundle(root: Path) -> dict[str, Any]:
    """
    Load *root* and everything it refers to into one document.

    Returns:
        A new dictionary in which every ``$ref`` starts with ``#/components/``.

    Raises:
        DocumentError: A file or name is missing, or two objects have the same name.
    """
    return _Bundler(root).document()


class _Bundler:
    def __init__(self, root: Path) -> None:
        self._root = root.resolve()
        self._files: dict[Path, Any] = {}
        self._origin: dict[tuple[str, str], Path] = {}
        self._components: dict[str, dict[str, Any]] = {}

    def document(self) -> dict[str, Any]:
        raw = self._file(self._root)
        if not isinstance(raw, dict):
            raise DocumentError(f"{self._root}: an OpenAPI document is a mapping")
        own = raw.get("components") or {}
        for category, members in own.items():
            for name in members or ():
                self._origin[category, name] = self._root
        document: dict[str, Any] = self._walk(raw, self._root)
        components = {**self._components}
        for category, members in document.get("components", {}).items():
            components[category] = {**(members or {}), **components.get(category, {})}
        if components:
            document["components"] = components
        return document

    def _file(self, path: Path) -> Any:
        if path not in self._files:
            self._files[path] = read_yaml(path)
        return self._files[path]

    def _walk(self, node: Any, here: Path) -> Any:
        if isinstance(node, dict):
            reference = node.get("$ref")
            if isinstance(reference, str):
                return self._refer(reference, here)
            return {key: self._walk(value, here) for key, value in node.items()}
        if isinstance(node, list):
            return [self._walk(item, here) for item in node]
        return node

    def _refer(self, reference: str, here: Path) -> Any:
        file, _, pointer = reference.partition("#/")
        if not file:
            if here != self._root:
                raise DocumentError(f"{here}: {reference!r} must name its file, for example schemas.yaml#/Name")
            return {"$ref": reference}
        path = (here.parent / file).resolve()
        content = self._file(path)
        if not isinstance(content, dict) or pointer not in content:
            raise DocumentError(f"{here}: {reference!r} does not exist")
        category = path.stem
        if category not in COMPONENTS:
            return self._walk(content[pointer], path)
        place = category, pointer
        if place not in self._origin:
            self._origin[place] = path
            # The name is reserved first, because a schema may refer to itself.
            members = self._components.setdefault(category, {})
            members[pointer] = None
            members[pointer] = self._walk(content[pointer], path)
        elif self._origin[place] != path:
            raise DocumentError(f"{here}: {pointer!r} is defined in {self._origin[place]} and in {path}")
        return {"$ref": f"#/components/{category}/{pointer}"}
