"""The package that is drawn: its modules, their files, what they say and import."""

import ast
from functools import cache
from pathlib import Path

import grimp

import watchword

NAME = watchword.__name__
FOLDER = Path(watchword.__file__).parent
GENERATED = "generated"
"""The folder of code that nobody wrote, wherever it is."""


@cache
def import_graph() -> grimp.ImportGraph:
    """Read who imports what."""
    return grimp.build_graph(NAME, cache_dir=None)


def rooms() -> list[str]:
    """Name the direct children of the package."""
    return sorted(name.rpartition(".")[2] for name in import_graph().find_children(NAME))


def imports() -> set[tuple[str, str]]:
    """Collect which room imports which other."""
    graph = import_graph()
    return {
        (_room(importer), _room(imported))
        for importer in graph.modules
        for imported in graph.find_modules_directly_imported_by(importer)
        if NAME not in (importer, imported) and _room(importer) != _room(imported)
    }


def files(room: str) -> list[Path]:
    """List the files of a room that somebody wrote."""
    folder = FOLDER / room
    if not folder.is_dir():
        return [folder.with_suffix(".py")]
    return sorted(path for path in folder.rglob("*.py") if handwritten(path))


def all_files() -> list[Path]:
    """List the files of the package that somebody wrote."""
    return sorted(path for path in FOLDER.rglob("*.py") if handwritten(path))


def handwritten(file: Path) -> bool:
    """Whether a file of the package was written by somebody."""
    return GENERATED not in file.relative_to(FOLDER).parts


def summary(room: str) -> str:
    """Give the first line of what a room says about itself."""
    folder = FOLDER / room
    file = folder / "__init__.py" if folder.is_dir() else folder.with_suffix(".py")
    said = ast.get_docstring(ast.parse(file.read_text(encoding="utf-8"))) or ""
    return said.partition("\n")[0].replace("``", "")


def lines(paths: list[Path]) -> int:
    """Count the lines of files."""
    return sum(len(path.read_text(encoding="utf-8").splitlines()) for path in paths)


def _room(module: str) -> str:
    return module.split(".")[1]
