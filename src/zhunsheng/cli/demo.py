"""`zhunsheng demo`: both real years from figures to documents, with a summary a person enjoys reading."""

import json
import time
from collections.abc import Iterator
from functools import partial
from pathlib import Path

import click
from rich.panel import Panel
from rich.status import Status
from rich.text import Text

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import review_of
from zhunsheng.assembly.reporting import FORMATS, Written, make_report
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection
from zhunsheng.cli.writing import write_file, write_files
from zhunsheng.kernel.problem import Severity
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.scores.evaluation import Evaluation, evaluation_data
from zhunsheng.scores.review.review import Review

CASES = ("huadu-2023", "guangzhou-2021")


@click.command("demo", cls=Command)
@click.option(
    "--out", "directory", default="out", type=click.Path(file_okay=False, path_type=Path), help="输出目录。"
)
@JSON_OPTION
@reports_rejection
def demo_command(directory: Path, as_json: bool) -> int:
    """为随附的两个真实年度评分、生成全部文件；再从合成的业务台账算到得分。"""
    out = console(quiet=as_json)
    started = time.monotonic()
    results = []
    out.print(Text("准绳　部门整体支出绩效自评演示", style="bold"))
    out.print(Text("两份公开的真实自评报告：重新评分，逐项对照原文，生成报告和表格。\n"))
    for code in CASES:
        loaded = load_case(code)
        with out.status(f"{loaded.case.body.name} {loaded.case.year}年度") as status:
            name = loaded.case.body.name
            written = make_report(loaded, None, FORMATS, partial(_show, status, name))
            write_files(directory / code, written.files)
            data = json.dumps(evaluation_data(written.evaluation), ensure_ascii=False, indent=2)
            write_file(directory / code / f"{code}-评分.json", data.encode())
            _write_page(directory / code / f"{code}-评分.html", code, written.evaluation)
        out.print(_summary(code, written))
        results.append(
            {"case": code, "total": plain(written.evaluation.total), "files": sorted(written.files)}
        )
    from zhunsheng.cli.demo_records import demonstrate_records  # noqa: PLC0415 - keeps the start fast

    records = demonstrate_records(directory, quiet=as_json)
    if as_json:
        print_json({"directory": directory.as_posix(), "cases": results, "records": records})
    seconds = time.monotonic() - started
    out.print(Text(f"全部文件在 {directory}/，用时 {seconds:.1f} 秒。"))
    out.print(Text("下一步：zhunsheng ledger template rescue --out 模板.xlsx　　　　取得业务台账的模板"))
    out.print(Text("　　　　zhunsheng evaluate huadu-2023 --trace B5.6　看一个得分是怎样算出来的"))
    out.print(Text("　　　　zhunsheng case template 模板.xlsx　　　　　　　填写自己单位的年度"))
    return CLEAN


def _show(status: Status, name: str, step: str) -> None:
    status.update(f"{name}：{step}")


def _write_page(path: Path, code: str, evaluation: Evaluation) -> None:
    from zhunsheng.documents.html_evaluation import write_evaluation_page  # noqa: PLC0415 - keeps the start fast

    case = load_case(code).case
    write_file(path, write_evaluation_page(case, evaluation, review_of(case, evaluation)).encode())


def _summary(code: str, written: Written) -> Panel:
    evaluation = written.evaluation
    case = load_case(code).case
    text = Text()
    text.append(f"总分 {score_text(evaluation.total)}", style="bold green")
    text.append(f" / {plain(evaluation.full)}　等级 {evaluation.grade or '待定'}")
    text.append(f"　原文 {score_text(evaluation.printed_total or evaluation.total)}，")
    text.append("一致\n" if evaluation.printed_total == evaluation.total else "不一致\n")
    parts = [
        f"{node.name} {score_text(node.score) if node.score is not None else '待评'}/{score_text(node.points)}"
        for node in evaluation.children("")
    ]
    text.append(f"其中 {'，'.join(parts)}\n")
    text.append(f"有完成值且规则明确的得分 {score_text(evaluation.supported)} 分\n\n")
    for line in _highlights(evaluation):
        text.append(f"· {line}\n")
    review = review_of(case, evaluation)
    for line in _grave(review):
        text.append(f"· {line}\n")
    if review is not None:
        text.append(
            f"· 复核人可能提出 {len(review.findings)} 条意见，涉及 {plain(review.points_at_risk)} 分\n"
        )
    state = "草稿" if written.draft else "完整"
    open_points = [each for each in written.problems if each.severity is Severity.ERROR]
    missing = f"，还缺 {len(open_points)} 处" if written.draft else ""
    text.append(f"· 报告：{state}{missing}；已生成 {len(written.files) + 2} 个文件")
    return Panel(text, title=f"{evaluation.body} {evaluation.year}年度", title_align="left", expand=False)


def _grave(review: Review) -> Iterator[str]:
    """The gravest findings, one line for each rule."""
    by_rule: dict[str, list[str]] = {}
    for each in review.findings:
        if each.severity is Severity.ERROR:
            by_rule.setdefault(each.rule, []).append(each.what)
    for rule, found in by_rule.items():
        if len(found) <= 2:
            yield from found
        else:
            yield f"{found[0]}，等 {len(found)} 处（{rule}）"


def _highlights(evaluation: Evaluation) -> list[str]:
    lines = [
        f"{node.name}：{node.printed.explanation}"
        for node in evaluation.nodes
        if node.printed is not None and node.printed.explanation
    ]
    lines += [
        f"{node.name}扣 {score_text(node.lost)} 分：{node.reason}"
        for node in evaluation.deducted()
        if node.reason and node.status != "manual"
    ]
    absent = [node for node in evaluation.nodes if node.kind == "indicator" and node.status == "no_actual"]
    if absent:
        total = sum(1 for node in evaluation.nodes if node.kind == "indicator")
        lines.append(f"{total} 个指标中有 {len(absent)} 个没有完成值，不能视为已完成")
    lines += [
        f"{node.name} {score_text(node.score)} 分没有可核对的依据"
        for node in evaluation.leaves()
        if node.status == "manual" and node.supported == 0 and node.score
    ]
    lines += [problem.what for problem in evaluation.problems if problem.code == "SCORE-012"]
    return lines
