"""What can be wrong with a file as a whole, its headings, or a row among the others."""

from typing import Final

from zhunsheng.kernel.problem import Kind, Severity

_E, _W, _N = Severity.ERROR, Severity.WARNING, Severity.NOTE

UNREADABLE: Final = Kind(
    "LEDG-130", _E, "文件不能作为台账数据读取", "确认选对了文件；从原系统重新导出后重试。"
)
TOO_LARGE: Final = Kind("LEDG-131", _E, "文件超过可以一次导入的大小", "按月份或单位拆成几个文件分别导入。")
NO_HEADER: Final = Kind(
    "LEDG-132", _E, "没有找到表头", "第一行写列标题（中文名或字段名）；用 ledger template 取得模板。"
)
MISSING_COLUMN: Final = Kind(
    "LEDG-133", _E, "文件缺少必填的列", "补上该列；列名不同时用 --map 列名=字段 指明。"
)
UNKNOWN_COLUMN: Final = Kind(
    "LEDG-134", _W, "有不属于该台账的列，没有导入", "不需要时可不理会；需要时用 --map 列名=字段 指明。"
)
TWO_COLUMNS: Final = Kind("LEDG-135", _E, "同一个字段有两列", "删去一列，或用 --map 列名=字段 指明用哪一列。")
NOT_ENTERED: Final = Kind(
    "LEDG-136", _W, "由系统得出的列不导入", "该列由系统计算或从所引用的记录取得，可以删去。"
)
BAD_MAP: Final = Kind("LEDG-137", _E, "--map 指的列或字段不存在", "列名照文件表头写，字段写字段名或中文名。")
NO_ROWS: Final = Kind("LEDG-138", _W, "文件没有数据行", "确认选对了文件和工作表。")
LEFT_SHEET: Final = Kind("LEDG-139", _W, "有工作表没有导入", "需要导入时，把表头改成该台账的列名。")
EXTRA_CELLS: Final = Kind("LEDG-143", _E, "一行的单元格多于表头", "检查该行的分隔符和引号。")
BROKEN_LINE: Final = Kind("LEDG-144", _E, "这一行不能读取", "检查该行的格式。")
OPEN_QUOTE: Final = Kind("LEDG-145", _W, "引号没有配对，几行可能连成了一格", "检查该处的引号。")
ENCODING: Final = Kind("LEDG-146", _W, "有字节不能按所认的编码读取", "从原系统按 UTF-8 重新导出。")
NO_RECORD: Final = Kind(
    "LEDG-147", _E, "这一行只有一格有内容，不是一条记录", "合计、备注等请不要写在数据区；删去该行。"
)
SAME_KEY: Final = Kind("LEDG-150", _W, "文件内同一编号有两条不同的记录", "核对后只保留正确的一条。")
SAME_UNIQUE: Final = Kind(
    "LEDG-151", _W, "文件内不应重复的内容出现在不同的记录中", "核对后改正或只保留一条。"
)
TAKEN: Final = Kind(
    "LEDG-152", _E, "不应重复的内容已在另一条在库记录中", "核对是否录错；确属同一对象的，沿用原编号。"
)
BAD_QUERY: Final = Kind("LEDG-154", _E, "数据库查询没有成功", "检查连接和查询语句；只允许一条 SELECT。")
SUGGESTED: Final = Kind("LEDG-155", _W, "列名与字段名相近，请确认", "确认后用 --map 列名=字段 指明。")
BAD_CONSTANT: Final = Kind(
    "LEDG-156",
    _E,
    "--set 指的字段或值不能用",
    "写作 --set 字段=值，字段写字段名或中文名，文件里不能已有该列。",
)
