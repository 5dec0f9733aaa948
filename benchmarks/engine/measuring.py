"""Interleaved rounds, medians, and jobs in processes of their own whose time and memory are measured."""

import json
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True, slots=True)
class Rounds:
    """Seconds of each contender in each round; the first round is left out.

    Attributes:
        seconds: by contender, in the order of the rounds.
    """

    seconds: Mapping[str, list[float]]

    def median(self, name: str) -> float:
        """Median seconds of a contender."""
        return median(self.seconds[name])

    def ratio(self, above: str, below: str) -> tuple[float, float, float]:
        """Median, least and greatest of the ratios within each round."""
        pairs = [a / b for a, b in zip(self.seconds[above], self.seconds[below], strict=True)]
        return median(pairs), min(pairs), max(pairs)


def interleaved(contenders: Mapping[str, Callable[[], float]], rounds: int) -> Rounds:
    """Run every contender once in each round, after one round that does not count.

    Args:
        contenders: each runs once and gives its seconds.
        rounds: how many count.
    """
    seconds: dict[str, list[float]] = {name: [] for name in contenders}
    for number in range(rounds + 1):
        for name, run in contenders.items():
            taken = run()
            if number:
                seconds[name].append(taken)
    return Rounds(seconds)


def timed(action: Callable[[], object]) -> Callable[[], float]:
    """The action as a contender that is timed as a whole."""

    def run() -> float:
        begun = time.perf_counter()
        action()
        return time.perf_counter() - begun

    return run


@dataclass(frozen=True, slots=True)
class Done:
    """What a process came to.

    Attributes:
        whole: seconds from start to end of the process.
        seconds: as the process measured its own work.
        peak: its largest memory in MB.
        result: what it found.
    """

    whole: float
    seconds: float
    peak: float
    result: Any


def job(python: Path, name: str, arguments: Mapping[str, object]) -> Done:
    """Run a job of `jobs.py` in a process of its own.

    Raises:
        SystemExit: it failed; its words are shown.
    """
    begun = time.perf_counter()
    done = subprocess.run(
        [str(python), "-m", "benchmarks.engine.jobs", name, json.dumps(arguments, default=str)],
        capture_output=True,
        check=False,
        cwd=ROOT,
        text=True,
    )
    whole = time.perf_counter() - begun
    if done.returncode:
        raise SystemExit(f"{name}: {done.stderr}")
    found = json.loads(done.stdout.splitlines()[-1])
    return Done(whole, found["seconds"], found["peak"], found["result"])


def own_peak() -> float:
    """The largest memory of this process so far, in MB.

    The kernel's own count of a process starts with what its parent had when it was started, so it is not asked.
    """
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1024
    raise OSError("no VmHWM in /proc/self/status")


def this_python() -> Path:
    """The interpreter this benchmark runs under."""
    return Path(sys.executable)
