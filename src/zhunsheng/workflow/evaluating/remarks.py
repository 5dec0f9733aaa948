"""What reviewers say about an evaluation and its evidence, and what is answered."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.models import Organisation, Remark, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.collecting.items import owner_of
from zhunsheng.workflow.evaluating import kinds
from zhunsheng.workflow.evaluating.evaluated import evaluation_of

STAGES: Final = ("evaluation", "evidence")
SECTION: Final = "evaluation"
"""The section of a remark about an item of the scoring sheet; its key is the code of the item."""
_LONGEST = 3_000


def remarks_of(case: StoredCase) -> list[Remark]:
    """All remarks on the evaluation of a year, in order."""
    found = Remark.objects.filter(case=case, stage__in=STAGES)
    return list(found.select_related("who", "answered_by"))


def _text(text: str, what: str) -> str:
    found = text.strip()
    if not found:
        raise Invalid((kinds.NO_WORDS.at(Place(field=what), f"{what}是空的"),))
    if len(found) > _LONGEST:
        raise Invalid((kinds.TOO_LONG.at(Place(field=what), f"{what}有 {len(found):,} 字"),))
    return found


@dataclass(frozen=True)
class RemarkOnEvaluation(Action):
    """Says something about the evaluation or one item of it.

    Attributes:
        item: code of the item; "" for the whole.
    """

    code = "evaluation.remark"
    label = "提出复核意见"
    right = "evaluation.remark"

    case: StoredCase
    item: str
    text: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep the remark."""
        text = _text(self.text, "意见")
        if self.item and self.item not in _codes(setting.year):
            what = f"没有编码为“{self.item[:60]}”的评分项"
            raise Invalid((kinds.UNKNOWN_ITEM.at(Place(field="评分项"), what),))
        assert setting.actor.user is not None  # noqa: S101 - the right is nobody's who is not signed in
        made = Remark.objects.create(
            case=setting.year,
            stage="evaluation",
            section=SECTION if self.item else "",
            key=self.item,
            text=text,
            who=setting.actor.user,
            moment=setting.moment,
        )
        yield Change(f"remarks/{made.pk}", None, {"item": self.item, "text": text})


def _codes(case: StoredCase) -> set[str]:
    return {each["code"] for each in evaluation_of(case).content["nodes"]}


@dataclass(frozen=True)
class AnswerRemark(Action):
    """Answers a remark on the evaluation; an answer may be changed until the remark is settled."""

    code = "evaluation.answer"
    label = "答复意见"
    right = "remark.answer"

    remark: Remark
    answer: str
    seen: str

    def case_id(self) -> int:
        """The year."""
        return self.remark.case_id

    def division(self, case: StoredCase | None) -> Organisation | None:
        """Who owes the item the remark is about."""
        year = case or self.remark.case
        return owner_of(year, self.remark.key) if self.remark.key else year.organisation

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Keep the answer."""
        row = _unsettled(self.remark)
        if row.answer != self.seen:
            raise Stale(f"这条意见已由{row.answered_by or '别人'}答复；请刷新后查看")
        before, row.answer = row.answer, _text(self.answer, "答复")
        row.answered_by = setting.actor.user
        row.save()
        yield Change(f"remarks/{row.pk}", {"answer": before}, {"answer": row.answer})


@dataclass(frozen=True)
class SettleRemark(Action):
    """Who made a remark says that it is settled."""

    code = "evaluation.settle_remark"
    label = "了结意见"
    right = "evaluation.remark"

    remark: Remark

    def case_id(self) -> int:
        """The year."""
        return self.remark.case_id

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Settle."""
        row = _unsettled(self.remark)
        if setting.actor.user is None or row.who_id != setting.actor.user.pk:
            raise Refused("意见由提出的人了结")
        row.settled = setting.moment
        row.save()
        yield Change(f"remarks/{row.pk}", {"settled": None}, {"settled": setting.moment})


def _unsettled(remark: Remark) -> Remark:
    row = Remark.objects.get(pk=remark.pk)
    if row.stage not in STAGES:
        raise Refused("这条意见不属于自评")
    if row.settled is not None:
        raise Stale("这条意见已经了结")
    return row
