"""Official forms as trees: 部门整体支出绩效自评表, 评分表, 项目支出绩效自评表."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import groupby

from zhunsheng.plans.case import Case, Project
from zhunsheng.plans.choices import BudgetCategory, BudgetSide, IndicatorGroup
from zhunsheng.reports.cells import cell, head_row, merged_column, quoted, runs
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.score_tables import (
    actual_run,
    evidence_text,
    fact_text,
    lost_runs,
    score_run,
    score_sheet,
    target_run,
)
from zhunsheng.reports.stated import bound_text
from zhunsheng.reports.tree import Cell, Paragraph, Report, Run, Runs, Table, Text
from zhunsheng.scores.evaluation import Evaluation, ScoredNode

Provenance = tuple[tuple[str, str], ...]


def score_sheet_form(case: Case, evaluation: Evaluation, provenance: Provenance = ()) -> Report:
    """The scoring sheet (评分表): thirteen columns, room for the reviewer."""
    book = FigureBook(case, evaluation)
    table = replace(score_sheet(case, evaluation, book), notes=_assumptions(evaluation, book))
    return Report(
        code=f"{case.about.code}-评分表",
        title=(f"{case.body.name}{case.year}年度部门整体支出绩效评分表",),
        body=case.body.name,
        blocks=(table,),
        figures=book.figures,
        provenance=provenance,
    )


def department_form(case: Case, evaluation: Evaluation, provenance: Provenance = ()) -> Report:
    """部门整体支出绩效自评表: head, funds, goal, key tasks, scores by indicator."""
    book = FigureBook(case, evaluation)
    rows = (
        *_head_rows(case, book),
        *_fund_rows(case, book),
        *_goal_rows(case, book),
        *_task_rows(case, book),
    )
    header, *scores = _score_rows(case, evaluation, book)
    widths = (8, 12, 15, 7, 12, 12, 8, 18, 8)
    # two tables: the header of the scores is repeated on every page
    tables = (
        Table("", widths, (), rows),
        Table("", widths, (header,), tuple(scores), notes=_assumptions(evaluation, book)),
    )
    return Report(
        code=f"{case.about.code}-部门整体支出绩效自评表",
        title=(f"部门整体支出绩效自评表（{case.year}年度）",),
        body=case.body.name,
        blocks=(Paragraph((Text("金额单位：万元"),), "unit"), *tables),
        figures=book.figures,
        provenance=provenance,
    )


def _assumptions(evaluation: Evaluation, book: FigureBook) -> tuple[Runs, ...]:
    return tuple(
        _note(*bound_text(text, book, f"assumption.{index}", "评分假设")[0])
        for index, text in enumerate(evaluation.assumptions, 1)
    )


def _note(*words: str | Run) -> Runs:
    return runs("注：", *words)


def _case_text(book: FigureBook, text: str, origin: str, label: str, place: str = "") -> Runs:
    return bound_text(text, book, origin, label, place)[0] if text else runs("—")


def _label(text: str, columns: int = 1, rows: int = 1) -> Cell:
    return cell(text, align="centre", columns=columns, rows=rows, head=True)


def _head_rows(case: Case, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    body, about = case.body, case.about
    units: str | Run = ""
    if body.subordinate_budget_units is not None:
        units = book.stated("body.units", "部门的下级预算单位数", f"{body.subordinate_budget_units}")
    day = about.filled_on
    filled = f"{day.year}年{day.month}月{day.day}日" if day else ""
    yield (
        _label("部门名称"),
        cell(body.name, columns=3),
        _label("预算编码"),
        cell(body.budget_code, columns=2),
        _label("下级预算单位数"),
        cell(units, align="centre"),
    )
    yield (
        _label("填报人"),
        cell(about.filled_by, columns=3),
        _label("联系电话"),
        cell(about.phone, columns=2),
        _label("填报日期"),
        cell(filled, align="centre"),
    )


def _fund_rows(case: Case, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    lines = [line for line in case.budget if line.side is BudgetSide.EXPENDITURE]
    lines.sort(key=lambda line: line.category is not BudgetCategory.TOTAL)
    labels = ("年初预算数", "全年预算数", "执行数", "执行率")
    yield (
        _label("部门整体支出规模", rows=len(lines) + 1),
        _label("项目", columns=3),
        *(_label(label) for label in labels[:2]),
        _label(labels[2], columns=2),
        _label(labels[3]),
    )
    for line in lines:
        cells = [cell(line.name + (f"（{line.fund_source}）" if line.fund_source else ""), columns=3)]
        for column, span in (("initial", 1), ("adjusted", 1), ("executed", 2), ("rate", 1)):
            code = f"budget.{line.code}.{column}"
            shown: str | Run = book.number(code, bare=column != "rate") if book.has(code) else "—"
            cells.append(cell(shown, align="right", columns=span))
        yield tuple(cells)


def _goal_rows(case: Case, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    about = case.about
    for label, name in (
        ("年度总体目标", "overall_goal"),
        ("完成情况", "overall_result"),
        ("未能完成原因", "unmet_reason"),
    ):
        yield (_label(label), cell(*_case_text(book, getattr(about, name), name, label), columns=8))


def _task_rows(case: Case, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    tasks = [task for task in case.tasks if task.goals or task.results]
    if not tasks:
        return
    yield (
        _label("年度重点工作任务", rows=len(tasks) + 1),
        _label("任务", columns=2),
        _label("绩效目标", columns=3),
        _label("完成情况", columns=3),
    )
    for task in tasks:
        yield (
            cell(task.short_name or task.name, columns=2),
            cell(
                *_case_text(book, "\n".join(task.goals), f"goals.{task.code}", "任务的绩效目标", task.place),
                columns=3,
            ),
            cell(
                *_case_text(
                    book, "\n".join(task.results), f"results.{task.code}", "任务的完成情况", task.place
                ),
                columns=3,
            ),
        )


def _score_rows(case: Case, evaluation: Evaluation, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    yield (
        _label("一级指标"),
        _label("二级指标"),
        _label("三级指标"),
        _label("分值"),
        _label("指标值"),
        _label("完成值"),
        _label("自评得分"),
        _label("扣分原因"),
        _label("佐证材料"),
    )
    leaves = list(evaluation.leaves())
    tops = [_ancestor(evaluation, node, 1) for node in leaves]
    seconds = [_ancestor(evaluation, node, 2) for node in leaves]
    first = merged_column([each.code for each in tops])
    second = merged_column([f"{top.code}/{each.code}" for top, each in zip(tops, seconds, strict=True)])
    for index, node in enumerate(leaves):
        row: list[Cell] = []
        if first[index]:
            row.append(cell(tops[index].name, align="centre", rows=first[index]))
        if second[index]:
            row.append(cell(seconds[index].name, align="centre", rows=second[index]))
        row += [
            cell(node.name),
            cell(book.number(f"points.{node.code}", bare=True), align="right"),
            cell(target_run(node, book), align="centre"),
            cell(actual_run(node, book), align="centre"),
            cell(score_run(node, book), align="right"),
            cell(*lost_runs(node, book)),
            cell(evidence_text(case, node)),
        ]
        yield tuple(row)
    yield (
        _label("合计", columns=3),
        cell(book.number("full", bare=True), align="right"),
        cell("", columns=2),
        cell(book.number("total", bare=True), align="right"),
        _label("等级"),
        cell(evaluation.grade or "待定", align="centre"),
    )


def _ancestor(evaluation: Evaluation, node: ScoredNode, level: int) -> ScoredNode:
    current = node
    while current.level > level:
        above = evaluation.node(current.parent)
        if above is None:
            break
        current = above
    return current


def project_form(case: Case, project: Project, evaluation: Evaluation, provenance: Provenance = ()) -> Report:
    """项目支出绩效自评表 of one project.

    Args:
        case: the department's year.
        evaluation: of `scores.projects.evaluate_project`.
    """
    book = FigureBook(case, evaluation)
    rows = (
        *_project_head(case, project),
        *_project_funds(project, evaluation, book),
        *_project_goals(project, book),
        *_project_indicators(case, evaluation, book),
    )
    notes = [
        f"按《{evaluation.rubric_label}》（版本 {evaluation.rubric_version}）评分；一级指标分值固定，组内指标平均分配。"
    ]
    if evaluation.unscored:
        notes.append("有的一级指标没有设置指标，该部分未评分，等级待定。")
    table = Table("", (13, 13, 18, 13, 13, 7, 11, 15), (), rows, notes=tuple(_note(note) for note in notes))
    return Report(
        code=f"{case.about.code}-项目支出绩效自评表-{project.code}",
        title=(f"项目支出绩效自评表（{case.year}年度）",),
        body=case.body.name,
        blocks=(Paragraph((Text("金额单位：万元"),), "unit"), table),
        figures=book.figures,
        provenance=provenance,
    )


def _project_head(case: Case, project: Project) -> Iterator[tuple[Cell, ...]]:
    yield (_label("项目名称"), cell(project.name, columns=7))
    yield (
        _label("主管部门"),
        cell(case.body.name, columns=3),
        _label("实施单位"),
        cell(project.unit or case.body.name, columns=3),
    )


def _project_funds(project: Project, evaluation: Evaluation, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    yield (
        _label("项目资金", rows=3),
        _label(""),
        _label("年初预算数"),
        _label("全年\n预算数\n(A)"),
        _label("全年\n执行数\n(B)"),
        _label("分值"),
        _label("执行率\n(B/A)"),
        _label("得分"),
    )
    execution = next((node for node in evaluation.leaves() if node.trace.rule == "预算执行率"), None)
    cells: list[Cell] = [_label("年度资金总额")]
    for column in ("initial", "adjusted", "executed"):
        code = f"project.{project.code}.{column}"
        cells.append(cell(book.number(code, bare=True) if book.has(code) else "—", align="right"))
    rate = f"project.{project.code}.rate"
    cells.append(
        cell("" if execution is None else book.number(f"points.{execution.code}", bare=True), align="right")
    )
    cells.append(cell(book.number(rate) if book.has(rate) else "—", align="right"))
    cells.append(cell("" if execution is None else score_run(execution, book), align="right"))
    yield tuple(cells)
    yield (_label("其中：财政拨款"), *(cell("—", align="centre") for _ in range(6)))


def _project_goals(project: Project, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    yield (_label("年度总体目标", rows=2), _label("预期目标", columns=3), _label("实际完成情况", columns=4))
    origin, label = f"project.{project.code}", f"项目{quoted(project.name)}"
    goal = _case_text(book, project.goal, f"{origin}.goal", f"{label}的目标", project.place)
    result = _case_text(book, project.result, f"{origin}.result", f"{label}的完成情况", project.place)
    yield (cell(*goal, columns=3), cell(*result, columns=4))


def _project_indicators(case: Case, evaluation: Evaluation, book: FigureBook) -> Iterator[tuple[Cell, ...]]:
    yield head_row(
        "一级指标",
        "二级指标",
        "三级指标",
        "年度指标值",
        "实际完成值",
        "分值",
        "得分",
        "偏差原因分析及改进措施",
    )
    indicators = [node for node in evaluation.leaves() if node.kind == "indicator"]
    for group, nodes in groupby(indicators, key=lambda node: _group(case, node)):
        members = list(nodes)
        kinds = [case.indicator_by_code[node.code].kind.label for node in members]
        spans = merged_column(kinds)
        for index, node in enumerate(members):
            row: list[Cell] = []
            if index == 0:
                row.append(_label(group.label, rows=len(members)))
            if spans[index]:
                row.append(cell(kinds[index], align="centre", rows=spans[index]))
            label = f"{quoted(node.name)}改进措施"
            remedy = bound_text(node.remedy, book, f"remedy.{node.code}", label)[0] if node.remedy else ()
            row += [
                cell(node.name),
                cell(target_run(node, book), align="centre"),
                cell(actual_run(node, book), align="centre"),
                cell(book.number(f"points.{node.code}", bare=True), align="right"),
                cell(score_run(node, book), align="right"),
                cell(*lost_runs(node, book), *("；改进措施：", *remedy) if remedy else ()),
            ]
            yield tuple(row)
    for node in evaluation.leaves():
        if node.kind == "node" and node.score is None:
            yield (
                _label(node.name),
                cell(fact_text(node), columns=4),
                cell(book.number(f"points.{node.code}", bare=True), align="right"),
                cell("待评", align="right"),
                cell(""),
            )
    yield (
        _label("总分", columns=5),
        cell(book.number("full", bare=True), align="right"),
        cell(book.number("total", bare=True), align="right"),
        cell(evaluation.grade or "等级待定", align="centre"),
    )


def _group(case: Case, node: ScoredNode) -> IndicatorGroup:
    return case.indicator_by_code[node.code].group
