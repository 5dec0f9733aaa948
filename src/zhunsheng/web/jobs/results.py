"""Where the result of a job is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from zhunsheng.store.database.models import Job, JobState, User

Way = Callable[[Job, dict[str, Any]], str]


@dataclass(frozen=True, slots=True)
class Result:
    """A link to what a job made."""

    label: str
    url: str


def _page(name: str) -> Way:
    """The page of the job's year."""
    return lambda job, _result: reverse(name, args=[_case(job)])


def _case(job: Job) -> str:
    if job.case is None:
        raise NoReverseMatch
    return job.case.code


_WAYS: dict[str, tuple[str, Way]] = {
    "audit.document": (
        "查看核对结果",
        lambda _job, result: reverse("audit", args=[result["organisation"], result["document"]]),
    ),
    "report.write": (
        "查看报告",
        lambda job, result: reverse("report_version", args=[_case(job), result["number"]]),
    ),
    "release.make": ("查看公开情况", _page("release")),
    "evaluation.compute": ("查看自评", _page("evaluation")),
    "indicators.compute": ("查看指标", lambda _job, _result: reverse("indicators")),
    "records.check": ("查看业务台账", lambda _job, _result: reverse("ledgers")),
    "records.import": ("查看业务台账", lambda _job, _result: reverse("ledgers")),
    "records.undo": ("查看业务台账", lambda _job, _result: reverse("ledgers")),
}
"""Words of the link and how its address is made, by kind of job."""


def result_of(job: Job, asker: User | None) -> Result | None:
    """The link to what a job made; None while there is nothing, or when it is a file for somebody else."""
    if job.state != JobState.DONE:
        return None
    result = job.result if isinstance(job.result, dict) else {}
    if result.get("file"):
        if asker is None or job.who_id != asker.pk:
            return None
        return Result(
            _("下载 %(name)s") % {"name": result.get("name", "")}, reverse("job_file", args=[job.pk])
        )
    url = result.get("url")
    if isinstance(url, str) and url.startswith("/") and not url.startswith("//"):
        return Result(_("查看结果"), url)
    words, way = _WAYS.get(job.kind, ("", None))
    if way is None:
        return None
    try:
        return Result(_(words), way(job, result))
    except (NoReverseMatch, KeyError):
        # made by an older program, or its page is gone
        return None
