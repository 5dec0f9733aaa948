"""A bureau's year (年度档案): the pure model behind the case directory, the workbook and the database.

Every record below is one row of one section; `plans.sections.SECTIONS` lists them. Money is written in 万元 in
files and held as exact yuan. Empty optional text is "", an empty number or date is None: the file
did not say. Whether a *figure* is unknown is said by `ActualStatus`, never by an empty cell alone.
"""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from zhunsheng.kernel.money import Money
from zhunsheng.plans.choices import (
    ActualStatus,
    BodyKind,
    BudgetCategory,
    BudgetSide,
    CaseStatus,
    DivisionKind,
    EvidenceStatus,
    IndicatorGroup,
    IndicatorKind,
    Nature,
    PointsBasis,
    ProjectNature,
    Sign,
    SourceKind,
    Tier,
)
from zhunsheng.plans.columns import Holds, column

_PLACE_NOTE = "来源文件中的位置，如 L111；多处用顿号分开"


@dataclass(frozen=True, slots=True)
class About:
    """The year itself: body, year, rubric, status, overall goal (case.yaml)."""

    code: str = column("档案编码", Holds.CODE, required=True, example="huadu-2023")
    title: str = column("报告标题", required=True)
    fiscal_year: int | None = column("年度", Holds.INTEGER, required=True, example="2023")
    rubric: str = column("评分体系", Holds.CODE, required=True, example="guangdong-dept-2023")
    project_rubric: str = column("项目评分体系", Holds.CODE, example="mof-project-2020")
    status: CaseStatus = column("状态", Holds.CHOICE, choices=CaseStatus, default=CaseStatus.DRAFT)
    invented: bool = column("虚构示例", Holds.BOOLEAN, note="为演示或测试而编造的档案填“是”")
    filled_by: str = column("填报人")
    phone: str = column("联系电话")
    filled_on: date | None = column("填报日期", Holds.DATE)
    overall_goal: str = column("年度总体目标", Holds.LONG)
    overall_result: str = column("整体绩效目标完成情况", Holds.LONG)
    unmet_reason: str = column("未能完成原因", Holds.LONG)
    points_assumption: str = column(
        "分值假设", Holds.LONG, note="指标分值不是批复或原文载明时，说明推定依据；随评分结果一并列示"
    )
    stated_tasks: int | None = column("原文所称任务数", Holds.INTEGER)
    stated_indicators: int | None = column("原文所称指标数", Holds.INTEGER)
    printed_total: Decimal | None = column("原文总分", Holds.DECIMAL)
    printed_grade: str = column("原文等级")
    place: str = column("位置", note=_PLACE_NOTE)
    note: str = column("说明", Holds.LONG)


@dataclass(frozen=True, slots=True)
class Source:
    """A document the case was filled from; places such as "L111" are lines of its text form."""

    code: str = column("来源编码", Holds.CODE, required=True, example="report")
    title: str = column("名称", required=True)
    issuer: str = column("发布单位")
    lines: str = column("位置的含义", example="行号为该报告纯文本的行号")
    note: str = column("说明", Holds.LONG)


@dataclass(frozen=True, slots=True)
class Body:
    """The public body (organisation.yaml)."""

    name: str = column("部门名称", required=True)
    short_name: str = column("简称", note="在正文中代替全称使用")
    kind: BodyKind = column("性质", Holds.CHOICE, choices=BodyKind, default=BodyKind.DEPARTMENT)
    area: str = column("行政区划", example="广州市花都区")
    budget_code: str = column("预算编码")
    subordinate_budget_units: int | None = column("所属下级预算单位数量", Holds.INTEGER)


