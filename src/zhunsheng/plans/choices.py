"""The choices of a case: closed lists, each member with its Chinese label."""

from enum import StrEnum
from typing import Self


class Labelled(StrEnum):
    """A choice with a Chinese label: `member.value` in files, `member.label` on paper."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        """Make a member from its file value and its label."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        return member


class CaseStatus(Labelled):
    """Where the year stands."""

    DRAFT = "draft", "编制中"
    SUBMITTED = "submitted", "已送审"
    REVIEWED = "reviewed", "已复核"
    FROZEN = "frozen", "已锁定"
    RELEASED = "released", "已公开"


class BodyKind(Labelled):
    """Kind of public body."""

    DEPARTMENT = "department", "政府部门"
    UNIT = "unit", "所属单位"
    OTHER = "other", "其他"


class DivisionKind(Labelled):
    """Kind of a part of the body."""

    INTERNAL = "internal", "内设机构"
    DISPATCHED = "dispatched", "派出机构"
    SUBORDINATE = "subordinate", "下属单位"
    INDEPENDENT_BUDGET = "independent_budget", "独立预算单位"
    PARTY = "party", "党组织及派驻机构"


class IndicatorGroup(Labelled):
    """First level of the indicator system."""

    OUTPUT = "output", "产出指标"
    EFFECT = "effect", "效益指标"
    SATISFACTION = "satisfaction", "满意度指标"
    COST = "cost", "成本指标"


class IndicatorKind(Labelled):
    """Second level of the indicator system."""

    QUANTITY = "quantity", "数量指标"
    QUALITY = "quality", "质量指标"
    TIMELINESS = "timeliness", "时效指标"
    COST = "cost", "成本指标"
    ECONOMIC_COST = "economic_cost", "经济成本指标"
    SOCIAL_COST = "social_cost", "社会成本指标"
    ECOLOGICAL_COST = "ecological_cost", "生态环境成本指标"
    ECONOMIC = "economic", "经济效益指标"
    SOCIAL = "social", "社会效益指标"
    ECOLOGICAL = "ecological", "生态效益指标"
    SUSTAINABLE = "sustainable", "可持续影响指标"
    SATISFACTION = "satisfaction", "服务对象满意度指标"


class Nature(Labelled):
    """What kind of judgement an indicator asks for; it selects the rule type."""

    POSITIVE = "positive", "正向（越高越好）"
    INVERSE = "inverse", "反向（越低越好）"
    EXACT = "exact", "等于"
    QUALITATIVE = "qualitative", "定性"
    YES_NO = "yes_no", "是否"
    DEADLINE = "deadline", "时限"
    SATISFACTION = "satisfaction", "满意度"


class Sign(Labelled):
    """Calculation sign of a target."""

    AT_LEAST = ">=", "≥"
    MORE_THAN = ">", "＞"
    EQUAL = "=", "＝"
    AT_MOST = "<=", "≤"
    LESS_THAN = "<", "＜"
    QUALITATIVE = "qualitative", "定性"


class ActualStatus(Labelled):
    """What is known about an actual value."""

    REPORTED = "reported", "已填报"
    IMPLIED = "implied", "由文字推得"
    PARTIAL = "partial", "仅部分范围"
    PROXY = "proxy", "相近指标代替"
    NOT_COLLECTED = "not_collected", "无完成值"
    NOT_DUE = "not_due", "未到期"
    NOT_APPLICABLE = "not_applicable", "不适用"
    UNDEFINED = "undefined", "无法计算"


class SourceKind(Labelled):
    """Where a value comes from."""

    COMPUTED = "computed", "由台账计算"
    REPORTED = "reported", "填报"
    MANUAL = "manual", "人工判断"


class EvidenceStatus(Labelled):
    """State of the evidence for a value (佐证材料)."""

    NONE = "none", "无佐证"
    CLAIMED = "claimed", "仅有文字陈述"
    PROVIDED = "provided", "已提供"
    VERIFIED = "verified", "已核实"


class Tier(Labelled):
    """Tier of a qualitative result."""

    REACHED = "reached", "达成年度指标"
    PARTLY = "partly", "部分达成年度指标并具有一定效果"
    MISSED = "missed", "未达成年度指标且效果较差"


class PointsBasis(Labelled):
    """How the points of an indicator are known."""

    PRINTED = "printed", "原文载明"
    APPROVED = "approved", "目标批复"
    INFERRED = "inferred", "推定"


class BudgetSide(Labelled):
    """Side of the budget."""

    INCOME = "income", "收入"
    EXPENDITURE = "expenditure", "支出"


class BudgetCategory(Labelled):
    """Kind of a budget line."""

    TOTAL = "total", "合计"
    FISCAL = "fiscal", "财政拨款收入"
    OTHER_INCOME = "other_income", "其他收入"
    BASIC = "basic", "基本支出"
    PROJECT = "project", "项目支出"
    TRANSFER = "transfer", "转移支付支出"
    OTHER = "other", "其他"


class ProjectNature(Labelled):
    """Recurrent or one-off."""

    RECURRENT = "recurrent", "经常性"
    ONE_OFF = "one_off", "一次性"
