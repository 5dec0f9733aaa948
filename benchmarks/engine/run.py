"""The engine against named baselines, in one run; appends a section to docs/performance.md.

    .venv/bin/python benchmarks/engine/run.py [--store DIR] [--year 2021] [--out FILE]
        [--work out/benchmark] [--only all,cube,incremental,scale,definitions] [--rounds 5]

The store is a generated city (guangzhou-2021 at 1.0 is made when none is given) and is only read. Every value of every
baseline is compared with the product's before anything is timed. Rounds are interleaved, the first does not count;
ratios are medians of the ratios within a round. pandas runs in an environment of its own in the work directory, made
from requirements-benchmark.lock.
"""

import argparse
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from benchmarks.engine import stores  # noqa: E402 - found from the root of the project
from benchmarks.engine.sections import Benchmark, Line  # noqa: E402

SECTIONS = ("all", "cube", "incremental", "scale", "definitions")
_TITLES = {
    "all": "All measures of a year",
    "cube": "Organisation × month",
    "incremental": "One new day",
    "scale": "Nine times the rows",
    "definitions": "Definition layer",
}


def pandas_environment(work: Path) -> Path:
    """The interpreter of the environment with pandas; made when it is not there."""
    python = work / "venv/bin/python"
    if not python.exists():
        uv = str(Path(sys.executable).parent / "uv")
        subprocess.run([uv, "venv", "--quiet", "--python", sys.executable, str(work / "venv")], check=True)
        lock = str(ROOT / "requirements-benchmark.lock")
        subprocess.run([uv, "pip", "install", "--quiet", "--python", str(python), "-r", lock], check=True)
    return python


def table(title: str, lines: list[Line]) -> str:
    """A section as a table in Markdown."""
    rows = [
        f"| {each.what} | {each.figure} | {each.target} | {'' if each.met is None else 'yes' if each.met else 'no'} |"
        for each in lines
    ]
    head = ["| what | measured | target | met |", "| --- | --- | --- | --- |"]
    return "\n".join([f"### {title}", "", *head, *rows, ""])


def main() -> None:
    """Measure and append."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--store", type=Path)
    parser.add_argument("--year", type=int, default=2021)
    parser.add_argument("--work", type=Path, default=ROOT / "out/benchmark")
    parser.add_argument("--out", type=Path, default=ROOT / "docs/performance.md")
    parser.add_argument("--only", default=",".join(SECTIONS))
    parser.add_argument("--rounds", type=int, default=5)
    given = parser.parse_args()
    work = given.work.absolute()
    work.mkdir(parents=True, exist_ok=True)
    store = given.store.absolute() if given.store else stores.city(work / "city", "1.0")
    benchmark = Benchmark(store, work, given.year, pandas_environment(work), given.rounds)
    parts = [
        f"## {datetime.now(UTC):%Y-%m-%d}, the engine (`benchmarks/engine/run.py`), {benchmark.machine()}",
        "",
        f"Store: {benchmark.describe()}. Ratios: median of {given.rounds} interleaved rounds [least–greatest].",
        "",
    ]
    for name in given.only.split(","):
        made = table(_TITLES[name], getattr(benchmark, name)())
        print(made, flush=True)
        parts.append(made)
    with given.out.open("a", encoding="utf-8") as stream:
        stream.write("\n" + "\n".join(parts))


if __name__ == "__main__":
    main()
