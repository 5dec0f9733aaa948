"""From a file to a batch: nothing lost, nothing twice, everything balanced, everything reversible."""

import csv
import io
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.intake.conftest import CODES, ledger_from

from zhunsheng.documents.ledger_export import write_records
from zhunsheng.documents.ledger_workbook import read_ledger_workbook
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.ledgers.values import cell_text
from zhunsheng.store.intake.exporting import exported_fields, heading, records
from zhunsheng.store.intake.importing import Import, Request, staging_area
from zhunsheng.store.intake.other_sources import stage_workbook
from zhunsheng.store.intake.rejections import guarded
from zhunsheng.store.intake.releasing import release_held
from zhunsheng.store.intake.text_files import stage_csv
from zhunsheng.store.records.entries import HoldReason, HoldState, ImportRecord
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.verification import verify

SHOP = """
code: shop
label: 商户
label_en: Shop
description: 样例。
chapter: 1
source: {document: market-ledgers, clause: "1.2", evidence: proposal}
key: [shop_id]
unique: [[uscc]]
date: opened_on
organisation: shop_id
fields:
  shop_id: {label: 商户编号, type: text, required: true, length: 20}
  uscc: {label: 信用代码, type: text, exact_length: 18, validator: uscc}
  name: {label: 名称, type: text, length: 30}
  opened_on: {label: 开业日期, type: date, required: true}
  capital: {label: 资本, type: money, least: 0}
checks:
  - {name: named, level: W, holds: name IS NOT NULL, message: 没有名称, remedy: 补填。}
  - {name: huge, level: Q, holds: capital <= 100000000, message: 资本过大, remedy: 核对单位。}
"""
VISIT = """
code: visit
label: 检查
label_en: Visit
description: 样例。
chapter: 1
source: {document: market-ledgers, clause: "1.2", evidence: proposal}
key: [visit_id]
date: visited_on
organisation: visit_id
fields:
  visit_id: {label: 检查编号, type: text, required: true, length: 20}
  shop_id: {label: 商户, type: reference, to: shop, required: true}
  opened_on: {label: 开业日期, type: date, stamped: shop_id.opened_on}
  visited_on: {label: 检查日期, type: date, required: true}
  fine: {label: 罚款, type: money}
checks:
  - {name: after_opening, level: E, holds: visited_on >= opened_on, message: 检查早于开业, remedy: 核对日期。}
"""
LEDGERS = {"shop": ledger_from(SHOP), "visit": ledger_from(VISIT)}
CODES_OF = ("91440101MA9X00011C", "92440114MA9X0002XU", "93440114MA9X00038Q", "91440101MA9X001690")
HEAD = "商户编号,信用代码,名称,开业日期,资本\n"


