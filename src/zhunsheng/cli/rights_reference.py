"""docs/rights.md: which role has which right, where and when, made from the catalogue of rights."""

from collections.abc import Iterator

from zhunsheng.plans.roles import EvaluationState, Role, TargetState
from zhunsheng.workflow.catalogue import RIGHTS
from zhunsheng.workflow.rights import Holder, Reach, Right

_MARKS = {
    Reach.BODY: "本",
    Reach.WITHIN: "内",
    Reach.DIVISION: "处",
    Reach.ABOVE: "上",
    Reach.ENGAGED: "托",
    Reach.ANYWHERE: "任",
}
_TURN = "轮"
_ABOUT = (
    "没有列出的一律不允许。每个页面、接口和操作都声明下列权限之一；办理时再按所涉及的单位、处室和年度状态"
    "核对一次。本页由 `zhunsheng docs write` 按程序中的权限目录生成；逐页、逐接口的对照见 `tests/cases/rights/`。"
)


def rights_markdown() -> str:
    """The page."""
    roles = "".join(f" {each.label} |" for each in Role)
    return "\n".join(
        [
            "# 权限表",
            "",
            _ABOUT,
            "",
            "格中的字说明该角色须在哪里任职（角色对所任单位及其下设单位都有效）：",
            "",
            *(f"* {mark}：{reach.label}" for reach, mark in _MARKS.items()),
            f"* {_TURN}：目标轮到该角色审核时",
            "* 空白：没有这项权限",
            "",
            "状态一栏空白的，不限状态。只读的接口令牌不能使用标有“是”的“改动”权限。",
            "",
            f"| 权限 | 编码 |{roles} 目标状态 | 自评状态 | 改动 |",
            f"| --- | --- |{' :-: |' * len(Role)} --- | --- | :-: |",
            *(_line(each) for each in RIGHTS.values() if each.who),
            "",
            "## 不看角色的权限",
            "",
            "| 权限 | 编码 | 谁 | 改动 |",
            "| --- | --- | --- | :-: |",
            *(_open_line(each) for each in RIGHTS.values() if not each.who),
            "",
        ]
    )


def marks_of(right: Right) -> dict[Role, str]:
    """How each role that has the right comes to have it."""
    found: dict[Role, str] = {}
    for each in right.who:
        if isinstance(each, Holder):
            found[each.role] = _MARKS[each.reach]
        else:
            found |= dict.fromkeys(right.roles, _TURN)
    return found


def _line(right: Right) -> str:
    marks = marks_of(right)
    cells = [
        right.label,
        f"`{right.code}`",
        *(marks.get(role, "") for role in Role),
        "、".join(_targets(right)),
        "、".join(_evaluation(right)),
        "是" if right.writes else "",
    ]
    return f"| {' | '.join(cells)} |"


def _targets(right: Right) -> Iterator[str]:
    return (each.label for each in TargetState if right.targets is not None and each in right.targets)


def _evaluation(right: Right) -> Iterator[str]:
    return (
        each.label for each in EvaluationState if right.evaluation is not None and each in right.evaluation
    )


def _open_line(right: Right) -> str:
    who = "任何人，不必登录" if right.public else "登录的用户"
    return f"| {right.label} | `{right.code}` | {who} | {'是' if right.writes else ''} |"
