"""The machine on which the benchmark ran, and its load before the start."""

import os
import platform
from pathlib import Path

from tests.bench.processes import Cores


def machine(cores: Cores) -> dict[str, str]:
    """Describe this machine."""
    one_minute = os.getloadavg()[0]
    return {
        "cores": f"{os.cpu_count()}, {cores}",
        "processor": _line("/proc/cpuinfo", "model name"),
        "memory": f"{int(_line('/proc/meminfo', 'MemTotal').split()[0]) / 1024**2:.0f} GiB",
        "system": f"{platform.system()} {platform.release()}",
        "load before the start": f"{one_minute:.2f}",
    }


def _line(path: str, name: str) -> str:
    lines = Path(path).read_text(encoding="utf-8").splitlines()
    return next((line.partition(":")[2].strip() for line in lines if line.startswith(name)), "0")
