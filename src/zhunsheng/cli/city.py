"""`zhunsheng city`: profiles and generation of a synthetic city."""

import json
import time
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from pathlib import Path

import click
import duckdb

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.ledger_opening import tells_faults
from zhunsheng.cli.output import JSON_OPTION, console, print_json, reports_rejection, simple_table
from zhunsheng.cli.writing import write_file, write_files
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.calendar_files import load_calendar
from zhunsheng.store.ledger_files import ledger_codes, ledger_of
from zhunsheng.store.records.record_store import RecordStore
from zhunsheng.synthesis.bad_rows import ANSWERS, FAULTS, Export, export_with_faults
from zhunsheng.synthesis.generating import Generation, Order, generate
from zhunsheng.synthesis.profile import Profile, load_profile, profile_codes
from zhunsheng.synthesis.sinks import StoreSink

NOT_EMPTY = Kind("CITY-003", Severity.ERROR, "合成数据只能生成到新的记录库", "换一个不存在的或空的文件夹。")

MARK = "合成数据，不是任何单位的真实记录"
_LARGEST = 100
_MEMORY = "1500MB"
_EPILOG = """\b
示例：
  zhunsheng city profiles
  zhunsheng city generate --profile huadu-2023 --scale 0.05 --store 花都样本
  zhunsheng city generate --profile guangzhou-2021 --scale 0.01 --seed 7 --store 广州样本 --bad-rows 0.02 --export 导入样本
"""


@click.group(
    "city",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={
        "profiles": (f"{__name__}:profiles_command", "列出可以生成的城市样本"),
        "generate": (f"{__name__}:generate_command", "生成一个记录库，可另出带错的导入文件"),
    },
)
def city_group() -> None:
    """城市样本：按报告数字校准的合成数据。"""


def _profile(code: str) -> Profile:
    found, problems = load_profile(code)
    if found is None:
        raise Rejected(problems)
    return found


@click.command("profiles", cls=Command)
@JSON_OPTION
@reports_rejection
def profiles_command(as_json: bool) -> int:
    """列出可以生成的城市样本，以及哪些数字取自报告、哪些是假定。"""
    found = [_profile(code) for code in profile_codes()]
    if as_json:
        print_json([_shown(each) for each in found])
        return CLEAN
    table = simple_table("编码", "名称", "年度", "取自报告", "假定", title=f"城市样本（{MARK}）")
    for each in found:
        printed = sum(1 for figure in each.figures.values() if figure.source.evidence.value == "seed")
        table.add_row(each.code, each.label, str(each.year), str(printed), str(len(each.figures) - printed))
    console().print(table)
    return CLEAN


def _shown(profile: Profile) -> dict[str, object]:
    return {
        "code": profile.code,
        "label": profile.label,
        "year": profile.year,
        "synthetic": True,
        "figures": [
            {
                "name": each.name,
                "value": str(each.value),
                "scales": each.is_scaled,
                "source": each.source.as_data(),
                "note": each.note,
            }
            for each in profile.figures.values()
        ],
    }


def _scale(_context: click.Context, _parameter: click.Parameter, written: str) -> Fraction:
    try:
        number = Decimal(written)
    except InvalidOperation:
        number = Decimal(0)
    if not number.is_finite() or not 0 < number <= _LARGEST:
        raise click.BadParameter(f"“{written}”应是大于 0、不超过 {_LARGEST} 的数")
    return Fraction(number)


@click.command("generate", cls=Command, epilog=_EPILOG)
@click.option("--profile", "code", required=True, metavar="CODE", help="城市样本的编码（见 city profiles）。")
@click.option(
    "--scale",
    default="0.01",
    callback=_scale,
    metavar="S",
    show_default=True,
    help="规模，1 为报告的实际规模。",
)
@click.option(
    "--seed",
    default=1,
    type=click.IntRange(0),
    metavar="N",
    show_default=True,
    help="随机种子；相同则数据相同。",
)
@click.option(
    "--store",
    "path",
    required=True,
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="新记录库的文件夹。",
)
@click.option(
    "--bad-rows",
    "bad",
    default=0.0,
    type=click.FloatRange(0, 1),
    metavar="SHARE",
    help="导入文件中带错行的占比。",
)
@click.option(
    "--export",
    "directory",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="导入文件和答案写到这个文件夹。",
)
@JSON_OPTION
@reports_rejection
@tells_faults
def generate_command(
    code: str, scale: Fraction, seed: int, path: Path, bad: float, directory: Path | None, as_json: bool
) -> int:
    """生成一个单位一年的全部台账，写入新的记录库；相同的样本、规模和种子得到相同的数据。"""
    if bad and directory is None:
        raise click.UsageError("--bad-rows 要与 --export 一起使用。")
    profile = _profile(code)
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise Rejected((NOT_EMPTY.at(Place(str(path)), f"“{path}”已有内容"),))
    began = time.monotonic()
    store = RecordStore.create(path)
    try:
        connection = store.connect(_MEMORY)
        try:
            sink = StoreSink(
                store, connection, f"{MARK}；样本 {profile.code}，规模 {float(scale):g}，种子 {seed}"
            )
            made = generate(
                Order(profile, scale, seed),
                sink,
                calendar=load_calendar()[0],
                catalogue=ledger_of,
                codes=ledger_codes(),
                progress=_progress(began),
            )
            sink.close()
            export = _export(store, connection, bad) if directory is not None else None
        finally:
            connection.close()
        token = store.snapshot().token
    finally:
        store.close()
    manifest = _manifest(made, token, export)
    write_file(path / "generation.json", (json.dumps(manifest, ensure_ascii=False, indent=2) + "\n").encode())
    if export is not None and directory is not None:
        write_files(directory, export.files)
    if as_json:
        print_json(manifest)
    else:
        _tell(made, token, export, time.monotonic() - began)
    return CLEAN


def _export(store: RecordStore, connection: duckdb.DuckDBPyConnection, bad: float) -> Export:
    ledgers: list[LedgerDefinition] = [found for each in FAULTS if (found := ledger_of(each)) is not None]
    return export_with_faults(store.snapshot(), connection, bad, ledgers)


def _progress(began: float) -> Callable[[str, int], None]:
    last = [""]

    def told(ledger: str, rows: int) -> None:
        if ledger != last[0]:
            found = ledger_of(ledger)
            label = ledger if found is None else found.label
            click.echo(f"[{time.monotonic() - began:6.1f} 秒] {label} {rows:,} 条", err=True)
            last[0] = ledger

    return told


def _manifest(made: Generation, token: str, export: Export | None) -> dict[str, object]:
    return {
        "synthetic": True,
        "mark": MARK,
        "profile": made.order.profile.code,
        "scale": f"{float(made.order.scale):g}",
        "seed": made.order.seed,
        "snapshot": token,
        "rows": made.total,
        "ledgers": made.rows,
        "notes": list(made.notes),
        "export": None
        if export is None
        else {"files": sorted(export.files), "bad_rows": len(export.answers)},
    }


def _tell(made: Generation, token: str, export: Export | None, seconds: float) -> None:
    out = console()
    out.print(f"{MARK}", style="bold yellow")
    out.print(
        f"{made.order.profile.label}：{len(made.rows)} 个台账，{made.total:,} 条，用时 {seconds:.1f} 秒；快照 {token}"
    )
    for each in made.notes:
        out.print(f"  说明：{each}", soft_wrap=True)
    if export is not None:
        out.print(f"  导入文件 {len(export.files) - 1} 个，带错 {len(export.answers)} 行，答案见 {ANSWERS}")
