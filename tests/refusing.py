"""What a test expects of a rule that refuses."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from watchword.domain.refusal import Refusal


@contextmanager
def refuses(kind: type[Refusal]) -> Iterator["pytest.ExceptionInfo[Refusal]"]:
    """Expect a refusal with the status and the code of *kind*; a subclass may have others."""
    with pytest.raises(kind) as caught:
        yield caught
    assert _told(type(caught.value)) == _told(kind)


def _told(kind: type[Refusal]) -> tuple[int, str, object]:
    return kind.status, kind.code, getattr(kind, "grpc", None)
