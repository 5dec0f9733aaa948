"""A small ledger with every kind of field, and queries over rows given as texts."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

import duckdb
import pytest

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.ledgers.row_checks import RowChecker
from zhunsheng.store.intake.compiled import Compiled, compile_ledger
from zhunsheng.store.records.physical import quoted
from zhunsheng.store.yaml_files import parse_yaml

TODAY = date(2024, 1, 10)
CODES = {"kinds": {"K1": "甲类", "K2": "乙类", "9500": "个体工商户"}}

EVERY_KIND = """
code: every_kind
label: 样例台账
label_en: Example
description: 各种字段各一个。
chapter: 1
source: {document: market-ledgers, clause: "1.2", evidence: proposal}
key: [number]
unique: [[uscc]]
date: happened_on
fields:
  number: {label: 编号, type: text, required: true, length: 20, aliases: [NO]}
  uscc: {label: 信用代码, type: text, exact_length: 18, validator: uscc}
  barcode: {label: 条码, type: text, validator: gtin, length: 14}
  name: {label: 名称, type: text, length: 12}
  kind: {label: 类别, type: text, code_list: kinds, length: 6}
  people: {label: 人数, type: integer, unit: 人, least: 0}
  weight: {label: 重量, type: decimal, places: 3, unit: 公斤}
  amount: {label: 金额, type: money, least: 0}
  paid: {label: 已付, type: money}
  urgent: {label: 是否加急, type: boolean, required: true}
  happened_on: {label: 发生日期, type: date, required: true}
  closed_at: {label: 办结时间, type: datetime}
  state: {label: 状态, type: enum, required: true, values: {OPEN: 在办, DONE: 办结, VOID: 作废}}
  entity_id: {label: 市场主体, type: reference, to: market_entity}
  marks: {label: 标记, type: list, values: {A: 甲, B: 乙, C: 丙}}
  items: {label: 事项, type: list}
  officers: {label: 经办人, type: list, to: staff}
  pauses: {label: 中止, type: json}
  late: {label: 是否逾期, type: boolean, computed: "closed_at IS NOT NULL AND days(happened_on, closed_at) > 7"}
  rest: {label: 未付, type: money, computed: "amount - coalesce(paid, 0)"}
checks:
  - {name: closed_after, level: E, holds: closed_at >= happened_on, message: 办结早于发生, remedy: 核对日期。}
  - {name: paid_within, level: Q, holds: paid <= amount, message: 已付大于金额, remedy: 核对金额。}
  - {name: two_officers, level: E, holds: size(officers) >= 2, message: 经办人不足两人, remedy: 补填。}
  - {name: done_is_closed, level: W, holds: state <> 'DONE' OR closed_at IS NOT NULL, message: 办结却无时间, remedy: 补填。}
  - {name: not_late, level: W, holds: NOT late, message: 逾期, remedy: 说明原因。}
"""


def ledger_from(text: str) -> LedgerDefinition:
    """A ledger from the text of a definition file."""
    node, problems = parse_yaml(text, "every_kind.yaml")
    assert node is not None, problems
    ledger, found = read_ledger(node)
    assert ledger is not None, found
    return ledger


@pytest.fixture(scope="session")
def every_kind() -> LedgerDefinition:
    """A ledger with every kind of field."""
    return ledger_from(EVERY_KIND)


Query = Callable[[RowChecker, Sequence[Mapping[str, str]]], list[dict[str, Any]]]


@pytest.fixture(scope="session")
def query() -> Query:
    """Run the query of a ledger over rows of texts; one dict for each row, in their order."""
    connection = duckdb.connect()

    def run(checker: RowChecker, rows: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
        made = compile_ledger(checker)
        assert isinstance(made, Compiled)
        names = [each.name for each in checker.ledger.entered]
        columns = ", ".join(f"{quoted(name)} VARCHAR" for name in names)
        connection.execute(f"CREATE OR REPLACE TABLE texts (_source_row BIGINT, _trimmed BIGINT, {columns})")
        marks = ", ".join("?" for _ in range(len(names) + 2))
        connection.executemany(
            f"INSERT INTO texts VALUES ({marks})",
            [
                # as staged: without outer blanks, NULL when empty
                [number, 0, *((row.get(name) or "").strip(" ") or None for name in names)]
                for number, row in enumerate(rows)
            ],
        )
        cursor = connection.execute(made.select.replace("{source}", "texts") + " ORDER BY _source_row")
        titles = [each[0] for each in cursor.description or ()]
        return [dict(zip(titles, each, strict=True)) for each in cursor.fetchall()]

    return run
