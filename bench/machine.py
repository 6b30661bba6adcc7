"""Where a benchmark ran and how busy that was, without names of hosts or folders."""

import os
import platform
import resource
import sysconfig
import time
from pathlib import Path


def facts() -> tuple[tuple[str, str], ...]:
    """Return what the results table says of the machine."""
    return (
        ("processor", f"{_cpu_model()}, {os.cpu_count()} cores"),
        ("memory", f"{_memory_kib() / 2**20:.0f} GiB"),
        ("kernel", platform.release().split("-")[0]),
        ("Python", f"{platform.python_version()}, {_build()}"),
    )


def cores_used(seconds: float = 2.0) -> float:
    """Return how many cores were busy while this process slept: everybody else's work."""
    busy, total = _jiffies()
    time.sleep(seconds)
    later_busy, later_total = _jiffies()
    return (later_busy - busy) / max(1, later_total - total) * (os.cpu_count() or 1)


def peak_rss() -> int:
    """Return the most bytes this process ever held."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def rss() -> int:
    """Return the bytes this process holds now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * resource.getpagesize()


def _build() -> str:
    """Say how this interpreter was compiled: without profiles it is about a sixth slower."""
    arguments = sysconfig.get_config_var("CONFIG_ARGS") or ""
    with_profile = "--enable-optimizations" in arguments
    return "built with profiles" if with_profile else "built without profiles (no PGO, no LTO)"


def _jiffies() -> tuple[int, int]:
    fields = Path("/proc/stat").read_text(encoding="ascii").splitlines()[0].split()[1:9]
    counts = list(map(int, fields))
    idle = counts[3] + counts[4]
    return sum(counts) - idle, sum(counts)


def _cpu_model() -> str:
    for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
        name, _, value = line.partition(":")
        if name.strip() == "model name":
            return value.strip()
    return platform.machine()


def _memory_kib() -> int:
    first = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()[0]
    return int(first.split()[1])
