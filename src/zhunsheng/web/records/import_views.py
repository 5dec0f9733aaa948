"""Pages: bringing a file in. Uploaded, checked, its columns confirmed, its faults looked at, then imported."""

from pathlib import PurePath
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from zhunsheng.assembly.importing import FATES
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.file_store import TooLarge, keep
from zhunsheng.store.database.models import Job, Organisation, StoredFile
from zhunsheng.web.downloads import file_answer
from zhunsheng.web.language import job_name
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.web.records.access import hidden, is_own, is_personal, ledger_named, way
from zhunsheng.web.records.fault_list import FaultList, shown_faults
from zhunsheng.web.sizes import largest_upload
from zhunsheng.workflow.action import Stale, perform
from zhunsheng.workflow.collecting.file_names import safe_name
from zhunsheng.workflow.importing import kinds
from zhunsheng.workflow.importing.actions import CHECK, IMPORT, CheckFile, ImportFile, import_of
from zhunsheng.workflow.importing.faults import LEVELS, KeptFaults
from zhunsheng.workflow.job_acts import may_cancel

_ENDINGS = frozenset(
    {".xlsx", ".xlsm", ".xls", ".et", ".csv", ".tsv", ".txt", ".jsonl", ".ndjson", ".json", ".parquet"}
)
_FAULTS_PER_PAGE = 100
_LONGEST_CODE = 60
_LONGEST_LINE = 300
_MOST_CONSTANTS = 20


@page("records.import", write="records.import")
def upload(request: PageRequest, organisation: Organisation, ledger: str) -> HttpResponse:
    """The form for a file; sent, the file is kept and checked."""
    definition = ledger_named(ledger)
    if request.method != "POST":
        return _form(request, organisation, definition)
    given = request.FILES.get("file")
    org = request.POST.get("org", "").strip()
    constants, problems = _constants(request.POST.get("constants", ""))
    problems += _faults_of_file(given)
    if len(org) > _LONGEST_CODE:
        problems.append(
            kinds.BAD_ORG.at(Place(field="org"), _("责任单位编码有 %(count)s 个字") % {"count": len(org)})
        )
    if problems or given is None:
        return _form(request, organisation, definition, tuple(problems))
    name = safe_name(given.name or "")
    try:
        kept = keep(given.chunks())
    except TooLarge:
        what = _("“%(name)s”超过 %(most)s MB，没有上传") % {"name": name, "most": largest_upload()}
        return _form(
            request, organisation, definition, (kinds.FILE_TOO_LARGE.at(Place(name, field="file"), what),)
        )
    action = CheckFile(
        organisation,
        definition.code,
        name,
        kept,
        org,
        {},
        constants,
        again=request.POST.get("again") == "1",
    )
    return _to_check(organisation, definition, _job_of(action, request))


