"""Every indicator from a generated year, beside what the reports state: `python benchmarks/indicator_table.py STORE YEAR SEED`.

Prints a Markdown table of row, indicator, stated, computed, verdict and records behind it, and how many agree. The
stated values are facts of the reports in `tests/cases/stated_values.yaml`.
"""

import sys
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import yaml

from zhunsheng.assembly.records import OpenedRecords, opened_records
from zhunsheng.kernel.rounding import half_up
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import request_for
from zhunsheng.store.engines.rows import count_of
from zhunsheng.store.indicator_files import indicator_codes, indicator_of

ROOT = Path(__file__).parents[1]


def main() -> int:
    """Print the table; 1 when a stated value is not reproduced."""
    store, year, seed = Path(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
    stated = [
        each
        for each in yaml.safe_load((ROOT / "tests/cases/stated_values.yaml").read_text(encoding="utf-8"))
        if each["seed"] == seed and each["year"] == year
    ]
    wrong = 0
    print("| row | indicator | stated | computed | | records |\n| --- | --- | --- | --- | --- | --- |")
    with opened_records(store, fresh=True) as records:
        seen = set()
        for each in stated:
            found = indicator_of(each["indicator"])
            if found is None:
                raise SystemExit(each["indicator"])
            seen.add(found.code)
            window = Window(year)
            figure = compute([Wish(found, window, each.get("parameters", {}))], records.duckdb)[0][""]
            shown, agrees = _held(each, figure)
            wrong += not agrees
            print(
                f"| {each['row']} | {found.label} | {each.get('about', '')} {each['stated']} | {shown} |"
                f" {'=' if agrees else '≠'} | {_records(records, figure):,} |"
            )
        others = [each for code in indicator_codes() if code not in seen and (each := indicator_of(code))]
        wishes = [Wish(each, Window(year)) for each in others]
        for wish, answer in zip(wishes, compute(wishes, records.duckdb), strict=True):
            row = "、".join(wish.indicator.stands_for) or "—"
            print(
                f"| {row} | {wish.indicator.label} | | {answer[''].shown} | | {_records(records, answer['']):,} |"
            )
    print(
        f"\n{len(stated)} stated values, {len(stated) - wrong} reproduced, {len(others)} further indicators computed."
    )
    return 1 if wrong else 0


def _records(records: OpenedRecords, figure: Figure) -> int:
    if figure.version is None:
        return 0
    return sum(
        count_of(records.duckdb, request_for(each, figure.window, figure.parameters))
        for each in figure.version.measures
    )


def _held(each: dict[str, Any], figure: Figure) -> tuple[str, bool]:
    """The computed value as the report prints it, and whether it is the stated one."""
    stated = str(each["stated"])
    if figure.status is not FigureStatus.COMPUTED:
        return figure.status.label, figure.status.value == stated
    value, about = figure.value, each.get("about", "")
    if isinstance(value, bool):
        return figure.printed, str(value).lower() == stated
    if not isinstance(value, Fraction):
        implied = about == "implied" and str(value) <= stated
        return figure.printed, implied or str(value) == stated
    shown = half_up(value / Fraction(str(each.get("divided_by", 1))), each["places"])
    if about == "over":
        return f"{shown:,}", shown >= Decimal(stated)
    last = Decimal(1).scaleb(-each["places"])
    return f"{shown:,}", abs(shown - Decimal(stated)) <= (last if about == "about" else 0)


if __name__ == "__main__":
    sys.exit(main())
