"""A document is uploaded, audited by a worker, and its findings are accepted with a reason by its own body."""

import io
import json
from pathlib import Path

import openpyxl
import pytest
from demonstrated import MOMENT, actor, demonstration
from released import done, write

from zhunsheng.audit.document import Document
from zhunsheng.store.database.file_store import content_of, keep
from zhunsheng.store.database.models import (
    AuditedDocument,
    Grant,
    Job,
    Organisation,
    OrganisationKind,
    StoredCase,
    StoredFile,
    TrailEntry,
    User,
)
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.auditing import jobs
from zhunsheng.workflow.auditing.actions import (
    AcceptFinding,
    AuditAgain,
    UndoAcceptance,
    UploadDocument,
    shown_name,
)
from zhunsheng.workflow.auditing.bodies import own_bodies, readable_bodies
from zhunsheng.workflow.auditing.results import EXPORTS, documented, findings_of, open_errors
from zhunsheng.workflow.jobs import Cancelled, Work, enqueue, take

pytestmark = pytest.mark.django_db

# the sum of the parts is 20630; the whole is said to be 20450
WRONG = "本工程总建筑面积20450平方米，其中地上建筑面积15320平方米，地下建筑面积5310平方米。\n"


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def upload(
    text: str | bytes = WRONG, name: str = "工程.txt", who: str = "caiwu", **more: object
) -> AuditedDocument:
    content = text.encode() if isinstance(text, str) else text
    body = Organisation.objects.get(code=str(more.pop("body", "huadu-amr")))
    against = more.pop("against", None)
    assert against is None or isinstance(against, StoredCase)
    changes = perform(UploadDocument(body, name, keep([content]), against), actor(who), MOMENT)
    return AuditedDocument.objects.get(pk=changes[0].after["document"])


def audited(document: AuditedDocument) -> AuditedDocument:
    done(Job.objects.filter(kind="audit.document", parameters__document=document.pk).latest("pk"))
    document.refresh_from_db()
    return document


def test_the_planted_fault_is_found_and_marked(year: StoredCase) -> None:
    document = audited(upload())
    (finding,) = findings_of(document)
    assert (finding["code"], finding["severity"]) == ("A103", "error")
    assert open_errors(document) == [finding]
    assert document.page is not None
    page = content_of(document.page).decode()
    assert 'id="p0-0"' in page
    assert '<mark class="error"' in page
    lines = TrailEntry.objects.filter(subject=f"audit/{document.pk}").values_list("action", "who")
    assert list(lines) == [("audit.upload", "caiwu"), ("audit.keep", "caiwu")]


def test_text_of_the_document_never_becomes_markup(year: StoredCase) -> None:
    document = audited(upload("<script>alert(1)</script>" + WRONG, "<img src=x>.txt"))
    assert document.page is not None
    assert "<script>" not in content_of(document.page).decode()


def test_the_json_is_that_of_the_command_line(year: StoredCase) -> None:
    document = audited(upload())
    data = documented(document)
    assert set(data) == {"document", "documents", "coverage", "obligations", "findings", "accepted"}
    assert data["document"]["characters"] == len(WRONG)
    json.dumps(data)


def test_a_finding_is_accepted_with_a_reason_and_that_is_undone(year: StoredCase) -> None:
    document = audited(upload())
    key = findings_of(document)[0]["key"]
    for empty in ("", "   ", "字" * 1001):
        with pytest.raises(Invalid):
            perform(AcceptFinding(document, key, empty), actor("caiwu"), MOMENT)
    with pytest.raises(Invalid):
        perform(AcceptFinding(document, "nothing", "理由"), actor("caiwu"), MOMENT)
    perform(AcceptFinding(document, key, "含人防面积 180 平方米"), actor("tianbao"), MOMENT)
    assert open_errors(document) == []
    assert [each["reason"] for each in documented(document)["accepted"]] == ["含人防面积 180 平方米"]
    with pytest.raises(Stale) as told:
        perform(AcceptFinding(document, key, "又一次"), actor("caiwu"), MOMENT)
    assert "陈填报" in told.value.what
    line = TrailEntry.objects.last()
    assert line is not None
    assert (line.action, line.reason) == ("audit.accept", "含人防面积 180 平方米")
    perform(UndoAcceptance(document, key), actor("caiwu"), MOMENT)
    assert len(open_errors(document)) == 1
    with pytest.raises(Stale):
        perform(UndoAcceptance(document, key), actor("caiwu"), MOMENT)


