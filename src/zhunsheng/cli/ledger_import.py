"""`zhunsheng ledger import`: plan, show, then store all of it or nothing."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import click
from rich.text import Text

from zhunsheng.assembly.importing import (
    FATES,
    MOST_FAULTS,
    Outcome,
    Status,
    faulty_row_files,
    import_request,
    outcome_data,
    plan,
    store_planned,
)
from zhunsheng.assembly.staging import stage_database, stage_file
from zhunsheng.assembly.stores import CHINA, opened_store
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS, WRONG_USE
from zhunsheng.cli.ledger_faults import print_faults
from zhunsheng.cli.ledger_opening import (
    BY_OPTION,
    LEDGER_ARGUMENT,
    STORE_OPTION,
    is_asked,
    named_ledger,
    person,
    progress,
    tells_faults,
)
from zhunsheng.cli.output import (
    JSON_OPTION,
    console,
    print_json,
    print_problems,
    reports_rejection,
)
from zhunsheng.cli.writing import write_file
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.intake.importing import Import
from zhunsheng.store.intake.staging import Staged
from zhunsheng.store.records.entries import ImportRecord
from zhunsheng.store.records.record_store import RecordStore

_EPILOG = """\b
示例：
  zhunsheng ledger import market_entity 主体.xlsx --store 库 --dry-run
  zhunsheng ledger import annual_report 年报.csv --store 库 --org 440114 --yes
  zhunsheng ledger import annual_report 年报.csv --store 库 --map 户号=entity_id --set 报告年度=2023
  zhunsheng ledger import org --store 库 --from sqlite:旧系统.db --sql "SELECT * FROM dept"

