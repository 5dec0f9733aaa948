"""Evidence: attached, withdrawn, judged by somebody else; its state follows its files."""

import io

import pytest
from demonstrated import MOMENT, actor, demonstration, in_state

from zhunsheng.plans.choices import EvidenceStatus
from zhunsheng.plans.roles import EvaluationState, TargetState
from zhunsheng.store.database.case_content import case_of
from zhunsheng.store.database.file_store import content_of
from zhunsheng.store.database.models import Evidence, StoredCase, StoredFile, TrailEntry
from zhunsheng.workflow.action import Invalid, Refused, Stale, perform
from zhunsheng.workflow.collecting.evidence import (
    AttachEvidence,
    JudgeEvidence,
    Upload,
    WithdrawEvidence,
    kept_files,
    mark_of,
)

pytestmark = pytest.mark.django_db
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n"


def upload(name: str = "清单.pdf", content: bytes = PDF) -> Upload:
    return Upload(name, len(content), io.BytesIO(content))


@pytest.fixture
def year() -> StoredCase:
    return demonstration()


def attached(year: StoredCase, *uploads: Upload, who: str = "tianbao", item: str = "O2") -> list[Evidence]:
    perform(AttachEvidence(year, item, kept_files(uploads or (upload(),)), "现场清单"), actor(who), MOMENT)
    return list(Evidence.objects.filter(case=year, item=item))


def status(year: StoredCase, item: str = "O2") -> EvidenceStatus:
    return case_of(year).actual_of[item].evidence_status


def test_a_file_is_kept_by_its_hash_and_the_value_counts_as_proved(year: StoredCase) -> None:
    assert status(year) is EvidenceStatus.CLAIMED
    (kept,) = attached(year)
    assert content_of(kept.file) == PDF
    assert (kept.name, kept.who.username, kept.status) == ("清单.pdf", "tianbao", "provided")
    assert status(year) is EvidenceStatus.PROVIDED
    lines = list(TrailEntry.objects.filter(action="evidence.attach").values_list("subject", flat=True))
    assert lines == ["evidence/O2/清单.pdf", "actuals/O2"]


def test_the_same_content_counts_once(year: StoredCase) -> None:
    attached(year)
    assert len(attached(year, upload("另一个名字.pdf"))) == 1


def test_one_bad_file_keeps_all_of_them_out(year: StoredCase) -> None:
    with pytest.raises(Invalid) as refused:
        kept_files([upload(), upload("图.svg", b"<svg/>"), upload("空.pdf", b"")])
    assert [each.code for each in refused.value.problems] == ["COLLECT-024", "COLLECT-021"]
    assert not StoredFile.objects.exists()
    assert status(year) is EvidenceStatus.CLAIMED


@pytest.mark.usefixtures("year")
def test_too_many_or_no_files_are_refused() -> None:
    for uploads, code in (([], "COLLECT-020"), ([upload()] * 21, "COLLECT-023")):
        with pytest.raises(Invalid) as refused:
            kept_files(uploads)
        assert refused.value.problems[0].code == code


@pytest.mark.parametrize("who", ["juzhang", "caizheng", "sanfang", "shenji", "guanli"])
def test_who_reports_nothing_attaches_nothing(year: StoredCase, who: str) -> None:
    with pytest.raises(Refused):
        attached(year, who=who)


def test_a_withdrawn_file_no_longer_counts_and_is_withdrawn_once(year: StoredCase) -> None:
    (kept,) = attached(year)
    perform(WithdrawEvidence(kept, "传错了"), actor("tianbao"), MOMENT)
    assert status(year) is EvidenceStatus.NONE
    assert (
        TrailEntry.objects.filter(action="evidence.withdraw").values_list("reason", flat=True)[0] == "传错了"
    )
    with pytest.raises(Stale, match="已被撤回"):
        perform(WithdrawEvidence(kept, ""), actor("tianbao"), MOMENT)
    with pytest.raises(Stale, match="已被撤回"):
        perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caiwu"), MOMENT)


def test_finance_accepts_what_a_filler_gave(year: StoredCase) -> None:
    (kept,) = attached(year)
    perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caiwu"), MOMENT)
    assert status(year) is EvidenceStatus.VERIFIED


def test_nobody_accepts_what_they_gave_themselves(year: StoredCase) -> None:
    (kept,) = attached(year, who="caiwu")
    with pytest.raises(Refused, match="自己上传"):
        perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caiwu"), MOMENT)
    perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("sanfang"), MOMENT)
    assert status(year) is EvidenceStatus.VERIFIED


def test_a_file_is_returned_only_with_the_reason(year: StoredCase) -> None:
    (kept,) = attached(year)
    with pytest.raises(Invalid) as refused:
        perform(JudgeEvidence(kept, accepted=False, why=" ", seen=mark_of(kept)), actor("caiwu"), MOMENT)
    assert refused.value.problems[0].code == "COLLECT-009"
    returning = JudgeEvidence(kept, accepted=False, why="没有签章", seen=mark_of(kept))
    perform(returning, actor("caiwu"), MOMENT)
    kept.refresh_from_db()
    assert (kept.status, kept.judgement) == ("none", "没有签章")
    assert status(year) is EvidenceStatus.NONE


def test_of_two_who_judge_at_once_the_second_is_told(year: StoredCase) -> None:
    (kept,) = attached(year)
    seen = mark_of(kept)
    perform(JudgeEvidence(kept, accepted=True, why="", seen=seen), actor("caiwu"), MOMENT)
    with pytest.raises(Stale, match="王财务"):
        perform(JudgeEvidence(kept, accepted=False, why="看不清", seen=seen), actor("caizheng"), MOMENT)
    assert status(year) is EvidenceStatus.VERIFIED


@pytest.mark.parametrize("who", ["tianbao", "chushi", "juzhang", "shenji", "guanli"])
def test_who_does_not_review_judges_nothing(year: StoredCase, who: str) -> None:
    (kept,) = attached(year)
    with pytest.raises(Refused):
        perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor(who), MOMENT)


def test_reviewers_judge_after_the_submission_and_nobody_after_the_freezing(year: StoredCase) -> None:
    (kept,) = attached(year)
    in_state(TargetState.APPROVED, EvaluationState.REVIEWED)
    with pytest.raises(Refused):
        perform(WithdrawEvidence(kept, ""), actor("tianbao"), MOMENT)
    perform(JudgeEvidence(kept, accepted=True, why="", seen=mark_of(kept)), actor("caizheng"), MOMENT)
    in_state(TargetState.APPROVED, EvaluationState.FROZEN)
    kept.refresh_from_db()
    with pytest.raises(Refused, match="已锁定"):
        perform(JudgeEvidence(kept, accepted=False, why="x", seen=mark_of(kept)), actor("caizheng"), MOMENT)
