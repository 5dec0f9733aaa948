"""Jobs: taken once, kept while worked on, begun anew when a worker falls silent, and over in one of few ways."""

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from demonstrated import actor, demonstration
from django.db import OperationalError, connection
from django.test.utils import CaptureQueriesContext
from pretended_work import PLANS

from zhunsheng.assembly.rejections import Rejected, WrongRequest
from zhunsheng.assembly.surroundings import Surroundings
from zhunsheng.kernel.place import Place
from zhunsheng.kernel.problem import Kind, Severity
from zhunsheng.store.database.models import Job, JobState, Organisation, StoredCase, TrailEntry
from zhunsheng.store.records.faults import StoreFault
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.job_acts import CancelJob, jobs_seen_by
from zhunsheng.workflow.jobs import (
    KINDS,
    LEASE,
    MOST_ATTEMPTS,
    AlreadyAsked,
    Work,
    do,
    do_all,
    enqueue,
    enqueue_once,
    give_back,
    renew,
    take,
)
from zhunsheng.workflow.worker import Worker

pytestmark = pytest.mark.django_db

NOW = datetime(2024, 1, 15, 1, 0, tzinfo=UTC)
KIND = Kind("TEST-001", Severity.ERROR, "原因", "办法")
PROBLEM = KIND.at(Place("文件.xlsx", line=3), "第 3 行不对")

Plan = Callable[[Work], dict[str, Any]]


