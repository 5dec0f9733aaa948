"""What can be wrong with a file that is to be read.

READ-001 to READ-019 and READ-060 on stand here; READ-020 on is for Word documents, READ-040 on for PDF.
"""

from typing import Final

from zhunsheng.kernel.problem import Kind, Severity

_TO_TEXT: Final = "在原软件中打开，另存为 .docx、.xlsx、.pdf 或 .txt 后重试。"

UNREADABLE = Kind("READ-001", Severity.ERROR, "文件不能打开", "确认文件存在、是普通文件且有读取权限后重试。")
EMPTY = Kind("READ-002", Severity.ERROR, "文件是空的", "确认文件已保存完整，重新取得文件后重试。")
TOO_LARGE = Kind(
    "READ-003", Severity.ERROR, "文件过大，没有读取", "拆成几个文件，或删去图片等无关内容后重试。"
)
ENCRYPTED = Kind("READ-004", Severity.ERROR, "不能读取设有打开密码的文件", "取消打开密码，保存后重试。")
UNSUPPORTED = Kind("READ-005", Severity.ERROR, "不支持这种文件格式", _TO_TEXT)
NOT_TEXT = Kind(
    "READ-006", Severity.ERROR, "内容不是可读的文字", "确认文件没有损坏、后缀与格式一致；" + _TO_TEXT
)
DAMAGED = Kind("READ-007", Severity.ERROR, "文件已损坏或内容异常，不能读取", "重新取得文件，或" + _TO_TEXT)
WRONG_SUFFIX = Kind(
    "READ-008",
    Severity.NOTE,
    "文件后缀与内容不一致，按内容读取",
    "把文件后缀改为与内容一致，以免其他软件打不开。",
)
MISSING_READER = Kind(
    "READ-009", Severity.ERROR, "本次安装缺少读取这种格式的组件", "按安装说明补装组件，或" + _TO_TEXT
)
NO_TEXT = Kind(
    "READ-010", Severity.WARNING, "文件中没有可读的文字", "确认选对了文件；正文若是图片，请先做文字识别。"
)
BAD_CHARACTERS = Kind(
    "READ-011",
    Severity.WARNING,
    "个别字节不能解码，以“�”代替",
    "核对这些位置的文字，或把文件另存为 UTF-8 后重试。",
)
CUT_OFF = Kind("READ-012", Severity.ERROR, "内容超过读取上限，其余部分没有核对", "拆成几个文件分别核对。")
ODD_CHARACTERS = Kind(
    "READ-013", Severity.NOTE, "文件含不可见的控制字符", "如控制字符夹在数字中间，请删除后再核对。"
)
BOMB = Kind(
    "READ-014", Severity.ERROR, "压缩内容异常的文件不予读取", "确认文件来源；把内容复制到新文件中重试。"
)
HIDDEN_PARTS = Kind(
    "READ-015", Severity.NOTE, "工作簿有隐藏的工作表、行或列，已一并读取", "确认隐藏的内容是否应当报送。"
)
NO_RESULT = Kind(
    "READ-016",
    Severity.WARNING,
    "公式没有保存计算结果，这些单元格没有核对",
    "在 Excel 或 WPS 中打开，重新计算并保存后重试。",
)
ERROR_VALUE = Kind("READ-017", Severity.WARNING, "单元格是公式错误值", "改正公式后重试。")
NO_FORMATS = Kind(
    "READ-018",
    Severity.WARNING,
    "读不到单元格的数字格式，百分数、日期等按原值读取",
    "另存为“Excel 工作簿（*.xlsx）”后重试，结果更可靠。",
)
LEFT_ASIDE = Kind(
    "READ-019",
    Severity.NOTE,
    "文件带有宏或链接到其他文件，宏没有运行，链接没有打开",
    "请确认文件来源。",
)
SHEET_DAMAGED = Kind(
    "READ-060",
    Severity.ERROR,
    "一个工作表不能读取，没有核对",
    "在 Excel 或 WPS 中打开，另存后重试；或人工核对该工作表。",
)
HIDDEN_TEXT = Kind(
    "READ-061", Severity.NOTE, "网页含不显示的文字，没有核对", "确认不显示的内容不是报告的一部分。"
)
UNPAIRED = Kind(
    "READ-062",
    Severity.WARNING,
    "引号没有配对，几行可能并成了一格",
    "在表格软件中打开，改正引号或另存为 .xlsx 后重试。",
)
