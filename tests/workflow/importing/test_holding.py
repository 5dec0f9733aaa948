"""Rows held at import: corrected and put in, or given up; by the right people, once, with the trail."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from demonstrated import actor, demonstration
from django.db import OperationalError, connection
from records_site import BAD, GOOD, HEAD, ORGS, body, imported, with_reference_lists, workbook

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import Job, JobState, TrailEntry
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState
from zhunsheng.store.records.waiting import discard_held
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.importing.holding import (
    MOST_AT_ONCE,
    DiscardHeldRow,
    DiscardHeldRows,
    ReleaseHeldRow,
    StillFaulty,
    corrections_of,
    rows_in_hand,
    settling_of,
)
from zhunsheng.workflow.importing.places import HIDDEN, opened
from zhunsheng.workflow.jobs import LEASE, do, do_all, take

pytestmark = pytest.mark.django_db
LEDGER = "market_entity"


@pytest.fixture(autouse=True)
def _site(settings: Any, tmp_path: Path) -> None:
    settings.FILES_DIRECTORY, settings.STORES_DIRECTORY = tmp_path / "files", tmp_path / "stores"
    demonstration()


@pytest.fixture
def held() -> HeldRow:
    """The row of A5, whose capital says 78 %."""
    with_reference_lists()
    imported(workbook(*GOOD, *BAD))
    return the_row()


def ledger(code: str = LEDGER) -> LedgerDefinition:
    found = ledger_of(code)
    assert found is not None
    return found


def the_row(state: HoldState | None = HoldState.OPEN) -> HeldRow:
    with opened(body()) as store:
        (found,) = store.manifest.held(LEDGER, state=state)
        return found


def stored() -> int:
    """How many records of the ledger are in force."""
    with opened(body()) as store:
        return sum(each.rows - each.closed for each in store.batches(LEDGER) if each.undone_at is None)


def changed(line: TrailEntry) -> tuple[dict[str, str], dict[str, str]]:
    assert isinstance(line.before, dict)
    assert isinstance(line.after, dict)
    return line.before, line.after


def release(row: HeldRow, who: str = "caiwu", *, confirmed: bool = False, **corrections: str) -> None:
    perform(ReleaseHeldRow(body(), ledger(), row.number, corrections, confirmed=confirmed), actor(who))


def test_a_faulty_row_is_refused_at_once_with_everything_that_is_wrong(held: HeldRow) -> None:
    with pytest.raises(StillFaulty) as refused:
        release(held, established_on="2019-13-01", reg_org="")
    found = {name for each in refused.value.faults for name in each.fields}
    # the doubtful capital that was not touched, a day that is none, and nobody responsible
    assert {"registered_capital", "established_on", "reg_org"} <= found
    assert not Job.objects.filter(kind="records.settle").exists()


def test_a_corrected_row_comes_in_and_the_trail_says_what_was_changed(held: HeldRow) -> None:
    before = stored()
    release(held, who="tianbao", registered_capital="780000", address="某路5号之二")
    (job,) = do_all()
    assert (job.state, job.result["outcome"]) == (JobState.DONE, "stored"), (job.message, job.problems)
    assert stored() == before + 1
    assert the_row(state=None).state is HoldState.RELEASED
    line = TrailEntry.objects.get(action="records.settle")
    assert line.subject == f"records/huadu-amr/market_entity/held/{held.number}"
    before_it, after_it = changed(line)
    assert (line.who, before_it["registered_capital"], after_it["registered_capital"]) == (
        "tianbao",
        "78%",
        "780000",
    )
    assert after_it["outcome"] == "已入库"


def test_what_is_personal_does_not_stand_in_the_trail(held: HeldRow) -> None:
    release(held, registered_capital="780000", legal_rep_name="钱七七")
    do_all()
    line = TrailEntry.objects.get(action="records.settle")
    assert "钱七七" not in str(line.after)
    assert [each["legal_rep_name"] for each in changed(line)] == [HIDDEN, HIDDEN]


def test_a_doubtful_row_is_put_in_as_it_is_only_when_somebody_says_so(held: HeldRow) -> None:
    with pytest.raises(StillFaulty):
        release(held)
    release(held, confirmed=True, registered_capital="")
    (job,) = do_all()
    assert job.result["outcome"] == "stored"


def test_a_row_is_given_up_with_the_reason_and_stays_on_record(held: HeldRow) -> None:
    before = stored()
    for why, code in (("", "RECORDS-016"), ("长" * 501, "RECORDS-007")):
        with pytest.raises(Invalid) as refused:
            perform(DiscardHeldRow(body(), ledger(), held.number, why), actor("caiwu"))
        assert [each.code for each in refused.value.problems] == [code]
    perform(DiscardHeldRow(body(), ledger(), held.number, "重复登记"), actor("caiwu"))
    do_all()
    found = the_row(state=None)
    assert (found.state, found.resolved_by) == (HoldState.DISCARDED, "王财务（caiwu）: 重复登记")
    assert stored() == before
    line = TrailEntry.objects.get(action="records.settle")
    assert (line.after, line.reason) == ({"outcome": "已弃用"}, "重复登记")


def test_whoever_may_not_import_settles_nothing(held: HeldRow) -> None:
    for who in ("juzhang", "caizheng", "sanfang", "shenji", "guanli"):
        with pytest.raises(Refused):
            release(held, who, registered_capital="780000")
        with pytest.raises(Refused):
            perform(DiscardHeldRow(body(), ledger(), held.number, "x"), actor(who))


def test_of_two_who_settle_a_row_one_is_told(held: HeldRow) -> None:
    release(held, registered_capital="780000")
    with pytest.raises(Stale, match="正在处理"):
        perform(DiscardHeldRow(body(), ledger(), held.number, "重复"), actor("tianbao"))
    do_all()
    with pytest.raises(Stale, match="已经处理"):
        release(held, registered_capital="780000")
    with pytest.raises(Stale):
        perform(ReleaseHeldRow(body(), ledger(), 99), actor("caiwu"))
    # a row of another ledger is not reached through this one
    with pytest.raises(Stale):
        perform(DiscardHeldRow(body(), ledger("org"), held.number, "x"), actor("caiwu"))


def test_a_row_that_contradicts_a_record_stays_held_and_says_why(held: HeldRow) -> None:
    as_a1 = {"uscc": "91440101MA9X00011C", "entity_class": "企业", "entity_type_code": "1100"}
    release(held, registered_capital="780000", **as_a1)
    (job,) = do_all()
    assert job.state == JobState.FAILED
    assert [each["code"] for each in job.problems] == ["RECORDS-018"]
    assert the_row().number == held.number
    assert not TrailEntry.objects.filter(action="records.settle").exists()


def test_a_killed_worker_leaves_one_record_and_one_line(
    held: HeldRow, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = stored()
    release(held, registered_capital="780000")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    settled = settling_of(body(), LEDGER, held.number)
    assert settled is not None
    taken = take("first", settled.created)
    assert taken is not None
    with monkeypatch.context() as patch:
        patch.setattr("zhunsheng.workflow.importing.holding_jobs.perform", killed)
        with pytest.raises(KeyboardInterrupt):
            do(taken)
    again = take("second", settled.created + 2 * LEASE)
    assert again is not None
    assert do(again).state == JobState.DONE
    assert stored() == before + 1
    assert TrailEntry.objects.filter(action="records.settle").count() == 1


def test_only_fields_that_people_fill_in_are_corrected(held: HeldRow) -> None:
    for wrong in ({"no_such": "1"}, {"name": "长" * 5001}):
        with pytest.raises(Invalid, match="不能改正"):
            release(held, **wrong)


def test_what_was_not_touched_is_no_correction(held: HeldRow) -> None:
    typed = {"registered_capital": "78%", "name": " 戊店 ", "uscc": "91440101MA9X00011C"}
    assert corrections_of(ledger(), held, typed, frozenset()) == {"uscc": "91440101MA9X00011C"}
    # a field one is not shown keeps its value when it is left empty
    assert corrections_of(ledger(), held, {"name": "", "uscc": ""}, frozenset({"name"})) == {}


def test_a_waiting_row_comes_in_with_its_parent_or_with_a_corrected_reference() -> None:
    with_reference_lists()
    lost = tuple("440114-09" if cell == "440114-01" else cell for cell in GOOD[0])
    other = ("A7", *lost[1:])
    other = tuple("" if cell == "91440101MA9X00011C" else cell for cell in other)
    imported(workbook(lost, other, head=HEAD))
    with opened(body()) as store:
        rows = store.manifest.held(LEDGER)
    assert [each.reason for each in rows] == [HoldReason.WAITING] * 2
    where = next(name for name, value in rows[1].payload.items() if value == "440114-09")
    release(rows[1], **{where: "440114-02"})
    (job,) = do_all()
    assert job.result["outcome"] == "stored", (job.message, job.problems)
    imported(ORGS.replace("440114-01,新华所", "440114-09,狮岭所").encode(), "org", "org2.csv")
    with opened(body()) as store:
        assert store.manifest.held(LEDGER) == ()
    assert stored() == 2


# ---- several at once


def held_numbers() -> list[int]:
    with opened(body()) as store:
        return [each.number for each in store.manifest.held(LEDGER)]


@pytest.fixture
def several() -> list[int]:
    """The numbers of four held rows."""
    with_reference_lists()
    doubtful = [(f"B{number}", *BAD[1][1:2], f"店{number}", *BAD[1][3:]) for number in range(4)]
    imported(workbook(*GOOD, *doubtful))
    numbers = held_numbers()
    assert len(numbers) == 4
    return numbers


def discard(numbers: list[int], why: str = "重复登记", who: str = "caiwu") -> None:
    perform(DiscardHeldRows(body(), ledger(), tuple(numbers), why), actor(who))


def test_several_rows_are_given_up_with_one_reason_and_a_line_for_each(several: list[int]) -> None:
    before = stored()
    discard([several[2], several[0], several[0]])
    asked = TrailEntry.objects.get(action="records.ask_discard_rows")
    assert asked.subject == "records/huadu-amr/market_entity/held"
    (job,) = do_all()
    assert (job.state, job.result["numbers"]) == (JobState.DONE, [several[0], several[2]]), job.message
    assert (asked.reason, asked.after) == ("重复登记", {"job": job.pk, "rows": [several[0], several[2]]})
    assert held_numbers() == [several[1], several[3]]
    with opened(body()) as store:
        given_up = store.manifest.held(LEDGER, state=HoldState.DISCARDED)
    assert {each.resolved_by for each in given_up} == {"王财务（caiwu）: 重复登记"}
    assert stored() == before
    lines = TrailEntry.objects.filter(action="records.settle").order_by("number")
    assert [(each.subject, each.after, each.reason) for each in lines] == [
        (f"records/huadu-amr/market_entity/held/{number}", {"outcome": "已弃用"}, "重复登记")
        for number in (several[0], several[2])
    ]


def test_everything_wrong_with_the_choice_is_told_at_once(several: list[int]) -> None:
    many = list(range(1, MOST_AT_ONCE + 2))
    for numbers, why, codes in (
        ([], " ", ["RECORDS-016", "RECORDS-019"]),
        (many, "长" * 501, ["RECORDS-007", "RECORDS-020"]),
    ):
        with pytest.raises(Invalid) as refused:
            discard(numbers, why)
        assert [each.code for each in refused.value.problems] == codes
    for who in ("juzhang", "caizheng", "sanfang", "shenji", "guanli"):
        with pytest.raises(Refused):
            discard(several, who=who)
    assert not Job.objects.filter(kind="records.discard").exists()


def test_a_row_that_somebody_else_has_in_hand_or_has_settled_keeps_all_of_them(several: list[int]) -> None:
    first, second, third, fourth = several
    perform(DiscardHeldRow(body(), ledger(), first, "重复"), actor("tianbao"))
    with pytest.raises(Stale, match=f"第 {first} 号行正在处理"):
        discard([first, second])
    discard([second, third])
    assert rows_in_hand(body(), LEDGER) == {first, second, third}
    with pytest.raises(Stale, match=f"第 {second}、{third} 号行正在处理"):
        discard([second, third, fourth], who="tianbao")
    # alone it is not settled either while it is one of several
    with pytest.raises(Stale, match="正在处理"):
        perform(ReleaseHeldRow(body(), ledger(), third, {"registered_capital": "1"}), actor("caiwu"))
    do_all()
    with pytest.raises(Stale, match=f"第 {first}、{second} 号行已经处理"):
        discard([first, second, fourth])
    with pytest.raises(Stale, match="已经处理"):
        perform(DiscardHeldRows(body(), ledger("org"), (fourth,), "x"), actor("caiwu"))
    assert held_numbers() == [fourth]


def test_where_nothing_was_ever_imported_no_row_can_be_given_up() -> None:
    with pytest.raises(Stale, match="第 3 号行不在待核的行中"):
        discard([3])
    assert not Job.objects.exists()


def test_when_one_was_settled_before_the_worker_came_none_is_given_up(several: list[int]) -> None:
    discard(several)
    with opened(body()) as store:
        discard_held(store, [several[1]], "别的程序", "重复")
    (job,) = do_all()
    assert job.state == JobState.FAILED
    assert f"第 {several[1]} 号行已经处理" in job.message
    assert held_numbers() == [several[0], several[2], several[3]]
    assert not TrailEntry.objects.filter(action="records.settle").exists()
    # the page of a row that stays tells of the job that came to nothing
    assert settling_of(body(), LEDGER, several[0]) == job


def test_a_worker_that_was_killed_after_giving_rows_up_leaves_one_line_for_each(
    several: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    discard(several)
    job = Job.objects.get(kind="records.discard")

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    taken = take("first", job.created)
    assert taken is not None
    with monkeypatch.context() as patch:
        patch.setattr("zhunsheng.workflow.importing.holding_jobs.perform", killed)
        with pytest.raises(KeyboardInterrupt):
            do(taken)
    assert held_numbers() == []
    again = take("second", job.created + 2 * LEASE)
    assert again is not None
    assert do(again).state == JobState.DONE
    assert TrailEntry.objects.filter(action="records.settle").count() == 4


@pytest.mark.django_db(transaction=True)
def test_of_people_who_give_the_same_rows_up_at_the_same_moment_one_does(several: list[int]) -> None:
    people = [actor(who) for who in ("caiwu", "tianbao", "caiwu", "tianbao")]
    gate, choices = threading.Barrier(4, timeout=30), [several[:3], several[1:], several, several[2:]]

    def sent(place: int) -> str:
        gate.wait()
        try:
            for _ in range(1_000):
                # a database in memory says at once that it is locked where a file lets one wait
                with suppress(OperationalError):
                    action = DiscardHeldRows(body(), ledger(), tuple(choices[place]), "重复")
                    perform(action, people[place])
                    return "asked"
                time.sleep(0.01)
        except Stale:
            return "told"
        finally:
            connection.close()
        raise AssertionError(place)

    with ThreadPoolExecutor(4) as threads:
        assert sorted(threads.map(sent, range(4))) == ["asked", "told", "told", "told"]
    job = Job.objects.get(kind="records.discard")
    do_all()
    assert set(held_numbers()) == set(several) - set(job.parameters["numbers"])
