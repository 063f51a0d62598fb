"""Path templates: a request matches one."""

from collections.abc import Iterator
from itertools import combinations

from watchword.document.path_templates import compile_template, placeholders
from watchword.document.soundness import like_templates
from watchword.document.structure import METHODS, path_items
from watchword.review.finding import Check, Severity
from watchword.review.lint.linted import Found, Linted

PATHS_ALIKE = Check(
    "paths-alike",
    Severity.ERROR,
    "Two templates that match the same requests are one operation too many: the second is never reached.",
)
PATHS_OVERLAP = Check(
    "paths-overlap",
    Severity.WARNING,
    "Which of two templates a request means is not said by OpenAPI, and routers decide it differently.",
)


def paths_alike(linted: Linted) -> Iterator[Found]:
    """Look for templates that differ in the names of their parameters only."""
    for method, paths in like_templates(linted.document.content):
        for path in paths[1:]:
            told = f"{method} {path} matches the same requests as {paths[0]}, which answers them."
            yield Found(("paths", path), told)


def paths_overlap(linted: Linted) -> Iterator[Found]:
    """Look for templates of which each is more specific than the other in some segment."""
    items = list(path_items(linted.document.content))
    for (one, item), (other, other_item) in combinations(items, 2):
        both = [method for method in METHODS if method in item and method in other_item]
        if both and _overlap(one, other):
            told = f"{both[0].upper()} {other} and {one} match the same requests, and neither is more specific."
            yield Found(("paths", other), told)


def _overlap(one: str, other: str) -> bool:
    pairs = list(zip(one.split("/"), other.split("/"), strict=False))
    if one.count("/") != other.count("/"):
        return False
    sides = {(bool(placeholders(left)), bool(placeholders(right))) for left, right in pairs if left != right}
    matching = all(left == right or _matches(left, right) or _matches(right, left) for left, right in pairs)
    return matching and {(True, False), (False, True)} <= sides


def _matches(template: str, literal: str) -> bool:
    return compile_template(template).match(literal) is not None
