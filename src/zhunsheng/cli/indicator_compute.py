"""`zhunsheng indicator compute`: figures from records, by month, body or field, beside stated values."""

from pathlib import Path

import click

from zhunsheng.assembly.breakdowns import figures_by
from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS
from zhunsheng.cli.indicator import complete_indicator, named_indicator, pairs_of
from zhunsheng.cli.ledger_opening import STORE_OPTION
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.records import KNOWN_OPTION, opened
from zhunsheng.expressions.nodes import Value
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.figure import Figure, FigureStatus
from zhunsheng.measures.period import Window
from zhunsheng.measures.stated import held_against
from zhunsheng.store.indicator_files import indicator_codes, indicator_of


@click.command("compute", cls=Command)
@click.argument("codes", nargs=-1, metavar="[CODE]…", shell_complete=complete_indicator)
@STORE_OPTION
@click.option("--year", type=click.IntRange(1949, 2200), required=True, metavar="YEAR", help="年度。")
@click.option("--month", type=click.IntRange(1, 12), metavar="N", help="只算某一月。")
@click.option(
    "--by", "breakdown", metavar="month|organisation|字段", default="", help="按月、按单位或按字段分组。"
)
@click.option("--org", "body", metavar="CODE", default="", help="只算某一单位及其下属。")
@click.option("--compare", is_flag=True, help="与上年同期比较（同一口径）。")
@click.option("--parameter", "choices", multiple=True, metavar="名=值", help="口径参数，可重复给出。")
@click.option("--stated", multiple=True, metavar="CODE=值", help="与报告所写的值对照，可重复给出。")
@KNOWN_OPTION
@click.option("--engine", type=click.Choice(["duckdb", "spark"]), default="duckdb", help="计算引擎。")
@click.option("--master", metavar="地址", default="local[2]", help="Spark 集群地址。")
@click.option("--fresh", is_flag=True, help="全部重算，不用以前的中间结果。")
@JSON_OPTION
@reports_rejection
def compute_command(
    codes: tuple[str, ...],
    store_path: Path,
    year: int,
    month: int | None,
    breakdown: str,
    body: str,
    compare: bool,
    choices: tuple[str, ...],
    stated: tuple[str, ...],
    known_at: str,
    engine: str,
    master: str,
    fresh: bool,
    as_json: bool,
) -> int:
    """由记录计算指标，可按月、按单位或按字段分组。"""
    indicators = [named_indicator(each) for each in codes or indicator_codes()]
    window = Window(year, month or 0)
    parameters = pairs_of(choices, "--parameter")
    claims = pairs_of(stated, "--stated")
    spark = master if engine == "spark" else ""
    with opened(store_path, known_at, fresh=fresh, spark=spark, quiet=as_json) as records:
        results = figures_by(records, indicators, window, parameters, breakdown, body)
        before = (
            figures_by(records, indicators, window.shifted(-1), parameters, breakdown, body, as_of=year)
            if compare
            else {}
        )
        if as_json:
            print_json(_results_data(records, results, before, claims))
        else:
            _print_results(records, results, before, claims)
    wrong = [
        each
        for figures in results.values()
        for each in figures.values()
        if each.indicator.code in claims
        and held_against(str(claims[each.indicator.code]), each).verdict.value == "different"
    ]
    contradictory = [
        each
        for figures in results.values()
        for each in figures.values()
        if each.status is FigureStatus.CONTRADICTORY
    ]
    return FINDINGS if wrong or contradictory else CLEAN


def _results_data(
    records: OpenedRecords,
    results: dict[str, dict[str, Figure]],
    before: dict[str, dict[str, Figure]],
    claims: dict[str, Value],
) -> dict[str, object]:
    figures = []
    for code, found in results.items():
        for group, figure in found.items():
            data = figure.as_data()
            data["group"] = group or None
            if code in claims and not group:
                data["stated"] = held_against(str(claims[code]), figure).as_data()
            if code in before and group in before[code]:
                data["last_year"] = before[code][group].printed or None
            figures.append(data)
    return {"snapshot": records.snapshot.token, "synthetic": records.synthetic, "figures": figures}


def _print_results(
    records: OpenedRecords,
    results: dict[str, dict[str, Figure]],
    before: dict[str, dict[str, Figure]],
    claims: dict[str, Value],
) -> None:
    out = console()
    grouped = any(len(found) > 1 for found in results.values())
    headers = ["指标", *(["分组"] if grouped else []), "数值", *(["上年"] if before else []), "说明"]
    table = simple_table(*headers)
    for code, found in results.items():
        for group, figure in found.items():
            remarks = [figure.why] if figure.why else []
            if figure.unknown:
                remarks.append(f"有 {figure.unknown} 条记录缺值，未计入")
            if code in claims and not group:
                compared = held_against(str(claims[code]), figure)
                remarks.append(
                    f"报告写 {compared.stated}：{compared.verdict.label}{compared.why and '，'}{compared.why}"
                )
            cells = [figure.indicator.label if not group else "", *([group or "合计"] if grouped else [])]
            cells.append(figure.shown)
            if before:
                cells.append(before[code][group].shown if group in before[code] else "—")
            table.add_row(*cells, "；".join(remarks))
    out.print(table)
    note = "；其中有合成数据，不是任何单位的真实记录" if records.synthetic else ""
    out.print(f"快照 {records.snapshot.token}{note}")


@click.command("verify", cls=Command)
@STORE_OPTION
@click.option("--year", type=click.IntRange(1949, 2200), required=True, metavar="YEAR", help="年度。")
@KNOWN_OPTION
@JSON_OPTION
@reports_rejection
def verify_command(store_path: Path, year: int, known_at: str, as_json: bool) -> int:
    """不用中间结果，全年和各月的指标全部重算一遍，与保留的中间结果得出的数核对。"""
    windows = (Window(year), *Window(year).months)
    wishes = [
        Wish(each, window)
        for code in indicator_codes()
        if (each := indicator_of(code)) is not None
        for window in windows
    ]
    with opened(store_path, known_at, quiet=as_json) as records:
        kept = compute(wishes, records.duckdb)
        token = records.snapshot.token
    with opened(store_path, token, fresh=True, quiet=as_json) as records:
        anew = compute(wishes, records.duckdb)
    different = [
        {
            "indicator": one[""].indicator.code,
            "period": str(one[""].window),
            "kept": one[""].shown,
            "anew": other[""].shown,
        }
        for one, other in zip(kept, anew, strict=True)
        if one[""].as_data() != other[""].as_data()
    ]
    if as_json:
        print_json({"snapshot": token, "compared": len(wishes), "different": different})
    else:
        out = console()
        for line in different:
            words = f"中间结果 {line['kept']}，重算 {line['anew']}"
            out.print(f"不一致：{line['indicator']}（{line['period']}）{words}")
        words = (
            "全部一致" if not different else f"{len(different)} 个不一致；删除记录库中的 states 文件夹后重算"
        )
        out.print(f"核对 {len(wishes):,} 个数，{words}。快照 {token}")
    return FINDINGS if different else CLEAN
