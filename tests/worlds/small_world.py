"""A small world of three invented ledgers, and answers to measures over it reckoned record by record."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import duckdb

from zhunsheng.expressions.evaluation import Surroundings, evaluate
from zhunsheng.indicators.definition import IndicatorDefinition
from zhunsheng.indicators.measure import Aggregate, Measure, Span
from zhunsheng.indicators.reading import read_indicator
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.reading import read_ledger
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Answer, Request
from zhunsheng.store.indicator_files import CatalogueSource
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.store.records.writing import BatchInfo, WriteResult, write_batch
from zhunsheng.store.yaml_files import parse_yaml

_HEAD = "label: 测试\nlabel_en: Test\ndescription: 测试。\nchapter: 1\nsource: {document: x, clause: '', evidence: proposal}\n"

_LEDGERS = {
    "area": f"""code: area
{_HEAD}key: [area_code]
fields:
  area_code: {{label: 代码, type: text, required: true}}
""",
    "org": f"""code: org
{_HEAD}key: [org_code]
fields:
  org_code: {{label: 编码, type: text, required: true}}
  name: {{label: 名称, type: text, required: true}}
  parent: {{label: 上级, type: reference, to: org}}
""",
    "shop": f"""code: shop
{_HEAD}key: [shop_id]
fields:
  shop_id: {{label: 编号, type: text, required: true}}
  kind: {{label: 类别, type: enum, required: true, values: {{BIG: 大, SMALL: 小}}}}
  stalls: {{label: 摊位, type: integer}}
""",
    "visit": f"""code: visit
{_HEAD}key: [visit_id]
date: visited_on
fields:
  visit_id: {{label: 编号, type: text, required: true}}
  shop_id: {{label: 店铺, type: reference, to: shop}}
  visited_on: {{label: 日期, type: date, required: true}}
  amount: {{label: 金额, type: money}}
  minutes: {{label: 分钟, type: integer}}
  passed: {{label: 合格, type: boolean, required: true}}
""",
}

_ENVELOPE_TARGETS = ("evidence", "staff")


def _ledger(text: str, code: str) -> LedgerDefinition:
    node, problems = parse_yaml(text, code)
    assert node is not None, problems
    found, problems = read_ledger(node)
    assert found is not None, problems
    return found


LEDGERS = {code: _ledger(text, code) for code, text in _LEDGERS.items()}
for _code in _ENVELOPE_TARGETS:
    LEDGERS[_code] = _ledger(
        f"code: {_code}\n{_HEAD}key: [code_of]\nfields:\n"
        "  code_of: {label: 编号, type: text, required: true}\n",
        _code,
    )

MEASURES = """code: everything
label: 全部度量
label_en: All
description: 测试。
chapter: 1
direction: none
versions:
  - from: ~
    to: ~
    source: {document: x, clause: '', evidence: proposal}
    formula: >-
      visits + passed + money + money_of_big + mean + least + greatest + shops + big_shops + until_now + before + ever
      + year_before + median + high + not_small + kindless + busy + crowded + named_period
    undefined_when: first IS NULL
    measures:
      visits: {ledger: visit, count: records}
      passed: {ledger: visit, count: records, where: passed}
      money: {ledger: visit, sum: amount}
      money_of_big: {ledger: visit, sum: amount, where: "shop_id.kind = 'BIG'"}
      mean: {ledger: visit, mean: minutes}
      least: {ledger: visit, min: minutes}
      greatest: {ledger: visit, max: amount, where: NOT passed}
      shops: {ledger: visit, distinct: shop_id}
      big_shops: {ledger: visit, distinct: shop_id, where: "shop_id.kind = 'BIG' AND passed"}
      until_now: {ledger: visit, count: records, span: until_end}
      before: {ledger: visit, distinct: shop_id, span: before_start}
      ever: {ledger: visit, count: records, span: any, where: year(visited_on) = :year}
      year_before: {ledger: visit, count: records, shift: -1}
      median: {ledger: visit, quantile: {of: minutes, share: 0.5}}
      high: {ledger: visit, quantile: {of: minutes, share: 0.95}, where: minutes > 0}
      first: {ledger: visit, min: visited_on}
      not_small: {ledger: visit, count: records, where: "NOT shop_id.kind = 'SMALL'"}
      kindless: {ledger: visit, count: records, where: "shop_id.kind IS NULL OR minutes IS NULL"}
      busy:
        ledger: visit
        count: groups
        each: {by: shop_id, values: {n: {count: records}, ok: {count: records, where: passed}}, having: n >= 2 AND ok * 2 >= n}
      crowded:
        ledger: visit
        count: groups
        each: {by: shop_id, values: {n: {count: records}}, having: n >= shop_id.stalls}
      named_period: {ledger: visit, count: records, span: any, where: visited_on >= :start AND visited_on <= :end}
