"""The systems that servers can be tested for."""

from collections.abc import Mapping

from watchword.contract.subject import Subject
from watchword.contract.weavr.subject import WEAVR

SUBJECTS: Mapping[str, Subject] = {one.system: one for one in WEAVR}
"""By the name of the system."""
