"""Kinds of problems in bringing in and looking at records."""

from zhunsheng.kernel.problem import Kind, Severity

NO_FILE = Kind("RECORDS-001", Severity.ERROR, "须选择要导入的文件", "选择一个文件后再上传。")
FILE_TOO_LARGE = Kind(
    "RECORDS-002", Severity.ERROR, "一次上传的文件不超过站点规定的大小", "按月份或单位拆成几个文件分别上传。"
)
EMPTY_FILE = Kind(
    "RECORDS-003", Severity.ERROR, "文件不能是空的", "在原来的程序中打开，确认有内容后重新保存。"
)
BAD_FORMAT = Kind(
    "RECORDS-004",
    Severity.ERROR,
    "台账文件是 xlsx、xls、csv、jsonl 或 parquet",
    "在原来的程序中另存为 xlsx 或 csv 后上传。",
)
NOT_CHECKED = Kind(
    "RECORDS-005",
    Severity.ERROR,
    "只能导入已核对、可以入库的文件",
    "等核对结束；整个文件不能导入的，改正后重新上传。",
)
NO_REASON = Kind(
    "RECORDS-006", Severity.ERROR, "撤销批次须写明原因", "写明为什么撤销；原因会留在操作记录中。"
)
LONG_REASON = Kind("RECORDS-007", Severity.ERROR, "原因不超过 500 字", "写得简短些。")
NO_BATCH = Kind("RECORDS-008", Severity.ERROR, "只能撤销本台账的导入批次", "从台账页的批次列表中选择。")
BAD_VALUE = Kind(
    "RECORDS-009", Severity.ERROR, "筛选条件须是该字段能有的值", "按字段的类型改写条件，或清空它。"
)
UNKNOWN_KEY = Kind(
    "RECORDS-010",
    Severity.WARNING,
    "筛选条件引用的记录不在库中",
    "核对编号；没有这条记录，就没有记录引用它。",
)
TOO_MANY_ROWS = Kind(
    "RECORDS-011", Severity.ERROR, "Excel 文件最多导出 200,000 条", "改为导出 csv，或加条件缩小范围。"
)
BAD_FORM = Kind("RECORDS-012", Severity.ERROR, "只能导出为 csv 或 xlsx", "从列表中选择格式。")
STORE_OUTSIDE = Kind(
    "RECORDS-013", Severity.ERROR, "记录库须在站点的数据目录内", "请管理员在“用户和授权”中改正单位的记录库。"
)
BAD_ORG = Kind(
    "RECORDS-014", Severity.ERROR, "责任单位编码不超过 60 个字", "填写记录库“机构”台账中的编码，或留空。"
)
NO_DISCARD_REASON = Kind(
    "RECORDS-016", Severity.ERROR, "弃用待核的行须写明原因", "写明为什么不入库；原因会留在操作记录中。"
)
BAD_CORRECTION = Kind(
    "RECORDS-017",
    Severity.ERROR,
    "只能改正本台账填报的字段，每个值不超过 5,000 字",
    "在表单中改正；由程序计算的字段不能填写。",
)
STILL_HELD = Kind(
    "RECORDS-018",
    Severity.ERROR,
    "与在库记录或同时处理的行矛盾的行不能入库",
    "核对这一行和在库的记录；确属重复的，弃用并写明原因。",
)
BAD_CONSTANT = Kind(
    "RECORDS-015",
    Severity.ERROR,
    "统一填写的字段写作“字段=值”，每行一个",
    "例如“报告年度=2023”；每个字段只写一次。",
)
NOTHING_CHOSEN = Kind("RECORDS-019", Severity.ERROR, "须选择要弃用的行", "在列表中勾选要弃用的行。")
TOO_MANY_CHOSEN = Kind("RECORDS-020", Severity.ERROR, "一次最多弃用 50 行", "分几次办理。")
