"""`zhunsheng indicator explain` and `rows`: from a figure to its formula, its measures and its records."""

import csv
from io import StringIO
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.indicator import complete_indicator, named_indicator, pairs_of
from zhunsheng.cli.ledger_opening import STORE_OPTION
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.records import KNOWN_OPTION, Opened, ledger_label, opened
from zhunsheng.cli.writing import write_file
from zhunsheng.expressions.nodes import Column, Value, walk
from zhunsheng.indicators.definition import IndicatorDefinition, IndicatorVersion
from zhunsheng.measures.computing import Wish, compute
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.figure import Figure
from zhunsheng.measures.period import Window
from zhunsheng.measures.request import Request, request_for, trees_of
from zhunsheng.store.engines.rows import Part, count_of, records_of
from zhunsheng.store.ledger_files import ledger_of

_MOST_ROWS = 20


def _requests(version: IndicatorVersion, window: Window, parameters: dict[str, Value]) -> dict[str, Request]:
    chosen: dict[str, Value] = {each.name: each.default for each in version.parameters}
    chosen |= {name: value for name, value in parameters.items() if name in chosen}
    return {each.name: request_for(each, window, chosen) for each in version.measures}


def _version(found: IndicatorDefinition, year: int) -> IndicatorVersion:
    version = found.version_for(year)
    if version is None:
        raise click.UsageError(f"指标“{found.label}”没有 {year} 年的口径。")
    return version


@click.command("explain", cls=Command)
@click.argument("code", shell_complete=complete_indicator)
@STORE_OPTION
@click.option("--year", type=click.IntRange(1949, 2200), required=True, metavar="YEAR", help="年度。")
@click.option("--month", type=click.IntRange(1, 12), metavar="N", help="只算某一月。")
@click.option("--org", "body", metavar="CODE", default="", help="只算某一单位及其下属。")
@click.option("--parameter", "choices", multiple=True, metavar="名=值", help="口径参数，可重复给出。")
@KNOWN_OPTION
@JSON_OPTION
@reports_rejection
def explain_command(
    code: str,
    store_path: Path,
    year: int,
    month: int | None,
    body: str,
    choices: tuple[str, ...],
    known_at: str,
    as_json: bool,
) -> int:
    """说明一个数是怎样由哪些记录算出来的。"""
    found, window = named_indicator(code), Window(year, month or 0)
    version = _version(found, year)
    parameters = pairs_of(choices, "--parameter")
    with opened(store_path, known_at, quiet=as_json) as records:
        (figures,) = compute([Wish(found, window, parameters)], records.engine, records.group(body))
        figure = next(iter(figures.values()))
        requests = _requests(version, window, parameters)
        behind = {name: count_of(records.duckdb, each) for name, each in requests.items()}
        if as_json:
            data = figure.as_data()
            data |= {
                "formula": version.formula.text,
                "records": behind,
                "source": version.source.as_data(),
                "snapshot": records.snapshot.token,
                "synthetic": records.synthetic,
            }
            print_json(data)
            return CLEAN
        _print_explanation(records, figure, version, behind)
    return CLEAN


def _print_explanation(
    records: Opened, figure: Figure, version: IndicatorVersion, behind: dict[str, int]
) -> None:
    out = console()
    out.print(Text(f"{figure.indicator.label}（{figure.window}）：{figure.shown}", style="bold"))
    if figure.why:
        out.print(Text(f"  {figure.why}"), soft_wrap=True)
    out.print(Text(f"  公式 {version.formula.text}"), soft_wrap=True)
    for each in figure.measures:
        unknown = f"，另有 {each.unknown} 条缺值" if each.unknown else ""
        line = f"  {each.measure.name} = {each.printed}（记录 {behind[each.measure.name]:,} 条{unknown}）"
        out.print(Text(line), soft_wrap=True)
        out.print(Text(f"      {measure_words(each.measure, ledger_of)}", style="dim"), soft_wrap=True)
    for name, value in figure.parameters.items():
        out.print(Text(f"  参数 {name} = {value}"), soft_wrap=True)
    for note in version.notes:
        out.print(Text(f"  说明：{note}", style="dim"), soft_wrap=True)
    out.print(Text(f"  出处 {version.source}", style="dim"), soft_wrap=True)
    synthetic = "（含合成数据）" if records.synthetic else ""
    out.print(
        Text(
            f"  快照 {records.snapshot.token}{synthetic}，口径文件 {figure.indicator.digest[:12]}",
            style="dim",
        )
    )


