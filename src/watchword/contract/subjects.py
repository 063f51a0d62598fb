"""The systems that servers can be tested for."""

from collections.abc import Mapping

from watchword.contract.entrust.subject import ENTRUST
from watchword.contract.subject import Subject
from watchword.contract.weavr.subject import WEAVR
from watchword.contract.zitadel.subject import ZITADEL

SUBJECTS: Mapping[str, Subject] = {one.system: one for one in (*WEAVR, ZITADEL, ENTRUST)}
"""By the name of the system."""
