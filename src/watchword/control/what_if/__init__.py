"""What would have helped: single changes of a refused request, tried in forks of its sandbox."""

from watchword.control.what_if.looking import Cure, Looked, WhatIf

__all__ = ["Cure", "Looked", "WhatIf"]
