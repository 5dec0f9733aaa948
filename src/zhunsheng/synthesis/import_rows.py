"""Records of a generated store as rows that a bureau would import: new numbers, the words of a spreadsheet."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, TypeAlias

import duckdb

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import FieldDefinition, FieldType
from zhunsheng.store.records.opened_store import Snapshot
from zhunsheng.store.records.reading import keys_sql, last_id, scan_sql
from zhunsheng.synthesis.codes import credit_code

Row: TypeAlias = dict[str, str]
"""Cells by the name of the field; an empty cell is an empty text."""

_TAKEN_BY_OTHERS = frozenset({"evidence_ids", "reviewed_by", "source_no"})


@dataclass(frozen=True, slots=True)
class Renewal:
    """How a record becomes a new one, so that an import has something to add.

    Attributes:
        key: the field with the number.
        change: what else must differ from the record it was made from; told the row and its number.
    """

    key: str
    change: Callable[[Row, int], None] = lambda _row, _number: None


def rows_of(
    ledger: LedgerDefinition, snapshot: Snapshot, connection: duckdb.DuckDBPyConnection, count: int
) -> list[Row]:
    """Up to so many records of a ledger, evenly over it, as cells of its entered fields."""
    fields = [each for each in ledger.entered if each.name not in _TAKEN_BY_OTHERS]
    source = scan_sql(ledger.code, snapshot, ["_batch", "_row", *(each.name for each in fields)])
    shown, joins = [], ""
    for place, each in enumerate(fields):
        if each.type is FieldType.REFERENCE:
            joins += (
                f' LEFT JOIN {keys_sql(each.target, snapshot)} AS k{place} ON k{place}.id = t."{each.name}"'
            )
            shown.append(f"k{place}.key")
        else:
            shown.append(f't."{each.name}"')
    found = connection.execute(
        f"SELECT {', '.join(shown)} FROM (SELECT * FROM {source} QUALIFY "  # noqa: S608 - names of definitions
        f"(row_number() OVER (ORDER BY _batch, _row) - 1) % "
        f"greatest(count(*) OVER () // {count}, 1) = 0) AS t{joins} ORDER BY t._batch, t._row LIMIT {count}"
    ).fetchall()
    return [{each.name: cell(each, value) for each, value in zip(fields, row, strict=True)} for row in found]


def cell(found: FieldDefinition, value: Any) -> str:  # noqa: ANN401 - a value of any field
    """A stored value as the text of a cell; references have been replaced by keys."""
    if value is None:
        return ""
    match found.type:
        case FieldType.DECIMAL | FieldType.MONEY:
            return str(Decimal(value).scaleb(-found.places))
        case FieldType.BOOLEAN:
            return "是" if value else "否"
        case FieldType.ENUM:
            return found.members[value]
        case FieldType.LIST:
            return "、".join(found.members.get(each, each) for each in value)
        case FieldType.TIME if isinstance(value, datetime):
            return value.isoformat(" ", "seconds")
        case _:
            return str(value)


def renewals(snapshot: Snapshot) -> dict[str, Renewal]:
    """How records of the exported ledgers become new ones."""
    after = last_id("market_entity", snapshot)

    def entity(row: Row, number: int) -> None:
        kinds = {"企业": "1", "个体工商户": "2", "农民专业合作社": "3"}
        area = row["uscc"][2:8] or "440114"
        row["uscc"] = credit_code(after + number, kinds.get(row["entity_class"], "1"), area)
        row["legacy_reg_no"] = ""
        row["name"] = row["name"] or f"合成新增主体{number}"

    def report(row: Row, number: int) -> None:
        row["version"] = str(10 + number)

    def case(row: Row, number: int) -> None:
        row["filing_no"] = f"合成导入立〔{number}〕号"
        row["lead_id"] = ""

    return {
        "market_entity": Renewal("entity_id", entity),
        "registration_event": Renewal("event_id"),
        "annual_report": Renewal("report_id", report),
        "complaint": Renewal("complaint_id"),
        "case_file": Renewal("case_id", case),
        "food_sample": Renewal("sample_no"),
        "rapid_test": Renewal("test_id"),
        "rescue": Renewal("rescue_id"),
        "payment": Renewal("payment_id"),
        "procurement": Renewal("proc_id"),
    }


def renewed(row: Row, renewal: Renewal, number: int) -> Row:
    """A row with a number of its own."""
    new = dict(row)
    new[renewal.key] = f"DR-{number:07}"
    renewal.change(new, number)
    return new
