"""What reading makes of tables that go on, numbers of items glued to figures, and compilations."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.quantities.numeral import Role
from zhunsheng.audit.quantities.scanning import scan
from zhunsheng.audit.reading import Reading, once, read

Made = Callable[[str], Document]


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("1.9,800.00万元", ["9800.00"]),  # decimals are not grouped
        ("3.15个标准化试点通过验收", ["15"]),  # half things are not counted
        ("3.15", ["3.15"]),
        ("49.5件", ["49.5"]),
        ("1,603.85万元", ["1603.85"]),
        ("甲，2.提升质量；3.加强监管", []),
    ],
)
def test_numbers_of_items_are_no_decimals(text: str, values: list[str]) -> None:
    found = [each.quantity.value for each in scan(text) if each.quantity is not None]
    assert found == [Decimal(each) for each in values]


def test_the_number_of_an_item_keeps_its_distance(document: Made) -> None:
    reading = read(document("1. 2+2=4"))
    assert [each.text for each in reading.numerals if each.quantity is not None] == ["2", "2", "4"]


def test_a_second_growth_has_the_words_of_the_first(document: Made) -> None:
    reading = read(document("注册资本50.28亿元，户数6户，分别增长11.97%和20.77%。"))
    assert [each.role for each in reading.numerals if each.text.endswith("%")] == [Role.GROWTH, Role.GROWTH]


def test_a_share_does_not_reach_over_a_comma(document: Made) -> None:
    reading = read(document("合格的占98.03%，任务完成126.21%。"))
    assert [each.role for each in reading.numerals] == [Role.SHARE, Role.RATE]


def test_relations_are_worked_out_once_for_each_reading(document: Made) -> None:
    calls: list[int] = []

    @once
    def length(reading: Reading) -> int:
        calls.append(reading.index)
        return len(reading.document.text)

    first, second = read(document("甲")), read(document("甲乙"), 1)
    assert [length(first), length(second), length(first)] == [1, 2, 1]
    assert calls == [0, 1]


@pytest.mark.parametrize(("titles", "findings"), [(1, 1), (2, 2), (3, 0)])
def test_a_compilation_of_two_years_is_no_slip(
    audited: Callable[..., Audit], titles: int, findings: int
) -> None:
    """Three titles and more that come with both years are the reports of two years in one file."""
    names = ["部门收入决算总表说明", "部门支出决算总表说明", "三公经费决算总表说明"][:titles]
    text = "清江市文化局2023年度部门决算\n" + "".join(f"2023年{name}\n2022年{name}\n" for name in names)
    assert len(audited("A802", text).findings) == findings
