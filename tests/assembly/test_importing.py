"""An import without a command: planned, stored once, its faulty rows as files; held rows looked at; records as a file."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from zhunsheng.assembly.exporting import exported_records
from zhunsheng.assembly.held_rows import (
    held_data,
    held_rows,
    key_words,
    reason_words,
    release_all_waiting,
    release_rows,
)
from zhunsheng.assembly.importing import (
    Outcome,
    Status,
    faulty_row_files,
    import_request,
    outcome_data,
    plan,
    store_planned,
)
from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.staging import stage_content, stage_database, stage_file
from zhunsheng.assembly.stores import opened_store, telling_faults
from zhunsheng.store.intake.importing import Import
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.waiting import discard_held

WHO = "张三"
AREAS = "area_code,level,name,parent,valid_from\n440000,PROVINCE,广东省,,2000-01-01\n440114,DISTRICT,花都区,440000,2000-01-01\n"
ORGS = "org_code,name,kind,parent,area_code,budget_unit\n440114-01,新华所,SUO,,440114,否\n"
HEAD = "主体编号,统一社会信用代码,名称,主体类别,是否分支机构,类型代码,注册资本（万元）,住所区划,住所,成立日期,登记机关,登记状态,状态日期\n"
GOOD = "A1,91440101MA9X00011C,甲公司,企业,否,1100,100,440114,某路1号,2019/3/5,440114-01,存续,2020-01-01\n"
# a credit code with a wrong check digit; a capital that is no amount
REJECTED = (
    "A2,91440300MA5EC9TD3X,乙公司,企业,否,1100,10,440114,某路2号,2019-03-05,440114-01,存续,2020-01-01\n"
)
DOUBTFUL = "A3,93440114MA9X00038Q,丙社,农民专业合作社,否,9100,78%,440114,某路3号,2019-03-05,440114-01,存续,2020-01-01\n"
ALL = (HEAD + GOOD + REJECTED + DOUBTFUL).encode()


@pytest.fixture
def store(tmp_path: Path) -> Iterator[RecordStore]:
    """A store with an area and a body."""
    with opened_store(tmp_path / "库", create=True) as made:
        assert bring(made, "area", AREAS.encode()).rows["stored"] == 2
        assert bring(made, "org", ORGS.encode()).rows["stored"] == 1
        yield made


def bring(store: RecordStore, ledger: str, content: bytes, name: str = "表.csv", **how: bool) -> Outcome:
    """Plan an import and store it if that can be done."""
    definition = store.definition(ledger)
    staged = stage_content(content, name, definition, store)
    with Import(store, import_request(definition, WHO), staged) as work:
        planned = plan(work, **how)
        return store_planned(work, planned) if planned.status is Status.PLANNED else planned


def test_planning_tells_what_storing_does_and_stores_nothing(store: RecordStore) -> None:
    ledger = store.definition("market_entity")
    before = store.snapshot().seq
    staged = stage_content(ALL, "主体.csv", ledger, store)
    with Import(store, import_request(ledger, WHO), staged) as work:
        planned = plan(work)
        assert (planned.status, planned.has_findings) == (Status.PLANNED, True)
        fates = ("read", "stored", "rejected", "quarantined")
        assert [planned.rows[name] for name in fates] == [3, 1, 1, 1]
        assert [(each.level.value, each.line) for each in planned.faults] == [("E", 3), ("Q", 4)]
        assert store.snapshot().seq == before
        stored = store_planned(work, planned)
        assert stored.status is Status.IMPORTED
        assert [stored.rows[name] for name in fates] == [3, 1, 1, 1]
        assert stored.record is not None
        assert (stored.record.who, stored.record.source) == (WHO, "主体.csv")
        data = outcome_data(work, stored, ["退回.csv"])
    assert data["amounts"]["stored"] == "1000000.00"
    assert (data["status"], data["written"]) == ("imported", ["退回.csv"])
    assert [each["code"] for each in data["faults"]] == ["LEDG-114", "LEDG-105"]
    # the same content again, under another name
    again = bring(store, "market_entity", ALL, "又一份.csv")
    assert (again.status, again.record) == (Status.ALREADY, stored.record)
    assert bring(store, "market_entity", ALL, again=True).rows["unchanged"] == 1


def test_what_is_not_planned_is_not_stored(store: RecordStore) -> None:
    refused = bring(store, "market_entity", ALL, strict=True)
    assert (refused.status, refused.rows["rejected"]) == (Status.REFUSED, 1)
    nothing = bring(store, "market_entity", b"x", "表.docx")
    assert (nothing.status, nothing.has_findings) == (Status.REFUSED, True)
    ledger = store.definition("market_entity")
    staged = stage_content(ALL, "主体.csv", ledger, store)
    with (
        Import(store, import_request(ledger, WHO), staged) as work,
        pytest.raises(ValueError, match="refused"),
    ):
        store_planned(work, refused)


def test_faulty_rows_as_files(store: RecordStore) -> None:
    ledger = store.definition("market_entity")
    book = Workbook()
    for line in ALL.decode().splitlines():
        book.worksheets[0].append(line.split(","))
    content = io.BytesIO()
    book.save(content)
    for data, name, original, cell in (
        (ALL, "主体.csv", None, None),
        (content.getvalue(), "主体.xlsx", content.getvalue(), "B3"),
    ):
        with Import(store, import_request(ledger, WHO), stage_content(data, name, ledger, store)) as work:
            files = faulty_row_files(work, plan(work).faults, "主体", original)
        assert set(files) == {"主体-退回.csv", "主体-标注.xlsx"}
        rows = csv.DictReader(io.StringIO(files["主体-退回.csv"].decode("utf-8-sig")))
        assert [row["主体编号"] for row in rows] == ["A2"]
        sheet = load_workbook(io.BytesIO(files["主体-标注.xlsx"])).worksheets[0]
        if cell is None:
            # only the faulty rows, after their numbers in the file
            assert [row[0].value for row in sheet.iter_rows(min_row=2)] == [3, 4]
        else:
            assert sheet[cell].comment is not None
            assert sheet.max_row == 4
    sound = stage_content((HEAD + GOOD).encode(), "好.csv", ledger, store)
    with Import(store, import_request(ledger, WHO), sound) as work:
        assert faulty_row_files(work, plan(work).faults, "好") == {}


@pytest.mark.parametrize(
    ("name", "called"),
    [
        ("年报.csv", "年报.csv"),
        ("../../etc/年报.csv", "年报.csv"),
        ("C:\\数据\\年报.csv", "年报.csv"),
        ("", "文件"),
        ("..", "文件"),
        ("甲\n\x00乙.csv", "甲__乙.csv"),
        ("长" * 400 + ".csv", "长" * 50 + ".csv"),
    ],
)
def test_a_source_is_called_by_the_last_part_of_its_name(store: RecordStore, name: str, called: str) -> None:
    staged = stage_content(AREAS.encode(), name, store.definition("area"), store)
    assert staged.name == called
    assert [part.rows for part in staged.parts] == [2]
    # of the file itself nothing stays
    assert [each.suffix for each in staged.parts[0].path.parent.iterdir()] == [".parquet"]


def test_bytes_are_staged_as_their_file(store: RecordStore, tmp_path: Path) -> None:
    path = tmp_path / "区划.csv"
    path.write_bytes(AREAS.encode())
    ledger = store.definition("area")
    assert stage_file(path, ledger, store) == stage_content(AREAS.encode(), "区划.csv", ledger, store)


def test_an_unknown_kind_of_database_is_said_without_its_password(store: RecordStore) -> None:
    with pytest.raises(WrongRequest, match="host/db") as wrong:
        stage_database("SELECT 1", "oracle://me:secret@host/db", store)
    assert "secret" not in str(wrong.value)


def test_a_doubtful_row_is_looked_at(store: RecordStore) -> None:
    bring(store, "market_entity", ALL)
    (row,) = store.manifest.held()
    assert key_words(store, row) == "主体编号 A3"
    assert "78%" in reason_words(row)
    assert held_data(store, row)["reason"] == "quarantine"
    still = release_rows(store, [row], WHO)
    assert (still.released.rows, list(still.refused)) == ({}, [row.number])
    done = release_rows(store, [row], WHO, {"registered_capital": "780000"})
    assert (done.released.rows, done.refused) == ({"market_entity": 1}, {})
    with pytest.raises(WrongRequest, match=rf"没有未处理的行 {row.number}。"):
        held_rows(store, [row.number])


def test_rows_that_waited(store: RecordStore) -> None:
    waited = bring(store, "market_entity", (HEAD + GOOD.replace("440114-01", "440114-09")).encode())
    assert (waited.rows["waiting"], waited.waiting, waited.has_findings) == (1, {"org": 1}, True)
    (row,) = store.manifest.held()
    assert reason_words(row) == "等待台账 org 的“440114-09”"
    assert release_all_waiting(store, WHO).released.rows == {}
    arrived = bring(store, "org", ORGS.replace("440114-01,新华所", "440114-09,狮岭所").encode())
    assert arrived.released is not None
    assert arrived.released.rows == {"market_entity": 1}


def test_rows_of_several_ledgers_are_not_released_together(store: RecordStore) -> None:
    bring(store, "market_entity", ALL)
    bring(store, "org", ORGS.replace("440114-01,新华所,SUO,", "440114-07,某所,SUO,440114-08").encode())
    rows = store.manifest.held()
    assert {each.ledger for each in rows} == {"market_entity", "org"}
    for chosen in (rows, ()):
        with pytest.raises(WrongRequest, match="同一台账"):
            release_rows(store, chosen, WHO)
    discard_held(store, [each.number for each in rows], WHO, "重复")
    assert store.manifest.held() == ()


def test_records_as_a_file_come_in_again_unchanged(store: RecordStore) -> None:
    bring(store, "market_entity", (HEAD + GOOD).encode())
    ledger = store.definition("market_entity")
    for kind in ("csv", "xlsx"):
        made = exported_records(store, ledger, kind)
        assert made.rows == 1
        assert "法定代表人证件摘要" in made.left_out
        same = bring(store, "market_entity", made.content, f"导出.{kind}")
        assert (same.rows["read"], same.rows["unchanged"]) == (1, 1)
    # before anything was imported
    assert exported_records(store, ledger, "csv", known_at="2000-01-01").rows == 0
    with pytest.raises(WrongRequest):
        exported_records(store, ledger, "doc")


def test_faults_of_the_store_are_told(store: RecordStore, tmp_path: Path) -> None:
    with pytest.raises(Rejected) as rejected, telling_faults():
        store.undo(999, WHO)
    assert [each.code for each in rejected.value.problems] == ["STORE-012"]
    with pytest.raises(Rejected) as rejected, opened_store(tmp_path / "无"):
        raise AssertionError
    assert [each.code for each in rejected.value.problems] == ["STORE-005"]
