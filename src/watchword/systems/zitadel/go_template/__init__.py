"""
Go's ``text/template``, as far as links need it: read, and execute over fields that are texts.

Written from the language's description, bounded in time, depth and length. Left out: complex numbers, and ``range``
over numbers, which newer releases of Go have; nothing else that a link has can be ranged over.
"""

from watchword.systems.zitadel.go_template.nodes import Template
from watchword.systems.zitadel.go_template.parsing import parse
from watchword.systems.zitadel.go_template.running import run
from watchword.systems.zitadel.go_template.values import CannotRun, Record

__all__ = ["CannotRun", "Record", "Template", "parse", "run"]