@dataclass(frozen=True, slots=True)
class Duty:
    """A main duty of the body."""

    number: int | None = column("序号", Holds.INTEGER, required=True)
    text: str = column("职责", Holds.LONG, required=True)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Division:
    """A division, dispatched office or subordinate unit."""

    name: str = column("机构名称", required=True)
    kind: DivisionKind = column("类别", Holds.CHOICE, choices=DivisionKind, required=True)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class DivisionCount:
    """How many divisions of a kind the source says there are."""

    kind: DivisionKind = column("类别", Holds.CHOICE, choices=DivisionKind, required=True)
    stated: int | None = column("原文所称数量", Holds.INTEGER, required=True)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Task:
    """A key task of the year with its goals and results."""

    code: str = column("任务编码", Holds.CODE, required=True, example="T1")
    name: str = column("年度重点工作任务", Holds.LONG, required=True)
    short_name: str = column("任务简称")
    division: str = column("责任处室")
    goals: tuple[str, ...] = column("绩效目标", Holds.LINES)
    results: tuple[str, ...] = column("完成情况", Holds.LINES)
    budget_items: str = column("主要预算项目", Holds.LONG)
    points: Decimal | None = column("分值", Holds.DECIMAL)
    stated_indicators: int | None = column("原文所称指标数", Holds.INTEGER)
    order: int | None = column("分析部分的次序", Holds.INTEGER)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class KeyIndicator:
    """A key indicator of the whole department, often the same as a task's indicator under another name."""

    code: str = column("编码", Holds.CODE, required=True, example="K1")
    name: str = column("关键指标", required=True)
    formula: str = column("计算公式", Holds.LONG)
    target_text: str = column("预期实现值（原文）")
    target_sign: Sign = column("目标符号", Holds.CHOICE, choices=Sign)
    target_value: str = column("目标值")
    target_unit: str = column("目标单位")
    same_as: str = column("对应指标", Holds.CODE, refers="indicators")
    actual_text: str = column("完成值（原文）")
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Indicator:
    """A performance indicator with its approved target and points.

    The target is three fields: sign, value, unit. `target_value` is the canonical text of a decimal
    ("286"), a date ("2023-12-10"), a grade ("A") or, for a qualitative target, the wanted state.
    """

    code: str = column("指标编码", Holds.CODE, required=True, example="1.1")
    name: str = column("指标名称", required=True)
    task: str = column("所属任务", Holds.CODE, refers="tasks")
    project: str = column("所属项目", Holds.CODE, refers="projects")
    definition: str = column("指标库编码", Holds.CODE, note="取自指标库时填写")
    group: IndicatorGroup = column("一级指标", Holds.CHOICE, choices=IndicatorGroup, required=True)
    kind: IndicatorKind = column("二级指标", Holds.CHOICE, choices=IndicatorKind, required=True)
    nature: Nature = column("指标性质", Holds.CHOICE, choices=Nature, required=True)
    target_text: str = column("目标值（原文）", example="不少于286项")
    target_sign: Sign = column("目标符号", Holds.CHOICE, choices=Sign, required=True)
    target_value: str = column("目标值", example="286", note="数字、日期（2023-12-10）、等级（A）或定性目标")
    target_unit: str = column("目标单位", example="项")
    initial_target: str = column("年初目标值", note="年中调整过的填写调整前的目标")
    adjustment: str = column("目标调整依据", Holds.LONG)
    points: Decimal | None = column("分值", Holds.DECIMAL)
    points_basis: PointsBasis = column(
        "分值依据", Holds.CHOICE, choices=PointsBasis, default=PointsBasis.APPROVED
    )
    formula: str = column("计算公式", Holds.LONG)
    data_source: str = column("数据来源")
    evidence_required: str = column("佐证要求")
    previous_actual: str = column("上年完成值")
    exempt: str = column("超额扣减豁免理由", note="安全、事故、投诉、法定时限等不因完成过好而扣分")
    place: str = column("位置", note=_PLACE_NOTE)
    note: str = column("说明", Holds.LONG)


@dataclass(frozen=True, slots=True)
class Actual:
    """The actual value of one indicator: what is used, what was printed, how it is evidenced."""

    indicator: str = column("指标编码", Holds.CODE, required=True, refers="indicators")
    status: ActualStatus = column("完成值状态", Holds.CHOICE, choices=ActualStatus, required=True)
    value: str = column("采用值", note="数字、日期、等级；时限可写“2023-12-10前”", example="97.65")
    unit: str = column("单位", example="%")
    tier: Tier = column("完成档次", Holds.CHOICE, choices=Tier, note="定性指标填写")
    printed: str = column("原文值", Holds.LONG, note="报告原文的写法，与采用值不同时必须保留")
    why_used: str = column("采用理由", Holds.LONG)
    source_kind: SourceKind = column(
        "取值方式", Holds.CHOICE, choices=SourceKind, default=SourceKind.REPORTED
    )
    evidence: str = column("佐证材料", Holds.LONG)
    evidence_status: EvidenceStatus = column(
        "佐证状态", Holds.CHOICE, choices=EvidenceStatus, default=EvidenceStatus.NONE
    )
    sample_size: int | None = column("样本量", Holds.INTEGER, note="满意度指标填写")
    survey: str = column("调查方法", note="满意度指标填写：对象、时间、问题")
    place: str = column("位置", note=_PLACE_NOTE)
    note: str = column("说明", Holds.LONG)