def rows(document: AuditedDocument) -> int:
    files = document.content[EXPORTS]["files"]
    name = next(each for each in files if each.endswith(".xlsx"))
    book = openpyxl.load_workbook(io.BytesIO(content_of(StoredFile.objects.get(sha256=files[name]))))
    return sum(1 for row in book.worksheets[0].iter_rows(values_only=True) if "A103" in row)


def test_the_files_leave_out_what_was_accepted_when_they_are_made_again(year: StoredCase) -> None:
    document = audited(upload())
    assert rows(document) == 1
    perform(AcceptFinding(document, findings_of(document)[0]["key"], "已核对"), actor("caiwu"), MOMENT)
    perform(AuditAgain(document), actor("caiwu"), MOMENT)
    assert rows(audited(document)) == 0
    assert len(findings_of(document)) == 1


def test_a_file_that_cannot_be_read_says_why(year: StoredCase) -> None:
    document = audited(upload(b"%PDF-1.7 broken", "坏.pdf"))
    assert "坏.pdf" in document.failed
    assert document.page is None
    assert findings_of(document) == []


def test_a_report_is_held_against_its_year(year: StoredCase) -> None:
    version = write(year)
    name = next(each for each in version.files if each.endswith("自评报告.html"))
    page = content_of(StoredFile.objects.get(sha256=version.files[name])).decode()
    same = audited(upload(page, name, against=year))
    assert [each for each in findings_of(same) if each["code"] == "C001"] == []
    # the bureau printed 287 elevators; somebody typed two digits in the wrong order
    changed = page.replace("抽检使用多年的老旧电梯", "抽检使用多年的老旧电梯", 1)
    place = changed.index(">287台<")
    changed = changed[:place] + ">278台<" + changed[place + len(">287台<") :]
    found = findings_of(audited(upload(changed, name, against=year)))
    assert [
        (each["code"], each["printed"], each["computed"]) for each in found if each["code"] == "C001"
    ] == [("C001", "278台", "287台")]


def test_a_document_held_against_a_year_is_audited_by_the_rules_too(year: StoredCase) -> None:
    alone = findings_of(audited(upload(WRONG)))
    document = audited(upload(WRONG, against=year))
    found = findings_of(document)
    assert [each["key"] for each in found if each["code"] == "A103"] == [each["key"] for each in alone]
    # no figure of this building stands in the year
    assert [each["printed"] for each in found if each["code"] == "C002"] == [
        "20450平方米",
        "15320平方米",
        "5310平方米",
    ]
    assert [each["severity"] for each in found] == ["error", "warning", "warning", "warning"]
    rules = {each["rule"] for each in document.content["obligations"]}
    assert {"A103", "C001"} <= rules
    assert document.page is not None
    page = content_of(document.page).decode()
    assert [f'id="p{number}-0"' in page for number in range(4)] == [True] * 4
    assert len(open_errors(document)) == 1


def test_documents_belong_to_the_body_and_only_its_people_see_them(year: StoredCase) -> None:
    upload(who="tianbao")
    bureau = Organisation.objects.get(code="huadu-amr")
    today = MOMENT.date()
    for who in ("tianbao", "chushi", "caiwu", "juzhang", "shenji", "guanli"):
        assert readable_bodies(actor(who), today) == (bureau,)
    # neither who oversees the body nor who reviews its year
    for who in ("caizheng", "sanfang"):
        assert readable_bodies(actor(who), today) == ()


