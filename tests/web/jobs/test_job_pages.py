"""The pages of jobs: one's own, those of one's body, progress, cancelling, the file that was made."""

import pytest
from calling import received
from demonstrated import MOMENT, actor, client_of, demonstration

from zhunsheng.store.database.file_store import keep
from zhunsheng.store.database.models import Job, JobState, StoredCase, TrailEntry
from zhunsheng.workflow.jobs import do_all, enqueue

pytestmark = pytest.mark.django_db


def job_of(who: str, case: StoredCase | None = None, **fields: object) -> Job:
    made = enqueue("report.write", f"{who}的任务", {}, actor(who), case=case)
    Job.objects.filter(pk=made.pk).update(**fields)
    made.refresh_from_db()
    return made


def test_an_empty_list_says_what_will_stand_there() -> None:
    demonstration()
    assert "还没有后台任务" in client_of("tianbao").get("/jobs/").content.decode()


def test_everybody_sees_their_own_and_finance_those_of_the_body() -> None:
    case = demonstration()
    job_of("tianbao", case)
    job_of("caiwu", case)
    own = client_of("caiwu").get("/jobs/").content.decode()
    assert "caiwu的任务" in own
    assert "tianbao的任务" not in own
    assert "tianbao的任务" in client_of("caiwu").get("/jobs/?scope=all").content.decode()
    # the wider list is not to be had by asking for it
    other = client_of("tianbao").get("/jobs/?scope=all").content.decode()
    assert "tianbao的任务" in other
    assert "caiwu的任务" not in other


def test_jobs_are_chosen_by_state_and_a_state_that_is_none_chooses_nothing() -> None:
    demonstration()
    job_of("caiwu", state=JobState.DONE)
    client = client_of("caiwu")
    assert "没有这种状态的任务" in client.get("/jobs/?state=failed").content.decode()
    assert "caiwu的任务" in client.get("/jobs/?state=done").content.decode()
    assert "caiwu的任务" in client.get("/jobs/?state=%3Cscript%3E").content.decode()


def test_somebody_elses_job_is_not_there() -> None:
    case = demonstration()
    job = job_of("caiwu", case)
    for address in ("", "progress/", "file/"):
        assert client_of("tianbao").get(f"/jobs/{job.pk}/{address}").status_code == 404
    assert client_of("tianbao").post(f"/jobs/{job.pk}/cancel/").status_code == 404
    job.refresh_from_db()
    assert not job.cancel_asked


def test_a_running_job_shows_how_far_it_is_and_asks_again() -> None:
    demonstration()
    job = job_of("caiwu", state=JobState.RUNNING, percent=45, message="生成收支情况表")
    text = client_of("caiwu").get(f"/jobs/{job.pk}/").content.decode()
    assert "45%" in text
    assert "生成收支情况表" in text
    assert f'hx-get="/jobs/{job.pk}/progress/"' in text
    piece = client_of("caiwu").get(f"/jobs/{job.pk}/progress/")
    assert "<html" not in piece.content.decode()
    assert "HX-Redirect" not in piece.headers


def test_a_job_that_is_over_leads_to_the_whole_page() -> None:
    demonstration()
    job = job_of("caiwu", state=JobState.DONE)
    piece = client_of("caiwu").get(f"/jobs/{job.pk}/progress/")
    assert piece.headers["HX-Redirect"] == f"/jobs/{job.pk}/"
    assert "hx-get" not in piece.content.decode()


def test_what_was_wrong_is_listed() -> None:
    demonstration()
    problem = {
        "code": "TEST-001",
        "severity": "error",
        "place": {"file": "台账.xlsx", "line": 12},
        "what": "<b>第 12 行</b>缺少编号",
        "why": "编号必填",
        "remedy": "补上后重试",
    }
    job = job_of("caiwu", state=JobState.FAILED, message="内容有错，没有写入", problems=[problem])
    text = client_of("caiwu").get(f"/jobs/{job.pk}/").content.decode()
    assert "&lt;b&gt;第 12 行&lt;/b&gt;缺少编号" in text
    assert "补上后重试" in text


def test_cancelling_takes_a_post_and_leaves_a_line() -> None:
    case = demonstration()
    job = job_of("tianbao", case)
    client = client_of("tianbao")
    assert client.get(f"/jobs/{job.pk}/cancel/").status_code == 302
    job.refresh_from_db()
    assert job.state == JobState.WAITING
    answer = client.post(f"/jobs/{job.pk}/cancel/", follow=True)
    assert "已取消" in answer.content.decode()
    job.refresh_from_db()
    assert job.state == JobState.CANCELLED
    assert do_all() == []
    assert TrailEntry.objects.filter(action="job.cancel", who="tianbao").count() == 1
    # once more: told that it is over
    assert client.post(f"/jobs/{job.pk}/cancel/").status_code == 409


def test_a_file_is_handed_out_to_whoever_asked_for_it_only() -> None:
    case = demonstration()
    file = keep([b"a,b\n"])
    job = job_of("tianbao", case, state=JobState.DONE, result={"file": file.sha256, "name": "结果.csv"})
    answer = client_of("tianbao").get(f"/jobs/{job.pk}/file/")
    assert received(answer) == b"a,b\n"
    assert "attachment" in answer.headers["Content-Disposition"]
    # finance sees the job, but not what was made with somebody else's rights
    caiwu = client_of("caiwu")
    assert caiwu.get(f"/jobs/{job.pk}/file/").status_code == 404
    assert "下载" not in caiwu.get(f"/jobs/{job.pk}/").content.decode()


@pytest.mark.parametrize(
    ("kind", "result", "address"),
    [
        ("audit.document", {"organisation": "huadu-amr", "document": 7}, "/audit/huadu-amr/7/"),
        ("report.write", {"number": 2}, "/report/huadu-2023/versions/2/"),
        ("release.make", {}, "/release/huadu-2023/"),
        ("evaluation.compute", {}, "/evaluation/huadu-2023/"),
        ("report.write", {"of": "an older program"}, ""),
        ("report.write", {"url": "//elsewhere.example/"}, ""),
    ],
)
def test_a_result_leads_to_its_page(kind: str, result: dict[str, object], address: str) -> None:
    case = demonstration()
    job = job_of("caiwu", case, kind=kind, state=JobState.DONE, result=result, finished=MOMENT)
    answer = client_of("caiwu").get(f"/jobs/{job.pk}/")
    found = answer.context["result"]
    assert (found.url if found else "") == address


def test_jobs_need_a_person() -> None:
    demonstration()
    from django.test import Client  # noqa: PLC0415 - only here

    assert Client().get("/jobs/").status_code == 302
