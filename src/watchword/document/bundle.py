"""
From many hand-written files to one document, in which references stay references.

What a reference to another file leads to becomes a component. The place of the reference tells its category:
``schemas.yaml#/UserPassword``, where a schema stands, becomes ``#/components/schemas/UserPassword``.
Path items replace their references, because OpenAPI 3.0 has no component for them.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from watchword.document.errors import DocumentError
from watchword.document.reader import read_file
from watchword.document.references import component_name, find_part, pointer_steps
from watchword.document.structure import CATEGORIES, DATA, kind_of, reference_in


def bundle(root: Path) -> dict[str, Any]:
    """
    Load *root* and everything it refers to into one document.

    Returns:
        A new dictionary in which every ``$ref`` starts with ``#``.

    Raises:
        DocumentError: A file or name is missing, or two objects have the same name.
    """
    raw = read_file(root)
    if not isinstance(raw, dict):
        raise DocumentError(f"{root}: an OpenAPI document is a mapping")
    bundler = Bundler(root, raw)
    document: dict[str, Any] = bundler.bundled(raw, "document")
    bundler.add_components_to(document)
    return document


class Bundler:
    """
    Brings what the references of one file lead to into one document.

    Args:
        home: The file whose references are followed. A reference without a file stays as it is.
        document: The document that components are added to; its own names are taken.
        is_overlay: *home* is not the document itself, but changes it.
    """

    def __init__(self, home: Path, document: Mapping[str, Any], *, is_overlay: bool = False) -> None:
        self._home, self._is_overlay = home.resolve(), is_overlay
        self._files: dict[Path, Any] = {}
        self._components: dict[str, dict[str, Any]] = {}
        self._within: tuple[str, ...] = ()
        own = document.get("components")
        self._origin: dict[tuple[str, str], str] = {
            (category, name): "the document" if is_overlay else str(self._home)
            for category, members in (own.items() if isinstance(own, dict) else ())
            for name in (members if isinstance(members, dict) else ())
        }

    def bundled(self, node: Any, kind: str, here: Path | None = None) -> Any:
        """
        Copy *node*, and rewrite its references to other files.

        Args:
            kind: What *node* is (`structure`).
            here: The file that it stands in; None for the home.
        """
        if kind == DATA or not isinstance(node, dict | list):
            return node
        if isinstance(node, list):
            return [self.bundled(item, kind_of(kind, index), here) for index, item in enumerate(node)]
        if kind == "discriminator":
            return self._discriminator(node, here)
        copied = {name: self.bundled(item, kind_of(kind, name), here) for name, item in node.items()}
        reference = reference_in(kind, node)
        if reference is None:
            return copied
        return {**self._target(reference, kind, here), **{name: copied[name] for name in copied if name != "$ref"}}

    def add_components_to(self, document: dict[str, Any]) -> None:
        """Add what was referred to, to the components of *document*."""
        if not self._components:
            return
        own = document.get("components") or {}
        both = {category: {**(own.get(category) or {}), **members} for category, members in self._components.items()}
        document["components"] = {**own, **both} if self._is_overlay else {**both, **own, **both}

    def _discriminator(self, node: dict[str, Any], here: Path | None) -> Any:
        mapping = node.get("mapping")
        if not isinstance(mapping, dict):
            return node
        return {
            **node,
            "mapping": {
                name: self._target(value, "schema", here)["$ref"]
                if isinstance(value, str) and ("#" in value or value.endswith((".yaml", ".yml", ".json")))
                else value
                for name, value in mapping.items()
            },
        }

    def _target(self, reference: str, kind: str, here: Path | None) -> dict[str, Any]:
        """Give what replaces a reference: a reference into the document, or a path item."""
        file, _, _ = reference.partition("#")
        if not file and here is None:
            return {"$ref": reference}
        path = ((here or self._home).parent / unquote(file)).resolve() if file else here
        if urlsplit(file).scheme in ("http", "https"):
            raise DocumentError(f"{here or self._home}: {reference!r} is on the network; only files are read")
        assert path is not None  # noqa: S101  # here, if there is no file
        if path == self._home and not self._is_overlay:
            return {"$ref": f"#{reference.partition('#')[2]}"}
        content = self._find(reference, path, here)
        if kind == "pathItem":
            return self._path_item(reference, content, path)
        return {"$ref": f"#/components/{CATEGORIES[kind]}/{self._component(reference, kind, content, path)}"}

    def _find(self, reference: str, path: Path, here: Path | None) -> Any:
        if path not in self._files:
            self._files[path] = read_file(path)
        try:
            return find_part(self._files[path], reference)
        except LookupError:
            raise DocumentError(f"{here or self._home}: {reference!r} does not exist") from None

    def _path_item(self, reference: str, content: Any, path: Path) -> dict[str, Any]:
        place = f"{path}#{reference.partition('#')[2]}"
        if place in self._within:
            raise DocumentError(f"{path}: {reference!r} leads back to itself")
        self._within = (*self._within, place)
        made = self.bundled(content, "pathItem", path)
        self._within = self._within[:-1]
        if not isinstance(made, dict):
            raise DocumentError(f"{path}: {reference!r} is not a path item")
        return made

    def _component(self, reference: str, kind: str, content: Any, path: Path) -> str:
        """Make what *reference* leads to a component, once, and give its name."""
        steps = pointer_steps(reference)
        name = component_name(steps, whole=path.stem)
        category, origin = CATEGORIES[kind], "#/".join((str(path), "/".join(steps)))
        known = self._origin.setdefault((category, name), origin)
        if known != origin:
            raise DocumentError(f"{path}: {name!r} is defined in {known.partition('#')[0]} and in {path}")
        members = self._components.setdefault(category, {})
        if name not in members:
            # The name is reserved first, because a schema may refer to itself.
            members[name] = None
            members[name] = self.bundled(content, kind, path)
        return name
