"""Systems that only the document knows: how a new system starts, before it has any code."""

from collections.abc import Iterable, Mapping

from watchword.document import Document
from watchword.document.http_rules import keys_of
from watchword.domain.refusal import Malformed, Refusal
from watchword.edge import problem
from watchword.edge.mock.examples import ExampleAnswers
from watchword.system import Answer, System
from watchword.system.settings import SystemSettings


class GivenAnswer(Refusal):
    """A fault, or a wish of the client, answers in the place of the operation."""

    def __init__(self, answer: Answer) -> None:
        super().__init__()
        self.answer = answer


def document_only_systems(document: Document) -> Mapping[str, System]:
    """Make a system without handlers for every one that the document names and no code implements."""
    return {
        name: System(name=name, title=title, settings_model=SystemSettings, handlers=None, render=problem.render)
        for name, title in document.document_only_systems.items()
    }


def declared_answer(declared: Iterable[ExampleAnswers], refusal: Refusal, accept: str = "") -> Answer | None:
    """
    Answer *refusal* as the document declares.

    Args:
        declared: Where to look for the status, in order.
        accept: The request's ``Accept``.

    Returns:
        None if the document does not declare it, or has no example of it.
    """
    keys = keys_of(refusal.status)
    found = next((one[key] for one in declared for key in keys if key in one and not one[key].missing), None)
    if found is None:
        return None
    # The document's example cannot know what is wrong with this request.
    says = _says(refusal)[:300]
    return found.answer(refusal.status, "", accept, {"Watchword-Hint": says} if says else {})


def _says(refusal: Refusal) -> str:
    """Say what is wrong, and with which fields."""
    if not isinstance(refusal, Malformed):
        return refusal.message
    found = dict.fromkeys(f"{one.public_path} {one.detail}".strip() for one in refusal.violations)
    return "; ".join(found)
