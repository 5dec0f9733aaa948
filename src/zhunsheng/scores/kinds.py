"""Kinds of problems an evaluation can find."""

from zhunsheng.kernel.problem import Kind, Severity

NO_ACTUAL = Kind(
    "SCORE-001",
    Severity.WARNING,
    "指标没有完成值，不能视为已完成",
    "采集完成值和佐证材料；确实没有的，按 0 分计。",
)
RULE_UNKNOWN = Kind(
    "SCORE-002", Severity.WARNING, "评分标准未知，不能自动评分", "按正式评分标准人工评分，写明理由。"
)
INPUT_MISSING = Kind("SCORE-003", Severity.WARNING, "缺少评分所需的数据", "在“管理事实”或“收支”中补充。")
POINTS_MISMATCH = Kind(
    "SCORE-004", Severity.ERROR, "自设指标分值之和应等于该节点分值", "调整指标分值，使合计等于节点分值。"
)
MANUAL_OUT_OF_BOUNDS = Kind(
    "SCORE-005", Severity.ERROR, "人工评分应在允许的范围内", "改成范围内的得分，或改完成档次。"
)
NO_REASON = Kind(
    "SCORE-006", Severity.WARNING, "低于满分须写明原因", "在“扣分原因”中补充原因，并在报告第三、四部分回应。"
)
PRINTED_DIFFERS = Kind("SCORE-007", Severity.WARNING, "原文得分与计算得分不同", "核对原文，按计算得分更正。")
OVER_ACHIEVED = Kind(
    "SCORE-008", Severity.NOTE, "完成值远好于目标值，须说明原因", "说明原因；目标偏低的，下年提高目标。"
)
WITHOUT_BASIS = Kind(
    "SCORE-009", Severity.WARNING, "得分没有可核对的依据", "补充评分标准和数据，或在复核时说明。"
)
MANUAL_UNUSED = Kind(
    "SCORE-010", Severity.NOTE, "有规则可算的评分项不采用人工评分", "删除该人工评分，或说明理由。"
)
YEAR_NOT_COVERED = Kind("SCORE-011", Severity.WARNING, "评分体系不适用于该年度", "换用该年度的评分体系。")
TOTAL_DIFFERS = Kind("SCORE-012", Severity.WARNING, "原文总分或等级与计算结果不同", "核对各项得分后更正。")
REDUCTION_UNUSED = Kind(
    "SCORE-013", Severity.NOTE, "该评分体系不因目标偏保守而扣分", "删除该扣减，或换用相应的评分体系。"
)
UNITS_DIFFER = Kind(
    "SCORE-014", Severity.WARNING, "完成值与目标值的单位应一致", "改成同一单位，或说明两者的换算。"
)
RESCALED = Kind(
    "SCORE-015", Severity.NOTE, "按另一评分体系计分时，指标分值按比例折算", "仅供比较，不作为正式得分。"
)
NO_INDICATORS = Kind(
    "SCORE-016", Severity.WARNING, "该节点要求自设指标，但一个也没有", "补充该类指标，或在批复前调整分值。"
)
UNKNOWN_ITEM = Kind(
    "SCORE-017", Severity.ERROR, "引用的评分项应是指标、任务或评分体系节点的编码", "改成已有的编码。"
)