@dataclass(frozen=True, slots=True)
class ManualScore:
    """A score given by a person, or claimed by the unit, where the rule is unknown or no value exists.

    `item` is an indicator code or a rubric node code.
    """

    item: str = column("评分项", Holds.CODE, required=True)
    score: Decimal | None = column("得分", Holds.DECIMAL, required=True)
    reason: str = column("评分理由", Holds.LONG, required=True)
    given_by: str = column("评分人")
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class PrintedScore:
    """What the real report printed for a node or indicator; shown beside the computed score."""

    item: str = column("评分项", Holds.CODE, required=True, note="指标、任务或评分体系节点的编码")
    points: Decimal | None = column("原文分值", Holds.DECIMAL)
    score: Decimal | None = column("原文得分", Holds.DECIMAL, required=True)
    rate: Decimal | None = column("原文得分率（%）", Holds.DECIMAL)
    text: str = column("原文要点", Holds.LONG)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Reduction:
    """A reduction for a target set too conservatively, accepted with a reason (a share of the points)."""

    indicator: str = column("指标编码", Holds.CODE, required=True, refers="indicators")
    share: Decimal | None = column("扣减比例", Holds.DECIMAL, required=True, example="0.15")
    reason: str = column("扣减理由", Holds.LONG, required=True)
    accepted_by: str = column("认可人")
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Deviation:
    """Why a score is below full, and what will be done (item: indicator or node code)."""

    item: str = column("评分项", Holds.CODE, required=True)
    reason: str = column("扣分原因", Holds.LONG, required=True)
    remedy: str = column("改进措施", Holds.LONG)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class BudgetLine:
    """A line of income or expenditure (budget.csv)."""

    code: str = column("编码", Holds.CODE, required=True, example="expenditure")
    name: str = column("项目", required=True)
    side: BudgetSide = column("收支", Holds.CHOICE, choices=BudgetSide, required=True)
    category: BudgetCategory = column("类别", Holds.CHOICE, choices=BudgetCategory, required=True)
    fund_source: str = column("资金来源", example="财政拨款")
    initial: Money | None = column("年初预算数", Holds.MONEY)
    adjusted: Money | None = column("全年预算数", Holds.MONEY, note="年初预算加年中调整")
    executed: Money | None = column("执行数", Holds.MONEY, note="决算数")
    executed_source: str = column("执行数来源", note="执行数取自哪份决算报表或账目")
    executed_evidence: str = column("执行数佐证", Holds.LONG)
    previous: Money | None = column("上年决算数", Holds.MONEY)
    printed_difference: Money | None = column("原文差异", Holds.MONEY)
    printed_change: Decimal | None = column("原文差异率（%）", Holds.DECIMAL)
    printed_rate: Decimal | None = column("原文执行率（%）", Holds.DECIMAL)
    printed_share: Decimal | None = column("原文占比（%）", Holds.DECIMAL)
    explanation: str = column("差异说明", Holds.LONG)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Project:
    """A project, usually a key one (projects.csv)."""

    code: str = column("项目编码", Holds.CODE, required=True, example="P1")
    name: str = column("项目名称", required=True)
    unit: str = column("实施单位")
    key: bool = column("重点项目", Holds.BOOLEAN)
    nature: ProjectNature = column("项目性质", Holds.CHOICE, choices=ProjectNature)
    new: bool = column("新增项目", Holds.BOOLEAN)
    initial: Money | None = column("年初预算数", Holds.MONEY)
    adjusted: Money | None = column("全年预算数", Holds.MONEY)
    executed: Money | None = column("执行数", Holds.MONEY)
    executed_source: str = column("执行数来源", note="执行数取自哪份决算报表或账目")
    executed_evidence: str = column("执行数佐证", Holds.LONG)
    printed_rate: Decimal | None = column("原文支出率（%）", Holds.DECIMAL)
    purpose: str = column("资金用途", Holds.LONG)
    goal: str = column("预期目标", Holds.LONG)
    result: str = column("实际完成情况", Holds.LONG)
    explanation: str = column("执行情况说明", Holds.LONG)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class ManagementFact:
    """A fact about management that a rubric asks for (management.yaml).

    `fact` is a code of `definitions/facts/`; `value` is written as that definition's unit says
    (true/false for yes-no facts, 万元 for money, plain numbers for counts, percent for rates).
    """

    fact: str = column("事实编码", Holds.CODE, required=True, example="contracts_filed_late")
    value: str = column("采用值", note="是/否写 true 或 false；金额用万元")
    status: ActualStatus = column("状态", Holds.CHOICE, choices=ActualStatus, default=ActualStatus.REPORTED)
    printed: str = column("原文值", Holds.LONG)
    why_used: str = column("采用理由", Holds.LONG)
    evidence: str = column("佐证材料", Holds.LONG)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Shortcoming:
    """A problem named in part 三 of the report; `covers` lists the indicators or nodes it is about."""

    code: str = column("问题编码", Holds.CODE, required=True, example="Q1")
    title: str = column("问题", required=True)
    text: str = column("具体表现和原因", Holds.LONG)
    covers: tuple[str, ...] = column("涉及的评分项", Holds.CODES)
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Remedy:
    """A measure named in part 四 of the report; `answers` lists the problems it answers."""

    code: str = column("措施编码", Holds.CODE, required=True, example="C1")
    title: str = column("改进措施", required=True)
    text: str = column("具体做法", Holds.LONG)
    answers: tuple[str, ...] = column("针对的问题", Holds.CODES, refers="shortcomings")
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Contradiction:
    """The same fact with two printed values, or a printed value that cannot be right."""

    code: str = column("编码", Holds.CODE, required=True, example="D1")
    subject: str = column("事项", required=True)
    printed: str = column("原文值甲", required=True)
    place: str = column("位置甲", note=_PLACE_NOTE)
    other: str = column("原文值乙或重算值")
    other_place: str = column("位置乙", note=_PLACE_NOTE)
    used: str = column("采用值")
    reason: str = column("采用理由", Holds.LONG)


