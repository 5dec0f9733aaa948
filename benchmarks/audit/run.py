"""Recall, precision, coverage and cost of the audit, written to docs/audit-quality.md.

    python benchmarks/audit/run.py [--seeds N] [--quick]

Baselines stand in the same run: the time to read the bytes of each file, and the share of planted errors
that a checker would find by looking at repeated figures alone is not assumed but measured per rule family.
"""

import argparse
import json
import resource
import sys
from collections import defaultdict
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from generated_forms import FORMS
from measure import Measured, Score, measure_generated, measure_real
from rendering import RENDERED

ROOT = Path(__file__).resolve().parents[2]
SHARED = ROOT.parent / "shared"
CLEAN_VERDICTS = {"ok", "rounding", "input_rounding"}
SOURCES = {
    "seed 000": "seeds/guangzhou-2021.txt",
    "seed 002": "seeds/huadu-2023.txt",
}


def main() -> None:
    """Measure and write the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seeds", type=int, default=3, help="invented reports of each form")
    parser.add_argument("--quick", action="store_true", help="text only, one report of each form")
    parser.add_argument("--missed", action="store_true", help="print every planted error that was not found")
    options = parser.parse_args()
    jobs = [
        (form, seed, format_name, None if format_name == "txt" else 12)
        for form in FORMS
        for format_name in (["txt"] if options.quick else RENDERED)
        for seed in range(1 if options.quick else options.seeds)
    ]
    with ProcessPoolExecutor(2) as pool:
        generated = list(pool.map(measure_generated, *zip(*jobs, strict=True)))
        real = list(pool.map(measure_real, *zip(*_real_jobs(), strict=True))) if SHARED.is_dir() else []
    for measured in (*generated, *real):
        print(_line(measured))
        for alarm in measured.alarms if measured in generated else []:
            print("    alarm", alarm)
        if options.missed:
            for missed in measured.missed:
                print("    missed", missed)
    report = _report(generated, real)
    print(report)
    if not options.quick:
        (ROOT / "docs" / "audit-quality.md").write_text(report, encoding="utf-8")


def _real_jobs() -> list[tuple[Path, list[dict[str, str]]]]:
    rows = [
        json.loads(line)
        for line in (SHARED / "documents" / "ground_truth.jsonl").read_text("utf-8").splitlines()
    ]
    by_source: dict[Path, list[dict[str, str]]] = defaultdict(list)
    for row in rows:
        if row["verdict"] not in CLEAN_VERDICTS or row["type"] == "unit" or "跨" in row["label"]:
            continue
        number = row["source"].split()[1]
        path = (
            SHARED / SOURCES[row["source"]]
            if row["source"] in SOURCES
            else next((SHARED / "documents").glob(f"{number}-*"), None)
        )
        if path is not None:
            by_source[path].append(row)
    return sorted(by_source.items())


def _line(measured: Measured) -> str:
    score = _sum(measured.by_kind.values())
    return (
        f"{measured.name} {measured.format}: {score.found}/{score.planted} found, clean errors {measured.clean_errors}, "
        f"warnings {measured.clean_warnings}, checked {measured.checked}/{measured.numerals}, {measured.seconds:.2f} s"
    )


def _sum(scores: Iterable[Score]) -> Score:
    total = Score()
    for each in scores:
        total.planted += each.planted
        total.found += each.found
    return total


def _grouped(measured: list[Measured], attribute: str) -> dict[str, Score]:
    found: dict[str, Score] = defaultdict(Score)
    for each in measured:
        for name, score in getattr(each, attribute).items():
            found[name].planted += score.planted
            found[name].found += score.found
    return dict(sorted(found.items()))


def _summary(measured: list[Measured], total: Score) -> str:
    errors = sum(each.clean_errors for each in measured) / len(measured)
    warnings = sum(each.clean_warnings for each in measured) / len(measured)
    return (
        f"{len(measured)} documents, {total.planted} planted errors, recall {total.recall}; "
        f"on the unchanged documents {errors:.2f} errors and {warnings:.2f} warnings each."
    )


def _report(generated: list[Measured], real: list[Measured]) -> str:
    lines = [
        "# Quality of the audit",
        "",
        "Written by `make audit-quality`; every figure is measured, none is set.",
        "",
    ]
    for title, measured in (
        ("Invented reports", generated),
        ("Real documents, figures of relations checked by hand", real),
    ):
        if not measured:
            continue
        total = _sum(score for each in measured for score in each.by_kind.values())
        lines += [
            f"## {title}",
            "",
            _summary(measured, total),
            "",
            "| by relation | planted | found | recall |",
            "| --- | --- | --- | --- |",
            *(
                f"| {name} | {score.planted} | {score.found} | {score.recall} |"
                for name, score in _grouped(measured, "by_relation").items()
            ),
            "",
            "| by kind of error | planted | found | recall |",
            "| --- | --- | --- | --- |",
            *(
                f"| {name} | {score.planted} | {score.found} | {score.recall} |"
                for name, score in _grouped(measured, "by_kind").items()
            ),
            "",
            "| format | documents | planted | recall | errors when clean | checked numerals | seconds each |",
            "| --- | --- | --- | --- | --- | --- | --- |",
        ]
        for name in dict.fromkeys(each.format for each in measured):
            group = [each for each in measured if each.format == name]
            score = _sum(score for each in group for score in each.by_kind.values())
            numerals = sum(each.numerals for each in group)
            lines.append(
                f"| {name} | {len(group)} | {score.planted} | {score.recall} | {sum(each.clean_errors for each in group)} | "
                f"{sum(each.checked for each in group) * 100 // max(numerals, 1)} % | {sum(each.seconds for each in group) / len(group):.2f} |"
            )
        lines.append("")
    peak = (
        max(resource.getrusage(who).ru_maxrss for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
        // 1024
    )
    lines += [f"Peak memory of one process: {peak} MB.", ""]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
