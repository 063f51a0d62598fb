"""The settings and faults that a document carries, as a server would begin with them."""

from collections.abc import Sequence
from pathlib import Path

from watchword.build import admin_document
from watchword.control.document_faults import check_faults
from watchword.control.people_file import plan_people
from watchword.document import Document
from watchword.domain.hashing import Hasher, Profile
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandboxes
from watchword.system.document_settings import settings_of
from watchword.system.settings import SystemSettings
from watchword.systems import SYSTEMS


def carried_settings(document: Document, people: Sequence[Path] = ()) -> dict[str, SystemSettings]:
    """
    Give the settings that *document* carries, by system.

    Args:
        people: Files with people whom a server is started with; without any, a fault may be for anybody.

    Raises:
        PartError: No server would start with them, or with the faults that it carries.
        UnusablePeople: A file of people cannot be used.
    """
    settings = settings_of(document, SYSTEMS, {})
    systems = {**{one.name: one for one in SYSTEMS}, **document_only_systems(document)}
    sandboxes = Sandboxes(SYSTEMS, settings=settings, hasher=Hasher(Profile.FAST))
    api = ServedApi(document, systems, sandboxes)
    if people:
        sandboxes.population.add(plan_people(people, sandboxes, admin_document(api)))
    check_faults(api, for_anybody=not people)
    return settings
