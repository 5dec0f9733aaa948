"""Kinds of problems in planning a year."""

from zhunsheng.kernel.problem import Kind, Severity

FINER_THAN_FEN = Kind("PLAN-001", Severity.ERROR, "金额须精确到分", "改成最多六位小数的万元数。")
TARGET_MISSING = Kind(
    "PLAN-002", Severity.ERROR, "送审的指标都要有目标值", "填写目标值；定性指标写明要达到的状态。"
)
POINTS_MISSING = Kind(
    "PLAN-003", Severity.ERROR, "送审的指标都要有分值", "填写分值，使合计等于所属部分的分值。"
)
NO_INDICATORS = Kind("PLAN-004", Severity.ERROR, "送审的目标须有指标", "先设置指标，再送审。")
ADJUSTED_WITHOUT_BASIS = Kind(
    "PLAN-005", Severity.ERROR, "调整过的目标须写明依据", "在“目标调整依据”中写明，或改回批复的目标值。"
)
STILL_REFERRED = Kind("PLAN-006", Severity.ERROR, "仍被引用的行不能删除", "先改掉或删除引用它的行。")
HAS_EVIDENCE = Kind(
    "PLAN-007", Severity.ERROR, "已有佐证材料的指标不能删除", "先撤回佐证材料，或保留指标并填“不适用”。"
)
OTHER_CASE = Kind(
    "PLAN-008", Severity.ERROR, "工作簿须是这个年度档案的", "从本页下载工作簿，在其中修改后再上传。"
)
CODE_TAKEN = Kind("PLAN-009", Severity.ERROR, "档案编码不能重复", "换一个编码。")
YEAR_TAKEN = Kind("PLAN-010", Severity.ERROR, "一个单位每年只有一个年度档案", "打开已有的档案，或改年度。")
BAD_CODE = Kind(
    "PLAN-011", Severity.ERROR, "档案编码由小写字母、数字和短横线组成", "改成如 huadu-amr-2024 的编码。"
)
BAD_YEAR = Kind("PLAN-012", Severity.ERROR, "年度是四位数字", "填写 2000 到 2100 之间的年份。")
NO_TITLE = Kind("PLAN-013", Severity.ERROR, "标题不能为空，且不超过 200 字", "填写报告的标题。")
NO_RUBRIC = Kind("PLAN-014", Severity.ERROR, "评分体系须从列表中选择", "选择一个部门整体评分体系。")
NO_REASON = Kind("PLAN-015", Severity.ERROR, "须写明理由", "写明理由后重试；理由会留在操作记录中。")
EMPTY_REMARK = Kind("PLAN-016", Severity.ERROR, "意见须写明内容", "写明意见，或取消所选的字段。")
BAD_DATE = Kind("PLAN-017", Severity.ERROR, "截止日期写成年-月-日", "改成如 2024-12-20 的日期，或留空。")
UNKNOWN_DEFINITION = Kind(
    "PLAN-018", Severity.WARNING, "指标库编码应是指标库中的编码", "从指标库选择，或清空该项。"
)
FILE_TOO_LARGE = Kind("PLAN-019", Severity.ERROR, "文件过大", "年度档案工作簿一般不到 1 MB；确认选对了文件。")
NO_FILE = Kind("PLAN-020", Severity.ERROR, "没有选择文件", "选择一个 .xlsx 工作簿后重试。")
UNREADABLE_VERSION = Kind("PLAN-021", Severity.ERROR, "这一版的内容不能读取", "请联系管理员核对备份。")
NO_ANSWER = Kind("PLAN-022", Severity.ERROR, "答复不能为空", "写明怎样处理了这条意见。")
UNKNOWN_FIELD = Kind(
    "PLAN-023", Severity.ERROR, "意见须指向目标中有的字段", "从列表中选择字段，或对整行提意见。"
)
