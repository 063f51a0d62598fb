"""The names of the imitated systems, for options that name one."""

from watchword.systems import SYSTEMS

SYSTEM_NAMES = [system.name for system in SYSTEMS]
