"""The process that started this one, noted before the slow imports: it may be gone when they are done."""

import os

PARENT = os.getppid()
"""The id of that process."""
