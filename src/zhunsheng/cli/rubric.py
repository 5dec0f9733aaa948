"""`zhunsheng rubric`: list, show, check, compare."""

from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.evaluating import evaluate_loaded, facts
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    complete_rubric,
    console,
    print_json,
    print_problems,
    reports_rejection,
    simple_table,
)
from zhunsheng.kernel.problem import Problem
from zhunsheng.kernel.rounding import plain, score_text
from zhunsheng.plans.choices import Nature
from zhunsheng.rubrics.proof import prove
from zhunsheng.rubrics.rubric import Rubric
from zhunsheng.scores.comparison import Comparison, compare, comparison_data
from zhunsheng.scores.evaluation import ScoredNode
from zhunsheng.store.definition_files import load_rubric, rubric_codes

_EPILOG = """\b
示例：
  zhunsheng rubric list
  zhunsheng rubric show guangdong-dept-2023
  zhunsheng rubric check 我局评分体系.yaml
  zhunsheng rubric compare guangdong-dept-2023 guangzhou-dept-2021 huadu-2023
"""


@click.group(
    "rubric",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "list": (f"{__name__}:list_command", "列出随附的评分体系"),
        "show": (f"{__name__}:show_command", "显示一个评分体系的节点、规则和出处"),
        "check": (f"{__name__}:check_command", "证明评分体系没有漏洞，并列出未知之处"),
        "compare": (f"{__name__}:compare_command", "用两个评分体系为同一年度评分并说明差异"),
    },
)
def rubric_group() -> None:
    """评分体系：有日期、有出处、可证明的评分规则。"""


def named_rubric(name: str) -> str:
    """The name of a rubric, when there is one of that name.

    Raises:
        click.UsageError: there is no such rubric and no such file.
    """
    if not name.endswith((".yaml", ".yml")) and name not in rubric_codes():
        known = "、".join(rubric_codes())
        raise click.UsageError(f"没有名为“{name}”的评分体系。给出编码（{known}）或 .yaml 文件。")
    if name not in rubric_codes() and not Path(name).is_file():
        raise click.UsageError(f"没有文件“{name}”。给出评分体系的编码或 .yaml 文件。")
    return name


def _loaded(name: str) -> Rubric:
    rubric, problems = load_rubric(name)
    if rubric is None:
        raise Rejected(problems)
    return rubric


@click.command("list", cls=Command)
@JSON_OPTION
@reports_rejection
def list_command(as_json: bool) -> int:
    """列出随附的评分体系。"""
    rubrics = [_loaded(code) for code in rubric_codes()]
    if as_json:
        print_json(
            [
                {
                    "code": rubric.code,
                    "label": rubric.label,
                    "version": rubric.version,
                    "object": rubric.object.value,
                    "jurisdiction": rubric.jurisdiction,
                    "valid_years": list(rubric.valid_years),
                    "verified": rubric.verified,
                    "sha256": rubric.sha256,
                }
                for rubric in rubrics
            ]
        )
        return CLEAN
    table = simple_table("编码", "名称", "对象", "适用年度", "版本", "核实")
    verified = {"no": "未核实", "partial": "部分核实", "yes": "已核实"}
    for rubric in rubrics:
        years = f"{min(rubric.valid_years)}～{max(rubric.valid_years)}"
        target = "部门" if rubric.object.value == "department" else "项目"
        table.add_row(rubric.code, rubric.label, target, years, rubric.version, verified[rubric.verified])
    console().print(table)
    return CLEAN


@click.command("show", cls=Command)
@click.argument("name", metavar="ID", shell_complete=complete_rubric)
@JSON_OPTION
@reports_rejection
def show_command(name: str, as_json: bool) -> int:
    """显示评分体系 ID（编码或 .yaml 文件）。"""
    rubric = _loaded(named_rubric(name))
    rows = [
        (node.code, node.name, score_text(node.points), _content(node), _source(node))
        for node in rubric.walk()
    ]
    if as_json:
        print_json(
            {
                "code": rubric.code,
                "version": rubric.version,
                "label": rubric.label,
                "nodes": [
                    dict(zip(("code", "name", "points", "rule", "source"), row, strict=True)) for row in rows
                ],
                "leaf_rules": {
                    nature: {"rule": rule.type, "label": rule.label, "source": str(rule.source)}
                    for nature, rule in rubric.leaf_rules.items()
                },
                "grades": [{"name": band.name, "range": str(band.range)} for band in rubric.grades],
            }
        )
        return CLEAN
    out = console()
    out.print(Text(f"{rubric.label}（{rubric.code} {rubric.version}）", style="bold"))
    table = simple_table("编码", "评分项", "分值", "规则", "出处")
    for row in rows:
        table.add_row(*row)
    out.print(table)
    natures = {each.value: each.label for each in Nature}
    leaf = simple_table("指标性质", "规则", "出处")
    for nature, rule in rubric.leaf_rules.items():
        leaf.add_row(natures.get(nature, nature), rule.label, str(rule.source))
    out.print(leaf)
    out.print(Text("等级：" + "，".join(f"{band.name} {band.range}" for band in rubric.grades)))
    out.print(Text(f"等级出处：{rubric.grades_source}", style="dim"))
    return CLEAN


