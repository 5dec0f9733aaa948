"""The second half of the demo: a synthetic district, a faulty Excel, computed indicators, a traced evaluation."""

import csv
import io
import shutil
import sys
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.cli.output import console
from zhunsheng.cli.writing import write_file
from zhunsheng.ledgers.field import FieldDefinition, FieldType

STORE, IMPORTS, SHEET = "花都样本库", "导入样本", "电梯应急救援.xlsx"
_PROFILE, _SCALE, _YEAR, _LEDGER = "huadu-2023", "0.05", "2023", "rescue"
_SHOWN = ("annual_report_rate", "case_filings", "contract_filing_rate", "rescue_arrival_minutes")


def demonstrate_records(directory: Path, *, quiet: bool) -> dict[str, object]:
    """Run the commands a person would type and show each of them.

    Args:
        directory: where the store and the files go; a store of an earlier demo is made anew.
    """
    store, imports = directory / STORE, directory / IMPORTS
    if (store / "manifest.sqlite").is_file():
        shutil.rmtree(store)
    out = console(quiet=quiet)
    out.print(
        Text("\n从记录到得分：生成一个区一年的业务台账（合成数据），导入一份有错的 Excel，计算，评分。\n")
    )
    common = ["--store", str(store)]
    _run(
        [
            *("city", "generate", "--profile", _PROFILE, "--scale", _SCALE, *common),
            *("--bad-rows", "0.1", "--export", str(imports)),
        ],
        quiet=quiet,
        silent_errors=True,
    )
    sheet = imports / SHEET
    write_file(sheet, _workbook(imports / f"{_LEDGER}.csv"))
    _run(["ledger", "import", _LEDGER, str(sheet), *common, "--yes"], quiet=quiet)
    _run(["indicator", "compute", *_SHOWN, *common, "--year", _YEAR], quiet=quiet)
    page = directory / f"{_PROFILE}-由台账计算.html"
    arguments = ["evaluate", _PROFILE, "--ledgers", str(store), "--html", str(page)]
    _run(arguments, quiet=quiet, only="由台账计算的值")
    _run(
        ["indicator", "rows", "contract_filing_rate", *common, "--year", _YEAR, "--part", "difference"],
        quiet=quiet,
    )
    return {"store": store.as_posix(), "imported": sheet.as_posix(), "page": page.as_posix()}


def _run(arguments: list[str], *, quiet: bool, only: str = "", silent_errors: bool = False) -> None:
    """Run a command of the program as a person would.

    Args:
        only: show its output from the line with these words on, up to the end of the table that follows.
        silent_errors: do not show its progress.
    """
    from zhunsheng.cli.main import program  # noqa: PLC0415 - the program knows this command

    if not quiet:
        click.echo(f"$ zhunsheng {' '.join(arguments)}")
    heard = io.StringIO()
    errors = io.StringIO() if silent_errors or quiet else sys.stderr
    with redirect_stdout(heard), redirect_stderr(errors):
        program.main(args=arguments, prog_name="zhunsheng", standalone_mode=False)
    if not quiet:
        click.echo(_part(heard.getvalue(), only))


def _part(text: str, only: str) -> str:
    if not only:
        return text
    lines = text.splitlines()
    start = next((place for place, line in enumerate(lines) if only in line), 0)
    end = next((place for place in range(start, len(lines)) if lines[place].startswith("└")), len(lines) - 1)
    total = [line for line in lines if line.startswith("总分")]
    return "\n".join([*total, *lines[start : end + 1]]) + "\n"


def _workbook(path: Path) -> bytes:
    from zhunsheng.documents.ledger_export import write_records  # noqa: PLC0415 - keeps the start fast

    headings, *rows = csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig")))
    fields = [FieldDefinition(f"c{place}", heading, FieldType.TEXT) for place, heading in enumerate(headings)]
    return write_records(path.stem, fields, headings, rows)
