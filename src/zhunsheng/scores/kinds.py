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
    "SCORE-010",
    Severity.NOTE,
    "有规则可算、汇总或不参与评分的评分项不采用人工评分",
    "删除该人工评分，或说明理由。",
)
YEAR_NOT_COVERED = Kind("SCORE-011", Severity.WARNING, "评分体系不适用于该年度", "换用该年度的评分体系。")
TOTAL_DIFFERS = Kind("SCORE-012", Severity.WARNING, "原文总分或等级与计算结果不同", "核对各项得分后更正。")
REDUCTION_UNUSED = Kind(
    "SCORE-013",
    Severity.NOTE,
    "目标偏保守的扣减只在评分体系采用这种扣减、且得分按规则计算时生效",
    "删除该扣减，或换用相应的评分体系。",
)
UNITS_DIFFER = Kind(
    "SCORE-014", Severity.WARNING, "完成值与目标值的单位应能换算", "改成同一单位，或改为人工评分并说明换算。"
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
SHARED_CODE = Kind(
    "SCORE-023",
    Severity.ERROR,
    "指标、任务和评分体系节点的编码不能相同",
    "改指标或任务的编码，与节点编码错开。",
)
NOT_APPLICABLE_CONTRADICTED = Kind(
    "SCORE-024",
    Severity.ERROR,
    "同一评分项的数据不能一项“不适用”、另一项却有发生数",
    "核对后改正其中之一；确有发生的，不能填“不适用”。",
)
PARTLY_WITHOUT_POINTS = Kind(
    "SCORE-025", Severity.WARNING, "同一节点的指标应都有分值", "补充分值；未补的平均分配余下的分值。"
)
EXCLUDED = Kind(
    "SCORE-026",
    Severity.WARNING,
    "不适用的指标不参与评分，分值由同级指标分担",
    "说明不适用的原因和依据；分值应在目标批复前调整。",
)
NOT_DUE = Kind(
    "SCORE-027", Severity.WARNING, "指标未到期，不能评分", "到期后补充完成值；等级在全部评分后确定。"
)
NOT_GATHERED = Kind(
    "SCORE-028",
    Severity.ERROR,
    "每个指标都应由评分体系的某个节点评分",
    "改正指标类别，或换用相应的评分体系。",
)
POINTS_TOO_FINE = Kind(
    "SCORE-029", Severity.ERROR, "指标分值的小数位数不能多于得分的小数位数", "改成评分体系规定的小数位数。"
)
ABOVE_FULL = Kind("SCORE-030", Severity.ERROR, "总分不能超过满分", "核对各指标分值，使合计等于节点分值。")
CEILING_UNKNOWN = Kind(
    "SCORE-031",
    Severity.WARNING,
    "总分上限按预算执行率确定，执行率无法计算",
    "补充或更正全年预算数和执行数。",
)
OTHER_OBJECT = Kind(
    "SCORE-033",
    Severity.WARNING,
    "评分体系的对象应与被评对象相同",
    "部门用部门的评分体系，项目用项目的评分体系。",
)
ZERO_BUDGET = Kind(
    "SCORE-034",
    Severity.WARNING,
    "全年预算数为零，预算执行率没有意义",
    "核对全年预算数；确为零的，说明原因。",
)
FIGURE_TOO_LONG = Kind(
    "SCORE-037", Severity.ERROR, "数字不能超过 30 位", "核对后改正；数值很大的改用较大的单位，如万元、亿元。"
)
UNIT_ASSUMED = Kind(
    "SCORE-032", Severity.NOTE, "完成值没有写单位，按目标值的单位计", "在完成值的单位栏写明单位。"
)
