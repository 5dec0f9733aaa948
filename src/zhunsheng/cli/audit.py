"""`zhunsheng audit FILE…`: every number of any report checked."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.assembly.auditing import audit_documents, held_against, marked_files
from zhunsheng.assembly.cases import load_case
from zhunsheng.assembly.rejections import Rejected
from zhunsheng.audit.audit_data import audit_data, finding_key
from zhunsheng.audit.auditing import Audit
from zhunsheng.audit.document import Document
from zhunsheng.audit.finding import Finding, FoundPlace
from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS, SURROUNDINGS
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    console,
    print_json,
    print_problems,
    reports_rejection,
)
from zhunsheng.cli.writing import write_file
from zhunsheng.documents.printable import printable
from zhunsheng.kernel.problem import Severity
from zhunsheng.store.audit_baseline import Accepted, baseline_text, read_baseline

_EPILOG = """\b
示例：
  zhunsheng audit 自评报告.docx                 核对一份报告，列出问题
  zhunsheng audit 预算.pdf 决算.pdf             一起核对，并比较两份文件
  zhunsheng audit 报告.pdf --html --pdf --out 核对  生成网页对照和加批注的 PDF
  zhunsheng audit 报告.docx --against 我局2024   与年度档案逐数核对
  zhunsheng audit 报告.docx --json | jq .findings
  zhunsheng audit 报告.docx --baseline 已核.yaml  略过已接受的问题

