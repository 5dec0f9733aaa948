"""A change of several rows, made by a request and by a job."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from zhunsheng.store.database.models import Remark, StoredCase
from zhunsheng.workflow.action import Action, Change, Refused, Setting, perform
from zhunsheng.workflow.jobs import Work, enqueue

ROWS = 5
"""Rows of one change; each has its line in the trail, and the change of the year has one more."""


@dataclass(frozen=True)
class WriteRows(Action):
    """Writes some remarks under a token, and may ask for a job that does the same."""

    code = "burning.write"
    label = "写入"
    right = "evaluation.remark"

    case: StoredCase
    token: str
    job: bool = False

    def case_id(self) -> int:
        """The year."""
        return self.case.pk

    def carry_out(self, setting: Setting) -> Iterator[Change]:
        """Write, once."""
        if setting.actor.user is None:
            raise Refused("请先登录")
        if Remark.objects.filter(text=self.token).exists():
            return
        for number in range(ROWS):
            Remark.objects.create(
                case=setting.year,
                stage="targets",
                text=self.token,
                key=str(number),
                who=setting.actor.user,
                moment=setting.moment,
            )
            yield Change(f"rows/{self.token}", None, {"number": number})
        before, setting.year.title = setting.year.title, self.token
        if self.job:
            enqueue(
                "burning.write", self.token, {"token": f"{self.token}-job"}, setting.actor, case=self.case
            )
        yield Change(f"rows/{self.token}", before, self.token)


def write(work: Work) -> dict[str, Any]:
    """The job: a few slow steps, then the change."""
    for step in range(4):
        work.progress(step * 20, f"第 {step + 1} 步")
        time.sleep(0.1)
    case = work.job.case
    if case is None:
        raise LookupError
    perform(WriteRows(case, work.parameters["token"]), work.actor)
    return {"token": work.parameters["token"]}