"""


def definition() -> IndicatorDefinition:
    node, problems = parse_yaml(MEASURES, "measures")
    assert node is not None, problems
    found, problems = read_indicator(node, CatalogueSource(LEDGERS.get))
    assert found is not None, problems
    return found


@dataclass
class World:
    """A store and the same records as a dictionary by ledger and key."""

    store: RecordStore
    connection: duckdb.DuckDBPyConnection
    records: dict[str, dict[str, dict[str, Any]]]
    ticks: int = 0

    def write(self, ledger: str, rows: Iterable[Mapping[str, Any]]) -> WriteResult:
        """Write a batch into the store and remember it."""
        listed = list(rows)
        fields = LEDGERS[ledger].fields
        self.connection.execute("DROP TABLE IF EXISTS given")
        types = {
            "integer": "BIGINT",
            "money": "BIGINT",
            "boolean": "BOOLEAN",
            "date": "DATE",
            "list": "VARCHAR[]",
        }
        columns = ", ".join(f'"{each.name}" {types.get(each.type.value, "VARCHAR")}' for each in fields)
        self.connection.execute(f"CREATE TABLE given (_source_row BIGINT, {columns})")
        marks = ", ".join("?" * (len(fields) + 1))
        for number, row in enumerate(listed):
            values = [_stored(row.get(each.name)) for each in fields]
            self.connection.execute(f"INSERT INTO given VALUES ({marks})", [number, *values])
        result = write_batch(self.store, self.connection, "given", LEDGERS[ledger], BatchInfo("测试"))
        assert result.record.waiting == 0
        assert not result.conflicts
        key = LEDGERS[ledger].key[0]
        for row in listed:
            self.records.setdefault(ledger, {})[row[key]] = dict(row)
        return result


def _stored(value: Any) -> Any:
    return int(value * 100) if isinstance(value, Decimal) else value


def new_world(path: Path, bodies: int = 3) -> World:
    ticks = [0]

    def clock() -> datetime:
        ticks[0] += 1
        return datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=ticks[0])

    store = RecordStore.create(
        path, clock=clock, catalogue=LEDGERS.get, referred={"org", "shop", "area", "evidence", "staff"}
    )
    world = World(store, store.connect(), {})
    world.write("org", [{"org_code": f"B{each}", "name": f"所{each}"} for each in range(bodies)])
    return world


def reckoned(world: World, request: Request, bodies: frozenset[str] | None) -> Any:
    """What a measure comes to, record by record: the value as a formula takes it."""
    measure = request.measure
    rows = [_flat(world, each) for each in world.records.get(measure.ledger, {}).values()]
    rows = [
        each
        for each in rows
        if _in_span(measure, each, request.window) and (bodies is None or each["org_code"] in bodies)
    ]
    rows = [each for each in rows if _holds(measure, each, request)]
    if measure.grouping is not None:
        return _things(request, rows)
    return _value(measure, rows, request)


def _flat(world: World, row: Mapping[str, Any]) -> dict[str, Any]:
    flat = dict(row)
    shop = world.records.get("shop", {}).get(row.get("shop_id") or "", {})
    flat.update({f"shop_id.{name}": value for name, value in shop.items()})
    return flat


def _in_span(measure: Measure, row: Mapping[str, Any], window: Window) -> bool:
    if measure.span is Span.ANY:
        return True
    day: date = row[measure.date]
    match measure.span:
        case Span.DURING:
            return window.start <= day <= window.end
        case Span.UNTIL_END:
            return day <= window.end
        case _:
            return day < window.start


def _holds(measure: Measure, row: Mapping[str, Any], request: Request) -> bool:
    around = Surroundings(request.parameters)
    return measure.where is None or evaluate(measure.where.root, row, around) is True


def _value(measure: Measure, rows: list[dict[str, Any]], request: Request) -> Any:
    if measure.aggregate is Aggregate.COUNT or measure.of is None:
        return len(rows)
    around = Surroundings(request.parameters)
    found = [evaluate(measure.of.root, row, around) for row in rows]
    values = [each for each in found if each is not None]
    match measure.aggregate:
        case Aggregate.DISTINCT:
            return len(set(values))
        case Aggregate.SUM:
            return sum(values, Decimal(0))
        case Aggregate.MEAN:
            return Fraction(sum(values), len(values)) if values else None
        case Aggregate.LEAST:
            return min(values, default=None)
        case Aggregate.GREATEST:
            return max(values, default=None)
        case _:
            return _quantile(sorted(values), measure.quantile)


def _quantile(values: list[Any], share: int) -> Any:
    if not values:
        return None
    place = Fraction((len(values) - 1) * share, 1000)
    low = int(place)
    high = min(low + 1, len(values) - 1)
    return values[low] + (values[high] - values[low]) * (place - low)


def _things(request: Request, rows: list[dict[str, Any]]) -> int:
    grouping = request.measure.grouping
    assert grouping is not None
    by: dict[str, list[dict[str, Any]]] = {}
    for each in rows:
        if each.get(grouping.by.name) is not None:
            by.setdefault(each[grouping.by.name], []).append(each)
    count = 0
    for thing in by.values():
        names: dict[str, Any] = {
            name: _value(each, [row for row in thing if _holds(each, row, request)], request)
            for name, each in grouping.values
        }
        names |= {name: value for name, value in thing[0].items() if "." in name}
        assert grouping.having is not None
        count += evaluate(grouping.having.root, names, Surroundings(request.parameters)) is True
    return count


def as_number(answer: Answer, measure: Measure) -> Any:
    return answer.as_number(measure)
