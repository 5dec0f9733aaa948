"""Problems of an import, said for people in front of a page: what they can do there takes the place of options."""

from dataclasses import replace

from zhunsheng.kernel.problem import Problem
from zhunsheng.store.intake import kinds
from zhunsheng.store.records.undoing import CANNOT_UNDO

_WHY = {kinds.BAD_MAP.code: "所选的列或字段不存在", kinds.BAD_CONSTANT.code: "统一填写的字段或值不能用"}
_REMEDY = {
    kinds.NO_HEADER.code: "第一行写列标题（中文名或字段名）；可在台账页下载模板。",
    kinds.MISSING_COLUMN.code: "补上该列后重新上传；列名不同时，在“列的对应”中选择。",
    kinds.UNKNOWN_COLUMN.code: "不需要时可不理会；需要时在“列的对应”中选择字段。",
    kinds.TWO_COLUMNS.code: "删去一列，或在“列的对应”中改选。",
    kinds.BAD_MAP.code: "在“列的对应”中重新选择。",
    kinds.SUGGESTED.code: "在“列的对应”中确认或改选，然后重新核对。",
    kinds.BAD_CONSTANT.code: "写作“字段=值”，字段写字段名或中文名，文件里不能已有该列。",
    CANNOT_UNDO.code: "在台账页查看批次的状态。",
}
_NO_BODY = "--org"


def for_page(problem: Problem) -> Problem:
    """A problem with what can be done on the page."""
    remedy = _REMEDY.get(problem.code, problem.remedy)
    if problem.code == kinds.MISSING_COLUMN.code and _NO_BODY in problem.remedy:
        remedy = "补上该列后重新上传，或在“责任单位”中为整个文件指明。"
    return replace(problem, why=_WHY.get(problem.code, problem.why), remedy=remedy)
