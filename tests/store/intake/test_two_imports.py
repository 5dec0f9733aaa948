"""Two imports that were checked against the same state and are stored one after the other."""

import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from tests.store.intake.conftest import CODES, ledger_from
from tests.store.intake.test_importing import CODES_OF, HEAD, SHOP

from zhunsheng.store.intake.importing import Import, Request, staging_area
from zhunsheng.store.intake.releasing import release_waiting
from zhunsheng.store.intake.text_files import stage_csv
from zhunsheng.store.records.entries import HoldReason
from zhunsheng.store.records.reading import scan_sql
from zhunsheng.store.records.record_store import RecordStore

BRANCH = SHOP.replace("code: shop", "code: branch").replace("  name: {", "  area: {label: 片区, type: reference, to: area}\n  name: {")  # fmt: skip
AREA = """
code: area
label: 片区
label_en: Area
description: 样例。
chapter: 0
source: {document: market-ledgers, clause: "1.2", evidence: proposal}
key: [area_id]
organisation: area_id
fields:
  area_id: {label: 片区编号, type: text, required: true, length: 20}
"""
LEDGERS = {"branch": ledger_from(BRANCH), "area": ledger_from(AREA)}


PROGRAM = """
import json, sys
from datetime import date
from pathlib import Path
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.store.intake.importing import Import, Request, staging_area
from zhunsheng.store.intake.text_files import stage_csv
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.yaml_files import parse_yaml

path, file, definition = sys.argv[1:]
ledger, _ = read_ledger(parse_yaml(definition, "branch.yaml")[0])
with RecordStore.open(Path(path), catalogue={"branch": ledger}.get, referred=["area"]) as store:
    staged = stage_csv(Path(file), ledger, staging_area(store))
    with Import(store, Request(ledger, "张三", date(2024, 1, 10)), staged) as work:
        print("checked", work.check().rejected, flush=True)
        sys.stdin.readline()
        record = work.apply()[0].record
        print(record.stored, record.rejected, flush=True)
"""


def opened(path: Path) -> RecordStore:
    return RecordStore.open(path, catalogue=LEDGERS.get, referred=["area"])


def request(code: str) -> Request:
    return Request(LEDGERS[code], "张三", date(2024, 1, 10), code_lists=CODES)


def bring(path: Path, code: str, file: Path) -> tuple[int, int, int]:
    """Rows stored, rejected, waiting."""
    with opened(path) as store:
        staged = stage_csv(file, LEDGERS[code], staging_area(store))
        with Import(store, request(code), staged) as work:
            record = work.apply()[0].record
    return record.stored, record.rejected, record.waiting


def _importer(path: Path, file: Path) -> subprocess.Popen[str]:
    command = [
        sys.executable,
        "-c",
        PROGRAM,
        str(path),
        str(file),
        SHOP.replace("code: shop", "code: branch"),
    ]
    return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)  # noqa: S603 # our own program


@pytest.mark.slow
def test_two_writers_cannot_store_one_code_twice(tmp_path: Path) -> None:
    path = tmp_path / "store"
    RecordStore.create(path, catalogue=LEDGERS.get, referred=["area"]).close()
    files = []
    for name in ("S1", "S2"):
        files.append(tmp_path / f"{name}.csv")
        files[-1].write_text(f"{HEAD}{name},{CODES_OF[0]},甲,2020-01-01,100\n", encoding="utf-8")
    children = [_importer(path, file) for file in files]
    for child in children:
        assert child.stdout is not None
        # both find nothing wrong before either stores anything
        assert child.stdout.readline() == "checked 0\n"
    for child in children:
        assert child.stdin is not None
        child.stdin.write("\n")
        child.stdin.flush()
    found = sorted(child.communicate(timeout=60)[0] for child in children)
    assert found == ["0 1\n", "1 0\n"]
    with opened(path) as store, store.connect() as engine:
        rows = engine.execute(f"SELECT uscc FROM {scan_sql('branch', store.snapshot(), ['uscc'])}").fetchall()
    assert rows == [(CODES_OF[0],)]


def test_rows_that_waited_are_looked_at_again(tmp_path: Path) -> None:
    """S1 waits for its area with a code that S2, whose area is there, has meanwhile been stored with."""
    path = tmp_path / "store"
    RecordStore.create(path, catalogue=LEDGERS.get, referred=["area"]).close()
    head = "商户编号,信用代码,片区,开业日期\n"
    areas = [tmp_path / "a1.csv", tmp_path / "a2.csv"]
    for number, file in enumerate(areas, start=1):
        file.write_text(f"area_id,\nA{number},\n", encoding="utf-8")
    shops = [tmp_path / "s1.csv", tmp_path / "s2.csv"]
    for number, file in enumerate(shops, start=1):
        file.write_text(f"{head}S{number},{CODES_OF[0]},A{number},2020-01-01\n", encoding="utf-8")
    assert bring(path, "branch", shops[0]) == (0, 0, 1)
    bring(path, "area", areas[1])
    assert bring(path, "branch", shops[1]) == (1, 0, 0)
    bring(path, "area", areas[0])
    with opened(path) as store:
        (held,) = store.manifest.held("branch")
        assert held.reason is HoldReason.QUARANTINE
        assert [each["code"] for each in held.problems if isinstance(each, dict)] == ["LEDG-152"]
        with store.connect() as engine:
            released = release_waiting(store, engine, request("branch").checker_of, "系统", tmp_path / "work")
        assert released.rows == {}
