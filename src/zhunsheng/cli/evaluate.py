"""`zhunsheng evaluate`: score a year and explain every number."""

from pathlib import Path
from typing import TYPE_CHECKING

import click
from rich.text import Text

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, review_of
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    complete_rubric,
    console,
    exit_code,
    print_json,
    print_problems,
    reports_rejection,
    simple_table,
)
from zhunsheng.cli.rubric import named_rubric
from zhunsheng.cli.writing import write_file
from zhunsheng.kernel.problem import Problem, Severity
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.plans.case import Case
from zhunsheng.scores.evaluation import Evaluation, ScoredNode, evaluation_data
from zhunsheng.scores.review.review import Review, review_data

if TYPE_CHECKING:
    from zhunsheng.assembly.computing import FromRecords

_MOST = 40
_EPILOG = """\b
示例：
  zhunsheng evaluate huadu-2023
  zhunsheng evaluate huadu-2023 --trace B5.6
  zhunsheng evaluate guangzhou-2021 --json > 评分.json
  zhunsheng evaluate 我局2024.xlsx --html 评分.html
"""


@click.command("evaluate", cls=Command, epilog=_EPILOG)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@click.option(
    "--rubric",
    "rubric_code",
    metavar="ID",
    shell_complete=complete_rubric,
    help="改用另一评分体系（编码或 .yaml 文件）。",
)
@click.option(
    "--html",
    "html_file",
    type=click.Path(dir_okay=False, path_type=Path),
    help="另存为可展开计算过程的网页。",
)
@click.option(
    "--ledgers",
    "store",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    metavar="DIR",
    help="完成值由该记录库的台账计算，并与填报值对照。",
)
@click.option("--as-known-at", "known_at", metavar="DATE|TOKEN", default="", help="按当时已知的记录计算。")
@click.option("--trace", "item", metavar="CODE", help="只看一个评分项的计算过程，如 A3。")
@click.option("--all", "show_all", is_flag=True, help="列出全部问题。")
@JSON_OPTION
@reports_rejection
def evaluate_command(
    case_name: str,
    rubric_code: str | None,
    html_file: Path | None,
    store: Path | None,
    known_at: str,
    item: str | None,
    show_all: bool,
    as_json: bool,
) -> int:
    """为年度档案 CASE 评分。

    CASE 是档案目录、.xlsx 工作簿，或随附档案的编码。
    """
    if rubric_code is not None:
        rubric_code = named_rubric(rubric_code)
    loaded = load_case(case_name)
    made = None
    if store is not None:
        from zhunsheng.cli.from_ledgers import from_ledgers  # noqa: PLC0415 - keeps the start fast

        made = from_ledgers(loaded, store, known_at, quiet=as_json)
        loaded = made.loaded
    evaluation, _ = evaluate_loaded(loaded, rubric_code)
    reviewed = review_of(loaded.case, evaluation)
    if html_file is not None:
        _write_html(loaded.case, evaluation, reviewed, html_file, made, store)
    if as_json:
        print_json(evaluation_data(evaluation) | {"review": review_data(reviewed)} | _ledger_data(made))
    elif item is not None:
        node = evaluation.node(item)
        if node is None:
            raise click.UsageError(f"没有编码为“{item}”的评分项。")
        print_trace(node)
    else:
        print_evaluation(loaded.case, evaluation)
        if made is not None:
            from zhunsheng.cli.from_ledgers import print_lineage  # noqa: PLC0415 - keeps the start fast

            print_lineage(made.lineage, made.origin)
        print_problems(sorted_problems(evaluation.problems), most=None if show_all else _MOST)
        print_review(reviewed)
    return exit_code(evaluation.problems)


def _ledger_data(made: "FromRecords | None") -> dict[str, object]:
    if made is None:
        return {}
    from zhunsheng.assembly.computing import lineage_data  # noqa: PLC0415 - keeps the start fast

    return {"ledgers": lineage_data(made.lineage, made.origin)}


def print_review(result: Review) -> None:
    """Findings of the review with the points at risk, and which rules could not run."""
    out = console()
    if not result.findings:
        return
    out.print(Text("复核人可能提出的意见", style="bold"))
    for each in result.findings:
        line = Text(f"  {each.severity.label} {each.rule} ")
        line.append("、".join(each.items), style="bold")
        line.append(f"　{each.what}")
        if each.points_at_risk > 0:
            line.append(f"　涉及 {score_text(each.points_at_risk)} 分", style="red")
        out.print(line, soft_wrap=True)
    waiting = [each for each in result.obligations if not each.ran]
    out.print(
        Text(
            f"  共 {len(result.findings)} 条，按最重的一条计涉及 {score_text(result.points_at_risk)} 分；"
            f"{len(result.obligations) - len(waiting)} 条规则已核对，{len(waiting)} 条因缺少报告文本或数据未能核对"
        )
    )


def sorted_problems(problems: tuple[Problem, ...]) -> list[Problem]:
    """Errors first, otherwise as found."""
    rank = {Severity.ERROR: 0, Severity.WARNING: 1, Severity.NOTE: 2}
    return sorted(problems, key=lambda problem: rank[problem.severity])


