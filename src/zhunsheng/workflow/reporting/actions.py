"""What people do with the report: edit its free text, keep a version of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Problem, Severity
from zhunsheng.plans.case import Narrative
from zhunsheng.plans.sections import NARRATIVE_SECTIONS
from zhunsheng.store.database.case_content import SECTION_OF, fields_of, row_with_key
from zhunsheng.store.database.case_rows import ROW_MODELS, CaseRow
from zhunsheng.store.database.models import (
    Acceptance,
    AuditedDocument,
    Job,
    ReportVersion,
    StoredCase,
    StoredFile,
)
from zhunsheng.workflow.action import Action, Change, Invalid, Setting, Stale
from zhunsheng.workflow.auditing.results import KeptAudit
from zhunsheng.workflow.reporting.paragraphs import faults_of, tidied
from zhunsheng.workflow.reporting.year import evaluated_year

NO_SECTION = Kind("REPORT-101", Severity.ERROR, "报告只有规定的文字段落", "从报告页面选择要修改的段落。")
_NARRATIVE = SECTION_OF["narrative"]


def narrative_row(case: StoredCase, section: str) -> CaseRow | None:
    """The row of a free-text section, or None while there is no text."""
    return row_with_key(case, _NARRATIVE, {"section": section})


@dataclass(frozen=True)
class EditNarrative(Action):
    """Writes the text of a section; an empty text takes the section out.

    Attributes:
        section: code, one of `NARRATIVE_SECTIONS`.
        seen: revision of the row the person has seen; None when there was no text.
    """

    code = "report.edit_text"
    label = "修改报告文字"
    right = "report.edit"
    touches_content = True

    case: StoredCase
    section: str
    text: str
    seen: int | None

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Write."""
        label = NARRATIVE_SECTIONS.get(self.section)
        if label is None:
            what = f"没有编码为“{self.section}”的段落"
            raise Invalid((NO_SECTION.at(Place(field="section"), what, value=self.section),))
        row = narrative_row(setting.year, self.section)
        if (None if row is None else row.revision) != self.seen:
            who = row.changed_by if row is not None else None
            raise Stale(f"“{label}”已被{who or '别人'}修改；请先复制您写的文字，重新打开这一段再改")
        text = tidied(self.text)
        faults = faults_of(evaluated_year(setting.year), self.section, text)
        if faults:
            raise Invalid(faults)
        before = "" if row is None else str(row.f_text)  # type: ignore[attr-defined] # made from the columns
        if text == before:
            return
        self._write(setting, row, text)
        yield Change(f"narrative/{self.section}", before, text)

    def _write(self, setting: Setting, row: CaseRow | None, text: str) -> None:
        if not text:
            if row is not None:
                row.delete()
            return
        if row is None:
            row = ROW_MODELS[_NARRATIVE.name](
                case=setting.year, position=list(NARRATIVE_SECTIONS).index(self.section)
            )
        else:
            row.revision += 1
        for name, value in fields_of(_NARRATIVE, Narrative(self.section, text)).items():
            setattr(row, name, value)
        row.changed, row.changed_by = setting.moment, setting.actor.user
        row.save()


@dataclass(frozen=True)
class KeepReport(Action):
    """Keeps a generated report as the next version of the year's report.

    Attributes:
        revision: of the content it was made from.
        total: the score it prints.
        files: by file name the hash of the stored file.
        missing: what is missing from it or doubtful in it.
        audit: what the audit of the report itself found; None when no format was made that can be audited.
        audited_file: name of the file that was audited.
        job: the work that made it.
    """

    code = "report.keep"
    label = "保存报告版本"
    right = "report.write"

    case: StoredCase
    revision: int
    total: str
    draft: bool
    files: Mapping[str, str]
    missing: tuple[Problem, ...] = ()
    audit: KeptAudit | None = None
    audited_file: str = ""
    job: Job | None = None

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep; a job that is begun again finds its version kept."""
        if self.job is not None and ReportVersion.objects.filter(job=self.job).exists():
            return
        before = ReportVersion.objects.filter(case=setting.year).order_by("number").last()
        made = ReportVersion.objects.create(
            case=setting.year,
            number=1 if before is None else before.number + 1,
            revision=self.revision,
            moment=setting.moment,
            who=setting.actor.user,
            total=self.total,
            draft=self.draft,
            files=dict(self.files),
            checks=self._checks(),
            audited=self._document(setting, before),
            job=self.job,
        )
        after = {
            "total": self.total,
            "draft": self.draft,
            "revision": self.revision,
            "files": dict(self.files),
            "findings": len(made.checks),
        }
        yield Change(f"report/{made.number}", None, after)

    def _checks(self) -> list[dict[str, Any]]:
        missing = [{**each.as_data(), "key": ""} for each in self.missing]
        return [*missing, *([] if self.audit is None else checks_of(self.audit.content))]

    def _document(self, setting: Setting, before: ReportVersion | None) -> AuditedDocument | None:
        """The report as an audited document; what was accepted in the version before stays accepted."""
        if self.audit is None or setting.actor.user is None:
            return None
        made = AuditedDocument.objects.create(
            organisation=setting.year.organisation,
            name=self.audited_file,
            file=StoredFile.objects.get(sha256=self.files[self.audited_file]),
            who=setting.actor.user,
            moment=setting.moment,
            content=self.audit.content,
            page=self.audit.page,
            failed=self.audit.failed,
        )
        keys = {each["key"] for each in self.audit.content["findings"]}
        known = Acceptance.objects.filter(document__reports=before, finding__in=keys) if before else ()
        Acceptance.objects.bulk_create(
            Acceptance(
                document=made, finding=each.finding, reason=each.reason, who=each.who, moment=each.moment
            )
            for each in known
        )
        return made


def checks_of(content: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The findings of an audit in the shape of problems, each with its key."""
    return [
        {
            "key": each["key"],
            "code": each["code"],
            "severity": each["severity"],
            "place": {"field": "、".join(place["text"] for place in each["places"])},
            "value": each["printed"] or None,
            "what": each["message"],
            "why": f"应为 {each['computed']}" if each["computed"] else "",
            "remedy": each["remedy"],
        }
        for each in content["findings"]
    ]