@pytest.fixture(autouse=True)
def _kind(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setitem(KINDS, "test.work", "pretended_work:work_as_planned")
    yield
    PLANS.clear()


def asked(plan: Plan | None = None, who: str = "caiwu", case: StoredCase | None = None) -> Job:
    name = f"plan{len(PLANS)}"
    PLANS[name] = plan or (lambda _work: {"done": True})
    return enqueue("test.work", "试验", {"plan": name}, actor(who), case=case)


def raises(error: Exception) -> Plan:
    def plan(_work: Work) -> dict[str, Any]:
        raise error

    return plan


def test_jobs_are_taken_in_order_and_each_by_one_worker() -> None:
    demonstration()
    first, second = asked(), asked()
    one, other = take("a", NOW), take("b", NOW)
    assert (one, other) == (first, second)
    assert take("c", NOW) is None


def test_looking_for_work_in_vain_takes_no_lock() -> None:
    demonstration()
    with CaptureQueriesContext(
        connection,
    ) as asked_of_database:
        assert take("a", NOW) is None
    (query,) = asked_of_database.captured_queries
    assert query["sql"].startswith("SELECT")
    assert "FOR UPDATE" not in query["sql"]


def test_there_are_no_jobs_of_unknown_kinds() -> None:
    demonstration()
    with pytest.raises(LookupError):
        enqueue("no.such", "x", {}, actor("caiwu"))


def test_a_job_belongs_to_the_body_of_its_year() -> None:
    case = demonstration()
    assert asked(case=case).organisation == case.organisation


def test_a_lease_is_kept_by_renewing_and_lost_by_silence() -> None:
    demonstration()
    asked()
    held = take("a", NOW)
    assert held is not None
    just_before = NOW + LEASE - timedelta(seconds=1)
    assert take("b", just_before) is None
    assert renew(held, just_before)
    assert take("b", NOW + LEASE + timedelta(seconds=1)) is None
    taken = take("b", just_before + LEASE + timedelta(seconds=1))
    assert taken is not None
    assert (taken.worker, taken.attempts) == ("b", 2)
    assert not renew(held, NOW)


def test_whoever_lost_the_lease_changes_nothing_any_more() -> None:
    demonstration()
    asked()
    slow = take("a", NOW)
    assert slow is not None
    begun_again = take("b", NOW + LEASE + timedelta(seconds=1))
    assert begun_again is not None
    do(slow)
    found = Job.objects.get()
    assert (found.state, found.worker) == (JobState.RUNNING, "b")
    do(begun_again)
    assert Job.objects.get().state == JobState.DONE


def test_a_job_that_is_interrupted_again_and_again_fails() -> None:
    demonstration()
    asked()
    moment = NOW
    for _ in range(MOST_ATTEMPTS):
        found = take("a", moment)
        assert found is not None
        assert found.state == JobState.RUNNING
        moment += LEASE + timedelta(seconds=1)
    found = take("a", moment)
    assert found is not None
    assert (found.state, found.lease) == (JobState.FAILED, None)
    assert "中断了 3 次" in found.message
    assert take("a", moment + LEASE) is None


def test_a_job_that_is_given_back_waits_and_the_attempt_does_not_count() -> None:
    demonstration()
    asked()
    for _ in range(MOST_ATTEMPTS + 2):
        found = take("a", NOW)
        assert found is not None
        assert give_back(found)
        assert not give_back(found)
    again = take("b", NOW)
    assert again is not None
    assert again.attempts == 1


def test_a_worker_that_must_end_gives_the_job_back() -> None:
    demonstration()
    seen: list[int] = []

    def plan(work: Work) -> dict[str, Any]:
        seen.append(work.job.pk)
        work.progress(50)
        return {}

    asked(plan)
    found = take("a", NOW)
    assert found is not None
    ends = iter([False, True, True, True])
    assert do(found, lambda: next(ends)).state == JobState.WAITING
    assert do_all()[0].state == JobState.DONE
    assert len(seen) == 2


def test_progress_is_shown_and_written_only_when_it_says_something() -> None:
    demonstration()
    shown: list[tuple[int, str]] = []

    def plan(work: Work) -> dict[str, Any]:
        work.progress(30, "读取")
        with CaptureQueriesContext(connection) as repeated:
            work.progress(30, "读取")
        assert not repeated.captured_queries
        now = Job.objects.get()
        shown.append((now.percent, now.message))
        work.progress(250, "字" * 400)
        now = Job.objects.get()
        shown.append((now.percent, now.message))
        return {"rows": 3}

    asked(plan)
    (done,) = do_all()
    assert shown == [(30, "读取"), (100, "字" * 300)]
    assert (done.state, done.percent, done.result, done.message) == (JobState.DONE, 100, {"rows": 3}, "")
    assert done.lease is None
    assert done.finished is not None


def test_work_is_done_with_what_the_asker_holds_now() -> None:
    demonstration()
    names: list[tuple[str, int]] = []

    def plan(work: Work) -> dict[str, Any]:
        names.append((work.actor.name, len(work.actor.holdings)))
        return {}

    asked(plan)
    assert actor("caiwu").user is not None
    actor("caiwu").user.grants.all().delete()  # type: ignore[union-attr] # asked above
    do_all()
    assert names == [("王财务", 0)]


@pytest.mark.parametrize(
    ("error", "message", "problems"),
    [
        (Invalid((PROBLEM,)), "内容有错", 1),
        (Rejected((PROBLEM, PROBLEM)), "内容有错", 2),
        (StoreFault(PROBLEM), "第 3 行不对", 1),
        (Refused("没有权限"), "没有权限", 0),
        (Stale("已被他人修改"), "已被他人修改", 0),
        (WrongRequest("没有这个指标。"), "没有这个指标", 0),
        (Surroundings("缺少字体"), "缺少字体", 0),
    ],
    ids=lambda each: type(each).__name__ if isinstance(each, Exception) else "",
)
def test_what_people_can_mend_is_told_to_them(error: Exception, message: str, problems: int) -> None:
    demonstration()
    asked(raises(error))
    (failed,) = do_all()
    assert failed.state == JobState.FAILED
    assert message in failed.message
    assert len(failed.problems) == problems
    assert all(each["code"] == "TEST-001" and each["place"]["line"] == 3 for each in failed.problems)


def test_what_nobody_foresaw_is_told_by_a_number_and_traced_in_the_log(
    caplog: pytest.LogCaptureFixture,
) -> None:
    demonstration()
    asked(raises(ZeroDivisionError("planted secret")))
    with caplog.at_level(logging.ERROR, "zhunsheng.mishaps"):
        (failed,) = do_all()
    assert failed.state == JobState.FAILED
    assert "planted" not in failed.message
    (line,) = caplog.records
    reference = failed.message.split("编号 ")[1].split(" ")[0]
    assert reference in line.getMessage()
    assert line.exc_info is not None
    assert "planted secret" in caplog.text


def test_a_database_that_refuses_for_a_moment_is_asked_again() -> None:
    demonstration()
    turns: list[int] = []

    def plan(work: Work) -> dict[str, Any]:
        turns.append(work.job.attempts)
        if len(turns) == 1:
            raise OperationalError("database is locked")
        return {}

    asked(plan)
    assert [each.state for each in do_all()] == [JobState.WAITING, JobState.DONE]
    assert turns == [1, 2]


def test_a_database_that_always_refuses_makes_the_job_fail() -> None:
    demonstration()
    asked(raises(OperationalError("database is locked")))
    assert [each.state for each in do_all()] == [JobState.WAITING, JobState.WAITING, JobState.FAILED]


def test_a_waiting_job_is_cancelled_at_once_and_never_done() -> None:
    case = demonstration()
    job = asked(raises(AssertionError("done all the same")), case=case)
    perform(CancelJob(job), actor("caiwu"), NOW)
    job.refresh_from_db()
    assert (job.state, job.finished) == (JobState.CANCELLED, NOW)
    assert do_all() == []
    line = TrailEntry.objects.get(action="job.cancel")
    assert (line.subject, line.organisation) == (f"jobs/{job.pk}", case.organisation.code)


def test_a_job_that_is_worked_on_stops_at_its_next_step() -> None:
    demonstration()
    reached: list[str] = []

    def plan(work: Work) -> dict[str, Any]:
        perform(CancelJob(work.job), actor("caiwu"), NOW)
        work.progress(10, "下一步")
        reached.append("beyond")
        return {}

    asked(plan)
    (job,) = do_all()
    assert (job.state, reached) == (JobState.CANCELLED, [])


def test_a_job_asked_to_stop_whose_worker_died_is_cancelled_not_begun_anew() -> None:
    demonstration()
    job = asked(raises(AssertionError("done all the same")))
    take("a", NOW)
    perform(CancelJob(job), actor("caiwu"), NOW)
    found = take("b", NOW + LEASE + timedelta(seconds=1))
    assert found is not None
    assert do(found).state == JobState.CANCELLED


def test_what_is_over_is_not_cancelled() -> None:
    demonstration()
    job = asked()
    do_all()
    with pytest.raises(Stale, match="已经结束"):
        perform(CancelJob(job), actor("caiwu"), NOW)


@pytest.mark.parametrize(
    ("username", "sees", "may"),
    [
        ("tianbao", True, True),
        ("guanli", True, True),
        ("caiwu", True, False),
        ("chushi", False, False),
        ("juzhang", False, False),
        ("caizheng", False, False),
        ("shenji", False, False),
    ],
)
def test_who_sees_and_cancels_a_job_of_a_filler(username: str, sees: bool, may: bool) -> None:
    case = demonstration()
    job = asked(who="tianbao", case=case)
    assert jobs_seen_by(actor(username)).filter(pk=job.pk).exists() is sees
    if may:
        perform(CancelJob(job), actor(username), NOW)
    else:
        with pytest.raises(Refused, match="自己发起"):
            perform(CancelJob(job), actor(username), NOW)


def test_jobs_of_another_body_are_not_seen_by_finance() -> None:
    demonstration()
    other = Organisation.objects.create(code="other", name="别的局", kind="bureau")
    PLANS["x"] = lambda _work: {}
    job = enqueue("test.work", "别人的", {"plan": "x"}, actor("juzhang"), organisation=other)
    assert not jobs_seen_by(actor("caiwu")).filter(pk=job.pk).exists()


@pytest.mark.django_db(transaction=True)
def test_a_worker_does_what_waits_and_ends_when_told() -> None:
    demonstration()
    jobs = [asked() for _ in range(3)]
    told: list[tuple[int, str]] = []

    def tell(job: Job) -> None:
        told.append((job.pk, job.state))
        if len(told) == 6:
            worker.stop()

    worker = Worker(told=tell)
    worker.run()
    assert told == [(each.pk, state) for each in jobs for state in (JobState.RUNNING, JobState.DONE)]
    assert set(Job.objects.values_list("worker", flat=True)) == {worker.name}


def test_no_two_workers_have_the_same_name() -> None:
    assert len({Worker().name for _ in range(20)}) == 20


# ---- asked for twice


def test_the_same_work_of_the_same_person_is_asked_for_once_until_it_is_over() -> None:
    case = demonstration()
    other = Organisation.objects.create(code="other", name="别的局", kind="bureau")
    given = {"plan": "x", "given": {"b": "1", "a": "2"}}
    first = enqueue_once("test.work", "试验", given, actor("caiwu"), organisation=case.organisation)
    for state in (JobState.WAITING, JobState.RUNNING):
        Job.objects.update(state=state)
        # what is asked for is the same in whatever order it is written
        same = {"given": {"a": "2", "b": "1"}, "plan": "x"}
        with pytest.raises(AlreadyAsked) as told:
            enqueue_once("test.work", "试验", same, actor("caiwu"), organisation=case.organisation)
        assert told.value.job == first
    made = {
        enqueue_once("test.work", "试验", given, actor("tianbao"), organisation=case.organisation).pk,
        enqueue_once("test.work", "试验", given, actor("caiwu"), organisation=other).pk,
        enqueue_once("test.work", "试验", given, actor("caiwu"), case=case).pk,
        enqueue_once("test.work", "试验", {"plan": "y"}, actor("caiwu"), organisation=case.organisation).pk,
        enqueue_once("trail.export", "试验", given, actor("caiwu"), organisation=case.organisation).pk,
    }
    assert len(made - {first.pk}) == 5
    for state in (JobState.DONE, JobState.FAILED, JobState.CANCELLED):
        Job.objects.filter(organisation=case.organisation, case=None).update(state=state)
        enqueue_once("test.work", "试验", given, actor("caiwu"), organisation=case.organisation)


@pytest.mark.django_db(transaction=True)
def test_forms_sent_at_the_same_moment_ask_for_one_job() -> None:
    demonstration()
    person, gate = actor("caiwu"), threading.Barrier(6, timeout=30)

    def sent(number: int) -> int:
        gate.wait()
        try:
            for _ in range(1_000):
                # a database in memory says at once that it is locked where a file lets one wait
                with suppress(OperationalError):
                    return enqueue_once("test.work", f"第 {number} 次", {"plan": "x"}, person).pk
                time.sleep(0.01)
        except AlreadyAsked as earlier:
            return earlier.job.pk
        finally:
            connection.close()
        raise AssertionError(number)

    with ThreadPoolExecutor(6) as threads:
        numbers = list(threads.map(sent, range(6)))
    assert numbers == [Job.objects.get().pk] * 6
