"""Which statuses fuzzing has to reach, so that a green run means something."""

from collections import Counter
from collections.abc import Mapping

from tests.outcomes import unreachable_reasons
from watchword.build import Options, admin_api, imitated_api
from watchword.domain.hashing import Profile

STATUSES = (200, 201, 204, 409, 410)


def missing(document: str, reached: Mapping[str, Counter[int]]) -> list[str]:
    """Name the 2xx, 409 and 410 that the document declares and nothing reached."""
    options = Options(hashing=Profile.FAST)
    imitated = imitated_api(options)
    served_api = imitated if document == "/openapi.json" else admin_api(imitated, options)
    return [
        f"{operation.id} {status}"
        for operation in served_api.document.operations.values()
        for status in STATUSES
        if str(status) in operation.responses
        and "*" not in unreachable_reasons(served_api.document, operation, str(status))
        and not reached.get(operation.id, Counter())[status]
    ]
