"""`zhunsheng ledger import`: plan, show, then store all of it or nothing."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS, WRONG_USE
from zhunsheng.cli.ledger_faults import fault_data, print_faults, rank
from zhunsheng.cli.ledger_opening import (
    BY_OPTION,
    CHINA,
    LEDGER_ARGUMENT,
    STORE_OPTION,
    due_day,
    is_asked,
    named_ledger,
    opened_store,
    person,
    progress,
    tells_faults,
    today,
)
from zhunsheng.cli.output import (
    JSON_OPTION,
    console,
    print_json,
    print_problems,
    reports_rejection,
)
from zhunsheng.cli.writing import write_file
from zhunsheng.kernel.place import Place
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.ledgers.field import Level
from zhunsheng.store.code_list_files import binding_code_lists
from zhunsheng.store.intake import kinds
from zhunsheng.store.intake.importing import Import, Request, staging_area
from zhunsheng.store.intake.other_sources import shown_address, stage_parquet, stage_query, stage_workbook
from zhunsheng.store.intake.rejections import faulty_rows, rejection_file
from zhunsheng.store.intake.releasing import Released
from zhunsheng.store.intake.row_faults import RowFault
from zhunsheng.store.intake.staging import Staged
from zhunsheng.store.intake.text_files import stage_csv, stage_json_lines
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
_MOST_IN_JSON: Final = 1_000
_MOST_MARKED: Final = 20_000
_FATES: Final = {
    "read": "读取",
    "stored": "入库",
    "unchanged": "与在库相同",
    "duplicate": "文件内重复",
    "rejected": "退回",
    "quarantined": "待核",
    "waiting": "等待引用",
}


@dataclass
class _Outcome:
    """What came of one file."""

    file: str
    sha256: str
    status: str
    rows: dict[str, int] = field(default_factory=dict)
    new_versions: int = 0
    data: dict[str, Any] = field(default_factory=dict)
    has_findings: bool = False


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
    request = Request(
        ledger,
        person(who),
        today(),
        org.strip(),
        _said(maps),
        binding_code_lists(),
        due_day,
        note,
        _set(constants),
    )
    asking = not dry_run and not yes and is_asked() and not as_json
    show = None if as_json else show_all
    outcomes: list[_Outcome] = []
    with opened_store(store_path, create=not dry_run) as store, progress() as report:
        for stage, source in _sources(files, sql, address, ledger, store):
            report("读取", 0, 0)
            staged = stage()
            with Import(store, request, staged, report) as work:
                run = _Run(work, strict=strict, again=again, show=show, source=source, directory=directory)
                outcomes.append(run.run(apply=yes, dry_run=dry_run, asking=asking))
    if as_json:
        print_json({"ledger": ledger.code, "files": [each.data for each in outcomes]})
    if any(each.status == "planned" for each in outcomes) and not dry_run and not asking:
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
    area = staging_area(store)
    if sql:

        def from_database() -> Staged:
            try:
                return stage_query(sql, address, area)
            except ValueError:
                raise click.UsageError(
                    f"不认识数据库地址“{shown_address(address)}”；写作 sqlite:文件 或 postgresql://用户:口令@主机:端口/库名。"
                ) from None

        return [(from_database, None)]

    def from_file(path: Path) -> Callable[[], Staged]:
        def stage() -> Staged:
            match path.suffix.lower():
                case ".xlsx" | ".xlsm" | ".xls" | ".et":
                    from zhunsheng.documents.ledger_workbook import read_ledger_workbook  # noqa: PLC0415 - slow

                    return stage_workbook(path, ledger, area, read_ledger_workbook)
                case ".jsonl" | ".ndjson" | ".json":
                    return stage_json_lines(path, area)
                case ".parquet":
                    return stage_parquet(path, area)
                case ".csv" | ".tsv" | ".txt" | "":
                    return stage_csv(path, ledger, area)
                case other:
                    what = f"不认识“{other}”格式"
                    remedy = "另存为 xlsx、csv、jsonl 或 parquet 后重试。"
                    problem = kinds.UNREADABLE.at(Place(path.name), what, remedy=remedy)
                    return Staged(path.name, "", (), (problem,))

        return stage

    return [(from_file(path), path) for path in files]


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
        self.outcome = _Outcome(work.staged.name, work.staged.sha256, "planned")

    def run(self, *, apply: bool, dry_run: bool, asking: bool) -> _Outcome:
        work, outcome = self.work, self.outcome
        if work.is_refused:
            outcome.status, outcome.has_findings = "refused", True
            self._tell(None, [])
            return outcome
        if work.earlier is not None and not self.again:
            outcome.status = "already"
            self._tell_earlier(work.earlier)
            return outcome
        tally = work.check()
        faults = list(work.faults(None if self.show else _MOST_IN_JSON))
        outcome.has_findings = bool(tally.faults) or bool(work.problems)
        if self.strict and tally.rejected:
            outcome.status = "refused"
            outcome.rows = {"read": tally.read, "rejected": tally.rejected, "quarantined": len(tally.held)}
            self._tell(None, faults)
            return outcome
        if not apply or dry_run:
            outlook = work.outlook()
            outcome.rows, outcome.new_versions = dict(outlook.rows), outlook.new_versions
            outcome.has_findings |= outcome.rows.get("waiting", 0) > 0
        if dry_run or (not apply and not asking):
            self._tell(None, faults)
            return outcome
        if asking:
            self._tell(None, faults)
            click.confirm("按以上结果入库？", abort=True, err=True)
        written = self._write_rejections(faults)
        result, released = work.apply(
            on_wait=lambda owner: click.echo(f"等待另一个写入者：{owner}", err=True)
        )
        outcome.status = "imported"
        record = result.record
        outcome.rows = _rows_of(record)
        outcome.new_versions = record.new_versions
        outcome.has_findings |= record.waiting > 0
        self._tell(
            record, [] if asking else faults, released=released, waiting=dict(result.waiting), written=written
        )
        return outcome

    def _tell_earlier(self, record: ImportRecord) -> None:
        self.outcome.rows = _rows_of(record)
        self.outcome.data = {
            "file": self.outcome.file,
            "sha256": self.outcome.sha256,
            "status": "already",
            "import": record.number,
            "batch": record.batch,
        }
        if self.show is not None:
            moment = record.moment.astimezone(CHINA).strftime("%Y-%m-%d %H:%M")
            console().print(
                f"{self.outcome.file}：{moment} 已由 {record.who} 导入过（第 {record.number} 次导入），内容相同，没有改变。"
            )

    def _tell(
        self,
        record: ImportRecord | None,
        faults: Sequence[RowFault],
        *,
        released: Released | None = None,
        waiting: dict[str, int] | None = None,
        written: Sequence[Path] = (),
    ) -> None:
        work, outcome = self.work, self.outcome
        tally = work.tally
        outcome.data = {
            "file": outcome.file,
            "sha256": outcome.sha256,
            "status": outcome.status,
            "import": record.number if record else None,
            "batch": record.batch if record else None,
            "mapping": work.mapping,
            "rows": {name: outcome.rows.get(name, 0) for name in _FATES},
            "new_versions": outcome.new_versions,
            "waiting_for": waiting or {},
            "amounts": _amounts(record),
            "canonicalised": dict(sorted(tally.changes.items())),
            "fault_counts": [
                {"level": level, "code": code, "count": count}
                for (level, code), count in sorted(
                    tally.faults.items(), key=lambda each: (rank(each[0][0]), each[0][1])
                )
            ],
            "faults": [fault_data(each) for each in faults[:_MOST_IN_JSON]],
            "problems": [each.as_data() for each in work.problems],
            "released": dict(sorted(released.rows.items())) if released else {},
            "written": [path.as_posix() for path in written],
        }
        if self.show is not None:
            self._print(faults, released, waiting or {}, written)

    def _print(
        self,
        faults: Sequence[RowFault],
        released: Released | None,
        waiting: dict[str, int],
        written: Sequence[Path],
    ) -> None:
        work, outcome = self.work, self.outcome
        out = console()
        title = {"planned": "核对结果（没有入库）", "imported": "已入库", "refused": "没有导入"}[
            outcome.status
        ]
        out.print(Text(f"{outcome.file} → {work.request.ledger.label}：{title}", style="bold"))
        if work.problems:
            print_problems(work.problems, title="关于整个文件")
        if outcome.rows:
            parts = [
                f"{label} {outcome.rows.get(name, 0):,}"
                for name, label in _FATES.items()
                if name == "read" or outcome.rows.get(name)
            ]
            versions = (
                f"（其中 {outcome.new_versions:,} 条是已有记录的新版本）" if outcome.new_versions else ""
            )
            out.print(Text(f"  行数：{'，'.join(parts)}{versions}"))
        for name, count in sorted(waiting.items()):
            out.print(Text(f"  {count:,} 行等待台账 {name} 中尚未导入的记录，导入后自动入库"))
        changes = work.tally.changes
        if changes:
            by_name = work.request.ledger.by_name
            shown = "，".join(f"{by_name[name].label} {count:,}" for name, count in changes.most_common(8))
            out.print(Text(f"  已规范写法（全角、空格、日期等）：{shown}", style="dim"))
        given_up = outcome.rows.get("rejected", 0) - work.tally.rejected
        if given_up > 0:
            out.print(Text(f"  退回的行中有 {given_up:,} 行此前已弃用，没有重新列为待核"))
        print_faults(work, faults, everything=bool(self.show))
        if released and released.rows:
            for name, count in sorted(released.rows.items()):
                out.print(f"  台账 {name} 有 {count:,} 行等到了所引用的记录，已入库")
        for path in written:
            out.print(f"  已写 {path}")

    def _write_rejections(self, faults: Sequence[RowFault]) -> list[Path]:
        """The faulty rows beside the file: as separated values, and as a marked copy."""
        work = self.work
        if not work.tally.rejected and not work.tally.held:
            return []
        directory = self.directory or (self.source.parent if self.source else Path())
        stem = self.source.stem if self.source else work.request.ledger.code
        sources = [source for source, _ in work.sources]
        written = []
        content = rejection_file(work.connection, sources)
        if content:
            written.append(write_file(directory / f"{stem}-退回.csv", content))
        marked = self._marked(faults)
        written.append(write_file(directory / f"{stem}-标注.xlsx", marked))
        return written

    def _marked(self, faults: Sequence[RowFault]) -> bytes:
        from zhunsheng.documents import ledger_marking as marking  # noqa: PLC0415 - loads slowly

        work = self.work
        sources = [source for source, _ in work.sources]
        if len(faults) < sum(work.tally.faults.values()):
            faults = list(work.faults(_MOST_MARKED * 4))
        marks = [
            marking.Mark(
                sources[each.part].part.name,
                each.line,
                column,
                each.level.value,
                f"{each.level.label}：{each.problem.what}。{each.problem.remedy}",
            )
            for each in faults
            for column in (each.columns or (None,))
        ]
        if self.source is not None and self.source.suffix.lower() == ".xlsx":
            data = self.source.read_bytes()
            if len(data) <= marking.LARGEST_COPIED:
                try:
                    return marking.mark_workbook(data, marks)
                except Exception:  # noqa: BLE001, S110 - a workbook the library cannot write back; the rows are shown instead
                    pass
        levels = (Level.REJECT, Level.QUARANTINE)
        tables = [
            (each.part.name, each.part.headings, faulty_rows(work.connection, each, levels, _MOST_MARKED))
            for each in sources
        ]
        return marking.rows_workbook(tables, marks)


def _rows_of(record: ImportRecord) -> dict[str, int]:
    return {
        "read": record.rows_read,
        "stored": record.stored,
        "unchanged": record.unchanged,
        "duplicate": record.duplicates,
        "rejected": record.rejected,
        "quarantined": record.quarantined,
        "waiting": record.waiting,
    }


def _amounts(record: ImportRecord | None) -> dict[str, Any] | None:
    if record is None or record.amounts is None:
        return None
    amounts = record.amounts
    names = ("read", "stored", "unchanged", "duplicates", "rejected", "quarantined", "waiting")
    return {"field": amounts.field} | {name: fen_text(getattr(amounts, name)) for name in names}


def fen_text(amount: int) -> str:
    """A sum in fen as yuan with two places."""
    sign = "-" if amount < 0 else ""
    return f"{sign}{abs(amount) // 100}.{abs(amount) % 100:02d}"
