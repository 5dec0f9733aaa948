"""Benchmarks: each measures against a baseline in the same run and appends to docs/performance.md.

Baseline: the interpreter's own start (`python -c pass`) for commands; reading the case files with the
plain YAML parser for evaluations. Ratios are what to compare between machines; seconds are for one machine.
"""

import argparse
import io
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import yaml

from cases import generated_case  # type: ignore[import-not-found] # beside this file
from zhunsheng import __version__
from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import facts, load_sound_rubric
from zhunsheng.assembly.reporting import FORMATS, make_report
from zhunsheng.documents.case_workbook import read_case_workbook, write_case_workbook
from zhunsheng.scores.scoring import evaluate
from zhunsheng.store.case_directory import read_case_directory, write_case_directory
from zhunsheng.store.definition_files import definitions_directory

ROOT = Path(__file__).resolve().parents[1]
REAL = ("huadu-2023", "guangzhou-2021")


def seconds(work: Callable[[], object], runs: int = 5) -> float:
    """Median wall time of some work after one warm-up."""
    work()
    times = []
    for _ in range(runs):
        started = time.perf_counter()
        work()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def command(*arguments: str) -> Callable[[], object]:
    """A command run as a whole process."""
    return lambda: subprocess.run(arguments, check=False, capture_output=True)


def plain_yaml() -> None:
    """The baseline of evaluations: parse the YAML of both years and do nothing with it."""
    for code in REAL:
        for path in (definitions_directory() / "cases" / code).glob("*.yaml"):
            yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)


def evaluate_both() -> None:
    """Read and evaluate both real years inside a running process."""
    for code in REAL:
        case, _ = read_case_directory(definitions_directory() / "cases" / code)
        if case is None:
            raise SystemExit(f"{code} has errors")
        evaluate(case, load_sound_rubric(case.about.rubric), facts())


def generated(count: int, directory: Path) -> Callable[[], object]:
    """Read and evaluate generated years of 60 indicators from files."""
    base = load_case("education-demo-2023").case
    paths = []
    for number in range(count):
        path = directory / str(number)
        write_case_directory(generated_case(base, number), path)
        paths.append(path)

    def work() -> None:
        with ProcessPoolExecutor(max_workers=2) as pool:
            for _ in pool.map(evaluate_directory, paths, chunksize=25):
                pass

    return work


def evaluate_directory(path: Path) -> str:
    """Read and evaluate one year; its total."""
    case, problems = read_case_directory(path)
    if case is None:
        raise SystemExit(str(problems[0]))
    return str(evaluate(case, load_sound_rubric(case.about.rubric), facts()).total)


def main() -> None:
    """Run all, print and append to docs/performance.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=1000, help="number of generated years")
    options = parser.parse_args()
    load = os.getloadavg()[0]
    python, program = sys.executable, str(Path(sys.executable).with_name("zhunsheng"))
    bare = seconds(command(python, "-c", "pass"))
    rows = [("interpreter start (baseline)", bare, 1.0)]
    for label, arguments in (("zhunsheng --version", ("--version",)), ("zhunsheng --help", ("--help",))):
        taken = seconds(command(program, *arguments))
        rows.append((label, taken, taken / bare))
    parsing = seconds(plain_yaml)
    rows.append(("parse the YAML of both real years (baseline)", parsing, 1.0))
    both = seconds(evaluate_both)
    rows.append(("read and evaluate both real years", both, both / parsing))
    loaded = load_case("huadu-2023")
    report = seconds(lambda: make_report(loaded, None, ("docx", "pdf", "html")), 3)
    rows.append(("report docx + pdf + html, huadu-2023", report, report / parsing))
    everything = seconds(lambda: make_report(loaded, None, FORMATS), 3)
    rows.append(("all documents of huadu-2023", everything, everything / parsing))
    book = write_case_workbook(load_case("guangzhou-2021").case)
    raw = seconds(lambda: list(openpyxl.load_workbook(io.BytesIO(book), read_only=True, data_only=True)))
    rows.append(("open the workbook of guangzhou-2021 with the library (baseline)", raw, 1.0))
    reading = seconds(lambda: read_case_workbook(book, "year.xlsx"))
    rows.append(("read the workbook of guangzhou-2021 as a case", reading, reading / raw))
    with tempfile.TemporaryDirectory() as directory:
        many = seconds(generated(options.cases, Path(directory)), 1)
    rows.append(
        (f"read and evaluate {options.cases} years of 60 indicators, two processes", many, many / parsing)
    )
    lines = [f"| {label} | {taken:.3f} | {ratio:.1f} |" for label, taken, ratio in rows]
    versions = f"version {__version__}, Python {platform.python_version()}"
    machine = f"{os.cpu_count()} cores, load {load:.1f} at the start"
    head = f"\n## {datetime.now(tz=UTC):%Y-%m-%d}, {versions}, {machine}\n\n"
    text = (
        head
        + "| what | median seconds | ratio to its baseline |\n| --- | --- | --- |\n"
        + "\n".join(lines)
        + "\n"
    )
    print(text)
    target = ROOT / "docs" / "performance.md"
    known = target.read_text(encoding="utf-8") if target.exists() else f"# Performance\n\n{__doc__}"
    target.write_text(known + text, encoding="utf-8")


if __name__ == "__main__":
    main()
