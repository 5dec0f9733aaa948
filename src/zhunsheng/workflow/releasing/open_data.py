"""The open data of a release: the same tables as CSV, JSON and workbook, described for machines (CSVW)."""

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final, Literal

from zhunsheng.documents.data_workbook import DataSheet, write_data_workbook

Datatype = Literal["string", "decimal", "integer", "date", "boolean", "anyURI"]
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class DataColumn:
    """A column of an open table.

    Attributes:
        name: for programs.
        title: heading in the file.
        datatype: as CSVW names it.
        value: takes the content of the release and one of its rows.
        note: what the column means where its title does not say it.
    """

    name: str
    title: str
    datatype: Datatype
    value: Callable[[Row, Row], Any]
    note: str = ""


@dataclass(frozen=True, slots=True)
class OpenTable:
    """An open table: name of its files, title, columns, which rows of the content it shows."""

    name: str
    title: str
    description: str
    rows: str
    columns: tuple[DataColumn, ...]

    def rows_of(self, content: Row) -> list[dict[str, Any]]:
        """The rows by column names; numbers as texts, missing values as None."""
        return [
            {column.name: column.value(content, row) for column in self.columns} for row in content[self.rows]
        ]


def _of(key: str) -> Callable[[Row, Row], Any]:
    return lambda _content, row: row[key]


def _within(outer: str, inner: str) -> Callable[[Row, Row], Any]:
    return lambda _content, row: None if row[outer] is None else row[outer][inner]


def _release(*keys: str) -> Callable[[Row, Row], Any]:
    def value(content: Row, _row: Row) -> Any:  # noqa: ANN401 - any plain value
        found: Any = content
        for key in keys:
            found = found[key]
        return found

    return value


def _source(_content: Row, row: Row) -> str:
    return str(row["source"] or row["actual"]["method"] or row["actual"]["label"])


def _formula(_content: Row, row: Row) -> str:
    definition = row["definition"]
    return str(row["formula"] or (definition["formula"] if definition else ""))


def _meaning(_content: Row, row: Row) -> str:
    definition = row["definition"]
    return str(definition["description"]) if definition else ""


def _notes(_content: Row, row: Row) -> str:
    return "；".join(row["notes"])


_ABOUT_RELEASE: Final = (
    DataColumn("publisher", "发布单位", "string", _release("publisher", "name")),
    DataColumn("year", "年度", "integer", _release("year")),
)
_ABOUT_USE: Final = (
    DataColumn("released", "公开日期", "date", _release("released")),
    DataColumn("number", "公开版次", "integer", _release("number")),
    DataColumn("licence", "许可", "anyURI", _release("licence", "url")),
)

INDICATORS: Final = OpenTable(
    "indicators",
    "绩效指标",
    "年度绩效指标的目标值、完成值和得分，逐项注明单位、来源和计算公式。",
    "indicators",
    (
        *_ABOUT_RELEASE,
        DataColumn("code", "指标编码", "string", _of("code")),
        DataColumn("name", "指标名称", "string", _of("name")),
        DataColumn("group", "一级指标", "string", _of("group")),
        DataColumn("kind", "二级指标", "string", _of("kind")),
        DataColumn("nature", "指标性质", "string", _of("nature")),
        DataColumn("target_sign", "目标符号", "string", _within("target", "sign")),
        DataColumn(
            "target_value",
            "目标值",
            "string",
            _within("target", "value"),
            "数字、日期、等级或定性目标，见指标性质",
        ),
        DataColumn("target_unit", "目标单位", "string", _within("target", "unit")),
        DataColumn(
            "actual_value",
            "完成值",
            "string",
            _within("actual", "value"),
            "空值表示没有完成值，不是零；原因见完成值状态",
        ),
        DataColumn("actual_unit", "完成值单位", "string", _within("actual", "unit")),
        DataColumn("actual_status", "完成值状态", "string", _within("actual", "label")),
        DataColumn("method", "取值方式", "string", _within("actual", "method")),
        DataColumn("evidence", "佐证状态", "string", _within("actual", "evidence")),
        DataColumn("source", "数据来源", "string", _source),
        DataColumn("formula", "计算公式", "string", _formula),
        DataColumn("meaning", "口径", "string", _meaning, "指标库对这项指标的说明"),
        DataColumn("points", "分值", "decimal", _of("points")),
        DataColumn("score", "得分", "decimal", _of("score")),
        DataColumn("rule", "评分规则", "string", _of("rule")),
        DataColumn("notes", "数据说明", "string", _notes),
        *_ABOUT_USE,
    ),
)
BUDGET: Final = OpenTable(
    "budget",
    "收支预算执行",
    "年度收入和支出的预算数、执行数和执行率，金额单位万元。",
    "budget",
    (
        *_ABOUT_RELEASE,
        DataColumn("code", "编码", "string", _of("code")),
        DataColumn("name", "项目", "string", _of("name")),
        DataColumn("side", "收支", "string", _of("side_label")),
        DataColumn("category", "类别", "string", _of("category_label")),
        DataColumn("fund_source", "资金来源", "string", _of("fund_source")),
        DataColumn("initial", "年初预算数", "decimal", _of("initial")),
        DataColumn("adjusted", "全年预算数", "decimal", _of("adjusted")),
        DataColumn("executed", "执行数", "decimal", _of("executed")),
        DataColumn("previous", "上年决算数", "decimal", _of("previous")),
        DataColumn("unit", "金额单位", "string", _of("unit")),
        DataColumn("rate", "执行率（%）", "decimal", _of("rate"), "执行数÷全年预算数，四舍五入到两位小数"),
        DataColumn("formula", "计算公式", "string", lambda _content, _row: "执行率＝执行数÷全年预算数"),
        DataColumn("source", "数据来源", "string", lambda _content, _row: "部门决算"),
        DataColumn("explanation", "差异说明", "string", _of("explanation")),
        *_ABOUT_USE,
    ),
)
TABLES: Final = (INDICATORS, BUDGET)

