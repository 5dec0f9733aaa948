"""Figures taken over from last year, in one table and between the reports of two years."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]

HEADER = "项目\t本年数（万元）\t上年数（万元）\n"


def table(*pairs: tuple[str, str]) -> str:
    return HEADER + "\n".join(f"第{row}项\t{this}\t{last}" for row, (this, last) in enumerate(pairs, start=1))


SAME = [("1204.50", "1204.50"), ("318.62", "318.62"), ("145.81", "145.81"), ("212.09", "212.09")]


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        (table(*SAME, ("33.40", "31.20")), 1),  # four of five, 80 %
        (table(*SAME[:3], ("33.40", "31.20"), ("12.75", "22.75")), 0),  # three of five
        (table(*SAME), 0),  # too few rows
        (table(*[("5.00", "5.00")] * 6), 0),  # short figures are the same by chance
    ],
)
def test_columns_of_two_years(audited: Audited, text: str, findings: int) -> None:
    assert len(audited("A804", text).findings) == findings


REPORT = (
    "清江市文化局{year}年度部门整体支出绩效自评报告\n清江市文化局开展{year}年度工作，现将清江市文化局情况报告如下。\n"
    "图书馆接待读者{a}人次。文化馆培训学员{b}人次。非遗展演观众{c}人次。广场演出观众{d}人次。博物馆接待观众{e}人次。"
)
LAST = {"a": "123456", "b": "34567", "c": "45678", "d": "56789", "e": "67891"}


@pytest.mark.parametrize(
    ("changed", "findings"),
    [
        ({}, 1),  # nothing brought up to date
        ({"a": "130217", "b": "35102", "c": "44013", "d": "58120", "e": "70034"}, 0),
        ({"a": "130217", "b": "35102", "c": "44013", "d": "58120"}, 0),  # one may well be the same
    ],
)
def test_reports_of_two_years(audited: Audited, changed: dict[str, str], findings: int) -> None:
    first = REPORT.format(year=2022, **LAST)
    second = REPORT.format(year=2023, **(LAST | changed))
    assert len(audited("A804", first, second).findings) == findings
