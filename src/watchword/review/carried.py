"""The settings and faults that a document carries, as a server would begin with them."""

from watchword.control.document_faults import check_faults
from watchword.document import Document
from watchword.edge.mock.refusals import document_only_systems
from watchword.edge.served_api import ServedApi
from watchword.sandbox import Sandboxes
from watchword.system.document_settings import settings_of
from watchword.system.settings import SystemSettings
from watchword.systems import SYSTEMS


def carried_settings(document: Document) -> dict[str, SystemSettings]:
    """
    Give the settings that *document* carries, by system.

    Raises:
        PartError: No server would start with them, or with the faults that it carries.
    """
    settings = settings_of(document, SYSTEMS, {})
    systems = {**{one.name: one for one in SYSTEMS}, **document_only_systems(document)}
    # A fault may be for people whom only a server has that is started with a file of them.
    check_faults(ServedApi(document, systems, Sandboxes(SYSTEMS)), for_anybody=True)
    return settings
