"""Kinds of problems in collecting actual values and their evidence."""

from zhunsheng.kernel.problem import Kind, Severity

NO_ITEM = Kind(
    "COLLECT-001", Severity.ERROR, "只能填报本年度的指标和管理事实", "从“完成值与佐证”的列表中选择一项。"
)
NO_OWN_REASON = Kind(
    "COLLECT-002",
    Severity.ERROR,
    "台账算出的值改为填报值，须写明理由",
    "在“采用理由”中写明为什么不采用台账计算的值。",
)
NOT_FROM_RECORDS = Kind(
    "COLLECT-003",
    Severity.ERROR,
    "填报的值不能注明由台账计算",
    "取值方式选“填报”或“人工判断”；由台账计算的值用“由台账计算”取得。",
)
OUTSIDE_BODY = Kind("COLLECT-004", Severity.ERROR, "只能分派给本单位或其下的处室", "从列表中选择责任处室。")
NOT_A_FILLER = Kind(
    "COLLECT-005",
    Severity.ERROR,
    "责任人须在责任处室担任填报人、处室负责人或本单位财务",
    "另选责任人，或请管理员授予角色。",
)
NOT_ASSIGNED = Kind("COLLECT-006", Severity.ERROR, "没有分派的项目不能催报", "先分派责任处室，再催报。")
NOTHING_LATE = Kind(
    "COLLECT-007", Severity.ERROR, "没有可以催报的项目", "已分派的项目都已填报，或还没有到期；到期后再催。"
)
BAD_DAY = Kind("COLLECT-008", Severity.ERROR, "期限写成年-月-日", "改成如 2024-01-31 的日期，或留空。")
NO_REASON = Kind("COLLECT-009", Severity.ERROR, "退回佐证须写明原因", "写明缺什么、要补什么，再退回。")
REMINDER_TOO_LONG = Kind("COLLECT-010", Severity.ERROR, "催报说明不能超过 500 字", "缩短后重试。")
NO_SPENDING = Kind(
    "COLLECT-011", Severity.ERROR, "只能填报本年度的收支项目和项目资金", "从“执行数”的列表中选择一项。"
)
NO_SOURCE = Kind(
    "COLLECT-012",
    Severity.ERROR,
    "执行数须写明来源",
    "在“执行数来源”中写明取自哪份决算报表或账目，如“部门决算报表财决01表”。",
)
NO_PROOF = Kind(
    "COLLECT-013",
    Severity.ERROR,
    "执行数须有佐证",
    "在“执行数佐证”中写明凭据，或先在该项的页面上传佐证文件。",
)
NOT_AN_AMOUNT = Kind(
    "COLLECT-014",
    Severity.ERROR,
    "执行数按所选的单位写成数字",
    "写成如 315000.00 的数字；不写单位，也不写“约”等字。",
)
SPENDING_TWICE = Kind(
    "COLLECT-015", Severity.ERROR, "一次填报中每个收支项目只能出现一次", "删去重复的一行后重试。"
)

NO_FILE = Kind("COLLECT-020", Severity.ERROR, "没有选择文件", "选择一个或几个文件后再上传。")
EMPTY_FILE = Kind(
    "COLLECT-021", Severity.ERROR, "佐证文件不能是空的", "在原来的程序中打开，确认有内容后重新保存。"
)
TOO_LARGE = Kind(
    "COLLECT-022",
    Severity.ERROR,
    "单个佐证文件不能超过 50 MB",
    "降低扫描的分辨率，或分成几个文件上传。",
)
TOO_MANY = Kind("COLLECT-023", Severity.ERROR, "一次最多上传 20 个文件", "分几次上传。")
NOT_ACCEPTED = Kind(
    "COLLECT-024",
    Severity.ERROR,
    "佐证只接收 PDF、图片（PNG、JPEG、GIF）、Word、Excel、PowerPoint、OFD 和纯文本（txt、csv）",
    "转为 PDF 后上传。",
)
MACRO = Kind(
    "COLLECT-025", Severity.ERROR, "不接收带宏或控件的文件", "另存为不带宏的格式，或转为 PDF 后上传。"
)
BOMB = Kind(
    "COLLECT-026",
    Severity.ERROR,
    "压缩内容异常的文件不予接收",
    "确认文件来源；在原来的程序中打开并另存，或转为 PDF。",
)
DAMAGED = Kind(
    "COLLECT-027", Severity.ERROR, "损坏的文件不予接收", "在原来的程序中打开，确认内容完整后重新保存。"
)
