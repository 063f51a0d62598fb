"""Systems that the document alone knows: how a further system begins, before it has a line of code."""

from collections.abc import Mapping

from watchword.document import Document
from watchword.domain.refusal import Refusal
from watchword.edge import problem
from watchword.edge.exchange import Exchange
from watchword.settings import SystemSettings
from watchword.system import Answer, System


def documented(document: Document) -> Mapping[str, System]:
    """Make a system without handlers for every one that nobody has written."""
    return {
        name: System(name=name, title=title, settings=SystemSettings, handlers=None, render=problem.render)
        for name, title in document.further.items()
    }


def declared(exchange: Exchange, refusal: Refusal) -> Answer | None:
    """
    Answer *refusal* as the document says, for a system that it alone knows.

    Before an operation is known the system's tag says it (``x-outer-responses``), or else the nearest operation.

    Returns:
        None if the document does not say it, or the system has an envelope of its own.
    """
    world, system = exchange.world, exchange.system
    if system is None or system.handlers is not None:
        return None
    if exchange.operation is not None:
        said = [world.exemplars.get(exchange.operation.id, {})]
    else:
        near = world.nearest.at(exchange.path) or world.nearest.to(exchange.path)
        said = [world.outer_exemplars.get(system.name, {}), *(world.exemplars.get(one.id, {}) for one in near[:1])]
    keys = (str(refusal.status), f"{refusal.status // 100}XX", "default")
    found = next((one[key] for one in said for key in keys if key in one), None)
    if found is None:
        return None
    # The document's example cannot know what is wrong with this request.
    hint = {"Watchword-Hint": refusal.message[:300]} if refusal.message else {}
    return found.answer(refusal.status, **hint)
