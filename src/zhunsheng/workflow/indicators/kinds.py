"""Kinds of problems in computing indicators and listing the records behind them."""

from zhunsheng.kernel.problem import Kind, Severity

NO_STORE = Kind(
    "INDICATORS-001",
    Severity.ERROR,
    "由台账计算指标须有记录库",
    "先导入台账；记录库由管理员在“用户和授权”中设置。",
)
NO_INDICATOR = Kind("INDICATORS-002", Severity.ERROR, "指标库中没有这个指标", "从指标目录中选择指标。")
BAD_YEAR = Kind("INDICATORS-003", Severity.ERROR, "年度应在 1949 至 2200 之间", "从列表中选择年度。")
NOT_LISTED = Kind(
    "INDICATORS-004",
    Severity.ERROR,
    "导出前须先列出记录",
    "回到记录页，列出记录后再导出；列出后台账有改动的，须重新列出。",
)
NO_ROWS = Kind(
    "INDICATORS-005",
    Severity.ERROR,
    "地址中的度量、部分、年度须是这个指标有的",
    "回到指标页，从数字的链接进入。",
)
