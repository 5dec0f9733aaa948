"""The work of making a year public."""

from typing import Any

from django.utils import timezone

from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Release, StoredCase
from zhunsheng.workflow.action import Invalid, Refused, perform
from zhunsheng.workflow.catalogue import judge
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.releasing.actions import MakeRelease, correction_problems, latest_release
from zhunsheng.workflow.releasing.content import LICENCES
from zhunsheng.workflow.releasing.preparing import REPORT_KINDS, licence_of, prepare
from zhunsheng.workflow.releasing.readiness import readiness
from zhunsheng.workflow.rights import Asked


def make_release(work: Work) -> dict[str, Any]:
    """Prepare the public copy of a locked year and make it public.

    Parameters of the job: `formats`, of html, docx and pdf; `licence`, a code; `correction`, a text.

    Raises:
        Refused, Invalid, Stale: nothing was made public.
    """
    stored = StoredCase.objects.select_related("organisation__overseer").get(jobs=work.job)
    known = Release.objects.filter(job=work.job).first()
    if known is not None:
        return _result(stored, known)
    today = timezone.localdate(work.now())
    verdict = judge("release.make", work.actor, Asked(today, stored))
    if not verdict.allowed:
        raise Refused(verdict.reason)
    given = work.parameters
    correction = str(given.get("correction", ""))
    ready = readiness(stored)
    problems = (*ready.blocks, *correction_problems(stored, correction))
    if problems or ready.year is None:
        raise Invalid(problems)
    last = latest_release(stored)
    prepared = prepare(
        stored,
        ready.year,
        number=1 if last is None else last.number + 1,
        today=today,
        kinds_of_report=[each for each in REPORT_KINDS if each in given.get("formats", [])],
        licence=licence_of(str(given.get("licence", ""))) or LICENCES[0],
        progress=work.progress,
    )
    if prepared.problems:
        raise Invalid(prepared.problems)
    work.progress(95, "保存公开内容")
    files = {name: keep([data]).sha256 for name, data in prepared.files.items()}
    action = MakeRelease(stored, ready.year.version, prepared.content, files, correction, job=work.job)
    perform(action, work.actor)
    return _result(stored, Release.objects.get(job=work.job))


def _result(stored: StoredCase, made: Release) -> dict[str, Any]:
    return {"case": stored.code, "number": made.number, "files": sorted(made.files)}
