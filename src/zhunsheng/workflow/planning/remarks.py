"""Answering remarks on targets."""

from collections.abc import Iterator
from dataclasses import dataclass

from zhunsheng.kernel.place import Place
from zhunsheng.store.database.case_content import record_of, row_with_key
from zhunsheng.store.database.models import Organisation, Remark, StoredCase
from zhunsheng.workflow.action import Action, Change, Invalid, Refused, Setting, Stale
from zhunsheng.workflow.planning.divisions import parts_of
from zhunsheng.workflow.planning.kinds import NO_ANSWER
from zhunsheng.workflow.planning.places import SECTION_OF


@dataclass(frozen=True)
class AnswerRemark(Action):
    """Says what was done about a remark on the targets."""

    code = "plan.answer"
    label = "答复目标意见"
    right = "remark.answer"

    case: StoredCase
    remark: int
    answer: str

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def _remark(self, case: StoredCase) -> Remark | None:
        return Remark.objects.filter(case=case, stage="targets", pk=self.remark).first()

    def division(self, case: StoredCase | None) -> Organisation | None:
        """The division of the row it is about."""
        found = None if case is None else self._remark(case)
        if case is None or found is None or found.section not in {"tasks", "indicators"}:
            return None
        section = SECTION_OF[found.section]
        row = row_with_key(case, section, {section.key[0]: found.key})
        return None if row is None else parts_of(case).of(section, record_of(section, row))

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Answer."""
        found = self._remark(setting.year)
        if found is None:
            raise Stale("没有这条意见")
        if found.settled is not None:
            raise Refused("这条意见已经了结，不能再答复")
        if not self.answer.strip():
            raise Invalid((NO_ANSWER.at(Place("答复"), "没有写答复"),))
        before = found.answer
        found.answer, found.answered_by = self.answer.strip(), setting.actor.user
        found.save()
        yield Change(f"remarks/{found.pk}", before, found.answer)
