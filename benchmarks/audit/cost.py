"""Time and memory of auditing PDFs: one of them, then a hundred in two processes.

    python benchmarks/audit/cost.py FILE…

The files are repeated until there are a hundred. Baseline: starting the interpreter as often.
"""

import argparse
import resource
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

MANY = 100


def run(*arguments: str) -> float:
    """Seconds that a command takes; findings are no failure."""
    begun = time.perf_counter()
    done = subprocess.run([sys.executable, *arguments], capture_output=True, check=False)
    if done.returncode not in {0, 1}:
        raise SystemExit(done.stderr.decode())
    return time.perf_counter() - begun


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("files", nargs="+")
    files = parser.parse_args().files
    for name in files:
        seconds = run("-m", "zhunsheng", "audit", name, "--json")
        print(f"{Path(name).name}: {seconds:.2f} s")
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda _: run("-c", "pass"), range(MANY)))
    baseline = time.perf_counter() - begun
    begun = time.perf_counter()
    with ThreadPoolExecutor(2) as pool:
        list(
            pool.map(lambda name: run("-m", "zhunsheng", "audit", name, "--json"), islice(cycle(files), MANY))
        )
    seconds = time.perf_counter() - begun
    print(
        f"{MANY} documents, two processes: {seconds:.1f} s; interpreter starts alone (baseline): {baseline:.1f} s"
    )
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    print(f"largest process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
