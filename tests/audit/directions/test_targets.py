"""Targets that point the wrong way, spending over its budget, words about fulfilment: judged by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

Audited = Callable[..., Audit]


def counts(result: Audit) -> tuple[int, int]:
    """Findings and passed checks."""
    return len(result.findings), sum(each.passed for each in result.obligations)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三级指标\t指标值\n群众满意度\t90%或以上\n安全事故次数\t0次", (0, 2)),
        ("三级指标\t指标值\n群众满意度\t90%或以下\n安全事故次数\t0次", (1, 1)),
        ("三级指标\t指标值\n群众满意度\t≥90%\n单位成本\t≤35元", (0, 2)),
        ("三级指标\t指标值\n群众满意度\t≥90%\n单位成本\t≥35元", (1, 1)),
        ("三级指标\t指标值\n验收合格率\t100%\n产品不合格率\t≤5%", (0, 2)),
        ("三级指标\t指标值\n验收合格率\t1000%\n产品不合格率\t≤5%", (1, 1)),
        # the name does not say which way is good; what was reached is no target
        ("三级指标\t指标值\n容错登记率\t30%或以下\n设备配置\t≥3台", (0, 0)),
        ("三级指标\t实际完成值\n群众满意度\t90%以下\n安全事故次数\t0次", (0, 0)),
        ("“有效发明增长率”预期值设置为“15%或以上”。", (0, 1)),
        ("“有效发明增长率”预期值设置为“15%或以下”。", (1, 0)),
    ],
)
def test_target_directions(audited: Audited, text: str, expected: tuple[int, int]) -> None:
    assert counts(audited("A605", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("抽检专项2023年预算安排资金1240.50万元，支出1240.05万元。", (0, 1)),
        ("抽检专项2023年预算安排资金1240.50万元，支出1420.50万元。", (1, 0)),
        ("全年预算数为98.6万元，执行数为98.64万元。", (0, 1)),  # 98.6 may be 98.649 before rounding
        ("全年预算数为98.6万元，执行数为98.70万元。", (1, 0)),
        ("年初预算安排98.60万元，支出120.00万元。", (0, 0)),  # may have been raised since
        ("预算安排98.60万元，其中设备40.00万元；上年支出120.00万元。", (0, 0)),
        ("项目\t调整后预算数（万元）\t实际支出数（万元）\n甲\t117.00\t70.02\n乙\t0.00\t0.00", (0, 1)),
        ("项目\t调整后预算数（万元）\t实际支出数（万元）\n甲\t117.00\t170.02\n乙\t50.00\t0.00", (1, 0)),
    ],
)
def test_spending_within_budget(audited: Audited, text: str, expected: tuple[int, int]) -> None:
    assert counts(audited("A606", text)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("该指标预期完成值为1000万元，年度实际完成投资340万元，未完成既定目标任务。", (0, 1)),
        ("该指标预期完成值为1000万元，年度实际完成投资1340万元，未完成既定目标任务。", (1, 0)),
        ("抽检批次目标值为400批次，实际完成628批次，已超额完成。", (0, 1)),
        ("抽检批次目标值为400批次，实际完成268批次，已超额完成。", (1, 0)),
        ("抽检批次目标值为400批次，实际完成约390批次，已完成。", (0, 0)),  # rough
        ("抽检批次目标值为400批次，实际完成400批次，已按计划完成。", (0, 1)),
        ("投诉率预期值为30%或以下，实际完成值为0.78%，已完成。", (0, 0)),  # an upper limit
        ("全年受理投诉工单1908宗，全部工单已办结，办结率达到100%。", (0, 1)),
        ("全年受理投诉工单1908宗，全部工单已办结，办结率达到98%。", (1, 0)),
        ("全年受理投诉工单1908宗，办结率达到98%。", (0, 0)),
    ],
)
def test_fulfilment(audited: Audited, text: str, expected: tuple[int, int]) -> None:
    assert counts(audited("A607", text)) == expected


@pytest.mark.parametrize(
    ("text", "findings"),
    [
        ("项目\t开工日期\t竣工日期\n甲\t2023年3月1日\t2023年9月30日\n乙\t2023年5月\t2023年4月", 1),
        ("项目\t开工日期\t竣工日期\n甲\t2023年3月1日\t2023年9月30日\n乙\t2023年4月\t2023年5月", 0),
        ("项目\t开工日期\t竣工日期\n甲\t2023年3月\t2023年3月", 0),  # the same month, to the day unknown
    ],
)
def test_completion_after_start(audited: Audited, text: str, findings: int) -> None:
    assert len(audited("A604", text).findings) == findings
