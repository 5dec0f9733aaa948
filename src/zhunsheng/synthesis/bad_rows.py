"""Import files with a known share of bad rows, and the sheet that says which rows are bad and how."""

import csv
import io
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.synthesis.amounts import half_up
from zhunsheng.synthesis.import_rows import Row, renewals, renewed, rows_of

ANSWERS = "答案.csv"
"""Name of the sheet."""

MOST_ROWS = 1000
"""Rows of one file."""

_HEADINGS = ("文件", "行号", "台账", "故障", "字段", "处理", "说明")
_WAITS = "等待引用"


@dataclass(frozen=True, slots=True)
class Fault:
    """One way in which a row is bad.

    Attributes:
        code: stable name.
        field: the field at fault.
        treatment: E rejected, Q held for a person, W stored with a warning, C changed automatically, or 等待引用.
        spoil: makes a good row bad.
        fits: whether a row can be spoilt so.
    """

    code: str
    field: str
    treatment: str
    what: str
    spoil: Callable[[Row], None]
    fits: Callable[[Row], bool] = lambda _row: True


@dataclass(frozen=True, slots=True)
class Answer:
    """A bad row: `line` counts from 1, the headings are line 1."""

    file: str
    line: int
    ledger: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Export:
    """The files by name, and what is wrong in them."""

    files: dict[str, bytes]
    answers: tuple[Answer, ...]


def _set(name: str, value: str) -> Callable[[Row], None]:
    return lambda row: row.update({name: value})


def _copy(name: str, other: str, days: int) -> Callable[[Row], None]:
    """The day of another field, moved."""
    return lambda row: row.update({name: _moved(row[other], days)})


def _moved(text: str, days: int) -> str:
    if len(text) > 10:
        return (datetime.fromisoformat(text) + timedelta(days=days)).isoformat(" ")
    return (date.fromisoformat(text) + timedelta(days=days)).isoformat()


def _given(*names: str) -> Callable[[Row], bool]:
    return lambda row: all(row[each] for each in names)


def _wrong_check(row: Row) -> None:
    row["uscc"] = row["uscc"][:-1] + ("1" if row["uscc"][-1] != "1" else "2")


def _full_width(row: Row) -> None:
    row["uscc"] = "".join(chr(ord(each) + 0xFEE0) for each in row["uscc"])


def _first_only(name: str) -> Callable[[Row], None]:
    return lambda row: row.update({name: row[name].split("、")[0]})


def _times(name: str, other: str, factor: int) -> Callable[[Row], None]:
    return lambda row: row.update({name: str(int(float(row[other]) * factor))})


def _positive_without_weight(row: Row) -> None:
    row.update(result="阳性", quantity="", action="停止销售", destroyed="")


def _is(name: str, *values: str) -> Callable[[Row], bool]:
    return lambda row: row[name] in values


