"""The report and the forms of a case as Word, PDF, HTML and Excel, in memory."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from zhunsheng.assembly.cases import LoadedCase
from zhunsheng.assembly.evaluating import evaluate_loaded, facts, load_sound_rubric, provenance, with_inputs
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.problem import Problem
from zhunsheng.reports.forms import department_form, project_form, score_sheet_form
from zhunsheng.reports.self_evaluation import write_self_evaluation
from zhunsheng.reports.tree import Chart, Report
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.scores.projects import evaluate_project

FORMATS = ("docx", "pdf", "html", "xlsx")


@dataclass(frozen=True, slots=True)
class Written:
    """Files of a report, by name, what is missing from it and what the fonts lacked."""

    files: dict[str, bytes]
    problems: tuple[Problem, ...]
    draft: bool
    warnings: tuple[str, ...]
    evaluation: Evaluation


def make_report(
    loaded: LoadedCase,
    rubric_code: str | None = None,
    formats: Sequence[str] = FORMATS,
    progress: Callable[[str], None] = lambda _step: None,
) -> Written:
    """Make all files of a case in memory.

    Args:
        rubric_code: another rubric than the case's own.
        formats: of `FORMATS`.
        progress: called with the name of each step.

    Raises:
        Rejected: a rubric cannot be used.
        Surroundings: a PDF cannot be made.
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
    main: Report, forms: list[Report], formats: Sequence[str], warnings: list[str]
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

    def __init__(self, main: Report, formats: Sequence[str], warnings: list[str]) -> None:
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
