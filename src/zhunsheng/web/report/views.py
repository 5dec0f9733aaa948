"""Pages: 自评报告."""

from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.assembly.rejections import Rejected
from zhunsheng.assembly.reporting import FORMATS
from zhunsheng.documents.html_report import write_html
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.sections import NARRATIVE_SECTIONS, Section
from zhunsheng.reports.completeness import NO_PROBLEM, NO_REASON, NO_REMEDY, UNSCORED
from zhunsheng.reports.self_evaluation import WrittenReport, write_self_evaluation
from zhunsheng.scores.evaluation import Evaluation
from zhunsheng.store.database.case_content import record_of
from zhunsheng.store.database.models import Job, ReportVersion, StoredCase
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.report.blocks import without_charts
from zhunsheng.web.report.ways import way_to
from zhunsheng.web.security import UPLOADED
from zhunsheng.workflow.auditing.results import open_errors
from zhunsheng.workflow.jobs import enqueue
from zhunsheng.workflow.reporting.matters import ABOUT, MATTERS, matters_of
from zhunsheng.workflow.reporting.paragraphs import shown_text
from zhunsheng.workflow.reporting.year import EvaluatedYear, evaluated_year

NO_FORMAT = Kind("REPORT-102", Severity.ERROR, "须选择至少一种格式", "选择要生成的格式。")


@dataclass(frozen=True, slots=True)
class TextState:
    """A free-text section as the list shows it."""

    code: str
    label: str
    length: int
    problems: tuple[Problem, ...]


@dataclass(frozen=True, slots=True)
class Matter:
    """A problem or measure as the list shows it."""

    row: int
    code: str
    title: str
    text: str
    about: tuple[str, ...]


_AT_ITEM = frozenset({NO_REASON.code, UNSCORED.code})
_AT_MATTER = {NO_PROBLEM.code: ("shortcomings", "item"), NO_REMEDY.code: ("remedies", "key")}


@page("case.read")
def report(request: PageRequest, case: StoredCase) -> HttpResponse:
    """What the report says now, what is missing, its texts and its versions."""
    return _overview(request, case)


def _overview(request: PageRequest, case: StoredCase, problems: tuple[Problem, ...] = ()) -> HttpResponse:
    evaluation: Evaluation | None = None
    written: WrittenReport | None = None
    texts: list[TextState] = []
    try:
        year = evaluated_year(case)
    except Rejected as error:
        problems = (*problems, *error.problems)
    else:
        evaluation = year.evaluation
        written = write_self_evaluation(year.case, evaluation)
        texts = _texts(year)
    job, may_edit = _job(case), may(request, "report.edit")
    context = {
        "evaluation": evaluation,
        "draft": written is not None and written.report.draft,
        "missing": [] if written is None else [_with_way(case, each, may_edit) for each in written.problems],
        "texts": texts,
        "matters": [
            (section, name, _matters(case, section, ABOUT[name])) for name, section in MATTERS.items()
        ],
        "versions": case.reports.select_related("who", "audited").order_by("-number"),
        "job": job if job is not None and not _is_old(job) else None,
        "formats": FORMATS,
        "may_edit": may_edit,
        "may_write": may(request, "report.write"),
        "problems": problems,
        "trail_of_pages": way_to(case),
    }
    return render(request, "report/overview.html", context, status=422 if problems else 200)


def _matters(case: StoredCase, section: Section, about: str) -> list[Matter]:
    """The rows of part 三 or 四."""
    found = []
    for row in matters_of(case, section):
        record = record_of(section, row)
        found.append(Matter(row.pk, record.code, record.title, record.text, getattr(record, about)))
    return found