def _form(
    request: PageRequest,
    body: Organisation,
    ledger: LedgerDefinition,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    context = {
        "body": body,
        "ledger": ledger,
        "problems": problems,
        "typed": {name: request.POST.get(name, "") for name in ("org", "constants", "again")},
        "accepted": ",".join(sorted(_ENDINGS)),
        "megabytes": largest_upload(),
        "trail_of_pages": way(body, ledger, (_("导入"), "")),
    }
    return render(request, "records/upload.html", context, status=422 if problems else 200)


def _faults_of_file(given: "UploadedFile[Any] | None") -> list[Problem]:
    place = Place(field="file")
    if given is None:
        return [kinds.NO_FILE.at(place, _("没有选择文件"))]
    if not given.size:
        return [kinds.EMPTY_FILE.at(place, _("文件是空的"))]
    ending = PurePath(safe_name(given.name or "")).suffix.lower()
    if ending and ending not in _ENDINGS:
        return [kinds.BAD_FORMAT.at(place, _("不认识“%(ending)s”格式") % {"ending": ending})]
    return []


def _constants(text: str) -> tuple[dict[str, str], list[Problem]]:
    """What is written as 字段=值, a line each."""
    found: dict[str, str] = {}
    problems: list[Problem] = []
    for line in text.splitlines()[:_MOST_CONSTANTS]:
        name, sign, value = line.strip()[:_LONGEST_LINE].partition("=")
        if not line.strip():
            continue
        if not sign or not name.strip() or not value.strip() or name.strip() in found:
            what = _("“%(line)s”不是“字段=值”，或字段写了两次") % {"line": line.strip()[:60]}
            problems.append(kinds.BAD_CONSTANT.at(Place(field="constants"), what))
        else:
            found[name.strip()] = value.strip()
    return found, problems


def _job_of(action: CheckFile | ImportFile, request: PageRequest) -> int:
    changes = perform(action, request.actor)
    number: int = changes[-1].after["job"]
    return number


def _to_check(body: Organisation, ledger: LedgerDefinition, number: int) -> HttpResponse:
    return redirect("records_check", organisation=body.code, ledger=ledger.code, number=number)


def _job(request: PageRequest, body: Organisation, ledger: LedgerDefinition, number: int) -> Job:
    """A check or an import: one's own, or anybody's for whoever may see all that is in the file."""
    found = get_object_or_404(
        Job.objects.select_related("who", "organisation"),
        pk=number,
        organisation=body,
        kind__in=(CHECK, IMPORT),
        parameters__ledger=ledger.code,
    )
    if not is_own(request, found) and not (is_personal(request, body) and not hidden(request, body, ledger)):
        raise Http404
    return found


@page("records.import")
def check(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """What a check found, or what came of an import; while it runs, how far it is."""
    definition = ledger_named(ledger)
    job = _job(request, organisation, definition, number)
    return _show(request, organisation, definition, job)


def _show(
    request: PageRequest,
    body: Organisation,
    ledger: LedgerDefinition,
    job: Job,
    problems: tuple[Problem, ...] = (),
) -> HttpResponse:
    result: dict[str, Any] = job.result if job.state == "done" and isinstance(job.result, dict) else {}
    arguments = [body.code, ledger.code, job.pk]
    context: dict[str, Any] = {
        "body": body,
        "ledger": ledger,
        "job": job,
        "result": result,
        "problems": problems,
        "poll": reverse("records_progress", args=arguments),
        "cancel": reverse("job_cancel", args=[job.pk]) if may_cancel(request.actor, job) else "",
        "fates": [(label, result["rows"].get(name, 0), name) for name, label in FATES.items()]
        if result.get("rows")
        else [],
        "may_import": may(request, "records.import"),
        "trail_of_pages": way(
            body, ledger, (_("导入"), reverse("records_upload", args=arguments[:2])), (job_name(job), "")
        ),
    }
    if job.kind == CHECK and result:
        context |= {
            "columns": _columns(result),
            "choices": [(each.name, each.label) for each in ledger.entered],
            "import": import_of(job),
            "faults": _faults(request, result),
            "files": [(place, name) for place, name in enumerate(sorted(result.get("files", {})))],
            "can_import": result["status"] == "planned",
        }
    return render(request, "records/check.html", context, status=422 if problems else 200)


def _columns(result: dict[str, Any]) -> list[dict[str, Any]]:
    """The columns of the sheets, each with its place in the form."""
    sheets, place = [], 0
    for sheet in result.get("sheets", []):
        columns = []
        for each in sheet["columns"]:
            columns.append({**each, "place": place})
            place += 1
        sheets.append({**sheet, "columns": columns})
    return sheets


def _faults(request: PageRequest, result: dict[str, Any]) -> FaultList | None:
    listed = result.get("listed")
    if not listed:
        return None
    kept = KeptFaults.of(listed)
    level = next((each for each in LEVELS if each.value == request.GET.get("level")), None)
    total = sum(each["count"] for each in result["fault_counts"])
    pages = Paginator(range(kept.number(level)), _FAULTS_PER_PAGE).get_page(request.GET.get("page"))
    found = kept.read(level, (pages.number - 1) * _FAULTS_PER_PAGE, _FAULTS_PER_PAGE)
    return shown_faults(found, pages, level, kept, total, result["fault_counts"])


@page("records.import")
def progress(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """How far it is, for the page to ask again and again."""
    definition = ledger_named(ledger)
    job = _job(request, organisation, definition, number)
    arguments = [organisation.code, definition.code, job.pk]
    context = {
        "job": job,
        "poll": reverse("records_progress", args=arguments),
        "cancel": reverse("job_cancel", args=[job.pk]) if may_cancel(request.actor, job) else "",
    }
    answer = render(request, "components/progress.html", context)
    if job.is_over:
        answer.headers["HX-Redirect"] = reverse("records_check", args=arguments)
    return answer


@page("records.import", write="records.import")
def again(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """Check the same file with the columns as they are said to be now."""
    definition = ledger_named(ledger)
    job = _job(request, organisation, definition, number)
    if request.method != "POST" or job.kind != CHECK:
        return _to_check(organisation, definition, number)
    file = get_object_or_404(StoredFile, sha256=job.parameters["file"])
    action = CheckFile(
        organisation,
        definition.code,
        job.parameters["name"],
        file,
        request.POST.get("org", job.parameters["org"]).strip()[:_LONGEST_CODE],
        _said(request, definition, job),
        job.parameters["constants"],
        again=job.parameters["again"] or request.POST.get("again") == "1",
    )
    return _to_check(organisation, definition, _job_of(action, request))


def _said(request: PageRequest, ledger: LedgerDefinition, job: Job) -> dict[str, str]:
    """The columns for which another field was chosen than the one that was found, and those said before."""
    said = dict(job.parameters["said"])
    known = {each.name for each in ledger.entered}
    for sheet in _columns(job.result if isinstance(job.result, dict) else {}):
        for column in sheet["columns"]:
            chosen = request.POST.get(f"column-{column['place']}", column["field"])
            if chosen in known and chosen != column["field"]:
                said[column["heading"]] = chosen
            elif not chosen and column["heading"] in said:
                del said[column["heading"]]
    return said


@page("records.import", write="records.import")
def confirm(request: PageRequest, organisation: Organisation, ledger: str, number: int) -> HttpResponse:
    """Import what was checked; a second confirmation leads to the first import."""
    definition = ledger_named(ledger)
    job = _job(request, organisation, definition, number)
    if request.method != "POST":
        return _to_check(organisation, definition, number)
    try:
        made = _job_of(ImportFile(organisation, job), request)
    except Stale:
        known = import_of(job)
        made = number if known is None else known.pk
    return _to_check(organisation, definition, made)


@page("records.import")
def file(
    request: PageRequest, organisation: Organisation, ledger: str, number: int, place: int
) -> FileResponse:
    """A file with the rows that were turned away: the marked workbook, or the rows alone."""
    job = _job(request, organisation, ledger_named(ledger), number)
    files = sorted((job.result or {}).get("files", {}).items())
    if place >= len(files):
        raise Http404
    name, digest = files[place]
    return file_answer(digest, name)
