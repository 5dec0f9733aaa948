"""Time to import records: a million rows of csv, a hundred thousand of xlsx, against checking row by row.

    .venv/bin/python benchmarks/intake/run.py [--rows 1000000] [--sheet-rows 100000] [--keep DIR]

Every check of the ledger of market entities is made, both check characters of the code among them, and the rows are
written to a record store. The baseline `row by row` makes the same checks in Python, on a sample, and is extrapolated
by the number of rows; it reads and stores nothing.
"""

import argparse
import resource
import sys
import tempfile
import time
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

import files  # type: ignore[import-not-found] # beside this file

from zhunsheng.documents.ledger_workbook import read_ledger_workbook
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.code_list_files import binding_code_lists
from zhunsheng.store.intake.importing import Import, Request, staging_area
from zhunsheng.store.intake.other_sources import stage_workbook
from zhunsheng.store.intake.text_files import stage_csv
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.record_store import RecordStore

TODAY = date(2024, 1, 10)
SAMPLE = 20_000
AREAS = "area_code,level,name,parent,valid_from\n440114,DISTRICT,花都区,,2000-01-01\n"
ORGS = "org_code,name,kind,parent,area_code,budget_unit\n" + "".join(
    f"440114-{number:02d},第{number}所,SUO,,440114,否\n" for number in range(1, 17)
)


def bring(store: RecordStore, code: str, path: Path) -> dict[str, float]:
    """Import a file; seconds by stage."""
    ledger = ledger_of(code)
    if ledger is None:
        raise SystemExit(f"no ledger {code}")
    area = staging_area(store)
    begin, worked = time.perf_counter(), time.process_time()
    if path.suffix == ".xlsx":
        staged = stage_workbook(path, ledger, area, read_ledger_workbook)
    else:
        staged = stage_csv(path, ledger, area)
    read = time.perf_counter()
    with Import(store, Request(ledger, "benchmark", TODAY, code_lists=binding_code_lists()), staged) as work:
        tally = work.check()
        checked = time.perf_counter()
        record = work.apply()[0].record
    stored = time.perf_counter()
    if record.stored != record.rows_read or tally.rejected:
        raise SystemExit(f"{path.name}: {record.stored} of {record.rows_read} rows were stored")
    return {
        "read": read - begin,
        "check": checked - read,
        "store": stored - checked,
        "all": stored - begin,
        "cpu": time.process_time() - worked,
    }


def row_by_row() -> float:
    """Seconds a row of the same checks in Python."""
    ledger = ledger_of("market_entity")
    if ledger is None:
        raise SystemExit("no ledger")
    names = {each.label: each.name for each in ledger.fields}
    headings = [names[each.split("（")[0]] for each in files.HEADINGS]
    rows = [dict(zip(headings, row, strict=True)) for row in files.market_entities(SAMPLE)]
    checker = RowChecker(ledger, TODAY, binding_code_lists())
    begin = time.perf_counter()
    if any(checker.check(row).faults for row in rows):
        raise SystemExit("the sample has faults")
    return (time.perf_counter() - begin) / SAMPLE


def main() -> None:
    """Run the benchmark and print a table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--sheet-rows", type=int, default=100_000)
    parser.add_argument("--keep", type=Path, default=None, help="where the files are kept for the next run")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        directory = given.keep or Path(temporary)
        directory.mkdir(parents=True, exist_ok=True)
        table = directory / f"entities-{given.rows}.csv"
        sheet = directory / f"entities-{given.sheet_rows}.xlsx"
        if not table.exists():
            files.write_csv(table, given.rows)
        if not sheet.exists():
            files.write_workbook(sheet, given.sheet_rows)
        each = row_by_row()
        print(
            f"{'':28}{'rows':>10}{'read':>8}{'check':>8}{'store':>8}{'all s':>8}{'cpu s':>8}{'row by row, checks only':>26}"
        )
        for path, rows in ((sheet, given.sheet_rows), (table, given.rows)):
            with RecordStore.create(Path(temporary) / f"store-{path.suffix[1:]}") as store:
                for code, text in (("area", AREAS), ("org", ORGS)):
                    small = Path(temporary) / f"{code}.csv"
                    small.write_text(text, encoding="utf-8")
                    bring(store, code, small)
                took = bring(store, "market_entity", path)
            baseline = each * rows
            print(
                f"{path.name:28}{rows:>10,}{took['read']:>8.2f}{took['check']:>8.2f}{took['store']:>8.2f}{took['all']:>8.2f}{took['cpu']:>8.2f}"
                f"{baseline:>15.1f} s ({baseline / took['check']:.0f} x)"
            )
        print(f"peak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