def _content(node: object) -> str:
    rule = getattr(node, "rule", None)
    if rule is not None:
        return str(rule.label)
    return "部门自设指标" if getattr(node, "gathering", None) is not None else ""


def _source(node: object) -> str:
    rule = getattr(node, "rule", None)
    source = rule.source if rule is not None else getattr(node, "source", "")
    return str(source)


@click.command("check", cls=Command)
@click.argument("names", metavar="[ID]...", nargs=-1, shell_complete=complete_rubric)
@click.option("--unknown", is_flag=True, help="逐条列出未知的参数。")
@JSON_OPTION
@reports_rejection
def check_command(names: tuple[str, ...], unknown: bool, as_json: bool) -> int:
    """证明评分体系：分值相加、区间不漏不重、得分不越界、不除以零、方向不反。

    不给 ID 时检查全部随附的评分体系。
    """
    known = facts()
    results: list[tuple[str, int | None, tuple[Problem, ...], tuple[Problem, ...]]] = []
    for name in [named_rubric(name) for name in names] or rubric_codes():
        rubric, problems = load_rubric(name)
        if rubric is None:
            results.append((name, None, problems, ()))
            continue
        proof = prove(rubric, known)
        results.append((name, proof.checked, proof.flaws, proof.unknowns))
    flawed = any(flaws for _, _, flaws, _ in results)
    if as_json:
        print_json(
            [
                {
                    "rubric": name,
                    "statements": checked,
                    "sound": checked is not None and not flaws,
                    "flaws": [flaw.as_data() for flaw in flaws],
                    "unknown": [each.as_data() for each in unknowns],
                }
                for name, checked, flaws, unknowns in results
            ]
        )
        return FINDINGS if flawed else CLEAN
    out = console()
    for name, checked, flaws, unknowns in results:
        verdict = Text("成立", style="green") if not flaws else Text("不成立", style="bold red")
        line = Text.assemble((name, "bold"), "　", verdict)
        if checked is not None:
            line.append(f"　核对 {checked} 项，未知参数 {len(unknowns)} 个")
        out.print(line)
        print_problems(flaws, title="漏洞")
        if unknown:
            for each in unknowns:
                out.print(Text(f"  未知　{each.place.field}：{each.what}", style="cyan"))
    return FINDINGS if flawed else CLEAN


@click.command("compare", cls=Command)
@click.argument("one", metavar="A", shell_complete=complete_rubric)
@click.argument("other", metavar="B", shell_complete=complete_rubric)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@JSON_OPTION
@reports_rejection
def compare_command(one: str, other: str, case_name: str, as_json: bool) -> int:
    """用评分体系 A 和 B 为同一档案 CASE 评分，列出差异和原因。"""
    one, other = named_rubric(one), named_rubric(other)
    loaded = load_case(case_name)
    first, first_rubric = evaluate_loaded(loaded, one)
    second, second_rubric = evaluate_loaded(loaded, other)
    comparison = compare(first, second, first_rubric, second_rubric)
    if as_json:
        print_json(comparison_data(comparison))
        return CLEAN
    _print_comparison(comparison)
    return CLEAN


def _print_comparison(comparison: Comparison) -> None:
    out = console()
    sides = (comparison.one, comparison.other)
    out.print(Text(f"{comparison.one.body} {comparison.one.year}年度", style="bold"))
    totals = simple_table("评分体系", "得分", "未评分", "等级")
    for side in sides:
        totals.add_row(
            f"{side.rubric_label}（{side.rubric}）",
            score_text(side.total),
            plain(side.unscored),
            side.grade or "待定",
        )
    out.print(totals)
    for words in comparison.rules:
        out.print(Text(f"规则差异　{words}"))
    table = simple_table("评分项", comparison.one.rubric, comparison.other.rubric, "原因")
    for each in comparison.differences:
        table.add_row(f"{each.item} {each.name}", _side(each.one), _side(each.other), "；".join(each.reasons))
    out.print(table)
    for side in sides:
        for assumption in side.assumptions:
            out.print(Text(f"假设（{side.rubric}）　{assumption}", style="yellow"))


def _side(node: ScoredNode | None) -> str:
    if node is None:
        return "—"
    return f"{'待评' if node.score is None else score_text(node.score)} / {score_text(node.points)}"