退出码：0 没有错误和警告，1 有（或有内容没读全），2 用法不对，3 有文件读不了。
"""
_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.NOTE: "cyan"}
_CONTEXT = 14


@click.command("audit", cls=Command, epilog=_EPILOG)
@click.argument(
    "files",
    metavar="FILE…",
    nargs=-1,
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--text", "as_text", is_flag=True, help="只输出读到的文字（位置按这份文字计）。")
@click.option("--html", "as_html", is_flag=True, help="生成原文与问题对照的网页。")
@click.option("--docx", "as_docx", is_flag=True, help="生成加 Word 批注的副本。")
@click.option("--pdf", "as_pdf", is_flag=True, help="生成加批注的 PDF 副本。")
@click.option("--xlsx", "as_xlsx", is_flag=True, help="生成问题清单工作簿。")
@click.option(
    "--out",
    "directory",
    metavar="DIR",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path(),
    help="生成的文件放在哪里（默认当前目录）。",
)
@click.option(
    "--baseline",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="已接受问题的清单（YAML）。",
)
@click.option("--accept", "accept_reason", metavar="理由", help="把这次的全部问题写入基线，注明理由。")
@click.option(
    "--against",
    "case_name",
    metavar="CASE",
    shell_complete=complete_case,
    help="只与年度档案核对：每个数是否与档案一致。",
)
@click.option("--no-ocr", is_flag=True, help="不识别扫描页。")
@click.option("--all", "show_all", is_flag=True, help="提示也列出（默认只列错误和警告）。")
@JSON_OPTION
@reports_rejection
def audit_command(
    files: tuple[Path, ...],
    as_text: bool,
    as_html: bool,
    as_docx: bool,
    as_pdf: bool,
    as_xlsx: bool,
    directory: Path,
    baseline: Path | None,
    accept_reason: str | None,
    case_name: str | None,
    no_ocr: bool,
    show_all: bool,
    as_json: bool,
) -> int:
    """核对报告里的每个数字：合计、比率、得分、前后一致、个数、方向、单位。

    FILE 可以是 Word、PDF（含扫描件）、Excel、网页、Markdown 或纯文本，可以一次给多个。
    """
    asked = {"html": as_html, "docx": as_docx, "pdf": as_pdf, "xlsx": as_xlsx}
    formats = [name for name, wanted in asked.items() if wanted]
    if accept_reason is not None and baseline is None:
        raise click.UsageError("--accept 要与 --baseline 一起用，指明写入哪个文件。")
    if accept_reason is not None and not accept_reason.strip():
        raise click.UsageError("--accept 的理由不能是空的。")
    if baseline is not None and accept_reason is None and not baseline.exists():
        raise click.UsageError(f"没有基线文件“{baseline}”；用 --accept 生成。")
    documents = _read(files, ocr=not no_ocr)
    if as_text:
        return _print_texts(documents)
    accepted, problems = read_baseline(baseline) if baseline else ({}, ())
    if problems:
        raise Rejected(tuple(problems))
    result = audit_documents(documents) if case_name is None else _held_against(documents, case_name)
    if accept_reason is not None and baseline is not None:
        accepted = _extended(result, accepted, accept_reason)
        write_file(baseline, baseline_text(accepted).encode())
    left = [each for each in result.findings if finding_key(result, each) not in accepted]
    written = _write_views(replace_findings(result, left), files, formats, directory)
    if as_json:
        data = audit_data(result, {key: each.reason for key, each in accepted.items()})
        print_json({**data, "files": [path.as_posix() for path in written]})
    else:
        _print(result, left, len(result.findings) - len(left), written, show_all=show_all)
    if any(not document.text for document in documents):
        return SURROUNDINGS
    cut_off = any(each.severity is Severity.ERROR for one in documents for each in one.problems)
    return FINDINGS if cut_off or any(each.severity is not Severity.NOTE for each in left) else CLEAN


def _print_texts(documents: Sequence[Document]) -> int:
    """Print what was read; what could not be read is said beside it, not in it."""
    for document in documents:
        # half a character cannot be printed; one character stays one, so that places stay true
        click.echo(document.text.encode("utf-8", "replace").decode())
        for problem in document.problems if not document.text else ():
            click.echo(f"{problem.what}。{problem.remedy}", err=True)
    return CLEAN if all(document.text for document in documents) else SURROUNDINGS


def replace_findings(result: Audit, findings: Sequence[Finding]) -> Audit:
    """The audit with fewer findings."""
    return replace(result, findings=tuple(findings))


def _read(files: Sequence[Path], *, ocr: bool) -> list[Document]:
    from zhunsheng.documents.reading.reading import read_document  # noqa: PLC0415 - readers load slowly

    quiet = console()

    def progress(done: int, total: int) -> None:
        if quiet.is_terminal:
            click.echo(f"\r  识别第 {done}/{total} 页", nl=done == total, err=True)

    return [read_document(path, ocr=ocr, progress=progress) for path in files]


def _held_against(documents: Sequence[Document], case_name: str) -> Audit:
    """Hold one report against what its case would print in the same format."""
    if len(documents) != 1:
        raise click.UsageError("--against 一次核对一份报告。")
    return held_against(documents[0], load_case(case_name))


def _extended(result: Audit, accepted: dict[str, Accepted], reason: str) -> dict[str, Accepted]:
    extended = dict(accepted)
    for finding in result.findings:
        key = finding_key(result, finding)
        if key not in extended and finding.severity is not Severity.NOTE:
            extended[key] = Accepted(key, finding.code, finding.message, reason)
    return extended


def _write_views(result: Audit, files: Sequence[Path], formats: Sequence[str], directory: Path) -> list[Path]:
    if not formats:
        return []
    sources = [path.read_bytes() for path in files]
    views, refused = marked_files(result, sources, formats)
    for words in refused:
        click.echo(words, err=True)
    return [write_file(directory / name, content) for name, content in views.items()]


def _print(
    result: Audit, findings: Sequence[Finding], accepted: int, written: Sequence[Path], *, show_all: bool
) -> None:
    out = console()
    for reading, coverage in zip(result.readings, result.coverage, strict=True):
        document = reading.document
        pages = f"，{document.page_count} 页" if document.page_count else ""
        out.print(Text(f"{document.name}（{document.format}{pages}，{len(document.text)} 字）", style="bold"))
        content = coverage.numerals - coverage.structural
        if content:
            out.print(
                f"  数字 {coverage.numerals} 个，其中编号、日期等 {coverage.structural} 个；其余 {content} 个里 "
                f"理解 {coverage.understood} 个（{_percent(coverage.understood, content)}），"
                f"参加核对 {coverage.checked} 个（{_percent(coverage.checked, content)}）"
            )
        if document.problems:
            print_problems(document.problems, title="读取时的说明")
    shown = [each for each in findings if show_all or each.severity is not Severity.NOTE]
    for finding in shown:
        _print_finding(result, finding)
    counts = {severity: sum(each.severity is severity for each in findings) for severity in Severity}
    words = "，".join(f"{severity.label} {number} 个" for severity, number in counts.items() if number)
    checked = any(reading.document.text for reading in result.readings)
    nothing = "没有发现问题" if checked else "没有读到文字，没有核对"
    out.print(Text(f"共 {words}" if words else nothing, style="bold"))
    if counts[Severity.NOTE] and not show_all:
        out.print(Text("  提示未列出，加 --all 查看", style="dim"))
    if accepted:
        out.print(Text(f"  另有 {accepted} 个问题已在基线中接受", style="dim"))
    for path in written:
        out.print(f"  已写 {path}")


def _percent(part: int, whole: int) -> str:
    return f"{part * 100 // whole}%"


def _print_finding(result: Audit, finding: Finding) -> None:
    out = console()
    head = Text()
    head.append(f"{finding.severity.label} {finding.code} ", style=_STYLES[finding.severity])
    head.append(printable(finding.message))
    out.print(head, soft_wrap=True)
    if finding.computed:
        out.print(
            Text(
                printable(
                    f"      原文 {finding.printed}，应为 {finding.computed}，把握 {finding.confidence}"
                ),
                style="dim",
            ),
            soft_wrap=True,
        )
    for place in finding.places:
        out.print(_place_line(result, place), soft_wrap=True)
    out.print(Text(f"      {finding.remedy}", style="dim"), soft_wrap=True)


def _place_line(result: Audit, place: FoundPlace) -> Text:
    document = result.readings[place.document].document
    start = place.span.start
    where = []
    if len(result.readings) > 1:
        where.append(document.name)
    page = document.page_at(start)
    if page is not None:
        where.append(f"第 {page} 页")
    else:
        where.append(f"第 {document.text.count(chr(10), 0, start) + 1} 行")
    cell = next(document.cells_at(start), None)
    if cell is not None:
        where.append(f"表格第 {cell.row + 1} 行第 {cell.column + 1} 列")
    before = " ".join(document.text[max(0, start - _CONTEXT) : start].split())
    after = " ".join(document.text[place.span.end : place.span.end + _CONTEXT].split())
    # the text of a foreign file may hold orders to a terminal
    line = Text(printable(f"      {'，'.join(where)}：…{before}"))
    line.append(printable("".join(place.text.split())), style="bold underline")
    line.append(printable(f"{after}…"))
    if place.note:
        line.append(f"（{place.note}）", style="dim")
    return line
