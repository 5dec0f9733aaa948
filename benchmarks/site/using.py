"""How much the processes of the site work while something is measured: what is left when other programs are busy too."""

import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class Work:
    """What was used.

    Attributes:
        seconds: passed.
        cpu: seconds of processor time of all processes of the site.
        memory: greatest resident size of one of them at the end, in bytes.
    """

    seconds: float = 0.0
    cpu: float = 0.0
    memory: int = 0


@contextmanager
def used(data: Path) -> Iterator[Work]:
    """Processor time of the site in a directory while the block runs."""
    work, processes = Work(), _of_site(data)
    begun, before = time.perf_counter(), {each: _cpu(each) for each in processes}
    yield work
    work.seconds = time.perf_counter() - begun
    work.cpu = sum(_cpu(each) - before.get(each, 0.0) for each in _of_site(data))
    work.memory = max((_memory(each) for each in processes), default=0)


def _of_site(data: Path) -> list[int]:
    """Its processes: those that were told of the directory, and not this one."""
    wanted = f"ZHUNSHENG_DATA={data}".encode()
    found = []
    for each in Path("/proc").iterdir():
        if each.name.isdigit() and int(each.name) != os.getpid():
            try:
                if wanted in (each / "environ").read_bytes().split(b"\0"):
                    found.append(int(each.name))
            except OSError:
                continue
    return found


def _cpu(process: int) -> float:
    try:
        fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / _TICKS


def _memory(process: int) -> int:
    try:
        pages = int(Path(f"/proc/{process}/statm").read_text().split()[1])
    except (OSError, IndexError):
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")
