"""The report is written by a worker, audited like any other document, and kept as a version."""

import io

import docx
import openpyxl
import pypdfium2
import pytest
from demonstrated import actor, demonstration
from released import accept_errors, complete_year, done, write

from zhunsheng.store.database.file_store import content_of
from zhunsheng.store.database.models import Acceptance, Job, ReportVersion, StoredFile
from zhunsheng.workflow.auditing.results import findings_of
from zhunsheng.workflow.jobs import do_all, enqueue

pytestmark = pytest.mark.django_db


def file(version: ReportVersion, ending: str) -> bytes:
    name = next(each for each in version.files if each.endswith(ending))
    return content_of(StoredFile.objects.get(sha256=version.files[name]))


def test_an_incomplete_year_gives_a_draft_that_says_what_is_missing() -> None:
    version = write(demonstration())
    assert version.draft
    # the source report prints 94.98
    assert (version.number, version.total) == (1, "94.98")
    missing = {each["code"] for each in version.checks if not each["key"]}
    assert missing == {"REPORT-010", "REPORT-011"}
    assert "草稿" in file(version, "自评报告.html").decode()


def test_a_complete_year_gives_a_report_with_its_audit() -> None:
    version = write(complete_year())
    assert not version.draft
    assert version.who is not None
    assert version.who.username == "caiwu"
    audited = version.audited
    assert audited is not None
    assert audited.organisation.code == "huadu-amr"
    assert [each["key"] for each in version.checks] == [each["key"] for each in findings_of(audited)]
    # the inspection of 124.26 percent in the source's own text is beyond its base
    assert any("124.26%" in each["what"] for each in version.checks)


@pytest.mark.slow
def test_every_format_opens() -> None:
    version = write(complete_year(), ("docx", "pdf", "html", "xlsx"))
    document = docx.Document(io.BytesIO(file(version, "自评报告.docx")))
    assert "部门整体支出绩效自评报告" in "".join(each.text for each in document.paragraphs[:3])
    pdf = pypdfium2.PdfDocument(file(version, "自评报告.pdf"))
    assert len(pdf) > 5
    pdf.close()
    book = openpyxl.load_workbook(io.BytesIO(file(version, "评分表.xlsx")))
    assert any("94.98" in str(cell.value) for row in book.worksheets[0] for cell in row)
    assert version.audited is not None
    assert version.audited.name.endswith("自评报告.docx")


def test_forms_alone_are_written_without_an_audit() -> None:
    version = write(complete_year(), ("xlsx",))
    assert version.audited is None
    assert all(name.endswith(".xlsx") for name in version.files)


def test_what_was_accepted_stays_accepted_in_the_next_version() -> None:
    year = complete_year()
    first = write(year)
    assert first.audited is not None
    finding = findings_of(first.audited)[0]["key"]
    first.audited.acceptances.create(
        finding=finding, reason="两处口径不同", who=first.audited.who, moment=first.moment
    )
    second = write(year)
    assert second.number == 2
    assert second.audited is not None
    kept = Acceptance.objects.get(document=second.audited)
    assert (kept.finding, kept.reason, kept.moment) == (finding, "两处口径不同", first.moment)
    assert accept_errors(second) == accept_errors(first)


def test_a_job_that_is_begun_again_makes_no_second_version() -> None:
    version = write(complete_year())
    assert version.job is not None
    Job.objects.filter(pk=version.job.pk).update(state="waiting", attempts=0)
    done(version.job)
    assert ReportVersion.objects.count() == 1


def test_others_do_not_write_reports() -> None:
    year = demonstration()
    for who in ("tianbao", "chushi", "sanfang", "shenji", "guanli"):
        job = enqueue("report.write", "生成报告", {"formats": ["xlsx"]}, actor(who), case=year)
        do_all()
        job.refresh_from_db()
        assert job.state == "failed"
    assert not ReportVersion.objects.exists()
