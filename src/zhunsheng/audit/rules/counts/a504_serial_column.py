"""A504: the serial numbers of a table neither repeat nor jump."""

import re
from collections.abc import Iterator
from itertools import pairwise

from zhunsheng.audit.finding import Check
from zhunsheng.audit.reading import Reading
from zhunsheng.audit.relations.joined_tables import JoinedTable, joined_tables
from zhunsheng.audit.rule import AuditRule, place_at
from zhunsheng.audit.tables import TableView

CODE = "A504"

_HEADER = re.compile(r"^(?:序号|序|编号|项次)$")


def check(reading: Reading, rule: AuditRule) -> Iterator[Check]:
    """Follow the column of serial numbers down every table."""
    for table in joined_tables(reading):
        columns = [
            column for column, header in table.header.items() if _HEADER.match(header.replace(" ", ""))
        ]
        for column in columns[:1]:
            yield from _column(reading, rule, table, column)


def _column(reading: Reading, rule: AuditRule, table: JoinedTable, column: int) -> Iterator[Check]:
    numbers: list[tuple[int, TableView, int]] = []
    for view, row in table.rows:
        text = view.texts.get((row, column), "")
        if (row, column) in view.passages and re.fullmatch(r"\d{1,3}", text):
            numbers.append((int(text), view, row))
    if len(numbers) < 2:
        return
    steps = [two[0] - one[0] for one, two in pairwise(numbers)]
    # codes and line numbers of forms go their own way; a serial column mostly counts one by one
    if sum(step == 1 for step in steps) * 3 < len(steps) * 2:
        return
    for (before, *_), (number, view, row) in pairwise(numbers):
        if number == before + 1 or number == 1:
            yield rule.passed(reading)
            continue
        passage = reading.passages[view.passages[row, column]]
        yield rule.failed(
            rule.finding(
                f"序号{'重复或倒退' if number <= before else '跳号'}：{before} 之后是 {number}",
                [place_at(reading, passage.span(0, len(passage.text)), "序号")],
                confidence="0.85",
                printed=str(number),
                computed=str(before + 1),
            )
        )
