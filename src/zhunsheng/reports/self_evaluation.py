"""The self-evaluation report in its official outline: 一、基本情况 … 四、下一步改进措施."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.case import BudgetLine, Case, KeyIndicator, Project
from zhunsheng.plans.choices import BudgetSide, DivisionKind
from zhunsheng.plans.sections import NARRATIVE_SECTIONS
from zhunsheng.reports.cells import cell, chinese_ordinal, head_row, listed, paragraph, quoted
from zhunsheng.reports.completeness import check_completeness
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.narrative import UNKNOWN_REFERENCE, narrative_blocks
from zhunsheng.reports.score_tables import detail_table, score_chart, summary_table
from zhunsheng.reports.stated import bound_text, sentence
from zhunsheng.reports.tree import Bar, Block, Cell, Chart, Heading, Report, Run, Runs, Table, Text
from zhunsheng.scores.evaluation import Evaluation, ScoredNode

NO_NARRATIVE = Kind(
    "REPORT-020", Severity.WARNING, "报告的文字段落还没有写", "在 narrative/ 或“文字部分”补充该段。"
)

_AFFILIATED = (DivisionKind.SUBORDINATE, DivisionKind.INDEPENDENT_BUDGET)


@dataclass(frozen=True, slots=True)
class WrittenReport:
    """A report and everything that is missing from it."""

    report: Report
    problems: tuple[Problem, ...]


def write_self_evaluation(
    case: Case, evaluation: Evaluation, provenance: tuple[tuple[str, str], ...] = ()
) -> WrittenReport:
    """Write the report tree.

    A report that is not complete (see `completeness`) is marked 草稿.

    Args:
        provenance: label and value pairs that tie the report to its inputs.
    """
    writer = _Writer(case, evaluation, FigureBook(case, evaluation))
    blocks = tuple(writer.outline())
    complete = check_completeness(case, evaluation)
    problems = (*writer.problems, *complete.missing)
    draft = any(problem.severity is Severity.ERROR for problem in problems)
    filled = case.about.filled_on
    report = Report(
        code=f"{case.about.code}-自评报告",
        title=(f"{case.year}年度{case.body.name}", "部门整体支出绩效自评报告"),
        body=case.body.name,
        blocks=blocks,
        date=f"{filled.year}年{filled.month}月{filled.day}日" if filled else "",
        draft=draft,
        figures=writer.book.figures,
        provenance=provenance,
    )
    return WrittenReport(report, problems)


@dataclass
class _Writer:
    case: Case
    evaluation: Evaluation
    book: FigureBook
    problems: list[Problem] = field(default_factory=list)
    tables: int = 0
    charts: int = 0

    def outline(self) -> Iterator[Block]:
        """All blocks in order."""
        yield Heading(1, "一、", "基本情况")
        yield Heading(2, "（一）", "部门概况")
        yield from self._organisation()
        yield Heading(2, "（二）", "年度总体工作和重点工作任务")
        yield from self._narrative("annual_work")
        yield from self._tasks()
        yield Heading(2, "（三）", "部门整体收支情况")
        yield from self._money()
        yield Heading(2, "（四）", "部门整体绩效管理情况")
        yield from self._management()
        yield Heading(1, "二、", "综合评价分析")
        yield Heading(2, "（一）", "自评结论综述")
        yield from self._conclusion()
        yield Heading(2, "（二）", "各项工作任务绩效目标完成情况分析")
        yield from self._analysis()
        yield Heading(2, "（三）", "各重点任务项目支出完成情况分析")
        yield from self._projects()
        yield Heading(2, "（四）", "主要工作成效")
        yield from self._narrative("achievements")
        yield Heading(1, "三、", "存在的主要问题")
        yield from self._shortcomings()
        yield Heading(1, "四、", "下一步改进措施")
        yield from self._remedies()

    def _table_caption(self, text: str) -> str:
        self.tables += 1
        return f"表 {self.tables}　{text}"

    def _chart_caption(self, text: str) -> str:
        self.charts += 1
        return f"图 {self.charts}　{text}"

    def _narrative(self, section: str) -> Iterator[Block]:
        text = self.case.narrative_of.get(section, "")
        label = NARRATIVE_SECTIONS[section]
        if not text:
            place = Place(f"narrative/{section}.md")
            self.problems.append(NO_NARRATIVE.at(place, f"“{label}”还没有文字"))
            yield paragraph(Text(f"〔待补充：{label}〕", note=True))
            return
        blocks, problems = narrative_blocks(section, text, self.book)
        self.problems.extend(problems)
        yield from blocks

    def _organisation(self) -> Iterator[Block]:
        case = self.case
        yield Heading(3, "1.", "部门主要职责")
        yield paragraph(
            f"{case.body.name}的主要职责如下：" if case.duties else Text("〔待补充：主要职责〕", note=True)
        )
        for duty in case.duties:
            words = self._bound(sentence(duty.text), f"duty.{duty.number}", "主要职责", duty.place)
            yield paragraph(f"（{duty.number}）", *words)
        yield Heading(3, "2.", "部门内设机构")
        own = [kind for kind in DivisionKind if kind not in _AFFILIATED]
        yield from self._divisions(own, "内设机构")
        yield Heading(3, "3.", "部门下属机构")
        yield from self._divisions(list(_AFFILIATED), "下属机构")

    def _divisions(self, wanted: Sequence[DivisionKind], label: str) -> Iterator[Block]:
        parts: list[str | Run] = []
        for kind in wanted:
            names = [each.name for each in self.case.divisions if each.kind is kind]
            if names:
                parts += [
                    f"{kind.label}",
                    self.book.number(f"count.divisions.{kind.value}"),
                    f"：{listed(names)}。",
                ]
        yield paragraph(*parts) if parts else paragraph(f"本部门没有{label}。")

    def _tasks(self) -> Iterator[Block]:
        tasks = self.case.tasks
        if not tasks:
            return
        yield paragraph("本年度重点工作任务共", self.book.number("count.tasks"), "，安排及完成情况如下。")
        if not any(task.goals or task.results for task in tasks):
            for index, task in enumerate(tasks, 1):
                words = self._bound(sentence(task.name), f"task.{task.code}", "重点工作任务", task.place)
                yield paragraph(f"（{index}）", *words)
            return
        rows = tuple(
            (
                cell(str(index), align="centre"),
                cell(*self._bound(task.name, f"task.{task.code}", "重点工作任务", task.place)),
                cell(*self._bound(_numbered(task.goals), f"goals.{task.code}", "任务的绩效目标", task.place)),
                cell(
                    *self._bound(
                        _numbered(task.results), f"results.{task.code}", "任务的完成情况", task.place
                    )
                ),
            )
            for index, task in enumerate(tasks, 1)
        )
        header = (head_row("序号", "年度重点工作任务", "绩效目标", "完成情况"),)
        yield Table(self._table_caption("年度重点工作任务及完成情况"), (8, 24, 29, 39), header, rows)

    def _money(self) -> Iterator[Block]:
        number = 0
        for side, label in ((BudgetSide.INCOME, "收入"), (BudgetSide.EXPENDITURE, "支出")):
            lines = [line for line in self.case.budget if line.side is side]
            if any(line.previous is not None for line in lines):
                number += 1
                yield Heading(3, f"{number}.", f"本年{label}与上年{label}对比")
                yield self._comparison(lines, label)
                yield from self._explanations(lines)
        yield Heading(3, f"{number + 1}.", "收支结构与预算执行")
        yield from self._structure()
        if "income_note" in self.case.narrative_of:
            yield from self._narrative("income_note")

    def _comparison(self, lines: Sequence[BudgetLine], label: str) -> Table:
        year = self.case.year
        rows = tuple(
            (
                cell(line.name, head=True),
                *(
                    self._budget_cell(line, column)
                    for column in ("executed", "previous", "difference", "change")
                ),
            )
            for line in lines
        )
        header = (head_row("项目", f"{year}年决算", f"{year - 1}年决算", "差异", "差异率"),)
        return Table(
            self._table_caption(f"{label}决算与上年对比"), (26, 20, 20, 19, 15), header, rows, "单位：万元"
        )

    def _budget_cell(self, line: BudgetLine, column: str) -> Cell:
        code = f"budget.{line.code}.{column}"
        bare = column != "change"
        return cell(self.book.number(code, bare=bare) if self.book.has(code) else "—", align="right")

    def _explanations(self, lines: Sequence[BudgetLine]) -> Iterator[Block]:
        for line in lines:
            if line.explanation:
                label = f"{quoted(line.name)}增减原因"
                words = self._bound(sentence(line.explanation), f"explanation.{line.code}", label, line.place)
                yield paragraph(f"{line.name}：", *words)

    def _structure(self) -> Iterator[Block]:
        for side, label in ((BudgetSide.INCOME, "收入"), (BudgetSide.EXPENDITURE, "支出")):
            total = self.case.budget_total(side)
            if total is None or not self.book.has(f"budget.{total.code}.executed"):
                continue
            parts: list[str | Run] = [f"本年度{label}合计", self.book.number(f"budget.{total.code}.executed")]
            for line in self.case.budget:
                share = f"budget.{line.code}.share"
                if line.side is side and line is not total and self.book.has(share):
                    amount = self.book.number(f"budget.{line.code}.executed")
                    parts += [
                        "，其中" if len(parts) == 2 else "；",
                        line.name,
                        amount,
                        "，占",
                        self.book.number(share),
                    ]
            yield paragraph(*parts, "。")
        total = self.case.budget_total(BudgetSide.EXPENDITURE)
        if total is not None and self.book.has(f"budget.{total.code}.rate"):
            code = f"budget.{total.code}"
            yield paragraph(
                "全年预算数",
                self.book.number(f"{code}.adjusted"),
                "，执行数",
                self.book.number(f"{code}.executed"),
                "，预算执行率",
                self.book.number(f"{code}.rate"),
                "。",
            )

    def _management(self) -> Iterator[Block]:
        for number, section in enumerate(("targets_set", "monitoring", "adjustment", "result_use"), 1):
            yield Heading(3, f"{number}.", NARRATIVE_SECTIONS[section])
            yield from self._narrative(section)
            if section == "targets_set":
                yield from self._targets()

    def _targets(self) -> Iterator[Block]:
        keys = self.case.key_indicators
        if keys:
            rows = tuple(
                (
                    cell(str(index), align="centre"),
                    cell(each.name),
                    cell(each.formula),
                    cell(self._key_target(each), align="centre"),
                )
                for index, each in enumerate(keys, 1)
            )
            header = (head_row("序号", "关键指标", "计算公式", "预期实现值"),)
            yield Table(self._table_caption("部门整体绩效关键指标"), (8, 28, 42, 22), header, rows)
        yield paragraph(
            "本年度共设绩效指标", self.book.number("count.indicators"), "，目标值见本报告第二部分（二）。"
        )

    def _key_target(self, row: KeyIndicator) -> Run:
        if not any(map(str.isdigit, row.target_text)):
            return Text(row.target_text)
        label = f"{quoted(row.name)}预期实现值"
        return self.book.stated(f"key_target.{row.code}", label, row.target_text, row.place)

    def _conclusion(self) -> Iterator[Block]:
        grade = self.evaluation.grade
        verdict = f"，等级为“{grade}”" if grade else "，尚有评分项未评，等级待定"
        yield paragraph(
            f"按《{self.evaluation.rubric_label}》（版本 {self.evaluation.rubric_version}）评价，{self.case.name}"
            f"{self.case.year}年度部门整体支出绩效自评总分",
            self.book.number("full"),
            "，得分",
            self.book.number("total"),
            f"{verdict}。",
        )
        if self.evaluation.supported != self.evaluation.total:
            yield paragraph(
                "其中有完成值且评分规则明确的得分",
                self.book.number("supported"),
                "，其余得分依据单位自报或人工评分，已逐项注明。",
            )
        yield summary_table(self.evaluation, self.book, self._table_caption("自评得分汇总"))
        yield score_chart(self.evaluation, self._chart_caption("各部分得分与分值"))
        for index, assumption in enumerate(self.evaluation.assumptions, 1):
            yield paragraph(*self._bound(sentence(assumption), f"assumption.{index}", "评分假设"))

    def _analysis(self) -> Iterator[Block]:
        number = 0
        for node in self.evaluation.children(""):
            number += 1
            yield Heading(3, f"{number}.", node.name)
            yield paragraph(*self._score_words(node))
            if node.leaf:
                yield from self._deductions([node])
                continue
            for index, child in enumerate(self._parts(node), 1):
                yield from self._part(index, child)

    def _parts(self, node: ScoredNode) -> list[ScoredNode]:
        children = list(self.evaluation.children(node.code))
        order = {task.code: task.order for task in self.case.tasks if task.order is not None}
        if all(child.kind == "task" and child.code in order for child in children):
            children.sort(key=lambda child: order[child.code] or 0)
        return children

    def _part(self, index: int, node: ScoredNode) -> Iterator[Block]:
        leaves = [node] if node.leaf else [each for each in self.evaluation.children(node.code) if each.leaf]
        yield Heading(4, f"（{index}）", node.name)
        yield paragraph(*self._score_words(node))
        if not node.leaf:
            yield detail_table(leaves, self.book, self._table_caption(f"{node.name}评分明细"))
        yield from self._deductions(leaves)

    def _score_words(self, node: ScoredNode) -> list[str | Run]:
        words: list[str | Run] = ["分值", self.book.number(f"points.{node.code}")]
        if node.score is None:
            return [*words, "，尚未评分。"]
        words += ["，自评得分", self.book.number(f"score.{node.code}")]
        if self.book.has(f"rate.{node.code}"):
            words += ["，得分率", self.book.number(f"rate.{node.code}")]
        if node.leaf:
            code = f"steps.{node.code}"
            words += ["。", self.book.number(code)] if self.book.has(code) else []
        return [*words, "。"]

    def _deductions(self, leaves: Sequence[ScoredNode]) -> Iterator[Block]:
        for node in leaves:
            if node.lost > 0:
                yield paragraph(
                    f"{quoted(node.name)}扣",
                    self.book.number(f"lost.{node.code}"),
                    "，原因：",
                    *self._reason(node),
                )
            elif node.score is None:
                yield paragraph(f"{quoted(node.name)}尚未评分：{node.reason}。")

    def _reason(self, node: ScoredNode) -> list[Run]:
        origin, label = f"deviation.{node.code}", f"{quoted(node.name)}扣分原因"
        if not node.deviation:
            found = f"{node.reason}。" if node.reason else ""
            return [*self._bound(found, origin, label), Text("〔待补充：扣分原因〕", note=True)]
        deviation = self.case.deviation_of.get(node.code)
        place = "" if deviation is None else deviation.place
        return list(self._bound(sentence(node.deviation), origin, label, place))

    def _bound(self, text: str, origin: str, label: str, place: str = "") -> Runs:
        """A text of the case with its numbers bound; a reference to nothing is a problem."""
        words, unknown = bound_text(text, self.book, origin, label, place)
        where = Place(field=label)
        self.problems.extend(
            UNKNOWN_REFERENCE.at(where, f"没有“{code}”这个数据，或它没有值", value=code) for code in unknown
        )
        return words

    def _projects(self) -> Iterator[Block]:
        projects = [each for each in self.case.projects if each.key] or list(self.case.projects)
        if not projects:
            yield paragraph("本年度没有重点项目。")
            return
        yield paragraph(
            f"{self.case.year}年重点项目共", self.book.number("count.key_projects"), "，资金执行情况如下。"
        )
        rows = tuple(self._project_row(index, each) for index, each in enumerate(projects, 1))
        header = (head_row("序号", "项目名称", "年初预算", "调整后预算", "实际支出", "支出率"),)
        yield Table(
            self._table_caption("重点项目预算执行情况"), (8, 34, 15, 16, 15, 12), header, rows, "单位：万元"
        )
        chart = self._project_chart(projects)
        if chart is not None:
            yield chart
        for each in projects:
            yield from self._project_words(each)

    def _project_row(self, index: int, project: Project) -> tuple[Cell, ...]:
        cells = [cell(str(index), align="centre"), cell(project.name)]
        for column in ("initial", "adjusted", "executed", "rate"):
            code = f"project.{project.code}.{column}"
            shown = self.book.number(code, bare=column != "rate") if self.book.has(code) else "—"
            cells.append(cell(shown, align="right"))
        return tuple(cells)

    def _project_chart(self, projects: Sequence[Project]) -> Chart | None:
        bars = []
        for each in projects:
            if each.executed is None or each.adjusted is None:
                continue
            rate = self.book.number(f"project.{each.code}.rate").text if each.adjusted.yuan else "预算为 0"
            bars.append(
                Bar(
                    each.name,
                    f"{each.executed.in_unit('万元'):f}",
                    f"{each.adjusted.in_unit('万元'):f}",
                    rate,
                )
            )
        if not bars:
            return None
        caption = self._chart_caption("重点项目实际支出与调整后预算（万元）")
        return Chart(
            "projects",
            caption,
            "各重点项目实际支出与调整后预算对比。",
            ("实际支出", "调整后预算"),
            tuple(bars),
        )

    def _project_words(self, project: Project) -> Iterator[Block]:
        texts = [project.purpose and f"资金用途：{project.purpose}", project.result, project.explanation]
        words = "".join(sentence(text) for text in texts if text)
        if words:
            label = f"项目{quoted(project.name)}的说明"
            yield paragraph(
                f"{project.name}。", *self._bound(words, f"project.{project.code}", label, project.place)
            )

    def _shortcomings(self) -> Iterator[Block]:
        if not self.case.shortcomings:
            yield paragraph(Text("〔待补充：存在的主要问题〕", note=True))
        for index, row in enumerate(self.case.shortcomings, 1):
            yield Heading(2, f"（{chinese_ordinal(index)}）", row.title)
            if row.text:
                label = f"问题{quoted(row.title)}的说明"
                yield paragraph(*self._bound(sentence(row.text), f"shortcoming.{row.code}", label, row.place))
            names = [self._item_name(item) for item in row.covers]
            if names:
                yield paragraph(f"涉及：{listed(names)}。")

    def _remedies(self) -> Iterator[Block]:
        if not self.case.remedies:
            yield paragraph(Text("〔待补充：下一步改进措施〕", note=True))
        titles = {row.code: row.title for row in self.case.shortcomings}
        for index, row in enumerate(self.case.remedies, 1):
            yield Heading(2, f"（{chinese_ordinal(index)}）", row.title)
            if row.text:
                label = f"措施{quoted(row.title)}的说明"
                yield paragraph(*self._bound(sentence(row.text), f"remedy.{row.code}", label, row.place))
            answered = [titles[code] for code in row.answers if code in titles]
            if answered:
                yield paragraph(f"针对的问题：{listed(answered)}。")

    def _item_name(self, item: str) -> str:
        node = self.evaluation.node(item)
        return item if node is None else quoted(node.name)


def _numbered(texts: Sequence[str]) -> str:
    if len(texts) <= 1:
        return "".join(texts) or "—"
    return "\n".join(f"{index}.{text}" for index, text in enumerate(texts, 1))