文件可以是 xlsx、csv、jsonl（每行一个 JSON 对象）、parquet。先核对并列出全部问题，再入库；
同一文件导入两次，第二次不改变任何内容。退回的行写在原文件旁的“-退回.csv”和“-标注.xlsx”里。
"""
_TITLES = {Status.PLANNED: "核对结果（没有入库）", Status.IMPORTED: "已入库", Status.REFUSED: "没有导入"}


@click.command("import", cls=Command, epilog=_EPILOG)
@LEDGER_ARGUMENT
@click.argument(
    "files",
    metavar="[FILE…]",
    nargs=-1,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@STORE_OPTION
@click.option("--org", metavar="CODE", default="", help="文件里没写责任单位的行，归这个单位。")
@click.option(
    "--set",
    "constants",
    metavar="字段=值",
    multiple=True,
    help="文件里没有的字段，所有行都取这个值，可以给多次。",
)
@click.option("--map", "maps", metavar="列名=字段", multiple=True, help="指明某列是哪个字段，可以给多次。")
@click.option("--sql", metavar="SELECT…", default="", help="从数据库取数的查询，与 --from 一起用。")
@click.option(
    "--from", "address", metavar="ADDRESS", default="", help="数据库：sqlite:文件，或 postgresql://…。"
)
@click.option("--dry-run", is_flag=True, help="只核对，不入库。")
@click.option("--yes", is_flag=True, help="核对后直接入库，不再询问。")
@click.option("--strict", is_flag=True, help="有任何一行要退回时，整个文件都不入库。")
@click.option("--again", is_flag=True, help="导入过的文件也重新核对（用于定义或代码表更新之后）。")
@click.option("--note", metavar="TEXT", default="", help="批次备注。")
@click.option(
    "--out",
    "directory",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=None,
    help="退回文件放在哪里（默认在原文件旁）。",
)
@BY_OPTION
@click.option("--all", "show_all", is_flag=True, help="列出全部问题。")
@JSON_OPTION
@reports_rejection
@tells_faults
def import_command(
    ledger_code: str,
    files: tuple[Path, ...],
    store_path: Path,
    org: str,
    constants: tuple[str, ...],
    maps: tuple[str, ...],
    sql: str,
    address: str,
    dry_run: bool,
    yes: bool,
    strict: bool,
    again: bool,
    note: str,
    directory: Path | None,
    who: str,
    show_all: bool,
    as_json: bool,
) -> int:
    """核对并导入台账数据；核对不改动任何内容。"""
    ledger = named_ledger(ledger_code)
    if bool(sql) != bool(address):
        raise click.UsageError("--sql 和 --from 要一起用。")
    if bool(files) == bool(sql):
        raise click.UsageError("给出要导入的文件，或用 --sql 和 --from 从数据库取数（二者取一）。")
    request = import_request(
        ledger, person(who), org=org.strip(), said=_said(maps), constants=_set(constants), note=note
    )
    asking = not dry_run and not yes and is_asked() and not as_json
    show = None if as_json else show_all
    outcomes: list[Outcome] = []
    data: list[dict[str, Any]] = []
    with opened_store(store_path, create=not dry_run) as store, progress() as report:
        for stage, source in _sources(files, sql, address, ledger, store):
            report("读取", 0, 0)
            staged = stage()
            with Import(store, request, staged, report) as work:
                run = _Run(work, strict=strict, again=again, show=show, source=source, directory=directory)
                outcomes.append(run.run(apply=yes, dry_run=dry_run, asking=asking))
                data.append(run.data)
    if as_json:
        print_json({"ledger": ledger.code, "files": data})
    if any(each.status is Status.PLANNED for each in outcomes) and not dry_run and not asking:
        click.echo("只做了核对，没有入库。确认后加 --yes 入库，或用 --dry-run 表示只核对。", err=True)
        return WRONG_USE
    return FINDINGS if any(each.has_findings for each in outcomes) else CLEAN


def _said(maps: Sequence[str]) -> dict[str, str]:
    said = {}
    for each in maps:
        heading, sign, name = each.rpartition("=")
        if not sign or not heading.strip() or not name.strip():
            raise click.UsageError(f"--map 写作“列名=字段”，例如 --map 户号=entity_id；现为“{each}”。")
        said[heading.strip()] = name.strip()
    return said


def _set(constants: Sequence[str]) -> dict[str, str]:
    said: dict[str, str] = {}
    for each in constants:
        name, sign, text = each.partition("=")
        if not sign or not name.strip() or not text.strip():
            raise click.UsageError(f"--set 写作“字段=值”，例如 --set 年度=2024；现为“{each}”。")
        if name.strip() in said:
            raise click.UsageError(f"--set 的“{name.strip()}”给了两次。")
        said[name.strip()] = text.strip()
    return said


def _sources(
    files: Sequence[Path], sql: str, address: str, ledger: LedgerDefinition, store: RecordStore
) -> list[tuple[Callable[[], Staged], Path | None]]:
    if sql:
        return [(lambda: stage_database(sql, address, store), None)]
    return [(partial(stage_file, path, ledger, store), path) for path in files]


class _Run:
    """One file through plan, question and storing."""

    def __init__(
        self,
        work: Import,
        *,
        strict: bool,
        again: bool,
        show: bool | None,
        source: Path | None,
        directory: Path | None,
    ) -> None:
        self.work = work
        self.strict = strict
        self.again = again
        self.show = show
        self.source = source
        self.directory = directory
        self.data: dict[str, Any] = {}

    def run(self, *, apply: bool, dry_run: bool, asking: bool) -> Outcome:
        work = self.work
        outcome = plan(
            work,
            strict=self.strict,
            again=self.again,
            outlook=not apply or dry_run,
            most_faults=None if self.show else MOST_FAULTS,
        )
        if outcome.status is not Status.PLANNED or dry_run or not (apply or asking):
            self._tell(outcome)
            return outcome
        if asking:
            self._tell(outcome)
            click.confirm("按以上结果入库？", abort=True, err=True)
        written = self._write_faulty_rows(outcome)
        stored = store_planned(
            work, outcome, on_wait=lambda owner: click.echo(f"等待另一个写入者：{owner}", err=True)
        )
        self._tell(stored, written, faults_shown=asking)
        return stored

    def _tell(self, outcome: Outcome, written: Sequence[Path] = (), *, faults_shown: bool = False) -> None:
        self.data = outcome_data(self.work, outcome, [path.as_posix() for path in written])
        if self.show is None:
            return
        if outcome.status is Status.ALREADY and outcome.record is not None:
            self._print_earlier(outcome.record)
        else:
            self._print(outcome, written, faults_shown=faults_shown)

    def _print_earlier(self, record: ImportRecord) -> None:
        moment = record.moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
        console().print(
            f"{self.work.staged.name}：{moment} 已由 {record.who} 导入过（第 {record.number} 次导入），内容相同，没有改变。"
        )

    def _print(self, outcome: Outcome, written: Sequence[Path], *, faults_shown: bool) -> None:
        work, released = self.work, outcome.released
        out = console()
        title = _TITLES[outcome.status]
        out.print(Text(f"{work.staged.name} → {work.request.ledger.label}：{title}", style="bold"))
        if work.problems:
            print_problems(work.problems, title="关于整个文件")
        if outcome.rows:
            parts = [
                f"{label} {outcome.rows.get(name, 0):,}"
                for name, label in FATES.items()
                if name == "read" or outcome.rows.get(name)
            ]
            versions = (
                f"（其中 {outcome.new_versions:,} 条是已有记录的新版本）" if outcome.new_versions else ""
            )
            out.print(Text(f"  行数：{'，'.join(parts)}{versions}"))
        for name, count in sorted(outcome.waiting.items()):
            out.print(Text(f"  {count:,} 行等待台账 {name} 中尚未导入的记录，导入后自动入库"))
        changes = work.tally.changes
        if changes:
            by_name = work.request.ledger.by_name
            shown = "，".join(f"{by_name[name].label} {count:,}" for name, count in changes.most_common(8))
            out.print(Text(f"  已规范写法（全角、空格、日期等）：{shown}", style="dim"))
        given_up = outcome.rows.get("rejected", 0) - work.tally.rejected
        if given_up > 0:
            out.print(Text(f"  退回的行中有 {given_up:,} 行此前已弃用，没有重新列为待核"))
        print_faults(work, () if faults_shown else outcome.faults, everything=bool(self.show))
        if released and released.rows:
            for name, count in sorted(released.rows.items()):
                out.print(f"  台账 {name} 有 {count:,} 行等到了所引用的记录，已入库")
        for path in written:
            out.print(f"  已写 {path}")

    def _write_faulty_rows(self, outcome: Outcome) -> list[Path]:
        """The faulty rows beside the file: as separated values, and as a marked copy."""
        source = self.source
        directory = self.directory or (source.parent if source else Path())
        stem = source.stem if source else self.work.request.ledger.code
        original = source.read_bytes() if source is not None and source.suffix.lower() == ".xlsx" else None
        files = faulty_row_files(self.work, outcome.faults, stem, original)
        return [write_file(directory / name, content) for name, content in files.items()]
