"""Pages: 公开."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Problem
from zhunsheng.plans.sections import SECTIONS
from zhunsheng.store.database.models import Job, Release, StoredCase
from zhunsheng.web.page import PageRequest, may, page
from zhunsheng.workflow.action import Invalid, perform
from zhunsheng.workflow.jobs import enqueue
from zhunsheng.workflow.releasing.actions import WithdrawRelease, correction_problems, latest_release
from zhunsheng.workflow.releasing.content import LICENCES
from zhunsheng.workflow.releasing.preparing import REPORT_KINDS, licence_of, preview
from zhunsheng.workflow.releasing.public_columns import PUBLIC_COLUMNS
from zhunsheng.workflow.releasing.readiness import UNKNOWN_CHOICE, Readiness, readiness

_KIND_LABELS = {"html": noop("网页"), "docx": "Word", "pdf": "PDF"}


@page("case.read", write="release.make")
def release(request: PageRequest, case: StoredCase) -> HttpResponse:
    """What will be public, what stands in the way, what is public; a POST asks for the release."""
    if request.method == "POST":
        return _ask(request, case)
    return _show(request, case)


def _show(
    request: PageRequest,
    case: StoredCase,
    problems: tuple[Problem, ...] = (),
    **typed: Any,  # noqa: ANN401 - of a form
) -> HttpResponse:
    last = latest_release(case)
    ready = readiness(case)
    content, found = _preview(case, ready, 1 if last is None else last.number + 1)
    job = _job(case)
    shown = last is not None and last.withdrawn is None
    context = {
        "ready": ready,
        "blocks": (*ready.blocks, *found),
        "content": content,
        "releases": case.releases.select_related("who", "version").order_by("-number"),
        "latest": last,
        "is_public": shown,
        "sections": _public_sections(),
        "kinds": [(kind, _KIND_LABELS[kind]) for kind in REPORT_KINDS],
        "licences": LICENCES,
        "job": job if job is not None and not _is_old(job) else None,
        "may_release": may(request, "release.make"),
        "may_withdraw": shown and may(request, "release.withdraw"),
        "problems": problems,
        "trail_of_pages": [
            {"label": str(case), "url": reverse("case", args=[case.code])},
            {"label": _("公开"), "url": ""},
        ],
        "typed": {"formats": list(REPORT_KINDS), "licence": LICENCES[0].code, **typed},
    }
    return render(request, "release/release.html", context, status=422 if problems else 200)


def _preview(case: StoredCase, ready: Readiness, number: int) -> tuple[dict[str, Any], tuple[Problem, ...]]:
    if ready.year is None or ready.year.evaluation is None:
        return {}, ()
    prepared = preview(case, ready.year, number, timezone.localdate())
    return prepared.content, prepared.problems


def _public_sections() -> list[tuple[str, list[str]]]:
    """What may be public, in words: section and columns."""
    return [
        (section.label, [each.label for each in section.columns if each.name in PUBLIC_COLUMNS[section.name]])
        for section in SECTIONS
        if section.name in PUBLIC_COLUMNS
    ]


def _job(case: StoredCase) -> Job | None:
    return Job.objects.filter(kind="release.make", case=case).order_by("created", "pk").last()


def _is_old(job: Job) -> bool:
    """Whether there is nothing more to say about a job: its release is in the list."""
    return job.is_over and not job.problems and Release.objects.filter(job=job).exists()


def _ask(request: PageRequest, case: StoredCase) -> HttpResponse:
    formats = request.POST.getlist("formats")
    licence, correction = request.POST.get("licence", ""), request.POST.get("correction", "")
    problems = [*readiness(case).blocks, *correction_problems(case, correction)]
    if unknown := [each for each in formats if each not in REPORT_KINDS]:
        what = _("没有“%(kind)s”这种格式") % {"kind": unknown[0][:20]}
        problems.append(UNKNOWN_CHOICE.at(Place(field="formats"), what, value=unknown[0]))
    if licence_of(licence) is None:
        problems.append(UNKNOWN_CHOICE.at(Place(field="licence"), _("没有选择许可"), value=licence))
    if problems:
        return _show(request, case, tuple(problems), formats=formats, licence=licence, correction=correction)
    waiting = _job(case)
    if waiting is None or waiting.is_over:
        given = {"formats": formats, "licence": licence, "correction": correction.strip()}
        enqueue("release.make", f"公开 {case}", given, request.actor, case=case)
    return redirect("release", case=case.code)


@page("case.read")
def progress(request: PageRequest, case: StoredCase) -> HttpResponse:
    """How far the release is, for the page to ask again and again."""
    job = _job(case)
    response = render(request, "release/progress.html", {"job": job})
    if job is None or job.is_over:
        response.headers["HX-Redirect"] = reverse("release", args=[case.code])
    return response


@page("case.read", write="release.withdraw")
def withdraw(request: PageRequest, case: StoredCase) -> HttpResponse:
    """Take the year back from the public."""
    if request.method == "POST":
        why = request.POST.get("why", "")
        try:
            perform(WithdrawRelease(case, why), request.actor)
        except Invalid as error:
            return _show(request, case, error.problems, why=why)
    return redirect("release", case=case.code)