def print_evaluation(case: Case, evaluation: Evaluation) -> None:
    """The score table, the total and what was assumed."""
    out = console()
    out.print(Text(f"{evaluation.body}　{evaluation.year}年度部门整体支出绩效评分", style="bold"))
    out.print(
        Text(
            f"评分体系：{evaluation.rubric_label}（{evaluation.rubric} {evaluation.rubric_version}）",
            style="dim",
        )
    )
    table = simple_table("编码", "评分项", "目标值", "完成值", "分值", "得分", "原文得分", "说明")
    for node in evaluation.nodes:
        table.add_row(*_row(node), style="bold" if not node.leaf else None)
    out.print(table)
    out.print(_total(evaluation))
    out.print(Text(_actuals(evaluation), style="dim"))
    for assumption in evaluation.assumptions:
        out.print(Text(f"假设　{assumption}", style="yellow"))
    if case.contradictions:
        out.print(Text("原文自相矛盾之处（保留原文，注明采用值）", style="bold"))
        contradictions = simple_table("事项", "原文甲", "原文乙或重算", "采用", "位置")
        for row in case.contradictions:
            places = " / ".join(part for part in (row.place, row.other_place) if part)
            contradictions.add_row(row.subject, row.printed, row.other, row.used, places)
        out.print(contradictions)


def _actuals(evaluation: Evaluation) -> str:
    """How many indicators have an actual value."""
    indicators = [node for node in evaluation.nodes if node.kind == "indicator"]
    without = sum(node.status == "no_actual" for node in indicators)
    words = f"指标 {len(indicators)} 个，其中没有完成值的 {without} 个"
    return f"{words}，不能视为已完成" if without else words


def _row(node: ScoredNode) -> tuple[str | Text, ...]:
    score = Text("待评", style="yellow") if node.score is None else Text(score_text(node.score))
    if node.lost > 0:
        score.stylize("red")
    printed = "" if node.printed is None or node.printed.score is None else plain(node.printed.score)
    words = node.basis.label if node.basis.value not in {"computed", "summed"} else ""
    if node.printed is not None and node.printed.explanation:
        words = node.printed.explanation
    elif node.lost > 0 and node.leaf:
        words = "；".join(part for part in (words, node.reason) if part)
    indent = "  " * (node.level - 1)
    return (
        node.code,
        f"{indent}{node.name}",
        node.target,
        node.actual,
        score_text(node.points),
        score,
        printed,
        words,
    )


def _total(evaluation: Evaluation) -> Text:
    line = Text("总分 ", style="bold")
    line.append(score_text(evaluation.total), style="bold green")
    line.append(f" / {plain(evaluation.full)}")
    line.append(
        f"　等级 {evaluation.grade}"
        if evaluation.grade
        else f"　等级待定（{score_text(evaluation.unscored)} 分未评）"
    )
    line.append(f"　有完成值且规则明确的得分 {score_text(evaluation.supported)}", style="dim")
    if evaluation.printed_total is not None:
        same = evaluation.printed_total == evaluation.total
        line.append(
            f"　原文总分 {score_text(evaluation.printed_total)}（{'一致' if same else '不一致'}）",
            style="dim",
        )
    if evaluation.ceiling:
        line.append(f"\n{evaluation.ceiling}", style="yellow")
    return line


def print_trace(node: ScoredNode) -> None:
    """One score with its rule, inputs, arithmetic and rounding."""
    out = console()
    score = "待评" if node.score is None else score_text(node.score)
    out.print(
        Text(
            f"{node.code} {node.name}　{score} / {score_text(node.points)}（{node.basis.label}）",
            style="bold",
        )
    )
    out.print(Text(f"规则：{node.trace.rule}　出处：{node.trace.clause or '—'}"), soft_wrap=True)
    for each in node.trace.inputs:
        out.print(Text(f"  {each.label} = {each.value}{each.unit}　来源：{each.source}"), soft_wrap=True)
    for step in node.trace.steps:
        out.print(Text(f"  {step}"), soft_wrap=True)
    if node.trace.rounding:
        out.print(Text(f"  {node.trace.rounding}"), soft_wrap=True)
    for label, words in (("扣分", node.reason), ("单位说明", node.deviation), ("改进措施", node.remedy)):
        if words:
            out.print(Text(f"{label}：{words}"), soft_wrap=True)
    if node.printed is not None and node.printed.score is not None:
        words = node.printed.explanation or "与计算一致"
        out.print(
            Text(f"原文得分 {plain(node.printed.score)}（{node.printed.place}）：{words}"), soft_wrap=True
        )


def _write_html(
    case: Case,
    evaluation: Evaluation,
    reviewed: Review,
    file: Path,
    made: "FromRecords | None",
    store: Path | None,
) -> None:
    from zhunsheng.documents.html_evaluation import write_evaluation_page  # noqa: PLC0415 - keeps the start fast

    if made is None or store is None:
        page = write_evaluation_page(case, evaluation, reviewed)
    else:
        from zhunsheng.assembly.computing import page_values  # noqa: PLC0415 - keeps the start fast

        computed = page_values(made, store.name)
        page = write_evaluation_page(case, evaluation, reviewed, computed=computed, origin=made.origin)
    write_file(file, page.encode())
