"""A column that names each row's unit gives the figures their units and is no label of the row."""

import pytest

from zhunsheng.audit.auditing import audit
from zhunsheng.audit.reading import read
from zhunsheng.documents.reading.reading import read_bytes
from zhunsheng.store.audit_rule_files import load_audit_rules

TEXT = """清江市2024年统计公报

全年新登记企业{stated}户。

主要指标
指标	单位	本年	上年	增长（%）
新登记企业	户	4,140	3,560	16.29
罚没款	万元	320.50	300.00	6.83
"""
BODIES = """经费支出情况
单位	预算数（万元）	支出数（万元）
水务局	100.00	90.00
林业局	200.00	180.00
"""


def test_figures_take_the_unit_of_their_row() -> None:
    reading = read(read_bytes(TEXT.format(stated=4140).encode(), "a.txt"))
    units = {
        each.text: (each.quantity.unit, each.quantity.multiplier)
        for each in reading.numerals
        if each.quantity
    }
    assert units["4,140"] == ("户", 1)
    assert units["320.50"] == ("元", 10_000)
    assert units["16.29"][0] == "%"


@pytest.mark.parametrize(("stated", "found"), [(4140, False), (1440, True), (4440, True)])
def test_text_and_such_a_table_are_compared(stated: int, found: bool) -> None:
    result = audit([read_bytes(TEXT.format(stated=stated).encode(), "a.txt")], load_audit_rules()[0])
    told = [
        each for each in result.findings if any(place.text.startswith(str(stated)) for place in each.places)
    ]
    assert bool(told) is found


def test_a_column_of_bodies_is_a_label() -> None:
    reading = read(read_bytes(BODIES.encode(), "b.txt"))
    assert reading.tables[0].unit_column is None
    assert reading.tables[0].labels[1] == ("水务局",)
