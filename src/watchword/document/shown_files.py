"""How a file is called in messages."""

from pathlib import Path


def show_file(path: Path, base: Path) -> str:
    """Show a *path* relative to the directory *base* if it is below that, and whole otherwise."""
    path = path.absolute()
    return path.relative_to(base).as_posix() if path.is_relative_to(base) else str(path)


def show_here(path: Path) -> str:
    """Show a *path* as whoever is in the current directory would write it."""
    return show_file(path, Path.cwd())