MEDIA_TYPES: Final = {
    "csv": "text/csv; charset=utf-8",
    "json": "application/json",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "jsonld": "application/ld+json",
}


def open_data_files(content: Row) -> dict[str, bytes]:
    """All files of the open data of a release, by name; equal content gives equal bytes."""
    files: dict[str, bytes] = {}
    for table in TABLES:
        files[f"{table.name}.csv"] = csv_of(table, content)
        files[f"{table.name}.json"] = json_of(table, content)
        files[f"{table.name}.csv-metadata.json"] = csvw_of(table, content)
    sheets = [
        DataSheet(
            table.title,
            [column.title for column in table.columns],
            [
                [_typed(column, row[column.name]) for column in table.columns]
                for row in table.rows_of(content)
            ],
        )
        for table in TABLES
    ]
    files["indicators.xlsx"] = write_data_workbook(str(content["title"]), sheets)
    return files


def csv_of(table: OpenTable, content: Row) -> bytes:
    """UTF-8 with a mark at the beginning, so that office programs read it right."""
    stream = io.StringIO(newline="")
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(column.title for column in table.columns)
    for row in table.rows_of(content):
        writer.writerow(_csv_cell(column, row[column.name]) for column in table.columns)
    return stream.getvalue().encode("utf-8-sig")


def _csv_cell(column: DataColumn, value: object) -> str:
    if value is None:
        return ""
    text = str(value)
    # an office program would take it for a formula
    risky = column.datatype == "string" and text.startswith(_FORMULA_STARTS) and not _is_number(text)
    return f"'{text}" if risky else text


def _is_number(text: str) -> bool:
    return text.lstrip("+-").replace(".", "", 1).isdigit()


def json_of(table: OpenTable, content: Row) -> bytes:
    """The rows with everything one must know to use them; decimals as texts, so that no digit is lost."""
    data = {
        "title": content["title"],
        "table": table.title,
        "publisher": content["publisher"],
        "year": content["year"],
        "released": content["released"],
        "number": content["number"],
        "licence": content["licence"],
        "columns": [
            {"name": each.name, "title": each.title, "datatype": each.datatype, "note": each.note}
            for each in table.columns
        ],
        "rows": table.rows_of(content),
        "notes": content["notes"],
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def csvw_of(table: OpenTable, content: Row) -> bytes:
    """The description of the CSV file as CSV on the Web asks for it, beside it under the name it looks for."""
    columns = []
    for each in table.columns:
        column: dict[str, Any] = {"name": each.name, "titles": each.title, "datatype": each.datatype}
        if each.note:
            column["dc:description"] = each.note
        columns.append(column)
    data = {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "zh"}],
        "url": f"{table.name}.csv",
        "dc:title": f"{content['title']}：{table.title}",
        "dc:description": table.description,
        "dc:publisher": content["publisher"]["name"],
        "dc:issued": {"@value": content["released"], "@type": "xsd:date"},
        "dc:license": {"@id": content["licence"]["url"]},
        "dialect": {"encoding": "utf-8", "header": True, "delimiter": ",", "quoteChar": '"'},
        "tableSchema": {"columns": columns, "primaryKey": "code"},
    }
    return (json.dumps(data, ensure_ascii=False, indent=1) + "\n").encode()


def _typed(column: DataColumn, value: object) -> str | Decimal | None:
    if value is None:
        return None
    return Decimal(str(value)) if column.datatype in {"decimal", "integer"} else str(value)
