"""Problems a workbook's sheets can have."""

from zhunsheng.kernel.problem import Kind, Severity

UNREADABLE = Kind(
    "BOOK-009",
    Severity.ERROR,
    "工作簿的内部结构必须完整",
    "在 Excel 或 WPS 中打开并另存为 .xlsx；仍不行就把数据粘贴到新下载的模板中。",
)
MISSING_SHEET = Kind(
    "BOOK-010",
    Severity.ERROR,
    "工作簿缺少必需的工作表",
    "补上该工作表；可用 zhunsheng case template 取得模板。",
)
UNKNOWN_SHEET = Kind(
    "BOOK-011", Severity.WARNING, "只读取规定名称的工作表", "不需要就删除它；名称写错了就改成规定的名称。"
)
NO_HEADER = Kind("BOOK-012", Severity.ERROR, "前 5 行中应有表头", "在数据上方补上模板中的表头。")
UNKNOWN_HEADER = Kind(
    "BOOK-013",
    Severity.ERROR,
    "表头只能使用规定的名称",
    "改成模板中的名称，或删除该列（行）；金额单位只能是万元。",
)
DUPLICATE_HEADER = Kind(
    "BOOK-014", Severity.ERROR, "同一名称的列（行）只能有一个", "保留其中一个，删除其余的。"
)
MISSING_COLUMN = Kind("BOOK-015", Severity.ERROR, "必填的列（行）不能缺少", "按模板补上该列（行）。")
MERGED = Kind(
    "BOOK-016",
    Severity.ERROR,
    "数据区内不能有合并单元格",
    "选中该区域，取消合并，并在每个单元格中填写内容。",
)
FORMULA_WITHOUT_VALUE = Kind(
    "BOOK-017",
    Severity.ERROR,
    "公式必须带有计算结果",
    "在 Excel 或 WPS 中打开并保存一次，或复制后选择性粘贴为“值”。",
)
FORMULA_USED = Kind(
    "BOOK-018",
    Severity.NOTE,
    "公式按保存时的计算结果读取",
    "如引用的数据已变，先在 Excel 或 WPS 中重新计算并保存。",
)
ERROR_CELL = Kind(
    "BOOK-019", Severity.ERROR, "单元格不能是错误值", "改正公式，或直接填写数值；没有数值就留空。"
)
HIDDEN = Kind("BOOK-020", Severity.NOTE, "隐藏的内容同样会被读取", "取消隐藏并核对；不需要的内容请删除。")
NO_HEADER_ABOVE = Kind("BOOK-021", Severity.ERROR, "有内容的列必须有表头", "补上表头，或删除这些内容。")
TOO_MANY_ROWS = Kind(
    "BOOK-022", Severity.ERROR, "一张工作表最多 20,000 行", "删除多余的行，或检查是否误粘贴了其他数据。"
)
PERCENT = Kind("BOOK-023", Severity.NOTE, "比率列填百分号前的数", "核对读取的数值。")
DUPLICATE_SHEET = Kind("BOOK-024", Severity.ERROR, "同一部分只能有一张工作表", "合并为一张，删除其余的。")