def _with_way(case: StoredCase, problem: Problem, may_edit: bool) -> dict[str, object]:
    """What is missing, with the page where it is mended for those who may."""
    data = problem.as_data()
    item, _space, key = (problem.place.field or "").partition(" ")
    if problem.code in _AT_ITEM:
        return {**data, "url": reverse("evaluation_item", args=[case.code, item])}
    section, about = _AT_MATTER.get(problem.code, ("", ""))
    if section and may_edit:
        query = urlencode({"about": key if about == "key" else item})
        return {**data, "url": f"{reverse('report_matter_new', args=[case.code, section])}?{query}"}
    return data


def _texts(year: EvaluatedYear) -> list[TextState]:
    written = year.case.narrative_of
    return [
        TextState(code, label, len(written.get(code, "")), shown_text(year, code, written.get(code, ""))[1])
        for code, label in NARRATIVE_SECTIONS.items()
    ]


def _job(case: StoredCase) -> Job | None:
    return Job.objects.filter(kind="report.write", case=case).order_by("created", "pk").last()


def _is_old(job: Job) -> bool:
    """Whether there is nothing more to say about a job: its version is in the list."""
    return job.is_over and not job.problems and ReportVersion.objects.filter(job=job).exists()


@page("case.read")
def preview(request: PageRequest, case: StoredCase) -> HttpResponse:
    """The report as it would be written now, in a frame of its own."""
    return render(request, "report/preview.html", {"trail_of_pages": way_to(case, _("报告预览"))})


@page("case.read")
def preview_page(request: PageRequest, case: StoredCase) -> HttpResponse:  # noqa: ARG001
    """The content of the frame: the page the HTML writer makes, without the charts."""
    year = evaluated_year(case)
    written = write_self_evaluation(year.case, year.evaluation)
    answer = HttpResponse(write_html(without_charts(written.report), {}))
    answer.headers["Content-Security-Policy"] = UPLOADED
    return answer


@page("case.read", write="report.write")
def write(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Ask for the files of the report."""
    if request.method == "POST":
        formats = [each for each in FORMATS if each in request.POST.getlist("formats")]
        if not formats:
            return _overview(request, case, (NO_FORMAT.at(Place(field="formats"), _("没有选择格式")),))
        waiting = _job(case)
        if waiting is None or waiting.is_over:
            enqueue("report.write", f"生成报告 {case}", {"formats": formats}, request.actor, case=case)
    return redirect("report", case=case.code)


@page("case.read")
def progress(request: PageRequest, case: StoredCase) -> HttpResponse:
    """How far the newest report is, for the page to ask again and again."""
    job = _job(case)
    response = render(request, "report/progress.html", {"job": job})
    if job is None or job.is_over:
        response.headers["HX-Redirect"] = reverse("report", args=[case.code])
    return response


def _version(case: StoredCase, number: int) -> ReportVersion:
    found = ReportVersion.objects.select_related("who", "audited__organisation")
    return get_object_or_404(found, case=case, number=number)


@page("case.read")
def version(request: PageRequest, case: StoredCase, number: int) -> HttpResponse:
    """A version: its files, what is missing from it, what its own audit found."""
    found = _version(case, number)
    audited = found.audited
    accepted = {} if audited is None else dict(audited.acceptances.values_list("finding", "reason"))
    context = {
        "version": found,
        "files": sorted(found.files),
        "missing": [each for each in found.checks if not each["key"]],
        "findings": [
            {**each, "accepted": accepted.get(each["key"], ""), "severity": Severity(each["severity"])}
            for each in found.checks
            if each["key"]
        ],
        "open_errors": 0 if audited is None else len(open_errors(audited)),
        "current": found.revision == case.revision,
        "trail_of_pages": way_to(case, _("报告第 %(number)s 版") % {"number": number}),
    }
    return render(request, "report/version.html", context)


@page("case.read")
def version_file(request: PageRequest, case: StoredCase, number: int, name: str) -> FileResponse:
    """A file of a version."""
    digest = _version(case, number).files.get(name)
    if digest is None:
        raise Http404
    return file_answer(digest, name, shown=request.GET.get("shown") == "1")
