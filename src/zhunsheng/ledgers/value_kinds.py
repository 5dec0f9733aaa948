"""What can be wrong with one value or one record, and how serious it is for the record."""

from dataclasses import dataclass
from typing import Final

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.ledgers.field import FieldDefinition, Level

SEVERITY: Final = {
    Level.REJECT: Severity.ERROR,
    Level.QUARANTINE: Severity.WARNING,
    Level.WARN: Severity.WARNING,
}
_E, _W = Severity.ERROR, Severity.WARNING

EMPTY = Kind("LEDG-101", _E, "必填的栏目不能为空", "补填后重新导入。")
NO_MEMBER = Kind("LEDG-102", _E, "只能填规定的选项", "改填表中列出的选项。")
NO_NUMBER = Kind("LEDG-103", _E, "该栏只能填一个数", "改填阿拉伯数字；没有值请留空。")
PLACES = Kind("LEDG-104", _W, "小数位数超过该栏规定", "核对原始数据，按规定的小数位数填写。")
PERCENT = Kind("LEDG-105", _W, "百分数的含义不明，不能当作数量", "请改填分子和分母，或填该栏单位下的数。")
TOO_BIG = Kind("LEDG-106", _E, "数值超出可以保存的范围", "核对数值和单位。")
TOO_SMALL = Kind("LEDG-107", _E, "数值小于允许的最小值", "核对数值。")
NO_DATE = Kind("LEDG-108", _E, "该栏只能填日期", "按“2021-03-05”填写；没有值请留空。")
ODD_DATE = Kind("LEDG-109", _W, "日期不合情理", "核对年份。")
NO_TIME = Kind("LEDG-110", _E, "该栏只能填日期和时间", "按“2021-03-05 14:30:00”填写；没有值请留空。")
NO_ANSWER = Kind("LEDG-112", _E, "该栏只能填“是”或“否”", "改填“是”或“否”。")
LENGTH = Kind("LEDG-113", _E, "文字长度不合规定", "核对该栏内容。")
MALFORMED = Kind("LEDG-114", _E, "编码不符合编码规则", "对照证照原件改正。")
NOT_LISTED = Kind("LEDG-115", _W, "编码不在代码表内", "对照代码表改正；确属新增的代码，请先更新代码表。")
BAD_ITEM = Kind("LEDG-116", _E, "列表中有不能识别的一项", "各项用顿号或分号分开，逐项核对。")
BAD_JSON = Kind("LEDG-117", _E, "该栏应为 JSON 对象或数组", "按数据接口说明填写；没有值请留空。")
LOST_DIGITS = Kind(
    "LEDG-119",
    _W,
    "电子表格把长数字存成了数值，末尾数位可能已丢失",
    "把该列设为“文本”格式，从原系统重新填写。",
)
FUTURE = Kind("LEDG-120", _E, "业务日期不能晚于导入当日", "核对日期。")
CELL_ERROR = Kind("LEDG-121", _E, "单元格是公式的错误值", "修正公式，或填写数值。")
SERIAL = Kind("LEDG-122", _E, "该填日期的地方是数字", "把单元格设为日期格式，或按“2021-03-05”填写。")
GARBLED = Kind("LEDG-123", _W, "含有不能识别的字符", "从原系统重新导出，核对文件编码。")
SCIENTIFIC = Kind(
    "LEDG-124", _W, "科学计数法写的数，末尾数位可能已丢失", "从原系统重新导出，或按完整的数字填写。"
)
SAME_PERSON = Kind("LEDG-125", _E, "复核人不得与填报人相同", "由另一人复核。")
UNCHECKED = Kind("LEDG-126", _W, "有检查没有进行", "补充所缺的工作日历、时限规则或代码表后重新核对。")

FILE_PLACE: Final = Place()


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a record.

    Attributes:
        level: what it does to the record.
        fields: the fields it is about.
    """

    level: Level
    fields: tuple[str, ...]
    problem: Problem


def fault(field: FieldDefinition, level: Level, kind: Kind, what: str, value: str | None = None) -> Fault:
    """A fault of one field; `what` follows the label of the field."""
    place = Place(field=field.label)
    return Fault(level, (field.name,), kind.at(place, f"{field.label}{what}", value=value))


def of_check(
    level: Level, code: str, fields: tuple[str, ...], labels: str, what: str, remedy: str, value: str
) -> Fault:
    """A fault found by a check of the ledger's definition, under the code of the check."""
    problem = Problem(code, SEVERITY[level], Place(field=labels), what, what, remedy, value)
    return Fault(level, fields, problem)