@click.command("rows", cls=Command)
@click.argument("code", shell_complete=complete_indicator)
@STORE_OPTION
@click.option("--year", type=click.IntRange(1949, 2200), required=True, metavar="YEAR", help="年度。")
@click.option("--month", type=click.IntRange(1, 12), metavar="N", help="只看某一月。")
@click.option(
    "--part",
    type=click.Choice([each.value for each in Part]),
    default=Part.NUMERATOR.value,
    help="numerator 分子、denominator 分母、difference 在分母而不在分子。",
)
@click.option("--measure", "name", metavar="NAME", default="", help="只看某一个度量的记录。")
@click.option("--limit", type=click.IntRange(1, 100_000), default=_MOST_ROWS, help="最多列出多少条。")
@click.option("--out", "target", type=click.Path(dir_okay=False, path_type=Path), help="全部存为 CSV。")
@click.option("--parameter", "choices", multiple=True, metavar="名=值", help="口径参数，可重复给出。")
@KNOWN_OPTION
@JSON_OPTION
@reports_rejection
def rows_command(
    code: str,
    store_path: Path,
    year: int,
    month: int | None,
    part: str,
    name: str,
    limit: int,
    target: Path | None,
    choices: tuple[str, ...],
    known_at: str,
    as_json: bool,
) -> int:
    """列出一个数背后的记录；个人信息和举报人信息不显示。"""
    found, window = named_indicator(code), Window(year, month or 0)
    version = _version(found, year)
    requests = _requests(version, window, pairs_of(choices, "--parameter"))
    wanted, without = _chosen(found, requests, Part(part), name)
    with opened(store_path, known_at, quiet=as_json) as records:
        try:
            total = count_of(records.duckdb, wanted, without)
            listed = list(records_of(records.duckdb, wanted, without, most=None if target else limit))
        except LookupError as wrong:
            raise click.UsageError(f"{wrong}。") from None
        ledger = ledger_of(wanted.measure.ledger)
        labels = {} if ledger is None else {each.name: each.label for each in ledger.fields}
        if target is not None:
            write_file(target, _csv(labels, [each.values for each in listed]))
            console().print(f"{total:,} 条记录已写入 {target}")
        elif as_json:
            print_json(
                {
                    "indicator": code,
                    "part": part,
                    "ledger": wanted.measure.ledger,
                    "total": total,
                    "snapshot": records.snapshot.token,
                    "rows": [{"batch": each.batch, "row": each.row, **each.values} for each in listed],
                }
            )
        else:
            filled = {name for name in labels if any(each.values[name] for each in listed)}
            used = [name for name in _interesting(wanted) if name in filled]
            used += [name for name in labels if name in filled and name not in used]
            table = simple_table("批次-行", *(labels[each] for each in used[:9]))
            for each in listed:
                table.add_row(f"{each.batch}-{each.row}", *(each.values[one] for one in used[:9]))
            out = console()
            out.print(table)
            more = (
                f"，此处列出 {len(listed)} 条；--out 文件.csv 存下全部和全部字段"
                if total > len(listed)
                else ""
            )
            out.print(
                f"台账“{ledger_label(wanted.measure.ledger)}”共 {total:,} 条{more}。快照 {records.snapshot.token}"
            )
    return CLEAN


def _interesting(request: Request) -> list[str]:
    """The fields that say which record it is and why it is behind the figure: its key, its date, its conditions."""
    ledger = ledger_of(request.measure.ledger)
    named = [] if ledger is None else list(ledger.key)
    named += [request.measure.date] if request.measure.date else []
    for tree in trees_of(request.measure):
        named += [each.path[0] for each in walk(tree) if isinstance(each, Column)]
    return list(dict.fromkeys(named))


def _chosen(
    found: IndicatorDefinition, requests: dict[str, Request], part: Part, name: str
) -> tuple[Request, Request | None]:
    """The measure whose records are listed, and the one whose records are left out."""
    if name:
        if name not in requests:
            raise click.UsageError(f"没有度量“{name}”（有：{'、'.join(requests)}）。")
        return requests[name], None
    top = requests[found.numerator[0] if found.numerator else next(iter(requests))]
    if part is Part.NUMERATOR:
        return top, None
    if not found.denominator:
        raise click.UsageError(f"指标“{found.label}”不是比率，没有分母。")
    bottom = requests[found.denominator[0]]
    return (bottom, None) if part is Part.DENOMINATOR else (bottom, top)


def _csv(labels: dict[str, str], rows: list[dict[str, str]]) -> bytes:
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow(labels.values())
    # a cell that begins like a formula is kept as text when a spreadsheet opens the file
    writer.writerows([_plain(row[name]) for name in labels] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _plain(value: str) -> str:
    return (
        f"'{value}"
        if value[:1] in {"=", "+", "@", "\t", "\r"} or (value[:1] == "-" and not value[1:2].isdigit())
        else value
    )
