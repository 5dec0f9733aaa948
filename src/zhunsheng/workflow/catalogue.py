"""The catalogue of rights: every page and every action names one of these."""

from zhunsheng.plans.roles import EvaluationState as E
from zhunsheng.plans.roles import Role
from zhunsheng.plans.roles import TargetState as T
from zhunsheng.workflow.actor import Actor
from zhunsheng.workflow.rights import (
    Asked,
    Right,
    Verdict,
    Who,
    anywhere,
    at_body,
    engaged,
    for_division,
    overseeing,
    within_body,
)

_MEMBERS: tuple[Who, ...] = (
    at_body(Role.FINANCE),
    at_body(Role.LEADER),
    within_body(Role.DIVISION_HEAD),
    within_body(Role.FILLER),
    at_body(Role.ADMINISTRATOR),
)
_READERS: tuple[Who, ...] = (*_MEMBERS, at_body(Role.AUDITOR), overseeing, engaged)
_READING = (
    Role.FILLER,
    Role.DIVISION_HEAD,
    Role.FINANCE,
    Role.LEADER,
    Role.FINANCE_BUREAU,
    Role.THIRD_PARTY,
    Role.AUDITOR,
    Role.ADMINISTRATOR,
)
_EDITABLE = frozenset({T.DRAFT, T.RETURNED})
_APPROVED = frozenset({T.APPROVED})
_BEFORE_FROZEN = frozenset({E.CLOSED, E.OPEN})
_ADMIN = (Role.ADMINISTRATOR,)
_TURNS: dict[T, Who] = {
    T.SUBMITTED: within_body(Role.DIVISION_HEAD),
    T.REVIEWED: at_body(Role.FINANCE),
    T.CHECKED: at_body(Role.LEADER),
    T.SIGNED: overseeing,
}


def _whose_turn(actor: Actor, asked: Asked) -> Role | None:
    """Has to review the targets now."""
    turn = None if asked.case is None else _TURNS.get(asked.case.targets)
    return None if turn is None else turn(actor, asked)


