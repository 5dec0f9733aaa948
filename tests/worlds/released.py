"""The year of the demonstration on its way to the public: complete, locked, with a report, released."""

from typing import Any

from zhunsheng.plans.case import Deviation, Remedy, Shortcoming
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import SECTION_OF, fields_of
from zhunsheng.store.database.case_rows import ROW_MODELS, field_of
from zhunsheng.store.database.models import Acceptance, Job, Release, ReportVersion, StoredCase, User
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.auditing.results import open_errors
from zhunsheng.workflow.evaluating.states import FreezeEvaluation
from zhunsheng.workflow.jobs import do_all, enqueue

from demonstrated import MOMENT, actor, demonstration, in_state  # isort: skip


def complete_year() -> StoredCase:
    """The year with a reason, a problem and a remedy for every lost point, so that its report is no draft."""
    stored = demonstration()
    _add(stored, "deviations", Deviation("A3", "个别项目年末才完成结算，资金没有支付完。"))
    covers = ("A3", "B3.1", "B5.6")
    _add(stored, "shortcomings", Shortcoming("Q2", "内部管理不够细", "公开和备案有遗漏。", covers))
    _add(stored, "remedies", Remedy("C2", "建立公开和备案清单", "按月对照清单检查。", ("Q2",)))
    return stored


def _add(stored: StoredCase, section: str, record: object) -> None:
    model = ROW_MODELS[section]
    model._default_manager.create(
        case=stored, position=model._default_manager.count(), **fields_of(SECTION_OF[section], record)
    )


def change(stored: StoredCase, section: str, values: dict[str, object], **key: object) -> None:
    """Change rows past all rights."""
    wanted: dict[str, Any] = {field_of(name): value for name, value in key.items()}
    new: dict[str, Any] = {field_of(name): value for name, value in values.items()}
    assert ROW_MODELS[section]._default_manager.filter(case=stored, **wanted).update(**new)


def frozen_year(stored: StoredCase | None = None) -> StoredCase:
    """The complete year, locked by the finance bureau."""
    complete_year() if stored is None else stored
    year = in_state(TargetState.APPROVED, EvaluationState.REVIEWED)
    perform(FreezeEvaluation(year, year.revision), actor("caizheng"), MOMENT)
    return StoredCase.objects.get(pk=year.pk)


def write(stored: StoredCase, formats: tuple[str, ...] = ("html",), who: str = "caiwu") -> ReportVersion:
    """The report, written by the worker."""
    job = enqueue("report.write", "生成报告", {"formats": list(formats)}, actor(who), case=stored)
    done(job)
    return ReportVersion.objects.get(job=job)


def accept_errors(version: ReportVersion) -> int:
    """Accept what the audit of the report calls an error; how many there were."""
    assert version.audited is not None
    found = open_errors(version.audited)
    for each in found:
        Acceptance.objects.create(
            document=version.audited,
            finding=each["key"],
            reason="已核对原始资料",
            who=User.objects.get(username="caiwu"),
            moment=MOMENT,
        )
    return len(found)


def release(
    stored: StoredCase, *, formats: tuple[str, ...] = ("html",), correction: str = "", who: str = "juzhang"
) -> Release:
    """The release, made by the worker."""
    given = {"formats": list(formats), "licence": "cc-by-4.0", "correction": correction}
    job = enqueue("release.make", "公开", given, actor(who), case=stored)
    done(job)
    return Release.objects.get(job=job)


def released_year() -> Release:
    """The complete year, locked, reported and public."""
    stored = frozen_year()
    accept_errors(write(stored))
    return release(stored)


def done(job: Job) -> Job:
    """The job after the worker, which must have finished it."""
    do_all()
    job.refresh_from_db()
    assert job.state == "done", (job.state, job.message, job.problems)
    return job
