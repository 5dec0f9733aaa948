"""The page about the language lists every function and every type, and nothing that does not exist."""

import re
from pathlib import Path

from zhunsheng.expressions.functions import FUNCTIONS
from zhunsheng.expressions.types import Kind

PAGE = (Path(__file__).parents[2] / "docs" / "expressions.md").read_text(encoding="utf-8")


def _first_column(heading: str) -> list[str]:
    section = PAGE.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    return re.findall(r"^\| `([^`]+)` \|", section, flags=re.MULTILINE)


def test_the_table_of_functions_is_complete() -> None:
    assert _first_column("Functions") == list(FUNCTIONS)


def test_the_table_of_types_is_complete() -> None:
    assert sorted(_first_column("Types")) == sorted(Kind)


def test_the_limits_on_the_page_are_those_of_the_code() -> None:
    from zhunsheng.expressions import parsing, screening  # noqa: PLC0415 - private limits, only here

    assert f"{screening.LONGEST:,} characters and {screening._DEEPEST}\nlevels" in PAGE
    assert f"at most {parsing._MOST_PLACES}." in PAGE
