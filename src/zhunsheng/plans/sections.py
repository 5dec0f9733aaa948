"""The parts of a case: which record goes into which file and worksheet, and what identifies a row."""

from dataclasses import dataclass
from typing import Final, Literal

from zhunsheng.plans.case import (
    About,
    Actual,
    Body,
    BudgetLine,
    Contradiction,
    Deviation,
    Division,
    DivisionCount,
    Duty,
    Indicator,
    KeyIndicator,
    ManagementFact,
    ManualScore,
    Narrative,
    PrintedFigure,
    PrintedScore,
    Project,
    Reduction,
    Remedy,
    Shortcoming,
    Source,
    Task,
)
from zhunsheng.plans.columns import Column, columns_of

Shape = Literal["record", "table"]


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a case: one record or a table of records of one kind.

    Attributes:
        name: field of `Case` and key in the file.
        label: worksheet name.
        file: file of the directory form; `*.csv` holds one table alone, `narrative/` one file per row.
        record: the record class.
        shape: "record" or "table".
        key: columns that together identify a row.
        note: one sentence for the template and the documentation.
    """

    name: str
    label: str
    file: str
    record: type
    shape: Shape
    key: tuple[str, ...]
    note: str

    @property
    def columns(self) -> tuple[Column, ...]:
        """The columns of the record class."""
        return columns_of(self.record)


# the paragraphs of the report that are free text, by code, with their headings
NARRATIVE_SECTIONS: Final = {
    "annual_work": "年度总体工作",
    "income_note": "收支说明",
    "targets_set": "绩效目标设定情况",
    "monitoring": "绩效监控执行情况",
    "adjustment": "绩效目标调整情况",
    "result_use": "绩效评价结果运用情况",
    "achievements": "主要工作成效",
}

SECTIONS: Final[tuple[Section, ...]] = (
    Section("about", "基本信息", "case.yaml", About, "record", (), "部门、年度、评分体系和总体目标。"),
    Section("sources", "资料来源", "case.yaml", Source, "table", ("code",), "本档案各项数据取自哪些文件。"),
    Section("body", "部门", "organisation.yaml", Body, "record", (), "部门名称、编码和所属单位数。"),
    Section("duties", "主要职责", "organisation.yaml", Duty, "table", ("number",), "部门主要职责。"),
    Section("divisions", "机构", "organisation.yaml", Division, "table", ("name", "kind"), "机构名单。"),
    Section(
        "division_counts",
        "机构数量",
        "organisation.yaml",
        DivisionCount,
        "table",
        ("kind",),
        "原文所称的机构数量，用来与名单核对。",
    ),
    Section("tasks", "重点任务", "tasks.yaml", Task, "table", ("code",), "年度重点工作任务。"),
    Section(
        "key_indicators", "关键指标", "tasks.yaml", KeyIndicator, "table", ("code",), "部门整体关键指标。"
    ),
    Section("indicators", "绩效指标", "tasks.yaml", Indicator, "table", ("code",), "指标、目标值和分值。"),
    Section("actuals", "完成值", "actuals.yaml", Actual, "table", ("indicator",), "各指标完成值和佐证。"),
    Section(
        "manual_scores", "人工评分", "scores.yaml", ManualScore, "table", ("item",), "须人工判断的得分。"
    ),
    Section(
        "printed_scores", "原文得分", "scores.yaml", PrintedScore, "table", ("item",), "原报告印出的得分。"
    ),
    Section(
        "reductions", "超额扣减", "scores.yaml", Reduction, "table", ("indicator",), "目标偏保守的扣减认可。"
    ),
    Section("deviations", "扣分原因", "scores.yaml", Deviation, "table", ("item",), "低于满分的原因和措施。"),
    Section("budget", "收支", "budget.csv", BudgetLine, "table", ("code",), "收入和支出，金额单位万元。"),
    Section("projects", "项目", "projects.csv", Project, "table", ("code",), "项目资金，金额单位万元。"),
    Section(
        "management",
        "管理事实",
        "management.yaml",
        ManagementFact,
        "table",
        ("fact",),
        "评分所需的管理事实。",
    ),
    Section(
        "shortcomings", "存在问题", "problems.yaml", Shortcoming, "table", ("code",), "报告第三部分的问题。"
    ),
    Section("remedies", "改进措施", "problems.yaml", Remedy, "table", ("code",), "报告第四部分的措施。"),
    Section(
        "contradictions",
        "原文矛盾",
        "contradictions.yaml",
        Contradiction,
        "table",
        ("code",),
        "原文前后矛盾之处和采用的值。",
    ),
    Section(
        "printed_figures",
        "原文数字",
        "printed_figures.csv",
        PrintedFigure,
        "table",
        ("code",),
        "原报告中的全部数字及所在行。",
    ),
    Section(
        "narrative", "文字部分", "narrative/", Narrative, "table", ("section",), "报告中的自由文字段落。"
    ),
)
