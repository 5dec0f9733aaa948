"""Who takes part in a year, and the states a year goes through."""

from zhunsheng.plans.choices import Labelled


class Role(Labelled):
    """What a person may be in a year; held at an organisation and everything below it."""

    FILLER = "filler", "填报人"
    DIVISION_HEAD = "division_head", "处室负责人"
    FINANCE = "finance", "财务"
    LEADER = "leader", "局领导"
    FINANCE_BUREAU = "finance_bureau", "财政部门"
    THIRD_PARTY = "third_party", "第三方"
    AUDITOR = "auditor", "审计（只读）"
    ADMINISTRATOR = "administrator", "管理员"


class TargetState(Labelled):
    """Where the targets of a year stand."""

    DRAFT = "draft", "编制中"
    SUBMITTED = "submitted", "待处室审核"
    REVIEWED = "reviewed", "待财务审核"
    CHECKED = "checked", "待局领导审定"
    SIGNED = "signed", "待财政批复"
    APPROVED = "approved", "已批复"
    RETURNED = "returned", "已退回"


class EvaluationState(Labelled):
    """Where the self-evaluation of a year stands."""

    CLOSED = "closed", "未开始"
    OPEN = "open", "自评中"
    SCORED = "scored", "待局领导审核"
    REVIEWED = "reviewed", "待财政复核"
    FROZEN = "frozen", "已锁定"
    RELEASED = "released", "已公开"