FAULTS: dict[str, tuple[Fault, ...]] = {
    "market_entity": (
        Fault("校验位错误", "uscc", "E", "统一社会信用代码的校验位不对", _wrong_check, _given("uscc")),
        Fault(
            "类别与代码不符",
            "entity_class",
            "E",
            "企业的代码标成个体工商户",
            _set("entity_class", "个体工商户"),
            _is("entity_class", "企业"),
        ),
        Fault(
            "成立日期在将来", "established_on", "E", "成立日期晚于今天", _set("established_on", "2060-01-01")
        ),
        Fault(
            "状态日期过早",
            "status_on",
            "E",
            "状态日期早于成立日期",
            _copy("status_on", "established_on", -30),
        ),
        Fault("区划不存在", "domicile_area", _WAITS, "住所区划不在区划表内", _set("domicile_area", "999999")),
        Fault("全角代码", "uscc", "C", "代码写成全角字符", _full_width, _given("uscc")),
    ),
    "registration_event": (
        Fault(
            "决定早于申请",
            "decided_at",
            "E",
            "决定时间早于材料齐全时间",
            _copy("decided_at", "complete_at", -40),
            _given("complete_at"),
        ),
        Fault(
            "非容缺列材料",
            "tolerant_missing",
            "E",
            "不是容缺却列了容缺材料",
            _set("tolerant_missing", "住所证明"),
            _is("tolerant", "否"),
        ),
        Fault("有决定无结果", "result", "E", "已决定而没有结果", _set("result", "")),
        Fault("主体不存在", "entity_id", _WAITS, "主体编号不在登记册内", _set("entity_id", "没有的主体")),
    ),
    "annual_report": (
        Fault(
            "报告年度过晚",
            "report_year",
            "E",
            "报告年度不早于报送年份",
            lambda row: row.update(report_year=row["submitted_at"][:4]),
        ),
        Fault("缺报送时间", "submitted_at", "E", "必填项为空", _set("submitted_at", "")),
        Fault(
            "资不抵债",
            "liabilities",
            "W",
            "负债大于资产",
            _times("liabilities", "assets", 3),
            lambda row: float(row["assets"] or 0) > 0,
        ),
        Fault("数字带单位", "assets", "E", "金额不是数字", _set("assets", "若干")),
    ),
    "complaint": (
        Fault(
            "不受理无理由",
            "refusal_ground",
            "E",
            "不予受理而没有理由",
            _set("refusal_ground", ""),
            _is("decision", "不予受理"),
        ),
        Fault(
            "办结早于决定",
            "closed_on",
            "E",
            "办结日期早于决定日期",
            _copy("closed_on", "decided_on", -3),
            _given("closed_on", "decided_on"),
        ),
        Fault(
            "金额单位错误",
            "recovered_amount",
            "Q",
            "挽回损失远大于请求金额",
            _times("recovered_amount", "claimed_amount", 10_000),
            _given("claimed_amount"),
        ),
        Fault("满意度越界", "satisfaction", "E", "满意度大于五分", _set("satisfaction", "6")),
    ),
    "case_file": (
        Fault("只有一名人员", "officers", "E", "办案人员不足两人", _first_only("officers")),
        Fault(
            "决定早于告知",
            "decision_on",
            "E",
            "决定日期早于告知日期",
            _copy("decision_on", "notice_on", -5),
            _given("notice_on"),
        ),
        Fault(
            "免罚仍罚款",
            "fine",
            "Q",
            "免予处罚却有罚款",
            _set("fine", "500"),
            _is("discretion", "不予（免予）"),
        ),
        Fault(
            "警告不应公示",
            "penalty_kinds",
            "E",
            "只有警告却公示",
            _set("penalty_kinds", "警告"),
            _given("published_on"),
        ),
    ),
    "food_sample": (
        Fault(
            "不合格无项目",
            "failing_items",
            "E",
            "结论不合格而没有不合格项目",
            _set("failing_items", ""),
            _is("conclusion", "不合格"),
        ),
        Fault(
            "报告早于收样",
            "report_on",
            "E",
            "报告日期早于收样日期",
            _copy("report_on", "received_on", -2),
            _given("report_on", "received_on"),
        ),
        Fault("只有一名抽样", "samplers", "E", "抽样人员不足两人", _first_only("samplers")),
        Fault("日期不存在", "sampled_on", "E", "日期写错", _set("sampled_on", "2023-02-30")),
    ),
    "rapid_test": (
        Fault(
            "上传早于检测", "uploaded_at", "E", "上传时间早于检测时间", _copy("uploaded_at", "tested_at", -1)
        ),
        Fault("阳性无数量", "quantity", "Q", "阳性而没有数量", _positive_without_weight),
        Fault("选项写错", "product_group", "E", "品种不是选项", _set("product_group", "零食")),
        Fault("市场不存在", "market_id", _WAITS, "市场编号不在台账内", _set("market_id", "没有的市场")),
    ),
    "rescue": (
        Fault(
            "到达早于报警",
            "arrive_at",
            "E",
            "到达时间早于报警时间",
            _copy("arrive_at", "alarm_at", -1),
            _given("arrive_at"),
        ),
        Fault(
            "到达零分钟",
            "arrive_at",
            "Q",
            "到达与报警同时",
            _copy("arrive_at", "alarm_at", 0),
            _given("arrive_at"),
        ),
        Fault("缺原因", "cause", "E", "必填项为空", _set("cause", "")),
    ),
    "payment": (
        Fault(
            "负数非退款",
            "amount",
            "E",
            "金额为负而不是退款",
            lambda row: row.update(amount="-" + row["amount"].lstrip("-")),
            _is("refund_of", ""),
        ),
        Fault("预算明细不存在", "line_id", _WAITS, "预算明细编号不在台账内", _set("line_id", "没有的明细")),
        Fault("缺凭证号", "voucher", "E", "必填项为空", _set("voucher", "")),
    ),
    "procurement": (
        Fault(
            "备案早于签订",
            "contract_filed_on",
            "E",
            "备案日期早于签订日期",
            _copy("contract_filed_on", "contract_signed_on", -4),
        ),
        Fault(
            "签订早于通知",
            "contract_signed_on",
            "E",
            "签订早于成交通知书",
            _copy("contract_signed_on", "award_notice_on", -6),
        ),
        Fault(
            "意向不足三十日",
            "intention_on",
            "W",
            "意向公开不足三十日",
            _copy("intention_on", "tender_on", -10),
        ),
        Fault(
            "预留不适宜",
            "sme_reserved",
            "W",
            "不适宜而预留份额",
            _set("sme_reserved", "是"),
            _is("sme_eligible", "否"),
        ),
    ),
}
"""The ledgers that are exported, and what can be wrong with their rows."""


