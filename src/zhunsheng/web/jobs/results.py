"""Where the result of a job is looked at."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as noop

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


def _values(_job: Job, result: dict[str, Any]) -> str:
    """The indicator that was computed, or the catalogue."""
    address = (
        reverse("indicator", args=[result["indicator"]]) if result["indicator"] else reverse("indicators")
    )
    return f"{address}?{urlencode({'organisation': result['organisation'], 'year': result['year']})}"


def _rows(_job: Job, result: dict[str, Any]) -> str:
    """The records that were listed."""
    names = ("year", "month", "part", "measure", "body", "known")
    query = {name: result[name] for name in names if result[name]}
    address = reverse("indicator_rows", args=[result["indicator"], result["organisation"]])
    return f"{address}?{urlencode(query)}"


def _ledger(result: dict[str, Any]) -> list[str]:
    return [result["organisation"], result["ledger"]]


def _batch(_job: Job, result: dict[str, Any]) -> str:
    """The batch; the ledger when nothing new was in the file."""
    if not result.get("batch"):
        return reverse("ledger", args=_ledger(result))
    return reverse("batch", args=[*_ledger(result), result["batch"]])


def _held(_job: Job, result: dict[str, Any]) -> str:
    """The rows of the ledger that are still held."""
    return reverse("held_rows", args=_ledger(result))


_WAYS: dict[str, tuple[str, Way]] = {
    "audit.document": (
        noop("查看核对结果"),
        lambda _job, result: reverse("audit", args=[result["organisation"], result["document"]]),
    ),
    "report.write": (
        noop("查看报告"),
        lambda job, result: reverse("report_version", args=[_case(job), result["number"]]),
    ),
    "release.make": (noop("查看公开情况"), _page("release")),
    "evaluation.compute": (noop("查看自评"), _page("evaluation")),
    "indicators.compute": (noop("查看指标"), lambda _job, _result: reverse("indicators")),
    "indicators.values": (noop("查看指标"), _values),
    "indicators.rows": (noop("查看记录"), _rows),
    "records.check": (
        noop("查看核对结果"),
        lambda job, result: reverse("records_check", args=[*_ledger(result), job.pk]),
    ),
    "records.import": (noop("查看导入批次"), _batch),
    "records.undo": (noop("查看撤销的批次"), _batch),
    "records.settle": (noop("查看待核和等待的行"), _held),
    "records.discard": (noop("查看待核和等待的行"), _held),
}
"""Words of the link and how its address is made, by kind of job."""


def result_of(job: Job, asker: User | None) -> Result | None:
    """The link to what a job made; None while there is nothing, or when it is a file for somebody else."""
    if job.state != JobState.DONE:
        return None
    result = job.result if isinstance(job.result, dict) else {}
    if result.get("file") and job.kind not in _WAYS:
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
