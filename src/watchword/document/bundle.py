"""
From many hand-written files to one document, in which references stay references.

What a reference to another file leads to becomes a component. The place of the reference tells its category:
``schemas.yaml#/UserPassword``, where a schema stands, becomes ``#/components/schemas/UserPassword``.
Path items replace their references, because OpenAPI 3.0 has no component for them; so does everything that OpenAPI
allows no reference for (``paths``, the schemas of ``components``, an operation) and that people split off all the same.
"""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from watchword.document.errors import DocumentError
from watchword.document.files import Files, Located, only_reference
from watchword.document.links import real_path
from watchword.document.marks import place_of
from watchword.document.origins import Origins
from watchword.document.reader import read_file
from watchword.document.references import component_name
from watchword.document.structure import CATEGORIES, DATA, kind_of, reference_in


def bundle(root: Path, origins: Origins | None = None) -> dict[str, Any]:
    """
    Load *root* and everything it refers to into one document.

    Args:
        origins: Notes where its parts come from.

    Returns:
        A new dictionary in which every ``$ref`` starts with ``#``.

    Raises:
        DocumentError: A file or name is missing, or references lead in a circle.
    """
    if origins is not None:
        origins.ask(root)
    raw = read_file(root)
    if not isinstance(raw, dict):
        raise DocumentError(f"{root}: an OpenAPI document is a mapping")
    bundler = Bundler(root, raw, origins=origins)
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
        origins: Notes what becomes a component.
    """

    def __init__(
        self, home: Path, document: Mapping[str, Any], *, is_overlay: bool = False, origins: Origins | None = None
    ) -> None:
        self._home, self._is_overlay = real_path(home), is_overlay
        self._origins = Origins() if origins is None else origins
        self._files = Files(self._home, None if is_overlay else document, self._origins.files)
        self._components: dict[str, dict[str, Any]] = {}
        self._within: tuple[str, ...] = ()
        self._origin = dict(self._own_components(document))

    def _own_components(self, document: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
        """Yield the names that the document has, with what they stand for: what they lead to, if that has the name."""
        own = self._whole(Located(self._home, ("components",), document.get("components")))
        for category in own.content if isinstance(own.content, dict) else ():
            members = self._whole(own.part(category))
            for name in members.content if isinstance(members.content, dict) else ():
                member = members.part(name)
                yield (category, name), "the document" if self._is_overlay else self._files.same(member, name).place

    def _whole(self, part: Located) -> Located:
        """Follow the reference that stands for a whole *part* of the document, if that is split off."""
        reference = only_reference(part.content)
        return part if self._is_overlay or reference is None else self._files.find(reference, part.path)

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
        reference = reference_in(kind, node)
        if reference is None and (split := only_reference(node)) is not None and kind not in CATEGORIES:
            return self._inlined(split, kind, here)
        copied = {name: self.bundled(item, kind_of(kind, name), here) for name, item in node.items()}
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
        if not reference.partition("#")[0] and here is None:
            return {"$ref": reference}
        if kind == "pathItem":
            made = self._inlined(reference, kind, here)
            if not isinstance(made, dict):
                raise DocumentError(f"{place_of(here or self._home, reference)}: {reference!r} is not a path item")
            return made
        found = self._files.find(reference, here or self._home)
        name = component_name(found.steps, whole=found.path.stem)
        found = self._files.same(found, name)
        if found.path == self._home and not self._is_overlay:
            return {"$ref": found.pointer}
        return {"$ref": f"#/components/{CATEGORIES[kind]}/{self._component(name, kind, found)}"}

    def _inlined(self, reference: str, kind: str, here: Path | None) -> Any:
        """Give what *reference* leads to, in the place of it."""
        found = self._files.find(reference, here or self._home)
        if found.path == self._home and not self._is_overlay:
            return {"$ref": found.pointer}
        if found.place in self._within:
            raise DocumentError(f"{place_of(here or self._home, reference)}: {reference!r} leads back to itself")
        self._within = (*self._within, found.place)
        made = self.bundled(found.content, kind, found.path)
        self._within = self._within[:-1]
        return made

    def _component(self, base: str, kind: str, found: Located) -> str:
        """Make *found* a component, once, and give its name: *base*, or with a number if that is another's."""
        category = CATEGORIES[kind]
        name, number = base, 1
        while self._origin.setdefault((category, name), found.place) != found.place:
            number += 1
            name = f"{base}_{number}"
        members = self._components.setdefault(category, {})
        if name not in members:
            # The name is reserved first, because a schema may refer to itself.
            members[name] = None
            self._origins.components[category, name] = found
            members[name] = self.bundled(found.content, kind, found.path)
        return name