def test_a_person_of_a_division_uploads_for_the_bureau(year: StoredCase) -> None:
    assert [each.code for each in own_bodies(actor("tianbao"))] == ["huadu-amr"]
    assert [each.code for each in own_bodies(actor("sanfang"))] == ["review-firm"]


def test_finance_bureau_and_third_party_have_documents_of_their_own(year: StoredCase) -> None:
    for who, body in (("caizheng", "huadu-czj"), ("sanfang", "review-firm")):
        document = upload(who=who, body=body)
        assert [each.code for each in readable_bodies(actor(who), MOMENT.date())] == [body]
        assert document.organisation.code == body
    assert [each.code for each in readable_bodies(actor("caiwu"), MOMENT.date())] == []


def test_nobody_uploads_for_another_body_and_who_only_reads_uploads_nothing(year: StoredCase) -> None:
    for who, body in (
        ("caizheng", "huadu-amr"),
        ("caiwu", "huadu-czj"),
        ("shenji", "huadu-amr"),
        ("guanli", "huadu-amr"),
    ):
        with pytest.raises(Refused):
            upload(who=who, body=body)


def test_others_accept_nothing(year: StoredCase) -> None:
    document = audited(upload())
    key = findings_of(document)[0]["key"]
    for who in ("caizheng", "sanfang", "shenji", "guanli"):
        with pytest.raises(Refused):
            perform(AcceptFinding(document, key, "理由"), actor(who), MOMENT)


def test_a_year_one_may_not_see_is_not_held_against(year: StoredCase) -> None:
    other = Organisation.objects.create(code="other-bureau", name="另一局", kind=OrganisationKind.BUREAU)
    stranger = User.objects.create(username="stranger", name="外人")
    Grant.objects.create(user=stranger, role="finance", organisation=other)
    with pytest.raises(Refused):
        upload(who="stranger", body="other-bureau", against=year)


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\文件\\报告.docx", "报告.docx"),
        ("", "未命名"),
        ("字" * 300 + ".docx", "字" * 195 + ".docx"),
    ],
)
def test_names_lose_folders_and_keep_their_ending(given: str, shown: str) -> None:
    assert shown_name(given) == shown


def test_a_cancelled_job_ends_although_readers_survive_everything(
    year: StoredCase, monkeypatch: pytest.MonkeyPatch
) -> None:
    def reader(data: bytes, name: str, *, progress: object) -> Document:
        try:
            assert callable(progress)
            progress(1, 2)
        except Exception:  # noqa: BLE001 - as the real readers do
            return Document(name, "pdf", "", "", ())
        raise AssertionError

    monkeypatch.setattr(jobs, "read_bytes", reader)
    enqueue("audit.document", "核对", {"document": 1}, actor("caiwu"))
    job = take("here", MOMENT)
    assert job is not None

    class Ended(Work):
        def progress(self, percent: int, _message: str = "") -> None:
            if percent > 2:
                raise Cancelled

    with pytest.raises(Cancelled):
        jobs.interruptible_read(b"", "a.pdf", Ended(job))


def test_the_marks_of_a_real_word_document_can_be_exported(year: StoredCase, tmp_path: Path) -> None:
    import docx  # noqa: PLC0415 - only here

    document = docx.Document()
    document.add_paragraph(WRONG.strip())
    document.save(str(tmp_path / "a.docx"))
    made = audited(upload((tmp_path / "a.docx").read_bytes(), "报告.docx"))
    files = made.content[EXPORTS]["files"]
    assert set(files) == {"报告-核对.html", "报告-问题清单.xlsx", "报告-批注.docx"}
    commented = docx.Document(io.BytesIO(content_of(StoredFile.objects.get(sha256=files["报告-批注.docx"]))))
    assert len(list(commented.comments)) >= 1
