"""Which of the document's answers a client asks for: the header ``Prefer`` (RFC 7240)."""

import re

from watchword.edge.mock.examples import ExampleAnswers
from watchword.system import Answer

_PREFERENCE = re.compile(r'(\w+)\s*=\s*"?([^",;\s]+)"?')


def preferred_answer(offered: ExampleAnswers, prefer: str = "") -> Answer:
    """
    Answer from the document's examples.

    Args:
        offered: What the document has for the operation.
        prefer: The request's ``Prefer`` header; ``code=404`` and ``example=NAME`` choose among the answers.
    """
    wishes = dict(_PREFERENCE.findall(prefer))
    code, example = wishes.get("code", ""), wishes.get("example", "")
    status = code if code in offered else min(offered, key=lambda status: (not status.startswith("2"), status))
    number = int(status) if status.isdigit() else 200 if status == "default" else int(f"{status[0]}00")
    applied = [f"code={status}"] if code == status else []
    if example and example in offered[status].bodies:
        applied.append(f"example={example}")
    headers = {"Watchword-Answer": "example"}
    if applied:
        headers["Preference-Applied"] = ", ".join(applied)
    return offered[status].answer(number, example, **headers)
