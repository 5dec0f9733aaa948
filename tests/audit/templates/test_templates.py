"""What is left of another document: judged by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]

OWN = "清江市云溪区文化局2023年度部门决算\n清江市云溪区文化局2023年度收入总计120.00万元。\n清江市云溪区文化局2023年度支出总计120.00万元。\n清江市云溪区文化局2023年度机关运行经费支出30.00万元。\n"


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("清江市云溪区体育局2023年度政府采购支出20.00万元。", 1),
        ("清江市云溪区文化局2023年度政府采购支出20.00万元。", 0),
        ("云溪区文化局2023年度政府采购支出20.00万元。", 0),
        ("纳入清江市云溪区文化局2023年度部门决算的单位有2家。", 0),
        ("由市财政局统一安排20.00万元。", 0),
    ],
)
def test_other_bodies(audited: Audited, line: str, found: int) -> None:
    assert len(audited("A801", OWN + line).findings) == found


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("截至2022年12月31日，共有车辆3辆。", 1),
        ("截至2023年12月31日，共有车辆3辆。", 0),
        ("截至2022年末共有车辆2辆，比上年增加1辆。", 0),
        (
            "第三部分 清江市云溪区文化局2022年度部门决算情况说明\n第三部分 清江市云溪区文化局2023年度部门决算情况说明",
            1,
        ),
        (
            "第三部分 清江市云溪区文化局2023年度部门决算情况说明\n第三部分 清江市云溪区文化局2023年度部门决算情况说明",
            0,
        ),
        ("发布2022年知识产权白皮书。", 0),
    ],
)
def test_other_years(audited: Audited, line: str, found: int) -> None:
    assert len(audited("A802", OWN + line).findings) == found


@pytest.mark.parametrize(
    ("text", "severities"),
    [
        ("采购金额为XX万元。", ["warning"]),
        ("采购金额为______万元。", ["warning"]),
        ("采购金额为×××万元。", ["warning"]),
        ("（此处填写项目名称）", ["warning"]),
        ("采购金额为35.20万元，型号XG-200。", []),
        ("\n".join(f"第{number}项金额为XX万元。" for number in range(20)), ["note"]),
    ],
)
def test_placeholders(audited: Audited, text: str, severities: list[str]) -> None:
    assert [each.severity.value for each in audited("A803", text).findings] == severities
