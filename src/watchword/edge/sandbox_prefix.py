"""The prefix ``/~NAME`` of a path, for clients that cannot set the header ``Watchword-Sandbox``."""

PREFIX = "/~"
"""Before the sandbox's name."""


def split_sandbox(path: str) -> tuple[str, str]:
    """
    Split a path into the name of the sandbox and the rest.

    Returns:
        An empty name for a path without the prefix.
    """
    if not path.startswith(PREFIX):
        return "", path
    name, _, rest = path.removeprefix(PREFIX).partition("/")
    return name, f"/{rest}"
