"""`zhunsheng report write`: the report and the forms as Word, PDF, HTML and Excel."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import click
from rich.text import Text

from zhunsheng.cli.chinese import Command
from zhunsheng.cli.exits import CLEAN, FINDINGS, Surroundings
from zhunsheng.cli.lazy import LazyGroup
from zhunsheng.cli.loading import (
    LoadedCase,
    evaluate_loaded,
    facts,
    load_case,
    load_sound_rubric,
    provenance,
    with_inputs,
)
from zhunsheng.cli.output import (
    JSON_OPTION,
    complete_case,
    complete_rubric,
    console,
    print_json,
    print_problems,
    reports_rejection,
)
from zhunsheng.cli.writing import write_files
from zhunsheng.kernel.problem import Problem
from zhunsheng.reports.forms import department_form, project_form, score_sheet_form
from zhunsheng.reports.self_evaluation import write_self_evaluation
from zhunsheng.reports.tree import Chart, Report
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.projects import evaluate_project

FORMATS = ("docx", "pdf", "html", "xlsx")
_EPILOG = """\b
示例：
  zhunsheng report write huadu-2023 --out out
  zhunsheng report write 我局2024 --out 报送 --format docx --format xlsx
"""


@click.group(
    "report",
    cls=LazyGroup,
    epilog=_EPILOG,
    commands_at={"write": (f"{__name__}:write_command", "生成自评报告、自评表、评分表和项目自评表")},
)
def report_group() -> None:
    """自评报告和官方表格。"""


@dataclass(frozen=True, slots=True)
class Written:
    """Files of a report, by name, what is missing from it and what the fonts lacked."""

    files: dict[str, bytes]
    problems: tuple[Problem, ...]
    draft: bool
    warnings: tuple[str, ...]
    evaluation: Evaluation


@click.command("write", cls=Command)
@click.argument("case_name", metavar="CASE", shell_complete=complete_case)
@click.option(
    "--out", "directory", required=True, type=click.Path(file_okay=False, path_type=Path), help="输出目录。"
)
@click.option(
    "--rubric", "rubric_code", metavar="ID", shell_complete=complete_rubric, help="改用另一评分体系。"
)
@click.option(
    "--format", "formats", multiple=True, type=click.Choice(FORMATS), help="只生成某种格式，可重复。"
)
@JSON_OPTION
@reports_rejection
def write_command(
    case_name: str, directory: Path, rubric_code: str | None, formats: tuple[str, ...], as_json: bool
) -> int:
    """为档案 CASE 生成全部文件。

    扣分项在第二部分没有原因、第三部分没有问题或第四部分没有措施时，报告标为草稿，并列出缺什么。
    """
    loaded = load_case(case_name)
    with console().status("评分") as status:
        written = make_report(loaded, rubric_code, formats or FORMATS, status.update)
    paths = write_files(directory, written.files)
    if as_json:
        print_json(
            {
                "files": [path.as_posix() for path in paths],
                "draft": written.draft,
                "problems": [each.as_data() for each in written.problems],
                "fonts": list(written.warnings),
            }
        )
    else:
        print_written(written, paths)
    return FINDINGS if written.draft else CLEAN


def print_written(written: Written, paths: list[Path]) -> None:
    """The files, whether the report is a draft and what is missing."""
    out = console()
    for path in paths:
        out.print(Text(f"  {path}"))
    for warning in written.warnings:
        out.print(Text(f"字体　{warning}", style="yellow"))
    if written.draft:
        out.print(Text("报告标为草稿，还缺：", style="bold yellow"))
        print_problems(written.problems, title="")
    else:
        out.print(Text("报告完整，可以报送。", style="green"))


def make_report(
    loaded: LoadedCase,
    rubric_code: str | None,
    formats: tuple[str, ...],
    progress: Callable[[str], None] = lambda _step: None,
) -> Written:
    """Make all files of a case in memory.

    Args:
        progress: called with the name of each step.
    """
    progress("评分")
    evaluation, _ = evaluate_loaded(loaded, rubric_code)
    case, pairs = loaded.case, provenance(evaluation)
    progress("编写报告")
    main = write_self_evaluation(case, evaluation, pairs)
    forms = [
        department_form(case, evaluation, pairs),
        score_sheet_form(case, evaluation, pairs),
        *_project_forms(loaded),
    ]
    files: dict[str, bytes] = {}
    warnings: list[str] = []
    for step, name, content in _rendered(main.report, forms, formats, warnings):
        progress(step)
        files[name] = content()
    return Written(files, main.problems, main.report.draft, tuple(dict.fromkeys(warnings)), evaluation)


def _project_forms(loaded: LoadedCase) -> Iterator[Report]:
    case = loaded.case
    if not case.about.project_rubric:
        return
    rubric = load_sound_rubric(case.about.project_rubric)
    for project in case.projects:
        if project.key:
            evaluation = with_inputs(evaluate_project(case, project, rubric, facts()), loaded, rubric)
            yield project_form(case, project, evaluation, provenance(evaluation))


def _rendered(
    main: Report, forms: list[Report], formats: tuple[str, ...], warnings: list[str]
) -> Iterator[tuple[str, str, Callable[[], bytes]]]:
    """Steps, file names and the functions that make the content."""
    writers = _Writers(main, formats, warnings)
    for kind in ("docx", "pdf", "html"):
        if kind in formats:
            yield f"自评报告 {kind}", f"{main.code}.{kind}", partial(getattr(writers, kind), main)
    for form in forms:
        for kind in ("xlsx", "docx"):
            if kind in formats:
                yield f"{form.code} {kind}", f"{form.code}.{kind}", partial(getattr(writers, kind), form)


class _Writers:
    """The writers of all formats with the charts they share; each library is imported when it is needed."""

    def __init__(self, main: Report, formats: tuple[str, ...], warnings: list[str]) -> None:
        from zhunsheng.documents.charts import render_chart  # noqa: PLC0415 - keeps the start fast
        from zhunsheng.documents.fonts import find_fonts  # noqa: PLC0415

        self.warnings = warnings
        self.fonts = find_fonts()
        drawn = {
            block.code: render_chart(block, self.fonts.directories)
            for block in main.blocks
            if isinstance(block, Chart) and set(formats) & {"docx", "pdf", "html"}
        }
        warnings.extend(words for chart in drawn.values() for words in chart.warnings)
        self.svg = {code: chart.svg for code, chart in drawn.items()}
        self.png = {code: chart.png for code, chart in drawn.items()}

    def docx(self, report: Report) -> bytes:
        from zhunsheng.documents.docx_report import write_docx  # noqa: PLC0415

        return write_docx(report, self.png)

    def pdf(self, report: Report) -> bytes:
        from zhunsheng.documents.typst_report import PdfError, write_pdf  # noqa: PLC0415

        try:
            content, found = write_pdf(report, self.svg, self.fonts.directories)
        except PdfError as error:
            raise Surroundings(f"PDF 无法生成：{error}") from error
        self.warnings.extend(found)
        return content

    def html(self, report: Report) -> bytes:
        from zhunsheng.documents.html_report import write_html  # noqa: PLC0415

        return write_html(report, self.svg).encode()

    def xlsx(self, report: Report) -> bytes:
        from zhunsheng.documents.xlsx_form import write_xlsx  # noqa: PLC0415

        return write_xlsx(report, "表")
