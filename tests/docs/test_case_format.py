"""The written case format is the one the program uses."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from zhunsheng.plans.format_document import case_format_markdown, case_json_schema
from zhunsheng.plans.sections import SECTIONS

DOCS = Path(__file__).parents[2] / "docs"
STALE = "out of date; run `zhunsheng docs write`"


def test_the_case_format_document_is_up_to_date() -> None:
    assert (DOCS / "case-format.md").read_text(encoding="utf-8") == case_format_markdown(), STALE


def test_the_case_schema_is_up_to_date() -> None:
    written = (DOCS / "case.schema.json").read_text(encoding="utf-8")
    assert written == json.dumps(case_json_schema(), ensure_ascii=False, indent=2) + "\n", STALE


def test_every_column_of_every_section_is_documented_once_in_its_section() -> None:
    parts = re.split(r"^## (\w+)$", case_format_markdown(), flags=re.MULTILINE)
    documented = dict(zip(parts[1::2], parts[2::2], strict=True))
    for section in SECTIONS:
        rows = re.findall(r"^\| `(\w+)` \| ([^|]+) \|", documented[section.name], flags=re.MULTILINE)
        assert rows == [(column.name, column.label) for column in section.columns]


def test_every_table_row_has_as_many_cells_as_its_header() -> None:
    width = None
    for line in case_format_markdown().split("\n"):
        if not line.startswith("|"):
            width = None
            continue
        width = width or line.count("|")
        assert line.count("|") == width, line


def test_links_inside_the_document_lead_to_sections() -> None:
    text = case_format_markdown()
    headings = set(re.findall(r"^## (\w+)$", text, flags=re.MULTILINE))
    assert set(re.findall(r"\]\(#(\w+)\)", text)) <= headings


def test_the_schema_names_every_section_field_and_choice() -> None:
    schema: Any = case_json_schema()
    assert list(schema["properties"]) == [section.name for section in SECTIONS]
    assert schema["required"] == ["about", "body"]
    for section in SECTIONS:
        described = schema["properties"][section.name]
        record = described if section.shape == "record" else described["items"]
        assert list(record["properties"]) == [column.name for column in section.columns]
        assert record["required"] == [column.name for column in section.columns if column.required]
    indicators = schema["properties"]["indicators"]["items"]["properties"]
    assert indicators["target_sign"]["enum"][:3] == [">=", ">", "="]
    assert "≥" in indicators["target_sign"]["enum"]
    assert schema["properties"]["budget"]["items"]["properties"]["initial"]["description"] == "单位万元"


@pytest.mark.parametrize("name", ["code", "integer", "decimal", "date"])
def test_the_patterns_of_the_schema_are_regular_expressions(name: str) -> None:
    schema: Any = case_json_schema()
    patterns = re.findall(r"'pattern': '([^']+)'", str(schema["$defs"][name]))
    assert patterns
    for pattern in patterns:
        re.compile(pattern.replace("\\\\", "\\"))
