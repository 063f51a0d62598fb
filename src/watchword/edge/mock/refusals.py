"""Systems that only the document knows: how a new system starts, before it has any code."""

from collections.abc import Iterable, Mapping

from watchword.document import Document
from watchword.domain.refusal import Refusal
from watchword.edge import problem
from watchword.edge.mock.examples import ExampleAnswers
from watchword.system import Answer, System
from watchword.system.settings import SystemSettings


def document_only_systems(document: Document) -> Mapping[str, System]:
    """Make a system without handlers for every one that the document names and no code implements."""
    return {
        name: System(name=name, title=title, settings_model=SystemSettings, handlers=None, render=problem.render)
        for name, title in document.document_only_systems.items()
    }


def declared_answer(declared: Iterable[ExampleAnswers], refusal: Refusal) -> Answer | None:
    """
    Answer *refusal* as the document declares.

    Args:
        declared: Where to look for the status, in order.

    Returns:
        None if the document does not declare it.
    """
    keys = (str(refusal.status), f"{refusal.status // 100}XX", "default")
    found = next((one[key] for one in declared for key in keys if key in one), None)
    if found is None:
        return None
    # The document's example cannot know what is wrong with this request.
    hint = {"Watchword-Hint": refusal.message[:300]} if refusal.message else {}
    return found.answer(refusal.status, **hint)