def export_with_faults(
    snapshot: Snapshot,
    connection: duckdb.DuckDBPyConnection,
    share_of_bad: float,
    ledgers: Iterable[LedgerDefinition],
) -> Export:
    """Import files of new records, some of them bad, and the sheet of answers.

    Args:
        snapshot: the generated store.
        connection: an engine.
        share_of_bad: between 0 and 1.
        ledgers: the ones of `FAULTS`.
    """
    files: dict[str, bytes] = {}
    answers: list[Answer] = []
    ways = renewals(snapshot)
    for ledger in ledgers:
        name = f"{ledger.code}.csv"
        given = rows_of(ledger, snapshot, connection, MOST_ROWS)
        rows = [renewed(row, ways[ledger.code], number) for number, row in enumerate(given, 1)]
        answers += _spoil(rows, name, ledger.code, share_of_bad)
        files[name] = _csv(
            [ledger.by_name[each].label for each in rows[0]] if rows else (), (row.values() for row in rows)
        )
    lines = [
        (
            each.file,
            str(each.line),
            each.ledger,
            each.fault.code,
            each.fault.field,
            each.fault.treatment,
            each.fault.what,
        )
        for each in answers
    ]
    files[ANSWERS] = _csv(_HEADINGS, lines)
    return Export(files, tuple(answers))


def _spoil(rows: list[Row], name: str, ledger: str, share_of_bad: float) -> list[Answer]:
    """Spoil rows evenly over the file, each kind of fault in turn."""
    wanted = half_up(int(len(rows) * share_of_bad * 1000)) // 1000
    if share_of_bad > 0:
        wanted = min(max(wanted, len(FAULTS[ledger])), len(rows))
    faults = FAULTS[ledger]
    answers: list[Answer] = []
    used: set[int] = set()
    for turn in range(wanted):
        fault = faults[turn % len(faults)]
        start = turn * len(rows) // max(wanted, 1)
        for step in range(len(rows)):
            place = (start + step) % len(rows)
            if place not in used and fault.fits(rows[place]):
                fault.spoil(rows[place])
                used.add(place)
                answers.append(Answer(name, place + 2, ledger, fault))
                break
    return sorted(answers, key=lambda each: each.line)


def _csv(headings: Iterable[str], rows: Iterable[Iterable[str]]) -> bytes:
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(headings)
    writer.writerows(rows)
    return ("\ufeff" + stream.getvalue()).encode()