class Desk:
    """A store and someone who imports into it."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.moment = datetime(2024, 1, 10, tzinfo=UTC)
        self.store = RecordStore.create(
            directory / "store", clock=self._now, catalogue=LEDGERS.get, referred=["shop"]
        )

    def _now(self) -> datetime:
        self.moment += timedelta(minutes=1)
        return self.moment

    def request(self, code: str, who: str = "张三", **more: Any) -> Request:
        return Request(LEDGERS[code], who, date(2024, 1, 10), code_lists=CODES, **more)

    def open(self, code: str, text: str, name: str = "a.csv", **more: Any) -> Import:
        path = self.directory / name
        path.write_text(text, encoding="utf-8")
        staged = stage_csv(path, LEDGERS[code], staging_area(self.store))
        return Import(self.store, self.request(code, **more), staged)

    def bring(self, code: str, text: str, **more: Any) -> ImportRecord:
        with self.open(code, text, **more) as work:
            assert not work.is_refused, work.problems
            record = work.apply()[0].record
        assert record.rows_read == (
            record.stored
            + record.unchanged
            + record.duplicates
            + record.rejected
            + record.quarantined
            + record.waiting
        )
        if record.amounts is not None:
            amounts = record.amounts
            assert amounts.read == (
                amounts.stored
                + amounts.unchanged
                + amounts.duplicates
                + amounts.rejected
                + amounts.quarantined
                + amounts.waiting
            )
        return record

    def rows(self, code: str) -> list[tuple[Any, ...]]:
        ledger = LEDGERS[code]
        fields = exported_fields(ledger, everything=False, personal=True)
        own = [each for each in fields if each.name in ledger.by_name and each.target in {"", "shop"}]
        with self.store.connect() as connection:
            return list(records(connection, ledger, self.store.snapshot(), own))


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def _shops(*rows: str) -> str:
    return HEAD + "".join(f"{row}\n" for row in rows)


ONE = f"S1,{CODES_OF[0]},甲,2020-01-01,100"
TWO = f"S2,{CODES_OF[1]},乙,2020-01-02,200.50"


def test_the_same_file_twice_changes_nothing(desk: Desk) -> None:
    first = desk.bring("shop", _shops(ONE, TWO))
    assert (first.stored, first.amounts and first.amounts.stored) == (2, 30050)
    with desk.open("shop", _shops(ONE, TWO)) as work:
        assert work.earlier is not None
        assert work.earlier.number == first.number
    assert len(desk.store.batches()) == 1


def test_same_content_in_another_file_is_unchanged_and_new_content_a_version(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, TWO))
    record = desk.bring(
        "shop", _shops(ONE, TWO.replace("200.50", "300"), f"S3,{CODES_OF[2]},丙,2020-01-03,1")
    )
    assert (record.stored, record.new_versions, record.unchanged) == (2, 1, 1)
    versions = desk.store.history("shop", "S2")
    assert [each.values["capital"] for each in versions] == [Decimal("200.50"), Decimal("300.00")]
    assert [each.is_current for each in versions] == [False, True]


def test_undo_brings_the_state_before_back(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, TWO))
    before = desk.rows("shop")
    record = desk.bring("shop", _shops(ONE.replace("甲", "甲二"), f"S3,{CODES_OF[2]},丙,2020-01-03,1"))
    assert desk.rows("shop") != before
    assert record.batch is not None
    desk.store.undo(record.batch, "李四", "导错了")
    assert desk.rows("shop") == before
    assert not verify(desk.store)
    # an undone import may come again
    with desk.open("shop", _shops(ONE.replace("甲", "甲二"), f"S3,{CODES_OF[2]},丙,2020-01-03,1")) as work:
        assert work.earlier is None


def test_faulty_rows_stay_out_and_the_rest_comes_in(desk: Desk) -> None:
    record = desk.bring(
        "shop",
        _shops(ONE, "S2,WRONG,乙,2020-01-02,200", f"S3,{CODES_OF[2]},丙,2020-01-03,78%", "S4,,丁,,5", ",,,,"),
    )
    assert (record.rows_read, record.stored, record.rejected, record.quarantined) == (4, 1, 2, 1)
    assert record.amounts is not None
    assert (record.amounts.read, record.amounts.rejected) == (30500, 20500)
    assert [row[0] for row in desk.rows("shop")] == ["S1"]


def test_places_of_faults(desk: Desk) -> None:
    with desk.open("shop", "商户登记表,,,,\n" + _shops(ONE, "S2,WRONG,,昨天,1")) as work:
        work.check()
        found = [(each.line, each.level.value, each.headings, each.problem.code) for each in work.faults()]
    assert found == [
        (4, "E", ("信用代码",), "LEDG-114"),
        (4, "E", ("开业日期",), "LEDG-108"),
        (4, "W", ("名称",), "shop.named"),
    ]


def test_identical_rows_are_duplicates(desk: Desk) -> None:
    record = desk.bring("shop", _shops(ONE, ONE, TWO))
    assert (record.stored, record.duplicates) == (2, 1)


def test_one_key_with_two_contents_is_for_a_person_to_decide(desk: Desk) -> None:
    record = desk.bring("shop", _shops(ONE, ONE.replace("甲", "假"), TWO))
    assert (record.stored, record.quarantined) == (1, 2)
    held = desk.store.manifest.held("shop")
    assert [each.row for each in held] == [1, 2]
    assert {problem["code"] for each in held for problem in each.problems if isinstance(problem, dict)} == {
        "LEDG-150"
    }


def test_one_code_for_two_shops_in_a_file_holds_both(desk: Desk) -> None:
    record = desk.bring("shop", _shops(ONE, f"S9,{CODES_OF[0]},丙,2020-01-03,1", TWO))
    assert (record.stored, record.quarantined) == (1, 2)


def test_a_code_that_another_shop_in_force_has_is_refused(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE))
    record = desk.bring("shop", _shops(f"S9,{CODES_OF[0]},丙,2020-01-03,1", TWO))
    assert (record.stored, record.rejected) == (1, 1)
    # the shop that has it may change everything else, and hand it over in one file
    assert desk.bring("shop", _shops(ONE.replace("甲", "甲二"))).new_versions == 1
    swapped = _shops(ONE.replace(CODES_OF[0], CODES_OF[1]), TWO.replace(CODES_OF[1], CODES_OF[0]))
    assert desk.bring("shop", swapped).new_versions == 2


def test_children_wait_for_their_parents(desk: Desk) -> None:
    visits = "检查编号,商户,检查日期,罚款\nV1,S1,2023-01-01,10\nV2,S2,2023-01-02,20\nV3,S7,2023-01-03,30\n"
    record = desk.bring("visit", visits)
    assert (record.stored, record.waiting) == (0, 3)
    with desk.open("shop", _shops(ONE, TWO), name="b.csv") as work:
        result, released = work.apply()
    assert result.record.stored == 2
    assert released.rows == {"visit": 2}
    assert [row[0] for row in desk.rows("visit")] == ["V1", "V2"]
    left = desk.store.manifest.held(reason=HoldReason.WAITING)
    assert [each.waits_for_key for each in left] == ["S7"]
    assert desk.store.manifest.held(state=HoldState.RELEASED)


def test_a_row_that_contradicts_the_record_it_points_to(desk: Desk) -> None:
    """The shop opened in 2020: a visit of 2019 is turned away, and held when the shop came after the visit."""
    visits = "检查编号,商户,检查日期,罚款\nV1,S1,2019-01-01,10\nV2,S1,2023-01-02,20\n"
    assert desk.bring("visit", visits).waiting == 2
    with desk.open("shop", _shops(ONE), name="b.csv") as work:
        _, released = work.apply()
    assert released.rows == {"visit": 1}
    (held,) = desk.store.manifest.held("visit")
    assert held.reason is HoldReason.QUARANTINE
    assert [problem["code"] for problem in held.problems if isinstance(problem, dict)] == [
        "visit.after_opening"
    ]
    record = desk.bring("visit", visits.replace("V1", "V8").replace("V2", "V9"), name="c.csv")
    assert (record.stored, record.rejected) == (1, 1)
    assert not verify(desk.store)


def test_outlook_tells_what_apply_does(desk: Desk) -> None:
    desk.bring("shop", _shops(ONE, TWO))
    text = _shops(
        ONE,
        TWO.replace("乙", "乙二"),
        f"S3,{CODES_OF[2]},丙,2020-01-03,1",
        f"S3,{CODES_OF[2]},丙,2020-01-03,1",
        "S4,x,,,",
    )
    before = desk.rows("shop")
    with desk.open("shop", text) as work:
        work.check()
        outlook = work.outlook()
        assert desk.rows("shop") == before
        record = work.apply()[0].record
    assert outlook.rows["stored"] == record.stored == 2
    assert outlook.new_versions == record.new_versions == 1
    assert outlook.rows["unchanged"] == record.unchanged == 1
    assert outlook.rows["duplicate"] == record.duplicates == 1
    assert outlook.rows["rejected"] == record.rejected == 1


def test_release_after_correction_and_after_confirmation(desk: Desk) -> None:
    desk.bring(
        "shop", _shops(f"S1,{CODES_OF[0]},甲,2020-01-01,78%", f"S2,{CODES_OF[1]},乙,2020-01-02,900000000")
    )
    held = {each.row: each for each in desk.store.manifest.held("shop")}
    request = desk.request("shop")
    checker = request.checker_of(LEDGERS["shop"])
    scratch = desk.directory / "scratch"
    with desk.store.connect() as connection:
        arguments = (desk.store, connection)
        _, refused = release_held(*arguments, checker, request.checker_of, [held[1]], {}, "李四", scratch)
        assert refused.rows[held[1].number].level is Level.QUARANTINE
        released, _ = release_held(
            *arguments, checker, request.checker_of, [held[1]], {"capital": "78万元"}, "李四", scratch
        )
        assert released.rows == {"shop": 1}
        confirmed = replace(checker, confirmed=True)
        released, _ = release_held(*arguments, confirmed, request.checker_of, [held[2]], {}, "李四", scratch)
        assert released.rows == {"shop": 1}
    assert [row[4] for row in desk.rows("shop")] == [Decimal("780000.00"), Decimal("900000000.00")]
    assert not desk.store.manifest.held("shop")


def test_a_file_without_required_columns_is_refused_as_a_whole(desk: Desk) -> None:
    with desk.open("shop", "商户编号,名称,开业的日期\nS1,甲,2020-01-01\n") as work:
        assert work.is_refused
        codes = [each.code for each in work.problems]
    assert codes == ["LEDG-155", "LEDG-133"]
    assert "--map 开业的日期=opened_on" in work.problems[1].remedy


def test_a_heading_that_is_half_a_field_is_asked_about_and_never_taken(desk: Desk) -> None:
    with desk.open("shop", "商户编号,名称,开业时间\nS1,甲,2020-01-01\n") as work:
        assert work.is_refused
        assert [each.code for each in work.problems] == ["LEDG-155", "LEDG-133"]
        assert "可能是“开业日期”" in work.problems[0].what
        assert "--map 开业时间=opened_on" in work.problems[1].remedy
    with desk.open("shop", "商户编号,开业日期,注册地址\nS1,2020-01-01,x\n") as work:
        assert [each.code for each in work.problems] == ["LEDG-134"]


def test_an_empty_row_is_no_record_whatever_is_given_for_the_whole_file(desk: Desk) -> None:
    given = {"商户编号": "S1", "开业日期": "2020-01-01"}
    record = desk.bring("shop", "名称,资本\n甲,1\n,\n , \n", constants=given)
    assert (record.rows_read, record.stored) == (1, 1)
    assert record.mapping["--set"] == {"shop_id": "S1", "opened_on": "2020-01-01"}


def test_a_heading_explained_once_is_remembered(desk: Desk) -> None:
    text = "商户编号,名称,开业的日期\nS1,甲,2020-01-01\n"
    desk.bring("shop", text, said={"开业的日期": "opened_on"})
    with desk.open("shop", text.replace("甲", "乙")) as work:
        assert not work.is_refused


def test_bad_maps_and_two_columns_for_one_field(desk: Desk) -> None:
    with desk.open("shop", _shops(ONE), said={"没有": "name", "名称": "nothing"}) as work:
        assert [each.code for each in work.problems] == ["LEDG-137", "LEDG-137"]
    with desk.open("shop", "商户编号,shop_id,开业日期\nS1,S1,2020-01-01\n") as work:
        assert [each.code for each in work.problems] == ["LEDG-135"]


def test_staged_rows_survive_a_kill(desk: Desk) -> None:
    with desk.open("shop", _shops(ONE)) as work:
        part = work.staged.parts[0].path
    stamp = part.stat().st_mtime_ns
    with desk.open("shop", _shops(ONE)) as work:
        assert work.staged.parts[0].path.stat().st_mtime_ns == stamp
        work.apply()
    assert not part.exists()


def test_an_interrupted_import_leaves_nothing(desk: Desk) -> None:
    def stop(what: str, _done: int, _total: int) -> None:
        if what == "入库":
            raise KeyboardInterrupt

    with desk.open("shop", _shops(ONE)) as work:
        work.report = stop
        with pytest.raises(KeyboardInterrupt):
            work.apply()
    assert desk.rows("shop") == []
    assert not desk.store.manifest.imports()
    assert desk.bring("shop", _shops(ONE)).stored == 1


_names = st.text("甲乙 =+-@'\",;；、\n（）a1#", min_size=1, max_size=8)


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    found=st.lists(
        st.tuples(
            _names,
            st.dates(date(1950, 1, 1), date(2023, 12, 31)),
            st.integers(0, 10**17) | st.integers(0, 100),
        ),
        min_size=1,
        max_size=6,
    ),
    kind=st.sampled_from(["csv", "xlsx"]),
)
def test_export_and_import_give_the_same_records(
    tmp_path_factory: pytest.TempPathFactory, found: list[tuple[str, date, int]], kind: str
) -> None:
    """Ledger to file to ledger: the second store holds what the first holds, to the last digit."""
    ledger: LedgerDefinition = LEDGERS["shop"]
    one, other = (Desk(tmp_path_factory.mktemp("desk")) for _ in range(2))
    stream = io.StringIO(newline="")
    csv.writer(stream).writerow(["商户编号", "名称", "开业日期", "资本"])
    for number, (name, day, fen) in enumerate(found):
        csv.writer(stream).writerow([f"S{number}", guarded(name), day, f"{Decimal(fen).scaleb(-2):f}"])
    path = one.directory / "in.csv"
    path.write_text(stream.getvalue(), encoding="utf-8", newline="")
    with Import(one.store, one.request("shop"), stage_csv(path, ledger, staging_area(one.store))) as work:
        work.apply()
    fields = exported_fields(ledger, everything=False, personal=True)
    own = [each for each in fields if not each.target]
    with one.store.connect() as connection:
        rows = list(records(connection, ledger, one.store.snapshot(), own))
    headings = [heading(each) for each in own]
    target = other.directory / f"out.{kind}"
    if kind == "xlsx":
        target.write_bytes(write_records(ledger.label, own, headings, rows))
        staged = stage_workbook(target, ledger, staging_area(other.store), read_ledger_workbook)
    else:
        out = io.StringIO(newline="")
        csv.writer(out).writerow(headings)
        for row in rows:
            csv.writer(out).writerow(
                [guarded(cell_text(each, value)) for each, value in zip(own, row, strict=True)]
            )
        target.write_text(out.getvalue(), encoding="utf-8", newline="")
        staged = stage_csv(target, ledger, staging_area(other.store))
    with Import(other.store, other.request("shop"), staged) as work:
        record = work.apply()[0].record
    assert record.stored == len(rows)
    with other.store.connect() as connection:
        assert list(records(connection, ledger, other.store.snapshot(), own)) == rows
    one.store.close()
    other.store.close()
