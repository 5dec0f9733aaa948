"""Tables of scores: the first-level summary, the detail by indicator, the score sheet with 13 columns."""

from collections.abc import Sequence

from zhunsheng.kernel.rounding import score_text
from zhunsheng.plans.case import Case
from zhunsheng.reports.cells import cell, head_row, merged_column, quoted
from zhunsheng.reports.figures import FigureBook
from zhunsheng.reports.stated import bound_text
from zhunsheng.reports.tree import Bar, Cell, Chart, Run, Runs, Table, Text
from zhunsheng.scores.evaluation import Evaluation, ScoredNode


def summary_table(evaluation: Evaluation, book: FigureBook, caption: str) -> Table:
    """Points, score and rate of the nodes of the first two levels and the total."""
    body = [_summary_row(node, book) for node in evaluation.nodes if _in_summary(evaluation, node)]
    total = (
        cell("合计", align="centre", head=True),
        cell(book.number("full", bare=True), align="right"),
        cell(book.number("total", bare=True), align="right"),
        cell("", align="right"),
    )
    return Table(
        caption,
        (54, 14, 16, 16),
        (head_row("评价内容", "分值", "自评得分", "得分率"),),
        (*body, total),
        "单位：分",
    )


def _in_summary(evaluation: Evaluation, node: ScoredNode) -> bool:
    return node.level <= 2 and node.kind != "indicator" and bool(evaluation.nodes)


def _summary_row(node: ScoredNode, book: FigureBook) -> tuple[Cell, ...]:
    indent = "　" * (node.level - 1)
    return (
        cell(f"{indent}{node.name}"),
        cell(book.number(f"points.{node.code}", bare=True), align="right"),
        cell(score_run(node, book), align="right"),
        cell(book.number(f"rate.{node.code}") if book.has(f"rate.{node.code}") else "—", align="right"),
    )


def score_run(node: ScoredNode, book: FigureBook) -> Run:
    """The score as a bound number, or the word for why there is none."""
    if node.score is None:
        return Text("待评")
    return book.number(f"score.{node.code}", bare=True)


def detail_table(leaves: Sequence[ScoredNode], book: FigureBook, caption: str) -> Table:
    """Target, actual, points, score of some leaves, and why points were lost where some were."""
    lost = any(lost_reason(node) for node in leaves)
    rows = [
        (
            cell(node.name),
            cell(target_run(node, book), align="centre"),
            cell(actual_run(node, book), align="centre"),
            cell(book.number(f"points.{node.code}", bare=True), align="right"),
            cell(score_run(node, book), align="right"),
            *((cell(*lost_runs(node, book)),) if lost else ()),
        )
        for node in leaves
    ]
    header = head_row("指标", "目标值", "完成值", "分值", "得分", *(("扣分原因",) if lost else ()))
    widths = (25, 15, 15, 8, 8, 29) if lost else (40, 21, 21, 9, 9)
    return Table(caption, widths, (header,), tuple(rows), "单位：分")


def target_run(node: ScoredNode, book: FigureBook) -> Run:
    """The target bound to its figure; "—" for nodes without one."""
    if not node.target:
        return Text("—")
    return book.number(f"indicator.{node.code}.target")


def actual_run(node: ScoredNode, book: FigureBook) -> Run:
    """The actual bound to its figure, or the words of its state."""
    code = f"indicator.{node.code}.actual"
    if node.kind == "indicator" and book.has(code):
        return book.number(code)
    words = node.actual or fact_text(node)
    # what holds a number is bound to how it was judged; plain words need no source
    return book.number(f"found.{node.code}") if any(map(str.isdigit, words)) else Text(words)


def fact_text(node: ScoredNode) -> str:
    """What a leaf without a short finding was judged on: the last step."""
    return node.trace.steps[-1] if node.trace.steps else "—"


def lost_reason(node: ScoredNode) -> str:
    """The unit's reason where points are lost, else the rule's, else empty."""
    if node.score is None:
        return node.reason or "待评"
    if node.lost <= 0:
        return ""
    return node.deviation or f"{node.reason}（原因待补）"