_ALL = (
    # ---- anybody, anyone signed in
    Right("public.read", "查看公开内容", public=True),
    Right("self.use", "使用工作台", signed_in=True),
    Right("self.write", "修改个人设置", signed_in=True, writes=True),
    Right("library.read", "查看指标库、评分体系和台账目录", signed_in=True),
    # ---- the year
    Right("case.read", "查看年度档案", _READERS, _READING),
    Right("case.create", "新建年度档案", (at_body(Role.FINANCE),), (Role.FINANCE,), writes=True),
    Right(
        "plan.edit",
        "编制目标",
        (at_body(Role.FINANCE), for_division(Role.FILLER), for_division(Role.DIVISION_HEAD)),
        (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE),
        targets=_EDITABLE,
        writes=True,
    ),
    Right(
        "plan.replace",
        "用工作簿整体替换档案",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_EDITABLE,
        writes=True,
    ),
    Right(
        "plan.submit",
        "送审目标",
        (at_body(Role.FINANCE), within_body(Role.FILLER)),
        (Role.FILLER, Role.FINANCE),
        targets=_EDITABLE,
        writes=True,
    ),
    Right(
        "plan.review",
        "处室审核目标",
        (within_body(Role.DIVISION_HEAD),),
        (Role.DIVISION_HEAD,),
        targets=frozenset({T.SUBMITTED}),
        writes=True,
    ),
    Right(
        "plan.check",
        "财务审核目标",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=frozenset({T.REVIEWED}),
        writes=True,
    ),
    Right(
        "plan.sign",
        "局领导审定目标",
        (at_body(Role.LEADER),),
        (Role.LEADER,),
        targets=frozenset({T.CHECKED}),
        writes=True,
    ),
    Right(
        "plan.approve",
        "批复目标",
        (overseeing,),
        (Role.FINANCE_BUREAU,),
        targets=frozenset({T.SIGNED}),
        writes=True,
    ),
    Right(
        "plan.return",
        "退回目标",
        (_whose_turn,),
        (Role.DIVISION_HEAD, Role.FINANCE, Role.LEADER, Role.FINANCE_BUREAU),
        targets=frozenset(_TURNS),
        writes=True,
    ),
    Right(
        "plan.adjust",
        "发起目标调整",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=_BEFORE_FROZEN,
        writes=True,
    ),
    # ---- collecting
    Right(
        "collect.assign",
        "分派填报任务和催报",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=_BEFORE_FROZEN,
        writes=True,
    ),
    Right(
        "collect.report",
        "填报完成值、上传佐证",
        (at_body(Role.FINANCE), for_division(Role.FILLER), for_division(Role.DIVISION_HEAD)),
        (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE),
        targets=_APPROVED,
        evaluation=_BEFORE_FROZEN,
        writes=True,
    ),
    Right(
        "collect.judge",
        "审核佐证",
        (at_body(Role.FINANCE), overseeing, engaged),
        (Role.FINANCE, Role.FINANCE_BUREAU, Role.THIRD_PARTY),
        targets=_APPROVED,
        evaluation=frozenset({E.CLOSED, E.OPEN, E.SCORED, E.REVIEWED}),
        writes=True,
    ),
    # ---- records
    Right(
        "records.read",
        "查看台账记录",
        (*_MEMBERS, at_body(Role.AUDITOR), overseeing),
        tuple(each for each in _READING if each is not Role.THIRD_PARTY),
    ),
    Right(
        "records.personal",
        "查看个人信息字段",
        (at_body(Role.FINANCE), for_division(Role.DIVISION_HEAD), at_body(Role.AUDITOR)),
        (Role.FINANCE, Role.DIVISION_HEAD, Role.AUDITOR),
    ),
    Right(
        "records.import",
        "导入台账",
        (at_body(Role.FINANCE), within_body(Role.FILLER), within_body(Role.DIVISION_HEAD)),
        (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE),
        writes=True,
    ),
    Right(
        "records.undo",
        "撤销导入批次",
        (at_body(Role.FINANCE), within_body(Role.DIVISION_HEAD)),
        (Role.DIVISION_HEAD, Role.FINANCE),
        writes=True,
    ),
    # ---- evaluation
    Right(
        "evaluation.compute",
        "由台账计算完成值",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=_BEFORE_FROZEN,
        writes=True,
    ),
    Right(
        "evaluation.score",
        "评分、填写偏差原因和措施",
        (at_body(Role.FINANCE), for_division(Role.FILLER), for_division(Role.DIVISION_HEAD)),
        (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE),
        targets=_APPROVED,
        evaluation=frozenset({E.OPEN}),
        writes=True,
    ),
    Right(
        "evaluation.open",
        "开始自评",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=frozenset({E.CLOSED}),
        writes=True,
    ),
    Right(
        "evaluation.submit",
        "送审自评",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=frozenset({E.OPEN}),
        writes=True,
    ),
    Right(
        "evaluation.review",
        "局领导审核自评",
        (at_body(Role.LEADER),),
        (Role.LEADER,),
        evaluation=frozenset({E.SCORED}),
        writes=True,
    ),
    Right(
        "evaluation.freeze",
        "复核并锁定自评",
        (overseeing,),
        (Role.FINANCE_BUREAU,),
        evaluation=frozenset({E.REVIEWED}),
        writes=True,
    ),
    Right(
        "evaluation.unfreeze",
        "解除锁定",
        (overseeing,),
        (Role.FINANCE_BUREAU,),
        evaluation=frozenset({E.FROZEN, E.RELEASED}),
        writes=True,
    ),
    Right(
        "evaluation.remark",
        "提出复核意见",
        (overseeing, engaged, at_body(Role.LEADER), at_body(Role.FINANCE)),
        (Role.FINANCE_BUREAU, Role.THIRD_PARTY, Role.LEADER, Role.FINANCE),
        writes=True,
    ),
    Right(
        "remark.answer",
        "答复意见",
        (at_body(Role.FINANCE), for_division(Role.FILLER), for_division(Role.DIVISION_HEAD)),
        (Role.FILLER, Role.DIVISION_HEAD, Role.FINANCE),
        writes=True,
    ),
    # ---- report
    Right(
        "report.edit",
        "修改报告文字",
        (at_body(Role.FINANCE),),
        (Role.FINANCE,),
        targets=_APPROVED,
        evaluation=frozenset({E.OPEN}),
        writes=True,
    ),
    Right(
        "report.write",
        "生成报告",
        (at_body(Role.FINANCE), at_body(Role.LEADER), overseeing),
        (Role.FINANCE, Role.LEADER, Role.FINANCE_BUREAU),
        writes=True,
    ),
    # ---- release
    Right(
        "release.make",
        "公开",
        (at_body(Role.LEADER),),
        (Role.LEADER,),
        evaluation=frozenset({E.FROZEN, E.RELEASED}),
        writes=True,
    ),
    Right(
        "release.withdraw",
        "撤下公开内容",
        (at_body(Role.LEADER), overseeing),
        (Role.LEADER, Role.FINANCE_BUREAU),
        # also after it was unfrozen: what is wrong must not have to stay public
        evaluation=frozenset({E.OPEN, E.SCORED, E.REVIEWED, E.FROZEN, E.RELEASED}),
        writes=True,
    ),
    # ---- audit of documents: of the body that uploaded them, not of those who oversee it
    Right("audit.use", "核对文件", signed_in=True, writes=True),
    Right(
        "audit.read",
        "查看核对结果",
        (
            *_MEMBERS,
            at_body(Role.AUDITOR),
            at_body(Role.FINANCE_BUREAU),
            at_body(Role.THIRD_PARTY),
        ),
        _READING,
    ),
    Right(
        "audit.accept",
        "接受核对问题",
        (
            at_body(Role.FINANCE),
            at_body(Role.LEADER),
            within_body(Role.DIVISION_HEAD),
            within_body(Role.FILLER),
            at_body(Role.FINANCE_BUREAU),
            at_body(Role.THIRD_PARTY),
        ),
        (
            Role.FILLER,
            Role.DIVISION_HEAD,
            Role.FINANCE,
            Role.LEADER,
            Role.FINANCE_BUREAU,
            Role.THIRD_PARTY,
        ),
        writes=True,
    ),
    # ---- trail, people
    Right(
        "trail.read",
        "查看操作记录",
        (
            at_body(Role.AUDITOR),
            at_body(Role.ADMINISTRATOR),
            at_body(Role.LEADER),
            at_body(Role.FINANCE),
            overseeing,
        ),
        (Role.AUDITOR, Role.ADMINISTRATOR, Role.LEADER, Role.FINANCE, Role.FINANCE_BUREAU),
    ),
    Right(
        "people.read",
        "查看用户",
        (anywhere(Role.ADMINISTRATOR), anywhere(Role.AUDITOR)),
        (Role.ADMINISTRATOR, Role.AUDITOR),
    ),
    # for pages that name no organisation; the action asks "people.manage" at the very one
    Right("people.administer", "管理用户和授权", (anywhere(Role.ADMINISTRATOR),), _ADMIN, writes=True),
    Right("people.manage", "管理用户和授权", (at_body(Role.ADMINISTRATOR),), _ADMIN, writes=True),
    Right("jobs.read", "查看自己的后台任务", signed_in=True),
    Right("jobs.cancel", "取消自己的后台任务", signed_in=True, writes=True),
)

RIGHTS: dict[str, Right] = {each.code: each for each in _ALL}
"""All rights by code."""


def judge(code: str, actor: Actor, asked: Asked) -> Verdict:
    """Whether an actor has a right.

    Raises:
        LookupError: there is no such right.
    """
    return RIGHTS[code].judge(actor, asked)
