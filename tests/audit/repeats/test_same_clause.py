"""Clauses that stand twice word for word: compared by hand."""

from collections.abc import Callable

import pytest

from zhunsheng.audit.auditing import Audit

VEHICLES = (
    "部门共有车辆7辆，其中执法执勤用车0辆、特种专业技术用车0辆、其他用车7辆。\n"
    "部门购置车辆1辆，其中执法执勤用车0辆、特种专业技术用车0辆、其他用车1辆。"
)
FIRST = "一、概况\n全年组织开展食品监督抽检{a}批次，合格率{b}%，群众满意度达{c}%。\n"
SECOND = "二、成效\n一是守住底线。组织开展食品监督抽检{a}批次，合格率{b}%，群众满意度达{c}%。"
TRUE = {"a": "3120", "b": "98.03", "c": "91.4"}


def told(**changed: str) -> str:
    return FIRST.format(**TRUE) + SECOND.format(**(TRUE | changed))


@pytest.mark.parametrize(
    ("text", "findings", "passes"),
    [
        (told(), 0, 3),
        (told(b="98.30"), 1, 2),
        (told(a="3210"), 1, 2),
        (told(b="98.0"), 0, 3),  # the same rounded
        # only one figure, and it differs: nothing shows that one thing is meant
        (FIRST.format(**TRUE)[:24] + "。\n二、成效\n组织开展食品监督抽检4120批次。", 0, 0),
        # items of one list say the same of different things
        (
            "1.甲事项年初预算安排专项资金为660.37万元，完成108.70%。\n2.乙事项年初预算安排专项资金为766.43万元，完成108.70%。",
            0,
            0,
        ),
        # a list of zeros twice: the vehicles there are, and those to be bought
        (VEHICLES, 0, 0),
    ],
)
def test_same_clause(audited: Callable[..., Audit], text: str, findings: int, passes: int) -> None:
    result = audited("A407", text)
    assert (len(result.findings), sum(each.passed for each in result.obligations)) == (findings, passes)
