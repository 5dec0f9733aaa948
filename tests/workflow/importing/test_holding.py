"""Rows held at import: corrected and put in, or given up; by the right people, once, with the trail."""

from pathlib import Path
from typing import Any

import pytest
from demonstrated import actor, demonstration
from records_site import BAD, GOOD, HEAD, ORGS, body, imported, with_reference_lists, workbook

from zhunsheng.ledgers.definition import LedgerDefinition
from zhunsheng.store.database.models import Job, JobState, TrailEntry
from zhunsheng.store.ledger_files import ledger_of
from zhunsheng.store.records.entries import HeldRow, HoldReason, HoldState
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.importing.holding import (
    DiscardHeldRow,
    ReleaseHeldRow,
    StillFaulty,
    corrections_of,
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