@dataclass(frozen=True, slots=True)
class PrintedFigure:
    """A figure printed in the source report, kept with its line (printed_figures.csv)."""

    code: str = column("编码", Holds.CODE, required=True)
    role: str = column("类型", note="数值、目标、得分、期间、名称编码等")
    subject: str = column("主体")
    metric: str = column("事项")
    value: str = column("值", required=True)
    unit: str = column("单位")
    period: str = column("期间")
    comparator: str = column("比较符")
    printed: str = column("原文写法")
    place: str = column("位置", note=_PLACE_NOTE)


@dataclass(frozen=True, slots=True)
class Narrative:
    """A free-text section of the report; numbers are written as references, see docs/case-format.md."""

    section: str = column("段落编码", Holds.CODE, required=True, example="achievements")
    text: str = column("正文", Holds.LONG, required=True)


@dataclass(frozen=True)
class Case:
    """One body's year. Immutable; the lookups below are computed once and kept."""

    about: About
    body: Body
    sources: tuple[Source, ...] = ()
    duties: tuple[Duty, ...] = ()
    divisions: tuple[Division, ...] = ()
    division_counts: tuple[DivisionCount, ...] = ()
    tasks: tuple[Task, ...] = ()
    key_indicators: tuple[KeyIndicator, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    actuals: tuple[Actual, ...] = ()
    manual_scores: tuple[ManualScore, ...] = ()
    printed_scores: tuple[PrintedScore, ...] = ()
    reductions: tuple[Reduction, ...] = ()
    deviations: tuple[Deviation, ...] = ()
    budget: tuple[BudgetLine, ...] = ()
    projects: tuple[Project, ...] = ()
    management: tuple[ManagementFact, ...] = ()
    shortcomings: tuple[Shortcoming, ...] = ()
    remedies: tuple[Remedy, ...] = ()
    contradictions: tuple[Contradiction, ...] = ()
    printed_figures: tuple[PrintedFigure, ...] = ()
    narrative: tuple[Narrative, ...] = ()

    @property
    def name(self) -> str:
        """Short name of the body, or its full name."""
        return self.body.short_name or self.body.name

    @property
    def year(self) -> int:
        """The fiscal year; a valid case always has one."""
        return self.about.fiscal_year or 0

    @cached_property
    def actual_of(self) -> dict[str, Actual]:
        """Actual by indicator code."""
        return {actual.indicator: actual for actual in self.actuals}

    @cached_property
    def indicator_by_code(self) -> dict[str, Indicator]:
        """Indicator by code."""
        return {indicator.code: indicator for indicator in self.indicators}

    @cached_property
    def task_by_code(self) -> dict[str, Task]:
        """Task by code."""
        return {task.code: task for task in self.tasks}

    @cached_property
    def fact_by_code(self) -> dict[str, ManagementFact]:
        """Management fact by the code of its definition."""
        return {fact.fact: fact for fact in self.management}

    @cached_property
    def manual_score_of(self) -> dict[str, ManualScore]:
        """Manual score by item."""
        return {manual.item: manual for manual in self.manual_scores}

    @cached_property
    def printed_score_of(self) -> dict[str, PrintedScore]:
        """Printed score by item."""
        return {printed.item: printed for printed in self.printed_scores}

    @cached_property
    def reduction_of(self) -> dict[str, Reduction]:
        """Accepted reduction by indicator code."""
        return {reduction.indicator: reduction for reduction in self.reductions}

    @cached_property
    def deviation_of(self) -> dict[str, Deviation]:
        """Deviation by item."""
        return {deviation.item: deviation for deviation in self.deviations}

    @cached_property
    def narrative_of(self) -> dict[str, str]:
        """Free text by section code."""
        return {part.section: part.text for part in self.narrative}

    def budget_total(self, side: BudgetSide) -> BudgetLine | None:
        """The total line of one side, or None."""
        for line in self.budget:
            if line.side is side and line.category is BudgetCategory.TOTAL:
                return line
        return None
