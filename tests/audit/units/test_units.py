"""Missing and mixed units: judged by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("支出比上年增加1193.20万元，增长13.95。", 1),
        ("支出比上年增加1193.20万元，增长13.95%。", 0),
        ("项目支出决算为20.55，其中培训费5.00万元。", 1),
        ("版本由1.0升级到2.0。", 0),
        ("本年支出20.55万元。", 0),
    ],
)
def test_missing_units(audited: Audited, text: str, found: int) -> None:
    assert len(audited("A901", text).findings) == found


ROWS = "办公费\t10.00\t9.50\n差旅费\t20.00\t18.25\n会议费\t5.00\t4.75"


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (f"项目\t预算数\t决算数\n{ROWS}", 1),
        (f"项目\t预算数（万元）\t决算数（万元）\n{ROWS}", 0),
        (f"收支表\n单位：万元\n项目\t预算数\t决算数\n{ROWS}", 0),
        (f"单位：万元\n项目\t预算数\t决算数\n{ROWS}\n说明如下。\n单位：元\n项目\t预算数\t决算数\n{ROWS}", 1),
        ("地区\t人口\n甲\t10.00\n乙\t20.00\n丙\t30.00", 0),
    ],
)
def test_units_of_tables(audited: Audited, text: str, found: int) -> None:
    assert len(audited("A902", text).findings) == found
