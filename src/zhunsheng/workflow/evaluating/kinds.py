"""Kinds of problems in evaluating a year."""

from zhunsheng.kernel.problem import Kind, Severity

NO_VALUE = Kind(
    "EVALUATE-001",
    Severity.ERROR,
    "送审前每个指标都要有完成值，或说明为什么没有",
    "在“完成值与佐证”中填报；确实没有的，状态选“无完成值”“未到期”或“不适用”。",
)
NO_REASON = Kind(
    "EVALUATE-002", Severity.ERROR, "送审前每处扣分都要写明原因", "打开该评分项，填写扣分原因和改进措施。"
)
NOT_SCORED = Kind(
    "EVALUATE-003",
    Severity.ERROR,
    "送审前每个评分项都要有得分",
    "补充所缺的数据；规则不能评分的，人工评分并写明理由。",
)
NO_WORDS = Kind("EVALUATE-004", Severity.ERROR, "须写明理由", "写明理由后重试；理由会留在操作记录中。")
UNKNOWN_ITEM = Kind("EVALUATE-005", Severity.ERROR, "评分项须是本次评分中的一项", "从自评打分的列表中选择。")
NOT_BY_HAND = Kind(
    "EVALUATE-006",
    Severity.ERROR,
    "有规则可算、汇总或不参与评分的评分项不能人工评分",
    "核对完成值和管理事实；认为规则不适用的，请在意见中说明。",
)
TOO_LONG = Kind("EVALUATE-007", Severity.ERROR, "意见和理由不能超过 3,000 字", "缩短后重试。")
NO_STORE = Kind(
    "EVALUATE-008", Severity.ERROR, "本单位没有记录库", "先导入台账；记录库由管理员在“用户和授权”中设置。"
)
NOTHING_COMPUTABLE = Kind(
    "EVALUATE-009",
    Severity.ERROR,
    "本年度没有可以由台账计算的指标",
    "在目标编制中为指标选择指标库编码，或直接填报完成值。",
)
NO_RUBRIC = Kind("EVALUATE-010", Severity.ERROR, "没有这个评分体系", "从列表中选择另一个评分体系。")
NO_INDICATOR = Kind("EVALUATE-011", Severity.ERROR, "指标库中没有这个指标", "从指标库选择指标。")
NO_FIELD = Kind("EVALUATE-012", Severity.ERROR, "只能按台账中有的字段分组", "从列表中选择分组的方式。")
