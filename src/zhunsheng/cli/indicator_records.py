"""`zhunsheng indicator explain` and `rows`: from a figure to its formula, its measures and its records."""

from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.explaining import Explanation, behind_figure, explained, records_csv, version_for
from zhunsheng.assembly.records import OpenedRecords
from zhunsheng.assembly.stores import ledger_label
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.indicator import complete_indicator, named_indicator, pairs_of
from zhunsheng.cli.ledger_opening import STORE_OPTION
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.records import KNOWN_OPTION, opened
from zhunsheng.cli.writing import write_file
from zhunsheng.measures.describing import measure_words
from zhunsheng.measures.period import Window
from zhunsheng.store.engines.rows import Part
from zhunsheng.store.ledger_files import ledger_of

_MOST_ROWS = 20


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
    version = version_for(found, window)
    parameters = pairs_of(choices, "--parameter")
    with opened(store_path, known_at, quiet=as_json) as records:
        made = explained(records, found, window, parameters, body)
        if as_json:
            data = made.figure.as_data()
            data |= {
                "formula": version.formula.text,
                "records": dict(made.behind),
                "source": version.source.as_data(),
                "snapshot": records.snapshot.token,
                "synthetic": records.synthetic,
            }
            print_json(data)
            return CLEAN
        _print_explanation(records, made)
    return CLEAN


def _print_explanation(records: OpenedRecords, made: Explanation) -> None:
    figure, version, behind = made.figure, made.version, made.behind
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
    behind = behind_figure(found, window, Part(part), name, pairs_of(choices, "--parameter"))
    code_of_ledger = behind.request.measure.ledger
    with opened(store_path, known_at, quiet=as_json) as records:
        total = behind.count(records)
        listed = behind.rows(records, most=None if target else limit)
        ledger = ledger_of(code_of_ledger)
        labels = {} if ledger is None else {each.name: each.label for each in ledger.fields}
        if target is not None:
            write_file(target, records_csv(labels, listed))
            console().print(f"{total:,} 条记录已写入 {target}")
        elif as_json:
            print_json(
                {
                    "indicator": code,
                    "part": part,
                    "ledger": code_of_ledger,
                    "total": total,
                    "snapshot": records.snapshot.token,
                    "rows": [{"batch": each.batch, "row": each.row, **each.values} for each in listed],
                }
            )
        else:
            filled = {name for name in labels if any(each.values[name] for each in listed)}
            used = [name for name in behind.telling_fields if name in filled]
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
                f"台账“{ledger_label(code_of_ledger)}”共 {total:,} 条{more}。快照 {records.snapshot.token}"
            )
    return CLEAN
