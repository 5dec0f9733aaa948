"""The work of writing a report: all files of the year, the audit of the report itself, the version that is kept."""

from collections.abc import Mapping
from typing import Any

from zhunsheng.assembly.cases import hashed_case
from zhunsheng.assembly.reporting import FORMATS, Written, make_report
from zhunsheng.kernel.rounding import plain
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import ReportVersion, StoredCase
from zhunsheng.workflow.action import perform
from zhunsheng.workflow.auditing.jobs import audited
from zhunsheng.workflow.auditing.results import KeptAudit, kept_audit
from zhunsheng.workflow.jobs import Work
from zhunsheng.workflow.reporting.actions import KeepReport

AUDITED_KINDS = ("docx", "pdf", "html")
"""Which file of a report is audited: the first of these that was made."""


def write_report(work: Work) -> dict[str, Any]:
    """Write the report of a year with all its forms and keep it as a version.

    Parameters of the job: `formats`, of docx, pdf, html and xlsx.
    """
    stored = StoredCase.objects.select_related("organisation__overseer").get(jobs=work.job)
    formats = tuple(each for each in FORMATS if each in work.parameters["formats"])
    work.progress(5, "读取年度档案")
    # the revision is read before the rows: a change in between makes the report old, never wrongly new
    revision, case = stored.revision, case_of(stored)
    done = 0

    def step(name: str) -> None:
        nonlocal done
        work.progress(min(10 + done * 5, 68), f"生成{name}")
        done += 1

    written = make_report(hashed_case(case), None, formats, step)
    name, audit = audit_of_report(written, work)
    work.progress(95, "保存")
    files = {each: keep([content]).sha256 for each, content in written.files.items()}
    keeping = KeepReport(
        stored,
        revision,
        plain(written.evaluation.total),
        written.draft,
        files,
        missing=written.problems,
        audit=audit,
        audited_file=name,
        job=work.job,
    )
    perform(keeping, work.actor)
    made = ReportVersion.objects.get(job=work.job)
    return {"case": stored.code, "number": made.number, "files": sorted(files), "draft": made.draft}


def audit_of_report(written: Written, work: Work) -> tuple[str, KeptAudit | None]:
    """The audit of the report just written, as of any other document; None when only forms were made."""
    name = _audited_name(written.files)
    if not name:
        return "", None
    from zhunsheng.documents.reading.reading import read_bytes  # noqa: PLC0415 - readers load slowly

    work.progress(70, "核对报告本身")
    source = written.files[name]
    result = audited(read_bytes(source, name, ocr=False), lambda _percent, step: work.progress(75, step))
    return name, kept_audit(result, source, (), lambda _percent, step: work.progress(85, step))


def _audited_name(files: Mapping[str, bytes]) -> str:
    for kind in AUDITED_KINDS:
        for name in files:
            if name.endswith(f"-自评报告.{kind}"):
                return name
    return ""