def lost_runs(node: ScoredNode, book: FigureBook) -> Runs:
    """`lost_reason` with its numbers bound."""
    deviation = book.case.deviation_of.get(node.code)
    place = "" if deviation is None else deviation.place
    return bound_text(
        lost_reason(node), book, f"deviation.{node.code}", f"{quoted(node.name)}扣分原因", place
    )[0]


def score_chart(evaluation: Evaluation, caption: str) -> Chart:
    """Score against points of the first two levels."""
    shown = [
        node for node in evaluation.nodes if node.level <= 2 and node.kind != "indicator" and node.points > 0
    ]
    lowest = [node for node in shown if not any(other.parent == node.code for other in shown)]
    bars = tuple(
        Bar(
            node.name,
            score_text(node.score) if node.score is not None else "0",
            score_text(node.points),
            f"{score_text(node.score) if node.score is not None else '待评'} / {score_text(node.points)}",
        )
        for node in lowest
    )
    description = f"各部分得分与分值对比，总分 {score_text(evaluation.total)} 分。"
    return Chart("scores", caption, description, ("得分", "分值"), bars)


def score_sheet(case: Case, evaluation: Evaluation, book: FigureBook, caption: str = "") -> Table:
    """The score sheet with three levels, standard, values, score, reason, evidence and room for review."""
    leaves = list(evaluation.leaves())
    paths = [_path(evaluation, node) for node in leaves]
    first = merged_column([path[0].code for path in paths])
    second = merged_column([f"{path[0].code}/{path[1].code}" for path in paths])
    rows = []
    for index, node in enumerate(leaves):
        row: list[Cell] = []
        if first[index]:
            row.append(_level_cell(paths[index][0], first[index], book))
        if second[index]:
            row.append(_level_cell(paths[index][1], second[index], book))
        row.extend(_sheet_cells(case, node, book))
        rows.append(tuple(row))
    header = head_row(
        "一级指标",
        "二级指标",
        "三级指标",
        "分值",
        "指标说明",
        "评分标准",
        "指标值",
        "完成值",
        "自评得分",
        "扣分原因",
        "佐证材料",
        "复核得分",
        "复核意见",
    )
    total = (
        cell("合计", align="centre", columns=3, head=True),
        cell(book.number("full", bare=True), align="right"),
        cell("", columns=4),
        cell(book.number("total", bare=True), align="right"),
        cell("", columns=4),
    )
    widths = (9, 9, 12, 5, 8, 8, 8, 9, 5, 11, 8, 5, 5)
    return Table(caption, widths, (header,), (*rows, total), "单位：分", wide=True)


def _path(evaluation: Evaluation, node: ScoredNode) -> tuple[ScoredNode, ScoredNode]:
    chain = [node]
    while chain[0].parent:
        above = evaluation.node(chain[0].parent)
        if above is None:
            break
        chain.insert(0, above)
    return chain[0], chain[min(1, len(chain) - 1)]


def _level_cell(node: ScoredNode, rows: int, book: FigureBook) -> Cell:
    points = book.number(f"points.{node.code}")
    return cell(f"{node.name}\n（", points, "）", align="centre", rows=rows)


def _sheet_cells(case: Case, node: ScoredNode, book: FigureBook) -> list[Cell]:
    indicator = case.indicator_by_code.get(node.code)
    meaning = indicator.formula if indicator is not None else ""
    standard = node.trace.rule
    return [
        cell(node.name),
        cell(book.number(f"points.{node.code}", bare=True), align="right"),
        cell(meaning),
        cell(standard),
        cell(target_run(node, book), align="centre"),
        cell(actual_run(node, book), align="centre"),
        cell(score_run(node, book), align="right"),
        cell(*lost_runs(node, book)),
        cell(evidence_text(case, node)),
        cell(""),
        cell(""),
    ]


def evidence_text(case: Case, node: ScoredNode) -> str:
    """The evidence named in the case, or its state."""
    actual = case.actual_of.get(node.code)
    if actual is not None:
        return actual.evidence or actual.evidence_status.label
    named = [
        case.fact_by_code[each.name].evidence for each in node.trace.inputs if each.name in case.fact_by_code
    ]
    return "、".join(dict.fromkeys(text for text in named if text))
